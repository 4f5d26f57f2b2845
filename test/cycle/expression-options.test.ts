/** Options of expressions reach the cycle, `explain` sees them, and a changed one makes the next cycle initial (expressions.md 5.7). */
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { runAs } from '../support/cli.ts';
import { aUser, everyone, openWorld, usersMapping, type World } from '../support/world.ts';

const MAPPING = usersMapping(
  `{ to: title, expr: 'IIF([city] = "x", "a", "b")' }`,
  `{ to: nickName, expr: 'Mid([mailNickname], 9, 2)' }`,
  `{ to: userType, expr: 'SingleAppRoleAssignment([appRoleAssignments])' }`,
);

let world: World;
afterEach(() => world.close());

test('each option changes what is sent', async () => {
  const job = { expressions: { iifNullMode: 'documentedLimitation', midOutOfRange: 'input', roleName: 'value' } };
  world = await openWorld({ mapping: MAPPING, directory: everyone([aUser('u1')]), job });
  await world.cycle();
  const [user] = world.app.state.users();
  expect([user?.title, user?.nickName, user?.userType]).toEqual([undefined, 'u1', 'User']);
  const explained = await runAs(['explain', 'Mid([mailNickname], 9, 2)', '-c', world.configPath, '--object', 'u1']);
  expect(explained.out).toMatch(/^Mid\(.*\) +"u1"\n/);
});

test('by default IIF is logical and Mid gives nothing', async () => {
  world = await openWorld({ mapping: MAPPING, directory: everyone([aUser('u1')]) });
  await world.cycle();
  const [user] = world.app.state.users();
  expect([user?.title, user?.nickName, user?.userType]).toEqual(['b', undefined, 'User']);
});

test('a role held directly and through a group is one role', async () => {
  const group = { id: 'g1', displayName: 'Sales', members: ['u1'] };
  world = await openWorld({ mapping: MAPPING, directory: everyone([aUser('u1')], [group]) });
  const { cycle } = await world.cycle();
  expect(cycle.counts).toMatchObject({ created: 1, failed: 0 });
  expect(world.app.state.users()[0]?.userType).toBe('User');
});

test('a changed option makes the next cycle an initial one', async () => {
  world = await openWorld({ mapping: MAPPING, directory: everyone([aUser('u1')]) });
  await world.cycle();
  const configuration = JSON.parse(await readFile(world.configPath, 'utf8')) as { jobs: Record<string, unknown>[] };
  Object.assign(configuration.jobs[0] ?? {}, { expressions: { midOutOfRange: 'input' } });
  await writeFile(world.configPath, JSON.stringify(configuration));
  await world.reopen();
  const { cycle } = await world.cycle();
  expect(cycle).toMatchObject({ kind: 'initial', counts: { updated: 1 } });
  expect(world.app.state.users()[0]?.nickName).toBe('u1');
});
