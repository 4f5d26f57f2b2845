/** `logs --follow`: what is there at first, then whatever comes, until somebody stops it (DESIGN 2.2). */
import { afterEach, expect, test } from 'vitest';
import { runAs } from '../support/cli.ts';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

test.each([
  ['lines for people', [], (line: string) => / create +u\d@contoso\.com /.test(line)],
  [
    'a JSON record per line',
    ['--json'],
    (line: string) => (JSON.parse(line) as { provisioningAction: string }).provisioningAction === 'create',
  ],
] as const)('%s, those of a later cycle included, each once', async (_name, args, isCreate) => {
  world = await openWorld({ directory: everyone([aUser('u1')]) });
  await world.cycle();
  const stop = new AbortController();
  const lines: string[] = [];
  let printed: () => void = () => undefined;
  const running = runAs(['logs', '--follow', ...args, '-c', world.configPath], {
    signal: stop.signal,
    onOut: (text) => {
      lines.push(...text.split('\n').filter((line) => line !== ''));
      printed();
    },
  });
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      printed = () => {
        if (lines.length >= count) resolve();
      };
      printed();
    });
  await until(1);
  const { users, applications } = everyone([aUser('u1'), aUser('u2')]);
  Object.assign(world.directory, { users, applications });
  await world.cycle();
  await until(2);
  stop.abort();
  expect((await running).code).toBe(0);
  expect(lines.filter(isCreate)).toHaveLength(2);
  expect(lines).toHaveLength(2);
});
