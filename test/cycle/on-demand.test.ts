/** Provision on demand (cycle.md 9, D-19). */
import { afterEach, expect, test } from 'vitest';
import { runAs } from '../support/cli.ts';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const group = (members: string[]) => ({
  id: 'g1',
  displayName: 'Staff',
  mailNickname: 'staff',
  securityEnabled: true,
  members,
});

function writes(before: number): readonly string[] {
  return world.app.requests
    .slice(before)
    .flatMap(({ method, url }) => (method === 'GET' ? [] : [`${method} ${url.replace(/^\/scim/, '')}`]));
}

test('creates and links one user, and leaves the watermark where it is', async () => {
  world = await openWorld();
  await world.save();
  const { outcomes } = await world.engine().provision('app', 'u1@contoso.com');
  expect(outcomes.map(({ operation, status }) => [operation.source.id, operation.action, status])).toEqual([
    ['u1', 'create', 'success'],
  ]);
  expect((await world.engine().status('app')).record?.watermark).toBeUndefined();
  const cycle = await world.cycle();
  expect(cycle.cycle.kind).toBe('initial');
  expect(cycle.cycle.counts).toMatchObject({ created: 1, skipped: 1 });
});

test('9.2 the steps are import, matching, scoping and what was done', async () => {
  world = await openWorld();
  await world.save();
  const stepsOf = async () => {
    const { outcomes } = await world.engine().provision('app', 'u1');
    const record = (await world.logs()).at(-1);
    expect(record?.sourceIdentity.id).toBe(outcomes[0]?.operation.source.id);
    return record?.provisioningSteps.map(({ name, provisioningStepType: type }) => `${name} ${type}`);
  };
  expect((await stepsOf())?.[0]).toBe('EntryImport import');
  expect(await stepsOf()).toEqual([
    'EntryImport import',
    'EntryImport matching',
    'EntrySynchronizationScoping scoping',
    'EntrySynchronizationSkip export',
  ]);
});

test('a failure makes no escrow; a success clears the one of the cycle', async () => {
  world = await openWorld();
  world.inject({ match: { method: 'POST' }, times: 3, fault: { kind: 'status', status: 400 } });
  await world.save();
  const first = await world.engine().provision('app', 'u1');
  expect(first.outcomes[0]?.failure?.status).toBe(400);
  expect((await world.engine().status('app')).escrows.objects).toBe(0);
  await world.cycle();
  expect((await world.engine().status('app')).escrows.objects).toBe(2);
  await world.engine().provision('app', 'u1');
  expect((await world.engine().status('app')).escrows.objects).toBe(1);
});

