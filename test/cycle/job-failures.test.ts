/** What ends a cycle, what only fails an object, and what stays afterwards (cycle.md 5, 6, 7; DESIGN rulings). */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/compose.ts';
import { HOUR, MINUTE } from '../../engine/model/instant.ts';
import { aUser, everyone, openWorld, TOKEN, type World } from '../support/world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

describe('the directory', () => {
  it('a directory file that turned empty fails the cycle and disables nobody', async () => {
    world = await openWorld();
    await world.cycle();
    world.directory.users.splice(0);
    const trace = await world.cycle();
    expect(trace.error?.code).toBe('DirectoryEmpty');
    expect(trace.requests).toEqual([]);
    expect(trace.job.status).toBe('Active');
  });

  const three = ['u1', 'u2', 'u3'];
  const staff = (id: string) => ({ id, displayName: `Staff ${id}`, members: [...three] });
  const people = three.map((id) => aUser(id));

  it.each(['users', 'groups'] as const)('one that has no %s any more takes nobody and no member away', async (list) => {
    world = await openWorld({ directory: everyone([...people], ['g1', 'g2', 'g3'].map(staff)) });
    await world.cycle();
    world.directory[list].splice(0);
    const trace = await world.cycle();
    expect(trace.error).toMatchObject({ code: 'DirectoryEmpty', message: expect.stringContaining('and held 3') });
    expect(trace.requests).toEqual([]);
  });

  it('the only two groups are purged like any others', async () => {
    world = await openWorld({ directory: everyone([...people], ['g1', 'g2'].map(staff)) });
    await world.cycle();
    world.directory.groups.splice(0);
    const { requests } = await world.cycle();
    expect(requests.filter(({ method }) => method === 'DELETE')).toHaveLength(2);
  });

  it('unless the configuration says that it may be empty', async () => {
    world = await openWorld();
    await world.cycle();
    const path = join(world.folder, 'config.yaml');
    const config = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...config, directory: { ...config.directory, mayBeEmpty: true } }));
    await world.reopen();
    world.directory.users.splice(0);
    const trace = await world.cycle();
    expect(trace.error).toBeUndefined();
    expect(world.app.state.users()).toEqual([]);
  });

  it('an unreadable directory file fails the cycle, and the next good one goes on incrementally', async () => {
    world = await openWorld();
    await world.cycle();
    await writeFile(join(world.folder, 'directory.json'), '{ "users": [');
    const failed = await world.engine().sync('app');
    expect(failed.error?.code).toBe('DirectoryUnreadable');
    const good = await world.cycle();
    expect(good.cycle).toMatchObject({ kind: 'incremental', state: 'Succeeded' });
    expect(good.requests).toEqual([]);
  });
});

describe('the news of a quarantine', () => {
  it('that cannot be delivered ends no cycle, whatever the notifier throws', async () => {
    world = await openWorld({ job: { notify: { webhook: 'https://chat.contoso.com/hooks/42', onFailure: true } } });
    world.inject({ match: {}, times: 'always', fault: { kind: 'status', status: 401 } });
    const notifier = { notify: () => Promise.reject(new TypeError('nobody thought of this')) };
    const options = { env: { SCIM_TOKEN: TOKEN }, clock: world.clock, notifier };
    const { engine } = await openEngine(world.configPath, options);
    const result = await engine?.sync('app').finally(() => engine.close());
    expect(result?.job.status).toBe('Quarantine');
    expect(result?.undelivered).toMatchObject({ category: 'job', code: 'notification-failed' });
    expect(result?.undelivered?.message).toContain('nobody thought of this');
  });
});

describe('accidental-deletion prevention', () => {
  it('7.10 more deprovisions than the threshold: none is carried out, the job is quarantined', async () => {
    const users = Array.from({ length: 5 }, (_, index) => aUser(`u${index}`));
    world = await openWorld({ directory: everyone(users), job: { deletions: { guard: true, threshold: 2 } } });
    await world.cycle();
    world.directory.applications[0]?.assignments.splice(0, 3);
    Object.assign(world.directory.users[4] ?? {}, { jobTitle: 'Lead' });
    const trace = await world.cycle();
    expect(trace.requests.filter((request) => request.method === 'PATCH')).toHaveLength(1);
    expect(trace.job).toMatchObject({ status: 'Quarantine', quarantine: { reason: 'TooManyDeletes' } });
    const held = (await world.logs()).filter((record) => record.provisioningAction === 'stageddelete');
    expect(held.map((record) => record.sourceIdentity.id)).toEqual(['u0', 'u1', 'u2']);
  });

  it('as many as the threshold are carried out (ruling R10)', async () => {
    const users = Array.from({ length: 3 }, (_, index) => aUser(`u${index}`));
    world = await openWorld({ directory: everyone(users), job: { deletions: { guard: true, threshold: 2 } } });
    await world.cycle();
    world.directory.applications[0]?.assignments.splice(0, 2);
    const trace = await world.cycle();
    expect(trace.cycle.counts.disabled).toBe(2);
    expect(trace.job.status).toBe('Active');
  });
});

describe('escrow', () => {
  it('a failed object is tried in the next cycle, then after six hours, and its success clears it (D-06)', async () => {
    const directory = everyone([aUser('u1', { mail: null, userPrincipalName: 'u1@contoso.com' }), aUser('u2')]);
    world = await openWorld({ directory, app: { token: 'test-token', defects: ['missing-id'] } });
    const first = await world.cycle();
    expect(first.cycle.counts.failed).toBe(2);
    expect(first.cycle.state).toBe('EntryLevelErrors');
    expect(first.escrows.objects).toBe(2);
    const [record] = await world.logs();
    expect(record?.provisioningStatusInfo.errorInformation?.reason).toMatch(/retried 0 times.*again after this date/s);

    const second = await world.cycle();
    expect(second.requests.length).toBeGreaterThan(0);
    const third = await world.cycle();
    expect(third.requests).toEqual([]);
    world.clock.advance(6 * HOUR - 80 * MINUTE);
    const fourth = await world.cycle();
    expect(fourth.requests.length).toBeGreaterThan(0);
  });
});
