/** What waits when somebody changes the settings follows today's settings, not those of the day it began to wait. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { aUser, type CycleTrace, DEFAULT_MAPPING, everyone, openWorld, TOKEN, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const TWENTY = Array.from({ length: 20 }, (_, index) => aUser(`u${String(index).padStart(2, '0')}`));
const staff = { id: 'g1', displayName: 'Staff', securityEnabled: true, members: ['u18', 'u19'] };
const people = () => structuredClone(everyone(TWENTY, [staff]));
const GROUPS_OFF = DEFAULT_MAPPING.replace('    from: Group', '    enabled: false\n    from: Group');

const writesOf = (trace: CycleTrace) =>
  trace.requests.flatMap(({ method, path }) => (method === 'GET' ? [] : [`${method} ${path.replace('/scim', '')}`]));
const assignments = () => world.directory.applications[0]?.assignments ?? [];
const activeOf = (userName: string) => world.app.state.users().find((user) => user.userName === userName)?.active;

async function settings(job: Readonly<Record<string, unknown>>): Promise<void> {
  const configuration = JSON.parse(await readFile(world.configPath, 'utf8')) as { jobs: Record<string, unknown>[] };
  Object.assign(configuration.jobs[0] ?? {}, job);
  await writeFile(world.configPath, JSON.stringify(configuration));
  await world.reopen();
}

async function mapping(text: string): Promise<void> {
  await writeFile(join(world.folder, 'mapping.yaml'), text);
  await world.reopen();
}

describe('held deprovisions', () => {
  test.each([
    ['out-of-scope objects are left alone', { deletions: { threshold: 10, skipOutOfScope: true } }],
    ['everybody is in scope', { deletions: { threshold: 10 }, scope: 'all' }],
  ])('are not carried out when meanwhile %s', async (_what, job) => {
    world = await openWorld({ directory: people(), job: { deletions: { threshold: 2 } } });
    await world.cycle();
    assignments().splice(0, 5);
    expect((await world.cycle()).job.quarantine?.reason).toBe('TooManyDeletes');
    await settings(job);
    await world.engine().start('app');
    const trace = await world.cycle();
    expect(writesOf(trace)).toEqual([]);
    expect(trace.job.status).toBe('Active');
  });

  test('wait for a decision, whatever befalls the target in between', async () => {
    world = await openWorld({ directory: people(), job: { deletions: { threshold: 2 } } });
    await world.cycle();
    const gone = assignments().splice(0, 3);
    await world.cycle();
    assignments().push(...gone.slice(0, 1));
    world.inject({ match: {}, times: 3, fault: { kind: 'status', status: 401 } });
    expect((await world.cycle()).error).toBeDefined();
    const after = await world.cycle();
    expect(writesOf(after)).toEqual([]);
    expect(after.job.quarantine?.reason).toBe('TooManyDeletes');
  });
});

test('an application that is misspelt costs nobody the account', async () => {
  world = await openWorld({ directory: people() });
  await world.cycle();
  const [application] = world.directory.applications;
  Object.assign(application ?? {}, { name: 'ap' });
  const trace = await world.cycle();
  expect(trace.error).toMatchObject({
    code: 'ApplicationMissing',
    message: expect.stringContaining('Did you mean "ap"?'),
  });
  expect(trace.job.status).toBe('Active');
  expect(writesOf(trace)).toEqual([]);
  await settings({ application: 'ap' });
  expect(writesOf(await world.cycle())).toEqual([]);
});

test('nor is anybody disabled on demand, or after the scope was everybody', async () => {
  world = await openWorld({ directory: people(), job: { scope: 'all' } });
  Object.assign(world.directory.applications[0] ?? {}, { name: 'ap' });
  await world.cycle();
  await settings({ scope: 'assigned' });
  await world.engine().restart('app');
  expect((await world.cycle()).error).toMatchObject({ code: 'ApplicationMissing' });
  await expect(world.engine().provision('app', 'u01')).rejects.toMatchObject({ code: 'ApplicationMissing' });
  expect(world.app.state.users().every((user) => user.active === true)).toBe(true);
});

test('an error in the application keeps nobody from anything where everybody is in scope', async () => {
  world = await openWorld({ directory: people(), job: { scope: 'all' } });
  assignments().push({ usr: 'u01' });
  expect((await world.cycle()).cycle.counts).toMatchObject({ created: 21 });
  Object.assign(world.directory.users[0] ?? {}, { accountEnabled: false });
  expect((await world.cycle()).cycle.counts).toMatchObject({ disabled: 1 });
});

describe('another directory file', () => {
  async function directoryAt(path: string): Promise<void> {
    const configuration = JSON.parse(await readFile(world.configPath, 'utf8')) as { directory: { path: string } };
    configuration.directory.path = path;
    await writeFile(world.configPath, JSON.stringify(configuration));
    await world.reopen();
  }

  test('who is not in it any more leaves', async () => {
    world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2')]) });
    await world.cycle();
    world.directory.users.shift();
    assignments().shift();
    await writeFile(join(world.folder, 'other.json'), JSON.stringify(world.directory));
    await directoryAt('./other.json');
    expect((await world.cycle()).cycle).toMatchObject({ kind: 'initial', counts: { deleted: 1, created: 0 } });
    expect(world.app.state.users().map(({ userName }) => userName)).toEqual(['u2@contoso.com']);
  });

  test('there and back again: what changes afterwards is seen', async () => {
    world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2')]) });
    await world.cycle();
    await writeFile(join(world.folder, 'other.json'), JSON.stringify(world.directory));
    await directoryAt('./other.json');
    await world.cycle();
    await directoryAt('./directory.json');
    await world.cycle();
    Object.assign(world.directory.users[0] ?? {}, { accountEnabled: false });
    await world.cycle();
    expect(activeOf('u1@contoso.com')).toBe(false);
  });
});

describe('a mapping of groups that is switched off', () => {
  test('carries out no deletion that was held', async () => {
    world = await openWorld({ directory: people(), job: { deletions: { threshold: 1 } } });
    await world.cycle();
    const [user] = assignments().splice(0, 1);
    const [group] = assignments().splice(-1, 1);
    expect(group).toMatchObject({ group: 'g1' });
    await world.cycle();
    assignments().push(user ?? {});
    await mapping(GROUPS_OFF);
    expect(writesOf(await world.cycle())).toEqual([]);
    expect(world.app.state.groups()).toHaveLength(1);
  });

  test('writes no members that waited, and its failures are forgotten', async () => {
    world = await openWorld({ directory: people() });
    world.inject({ match: { method: 'PATCH', path: '/Groups/' }, times: 5, fault: { kind: 'status', status: 400 } });
    await world.cycle();
    expect((await world.engine().status('app')).escrows.references).toBe(1);
    await mapping(GROUPS_OFF);
    expect(writesOf(await world.cycle())).toEqual([]);
    expect((await world.engine().status('app')).escrows).toMatchObject({ objects: 0, references: 0 });
  });
});

describe('who left while nothing disabled the account is disabled when something does', () => {
  const leave = async () => {
    Object.assign(world.directory.users[0] ?? {}, { accountEnabled: false });
    const trace = await world.cycle();
    expect(activeOf('u1@contoso.com')).toBe(true);
    return trace;
  };
  const users = DEFAULT_MAPPING.replace('    to: User\n', '    to: User\n    actions: [create, delete]\n');

  test('the Update action was off', async () => {
    world = await openWorld({ mapping: users, directory: everyone([aUser('u1')]) });
    await world.cycle();
    await leave();
    await mapping(DEFAULT_MAPPING);
    await world.cycle();
    expect(activeOf('u1@contoso.com')).toBe(false);
  });

  test('the Update action was off when the user was unassigned', async () => {
    world = await openWorld({ mapping: users, directory: everyone([aUser('u1'), aUser('u2')]) });
    await world.cycle();
    assignments().shift();
    await world.cycle();
    expect(activeOf('u1@contoso.com')).toBe(true);
    await mapping(DEFAULT_MAPPING);
    await world.cycle();
    expect(activeOf('u1@contoso.com')).toBe(false);
  });

  test('but who was unassigned then is not deleted, though the target now knows no other way', async () => {
    world = await openWorld({ mapping: users, directory: everyone([aUser('u1'), aUser('u2')]) });
    await world.cycle();
    assignments().shift();
    await world.cycle();
    await settings({
      target: { url: world.targetUrl, auth: { type: 'bearer', token: '${env:SCIM_TOKEN}' }, supportsSoftDelete: false },
    });
    await world.engine().restart('app');
    expect(writesOf(await world.cycle())).toEqual([]);
  });

  test('the row of active applied on creation only', async () => {
    const onCreate = DEFAULT_MAPPING.replace('"False")\' }', '"False")\', apply: onCreate }');
    world = await openWorld({ mapping: onCreate, directory: everyone([aUser('u1')]) });
    await world.cycle();
    await leave();
    const record = (await world.logs()).at(-1);
    expect(record?.provisioningSteps.at(-1)?.description).toContain('no row disables the account');
    await mapping(DEFAULT_MAPPING);
    await world.cycle();
    expect(activeOf('u1@contoso.com')).toBe(false);
  });

  test('a filter let the user go, and the row of active follows accountEnabled', async () => {
    const mapped = DEFAULT_MAPPING.replace(/\{ to: active.*\}/, '{ to: active, from: accountEnabled }').replace(
      '    map:',
      '    where: [{ name: s, all: [{ attr: city, op: EQUALS, value: Rome }] }]\n    map:',
    );
    world = await openWorld({ mapping: mapped, directory: everyone([aUser('u1', { city: 'Rome' })]) });
    await world.cycle();
    Object.assign(world.directory.users[0] ?? {}, { city: 'Oslo', jobTitle: 'Lead' });
    const { cycle } = await world.cycle();
    expect(cycle.counts).toMatchObject({ disabled: 0, updated: 1 });
    expect((await world.logs()).at(-1)?.provisioningAction).toBe('update');
    Object.assign(world.directory.users[0] ?? {}, { accountEnabled: false });
    await world.cycle();
    expect(activeOf('u1@contoso.com')).toBe(false);
  });
});

describe('who was unassigned is not deleted when purged later', () => {
  const unassignAndPurge = async () => {
    assignments().shift();
    await world.cycle();
    world.directory.users.shift();
    return writesOf(await world.cycle());
  };

  test('though sign-in was blocked in an earlier cycle', async () => {
    world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2')]) });
    await world.cycle();
    Object.assign(world.directory.users[0] ?? {}, { accountEnabled: false });
    await world.cycle();
    expect(await unassignAndPurge()).toEqual([]);
  });

  test('though out-of-scope objects were left alone at that time', async () => {
    const job = { deletions: { skipOutOfScope: true } };
    world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2')]), job });
    await world.cycle();
    expect(await unassignAndPurge()).toEqual([]);
  });

  test('but a group is', async () => {
    const job = { deletions: { skipOutOfScope: true } };
    world = await openWorld({ directory: everyone([aUser('u1')], [{ ...staff, members: [] }]), job });
    await world.cycle();
    assignments().pop();
    await world.cycle();
    world.directory.groups.pop();
    expect(writesOf(await world.cycle())).toEqual(['DELETE /Groups/t2']);
  });

  test('nor deleted for leaving, though the target now knows no other way', async () => {
    const job = { deletions: { skipOutOfScope: true } };
    world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2')]), job });
    await world.cycle();
    assignments().shift();
    await world.cycle();
    await settings({
      deletions: {},
      target: { url: world.targetUrl, auth: { type: 'bearer', token: '${env:SCIM_TOKEN}' }, supportsSoftDelete: false },
    });
    await world.engine().restart('app');
    expect(writesOf(await world.cycle())).toEqual([]);
  });
});

test('without the Update action nothing follows a creation', async () => {
  const mapping = DEFAULT_MAPPING.replaceAll(/( {4}to: (User|Group)\n)/g, '$1    actions: [create]\n');
  const directory = everyone([aUser('u1'), aUser('u2', { manager: 'u1' })], [{ ...staff, members: ['u1'] }]);
  world = await openWorld({ mapping, directory });
  expect(writesOf(await world.cycle())).toEqual(['POST /Users', 'POST /Users', 'POST /Groups']);
});

test('a group that was lost at the target and is made again gets its members', async () => {
  world = await openWorld({ directory: people(), target: { onMissingLink: 'rematch' } });
  await world.cycle();
  const [group] = world.app.state.groups();
  await fetch(`${world.targetUrl}/Groups/${group?.id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  Object.assign(world.directory.groups[0] ?? {}, { displayName: 'Everybody' });
  await world.cycle();
  expect(world.app.state.groups()).toMatchObject([{ displayName: 'Everybody', members: [{}, {}] }]);
});

test('cycles that the directory let fail are no outages of the target', async () => {
  world = await openWorld();
  await world.cycle();
  await writeFile(join(world.folder, 'directory.json'), '{');
  await world.engine().sync('app');
  await world.engine().sync('app');
  world.inject({ match: {}, times: 3, fault: { kind: 'status', status: 503 } });
  const { error, job } = await world.cycle();
  expect(error).toBeDefined();
  expect(job).toMatchObject({ status: 'Active', successiveFailures: 3 });
});
