import { describe, expect, test } from 'vitest';
import { workThrough } from '../../../engine/host/work-through.ts';

/** Work that ends when it is told to. */
function heldWork() {
  const begun: number[] = [];
  const ends = new Map<number, { resolve: (value: string) => void; reject: (reason: Error) => void }>();
  const work = (item: number) =>
    new Promise<string>((resolve, reject) => {
      begun.push(item);
      ends.set(item, { resolve, reject });
    });
  const end = (item: number) => ends.get(item)?.resolve(`done ${item}`);
  const fail = (item: number) => ends.get(item)?.reject(new Error(`failed ${item}`));
  return { begun, work, end, fail };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('workThrough', () => {
  test('begins so many at a time, in order, and gives the results in order whichever ends first', async () => {
    const { begun, work, end } = heldWork();
    const all = workThrough([1, 2, 3, 4], 2, work);
    expect(begun).toEqual([1, 2]);
    end(2);
    await settle();
    expect(begun).toEqual([1, 2, 3]);
    for (const item of [3, 1]) end(item);
    await settle();
    end(4);
    expect(await all).toEqual({ results: ['done 1', 'done 2', 'done 3', 'done 4'] });
  });

  test('after a failure nothing more is begun, what is under way ends, and the first in order is told', async () => {
    const { begun, work, end, fail } = heldWork();
    const all = workThrough([1, 2, 3, 4, 5], 3, work);
    fail(3);
    await settle();
    fail(2);
    end(1);
    const { results, failure } = await all;
    expect(begun).toEqual([1, 2, 3]);
    expect(results).toEqual(['done 1']);
    expect(failure?.reason).toEqual(new Error('failed 2'));
  });

  test('nothing to do is done at once', async () => {
    expect(await workThrough([], 4, async () => 1)).toEqual({ results: [] });
  });
});