test('a group gets the chosen members and loses none', async () => {
  const users = [aUser('u1'), aUser('u2'), aUser('u3')];
  world = await openWorld({ directory: everyone(users, [group(['u1', 'u2', 'u3'])]) });
  await world.save();
  await world.engine().provision('app', 'Staff', { members: ['u1', 'u2'] });
  expect(world.app.state.groups()[0]?.members).toHaveLength(2);
  const before = world.app.requests.length;
  await world.engine().provision('app', 'Staff', { members: ['u3'] });
  expect(writes(before)).toEqual(['POST /Users', expect.stringMatching(/^PATCH \/Groups\//)]);
  expect(world.app.state.groups()[0]?.members).toHaveLength(3);
});

test('disables a user who was unassigned, and never deletes', async () => {
  world = await openWorld();
  await world.cycle();
  const application = (world.directory.applications as { assignments: unknown[] }[])[0];
  application?.assignments.splice(0, 1);
  await world.save();
  const { outcomes } = await world.engine().provision('app', 'u1');
  expect(outcomes[0]?.operation.action).toBe('disable');
  expect(world.app.state.users().find(({ userName }) => userName === 'u1@contoso.com')?.active).toBe(false);
});

test('ignores the PATCH flag of the tenant URL', async () => {
  world = await openWorld({ flags: '?aadOptscim062020' });
  await world.cycle();
  const user = (world.directory.users as Record<string, unknown>[])[0];
  if (user !== undefined) user.jobTitle = 'Boss';
  await world.save();
  await world.engine().provision('app', 'u1');
  const patch = world.app.requests.find(({ method }) => method === 'PATCH');
  expect(patch?.body).toMatchObject({ Operations: [{ op: 'Add', path: 'title', value: 'Boss' }] });
});

test.each([
  ['nobody', [], 'unknown-object'],
  ['u1', ['u2'], 'not-a-member'],
  ['Staff', ['u1', 'u1', 'u1', 'u1', 'u1', 'u1'], 'too-many-members'],
  ['Staff', ['u2'], 'not-a-member'],
  ['u3', [], 'not-selectable'],
])('%s with members %j is refused: %s', async (reference, members, code) => {
  const users = [aUser('u1'), aUser('u2'), aUser('u3', { accountEnabled: false })];
  world = await openWorld({ directory: everyone(users, [group(['u1'])]) });
  await world.save();
  await expect(world.engine().provision('app', reference, { members })).rejects.toMatchObject({
    category: 'configuration',
    code,
  });
  expect(world.app.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('the command shows what was found before anything is sent, then what was done', async () => {
  world = await openWorld();
  await world.save();
  const steps: string[] = [];
  const writes = () => world.app.requests.filter(({ method }) => method !== 'GET').length;
  const onOut = (text: string) => {
    for (const [title] of text.matchAll(/\d [A-Z][a-z]+( [a-z]+)?/g)) steps.push(`${title}: ${writes()} writes`);
  };
  const { code, out } = await runAs(['provision', 'u1@contoso.com'], { cwd: world.folder, onOut });
  expect(code).toBe(0);
  expect(steps).toEqual([
    '2 Import: 0 writes',
    '3 Determine scope: 0 writes',
    '4 Match: 0 writes',
    '5 Perform action: 1 writes',
  ]);
  expect(out).toContain('create: ');
});

test('the command answers 3 when the object failed, 4 with the first step when the connection did', async () => {
  world = await openWorld();
  await world.save();
  world.inject({ match: { method: 'POST' }, times: 1, fault: { kind: 'status', status: 400 } });
  const failed = await runAs(['provision', 'u1'], { cwd: world.folder });
  expect(failed.code).toBe(3);
  expect(failed.out).toMatch(/5 Perform action +✗/);
  world.inject({ match: { method: 'GET', path: 'u2@contoso.com' }, times: 1, fault: { kind: 'status', status: 400 } });
  const unread = await runAs(['provision', 'u2'], { cwd: world.folder });
  expect(unread.code).toBe(3);
  expect(unread.out).toMatch(/4 Match +✗/);
  expect(unread.out).not.toContain('5 Perform action');
  world.inject({ match: {}, times: 'always', fault: { kind: 'status', status: 401 } });
  const refused = await runAs(['provision', 'u1'], { cwd: world.folder });
  expect(refused.code).toBe(4);
  expect(refused.out).toContain('1 Test connection        failed');
  expect((await runAs(['provision', 'u1@contso.com'], { cwd: world.folder })).err).toContain(
    'did you mean "u1@contoso.com"?',
  );
});

test('members that wait for the next cycle go on waiting', async () => {
  world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2')], [group(['u1', 'u2'])]) });
  world.inject({ match: { method: 'PATCH', path: '/Groups/' }, times: 1, fault: { kind: 'status', status: 400 } });
  await world.cycle();
  expect((await world.engine().status('app')).escrows.references).toBe(1);
  await world.engine().provision('app', 'g1');
  expect((await world.engine().status('app')).escrows.references).toBe(1);
  await world.cycle();
  const [first] = world.app.state.groups();
  expect(first?.members).toHaveLength(2);
  expect((await world.engine().status('app')).escrows.references).toBe(0);
});

test('under fidelity sane a member without an account goes on waiting', async () => {
  const directory = everyone([aUser('u1'), aUser('u2', { accountEnabled: false })], [group(['u1', 'u2'])]);
  world = await openWorld({ directory, job: { fidelity: 'sane' } });
  await world.cycle();
  await world.engine().provision('app', 'g1', { members: ['u1'] });
  Object.assign(world.directory.users[1] ?? {}, { accountEnabled: true });
  await world.cycle();
  expect(world.app.state.groups()[0]?.members).toHaveLength(2);
});

test('a failure promises no retry', async () => {
  world = await openWorld();
  world.inject({ match: { method: 'POST' }, times: 1, fault: { kind: 'status', status: 400 } });
  await world.save();
  await world.engine().provision('app', 'u1');
  const record = (await world.logs()).at(-1);
  expect(record?.provisioningStatusInfo.status).toBe('failure');
  expect(JSON.stringify(record)).not.toContain('retried again');
});

test('a group that failed before is not through when it was provisioned with one of its members', async () => {
  world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2')], [group(['u1', 'u2'])]) });
  world.inject({ match: { method: 'POST', path: '/Groups' }, times: 1, fault: { kind: 'status', status: 400 } });
  await world.cycle();
  await world.engine().provision('app', 'g1', { members: ['u1'] });
  expect(world.app.state.groups()[0]?.members).toHaveLength(1);
  world.clock.advance(24 * 3_600_000);
  await world.cycle();
  expect(world.app.state.groups()[0]?.members).toHaveLength(2);
});

test('what is undone before the next cycle is undone at the target', async () => {
  world = await openWorld({ directory: everyone([aUser('u1', { accountEnabled: false }), aUser('u2')]) });
  const [u1] = world.directory.users;
  Object.assign(u1 ?? {}, { accountEnabled: true });
  await world.cycle();
  Object.assign(u1 ?? {}, { accountEnabled: false });
  await world.cycle();
  Object.assign(u1 ?? {}, { accountEnabled: true });
  await world.save();
  await world.engine().provision('app', 'u1');
  expect(world.app.state.users()[0]?.active).toBe(true);
  Object.assign(u1 ?? {}, { accountEnabled: false });
  await world.cycle();
  expect(world.app.state.users()[0]?.active).toBe(false);
});

test('who was created and is gone before the next cycle is deleted', async () => {
  world = await openWorld();
  await world.cycle();
  world.directory.users.push(aUser('u9'));
  world.directory.applications[0]?.assignments.push({ user: 'u9', role: 'User' });
  await world.save();
  await world.engine().provision('app', 'u9');
  expect(world.app.state.users()).toHaveLength(3);
  world.directory.users.pop();
  world.directory.applications[0]?.assignments.pop();
  await world.cycle();
  expect(world.app.state.users()).toHaveLength(2);
});
