/** What the times of a file tell: whether somebody is writing to it, and whether it has to be read again. */
import { appendFile, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { untilWritten, whenTouched } from '../../../engine/source/file-times.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
  path = join(folder, 'd.yaml');
  await writeFile(path, 'users: []');
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

/** The clock of the machine as it will be in an hour: what was written by now was written long ago. */
function anHourLater(): void {
  vi.useFakeTimers({ now: Date.now() + 3_600_000, toFake: ['Date'] });
}

function counted() {
  let reads = 0;
  const fingerprintOf = whenTouched(() => `read ${++reads}`);
  return { look: () => fingerprintOf(path), reads: () => reads };
}

test('a file that nobody touches is read once', () => {
  anHourLater();
  const { look, reads } = counted();
  expect([look(), look(), look()]).toEqual(['read 1', 'read 1', 'read 1']);
  expect(reads()).toBe(1);
});

test('one that was touched just now is read each time: the clock of the file system ticks coarsely', () => {
  const { look } = counted();
  expect([look(), look()]).toEqual(['read 1', 'read 2']);
});

test.each<[string, () => Promise<void>]>([
  ['written to', () => appendFile(path, '\n')],
  [
    'replaced by one of the same size and time',
    async () => {
      const draft = join(folder, 'draft');
      await writeFile(draft, 'users: {}');
      await utimes(draft, 0, 0);
      await rename(draft, path);
    },
  ],
])('one that was %s is read again', async (_how, touch) => {
  await utimes(path, 0, 0);
  anHourLater();
  const { look } = counted();
  expect(look()).toBe('read 1');
  await touch();
  expect([look(), look()]).toEqual(['read 2', 'read 2']);
});

/** The pauses of a cycle that is to start, in each of which the next of `writes` happens. */
async function pausesWhile(...writes: readonly (() => Promise<void>)[]): Promise<readonly (number | 'told')[]> {
  const seen: (number | 'told')[] = [];
  let next = 0;
  const wait = async (milliseconds: number) => {
    seen.push(milliseconds);
    await writes[next++]?.();
  };
  await untilWritten(path, { wait }, new AbortController().signal, () => seen.push('told'));
  return seen;
}

const grow = () => appendFile(path, '\n# more');

test('a cycle waits for nobody who wrote long ago, or put a whole file there', async () => {
  anHourLater();
  expect(await pausesWhile()).toEqual([]);
});

test('and for a moment for somebody who wrote just now', async () => {
  expect(await pausesWhile()).toEqual([300]);
});

test('and until it is written for a file that grows meanwhile', async () => {
  expect(await pausesWhile(grow, grow, async () => anHourLater())).toEqual([300, 'told', 300, 300]);
});

test('but not for ever for one that never stops', async () => {
  expect(await pausesWhile(...Array.from({ length: 300 }, () => grow))).toHaveLength(202);
});
