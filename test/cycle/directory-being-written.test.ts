/** A directory file that somebody is writing to: half of it would look as if the others had been deleted. */
import { rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { MINUTE, SECOND } from '../../engine/model/instant.ts';
import { CYCLE_INTERVAL_MS } from '../support/fixed-clock.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const file = () => join(world.folder, 'directory.json');
const waits = () => world.engine().waitsForDirectory('app');

/** As if it had been written last so long ago, and put there just now. */
async function writtenAgo(milliseconds: number): Promise<void> {
  const at = new Date(Date.now() - milliseconds);
  await utimes(file(), at, at);
}

async function afterOneCycle(): Promise<void> {
  await world.cycle();
  world.clock.advance(CYCLE_INTERVAL_MS);
  expect(await world.engine().isDue('app')).toBe(true);
}

test('written to just now, the daemon waits; a minute later it does not wait any longer', async () => {
  await afterOneCycle();
  await world.save();
  expect(await waits()).toBe(true);
  world.clock.advance(MINUTE + SECOND);
  expect(await waits()).toBe(false);
});

test('a whole file in the place of another is read at once', async () => {
  await afterOneCycle();
  const draft = `${file()}.draft`;
  await writeFile(draft, '{ "users": [] }');
  await utimes(draft, new Date(), new Date(Date.now() - 100));
  await rename(draft, file());
  expect(await waits()).toBe(false);
});

test.each([
  ['untouched for two seconds', () => writtenAgo(2 * SECOND)],
  ['from the future', () => writtenAgo(-60 * MINUTE)],
  ['gone', () => rm(file())],
])('nobody waits for a file that is %s', async (_what, put) => {
  await afterOneCycle();
  await world.save();
  await put();
  expect(await waits()).toBe(false);
});

test('nobody waits before the first cycle, which deletes nobody', async () => {
  await world.save();
  expect(await waits()).toBe(false);
});
