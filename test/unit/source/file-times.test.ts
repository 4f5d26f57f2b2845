/** What the times of a file tell: whether somebody is writing to it, and whether it has to be read again. */
import { appendFile, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { whenTouched } from '../../../engine/source/file-times.ts';

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
