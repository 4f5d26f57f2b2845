/** `status`: what it says of a job's rhythm (cycle.md 1.6; gallery.md WF-08, GC-18). */
import { readFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { runAs } from '../support/cli.ts';
import { openWorld, type World, type WorldOptions } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

async function rhythm(options: WorldOptions): Promise<string | undefined> {
  world = await openWorld(options);
  const { out } = await runAs(['status', '-c', world.configPath]);
  return out.split('\n').find((line) => line.startsWith('  every'));
}

const company = async (): Promise<WorldOptions> => ({
  mapping: await readFile('mappings/workplace-2017.yaml', 'utf8'),
  target: { url: 'https://www.facebook.com/company/1000000001/scim/' },
});

test('an application of 20 minutes is as usual', async () => {
  expect(await rhythm(await company())).toBeUndefined();
});

test.each([
  ['PT40M', async () => company(), '40 min (Entra runs this job every 20 min'],
  ['PT20M', async () => ({}), '20 min (Entra runs this job every 40 min'],
])('%s where Entra has another interval', async (interval, options, said) => {
  expect(await rhythm({ ...(await options()), job: { schedule: { interval } } })).toContain(said);
});
