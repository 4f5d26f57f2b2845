/** `verify` and `sync --verify` as their users call them. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runAs } from '../support/cli.ts';
import { aUser, everyone, openWorld, TOKEN, type World } from '../support/world.ts';

let world: World;

beforeEach(async () => {
  let clock: World['clock'] | undefined;
  world = await openWorld({
    directory: everyone([aUser('u1'), aUser('u2')]),
    app: { defects: ['string-booleans-ignored'], now: () => clock?.now() ?? '2026-01-01T00:00:00.000Z' },
  });
  clock = world.clock;
  await world.cycle();
});
afterEach(() => world.close());

async function disable(): Promise<void> {
  Object.assign(world.directory.users[0] ?? {}, { accountEnabled: false });
  await world.save();
}

it('exits 0 when nothing diverges', async () => {
  const { code, out } = await runAs(['verify', '-c', world.configPath]);
  expect(out).toMatch(/^app · 2 users and 0 groups read back · nothing diverges · \d+\.\d s\n$/);
  expect(code).toBe(0);
});

it('exits 3, names the request, its answer, the cause, and a curl line', async () => {
  await disable();
  await world.cycle();
  const { code, out } = await runAs(['verify', '-c', world.configPath]);
  expect(code).toBe(3);
  expect(out).toContain('✗ u1@contoso.com (User t1)   active is true, not "False"');
  expect(out).toMatch(/sent {6}200 to Replace active "False", on 2026-01-01T01:20:00 \(disable, cycle/);
  expect(out).toContain('cause     the target never took it: it is what it was before the write');
  expect(out).toMatch(
    /try it {4}curl -X PATCH 'http:\/\/127\.0\.0\.1:\d+\/scim\/Users\/t1' -H "Authorization: Bearer \$TOKEN"/,
  );
  expect(out).toContain('A cycle does not mend this');
  expect(out).not.toContain(TOKEN);
});

it('prints first what brings back those whom the write took away', async () => {
  world.app.control?.({ method: 'PATCH', path: '/settings', body: { defects: ['remove-one-removes-all'] } });
  const group = { id: 'g1', displayName: 'Sales', members: ['u1', 'u2'] };
  world.directory.groups.push(group);
  world.directory.applications[0]?.assignments.push({ group: 'g1', role: 'User' });
  await world.cycle();
  group.members = ['u1'];
  await world.cycle();
  const { out } = await runAs(['verify', '-c', world.configPath]);
  expect(out).toMatch(/sent {6}204 to Remove members \[\{"value":"t\d"\}\]/);
  expect(out).toMatch(/cause {5}the target never took it: nobody is left/);
  expect(out).toMatch(/first {5}curl -X PATCH .*"op":"Add".*\n {6}try it {4}curl -X PATCH .*"op":"Remove"/);
  const { jobs } = JSON.parse((await runAs(['verify', '-c', world.configPath, '--json'])).out);
  expect(jobs[0].divergences[0]).toMatchObject({
    restore: expect.stringContaining('"op":"Add"'),
    curl: expect.stringContaining('"op":"Remove"'),
    undoneBy: { answered: 204 },
  });
});

it('prints one document', async () => {
  await disable();
  await world.cycle();
  const { code, out } = await runAs(['verify', '-c', world.configPath, '--json']);
  expect(code).toBe(3);
  expect(JSON.parse(out)).toMatchObject({
    formatVersion: 1,
    jobs: [
      {
        name: 'app',
        converged: false,
        checked: { users: 2, groups: 0 },
        total: 1,
        divergences: [
          {
            objectType: 'User',
            sourceId: 'u1',
            targetId: 't1',
            kind: 'value',
            path: 'active',
            believed: 'False',
            found: true,
            summary: 'active is true, not "False"',
            cause: 'not-carried-out',
            write: { action: 'disable', answered: 200 },
            request: { method: 'PATCH', path: '/Users/t1', summary: 'Replace active "False"' },
            curl: expect.stringContaining('"value":"False"'),
          },
        ],
        unread: [],
      },
    ],
  });
});

it('sync --verify reads back after the cycle, and exits 3 when something diverges', async () => {
  const clean = await runAs(['sync', '--verify', '-c', world.configPath]);
  expect(clean.out).toContain('nothing diverges');
  expect(clean.code).toBe(0);
  await disable();
  const { code, out } = await runAs(['sync', '--verify', '-c', world.configPath, '--json']);
  expect(code).toBe(3);
  expect(JSON.parse(out)).toMatchObject({
    jobs: [{ counts: { disabled: 1, failed: 0 }, verification: { converged: false, total: 1 } }],
  });
  const without = await runAs(['sync', '-c', world.configPath, '--json']);
  expect(without.code).toBe(0);
  expect((JSON.parse(without.out) as { jobs: object[] }).jobs[0]).not.toHaveProperty('verification');
});

it('keeps what the cycle came to when nothing can be read back after it', async () => {
  world.inject({ match: { method: 'GET', path: '/Users/t1' }, times: 'always', fault: { kind: 'drop' } });
  world.inject({ match: { method: 'GET', path: '/Users/t2' }, times: 'always', fault: { kind: 'drop' } });
  const { code, out, err } = await runAs(['sync', '--verify', '-c', world.configPath, '--json']);
  expect(code).toBe(4);
  expect(err).toContain('app: not verified  nothing can be read back');
  expect(JSON.parse(out)).toMatchObject({
    jobs: [{ state: 'Succeeded', error: null, verification: { converged: null, error: { code: expect.any(String) } } }],
  });
});

it('exits 4 when nothing answers, and 2 for an unknown job', async () => {
  const unknown = await runAs(['verify', '-c', world.configPath, '--job', 'apb']);
  expect(unknown.err).toContain('did you mean "app"?');
  expect(unknown.code).toBe(2);
  world.inject({ match: {}, times: 'always', fault: { kind: 'drop' } });
  const { code, err } = await runAs(['verify', '-c', world.configPath]);
  expect(err).toContain('nothing can be read back');
  expect(code).toBe(4);
});
