/** Two objects of the directory on one resource of the target: linked alike wherever they stand, and neither takes it from the other (cycle.md D-09). */
import { afterEach, describe, expect, it } from 'vitest';
import type { Operation } from '../../engine/plan/plan.ts';
import { runAs } from '../support/cli.ts';
import { aUser, DEFAULT_MAPPING, everyone, openWorld, TOKEN, type World } from '../support/world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const group = (id: string, displayName: string, members: readonly string[] = []) => ({
  id,
  displayName,
  mailNickname: id,
  securityEnabled: true,
  members: [...members],
});
const lines = (requests: readonly { readonly method: string; readonly path: string }[]) =>
  requests.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`);
const summary = ({ source, action, status }: Operation) => `${source.id} ${action} ${status}`;
const accounts = (of: World) => of.app.state.users().map(({ userName, active }) => `${userName} ${active}`);

/** Somebody new with the address of u1. */
const newcomer = (id = 'u9') => aUser(id, { userPrincipalName: 'u1@contoso.com' });

describe('one page', () => {
  it('the second of two groups of one name waits for the first, and is linked to it; preview says the same', async () => {
    world = await openWorld({ directory: everyone([], [group('g1', 'Staff'), group('g2', 'staff')]) });
    const preview = await world.preview();
    const { requests, cycle } = await world.cycle();
    expect(lines(requests)).toEqual([
      'GET /Groups?excludedAttributes=members&filter=displayName+eq+"Staff"',
      'GET /Groups?excludedAttributes=members&filter=displayName+eq+"staff"',
      'POST /Groups',
      'GET /Groups?excludedAttributes=members&filter=displayName+eq+"staff"',
      expect.stringMatching(/^PATCH \/Groups\/t\d+$/),
    ]);
    expect(cycle.counts).toMatchObject({ created: 1, updated: 1, warnings: 1 });
    expect(world.app.state.groups()).toHaveLength(1);
    expect(preview.operations.filter(({ isReference }) => !isReference).map(summary)).toEqual([
      'g1 create success',
      'g2 update warning',
    ]);
  });

  it('everybody with one matching value: each is asked for twice at most', async () => {
    const users = Array.from({ length: 30 }, (_, index) =>
      aUser(`u${index}`, { userPrincipalName: 'all@contoso.com' }),
    );
    world = await openWorld({ directory: everyone(users) });
    const { requests, cycle } = await world.cycle();
    expect(requests.filter(({ method }) => method === 'GET')).toHaveLength(59);
    expect(cycle.counts).toMatchObject({ created: 1, updated: 29, warnings: 29 });
    expect(world.app.state.users()).toHaveLength(1);
  });

  it('two that failed are retried in turns as well', async () => {
    world = await openWorld({ directory: everyone([], [group('g1', 'Staff'), group('g2', 'Staff')]) });
    world.inject({ match: { method: 'POST' }, times: 2, fault: { kind: 'status', status: 400 } });
    expect((await world.cycle()).cycle.counts.failed).toBe(2);
    expect((await world.cycle()).cycle.counts).toMatchObject({ created: 1, warnings: 1 });
    expect(world.app.state.groups()).toHaveLength(1);
  });

  it.each(['u9', 'a1'])('a name that one gives up is free for the next, whatever their order (%s)', async (id) => {
    world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2')]) });
    await world.cycle();
    Object.assign(world.directory.users[0] ?? {}, { userPrincipalName: 'renamed@contoso.com' });
    Object.assign(world.directory, everyone([...world.directory.users, newcomer(id)]));
    const { cycle } = await world.cycle();
    expect(cycle.counts).toMatchObject({ created: 1, updated: 1, warnings: 0 });
    expect(accounts(world).sort()).toEqual(['renamed@contoso.com true', 'u1@contoso.com true', 'u2@contoso.com true']);
  });
});

it('a name that is given up on a later page, or refused by the target, is waited for', async () => {
  const crowd = Array.from({ length: 100 }, (_, index) => aUser(`m${100 + index}`));
  world = await openWorld({ directory: everyone([aUser('u1'), ...crowd]) });
  await world.cycle();
  Object.assign(world.directory.users[0] ?? {}, { userPrincipalName: 'renamed@contoso.com' });
  for (const user of crowd) user.jobTitle = 'Boss';
  Object.assign(world.directory, everyone([...world.directory.users, newcomer('a1')]));
  const preview = await world.preview();
  const { cycle, escrows } = await world.cycle();
  expect(cycle.counts).toMatchObject({ created: 0, updated: 101, failed: 1 });
  expect(preview.operations.filter(({ failure }) => failure !== undefined).map(summary)).toEqual(['a1 create failure']);
  expect(escrows.objects).toBe(1);
  const waiting = (await world.logs()).find(({ sourceIdentity }) => sourceIdentity.id === 'a1');
  expect(waiting?.provisioningStatusInfo.errorInformation).toMatchObject({
    errorCode: 'DuplicateSourceEntries',
    reason: expect.stringContaining('that of u1@contoso.com (u1)'),
  });
  expect((await world.cycle()).cycle.counts).toMatchObject({ created: 1, failed: 0, warnings: 0 });
  expect(accounts(world)).toContain('renamed@contoso.com true');
  expect(accounts(world)).toContain('u1@contoso.com true');
});

it('the name of somebody who left and was renamed is nobody to wait for: the newcomer takes the account over', async () => {
  world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2')]) });
  await world.cycle();
  Object.assign(world.directory.users[0] ?? {}, { accountEnabled: false });
  await world.cycle();
  Object.assign(world.directory.users[0] ?? {}, { userPrincipalName: 'u1.left@contoso.com' });
  await world.cycle();
  expect(accounts(world)).toEqual(['u1@contoso.com false', 'u2@contoso.com true']);
  Object.assign(world.directory, everyone([...world.directory.users, newcomer()]));
  expect((await world.cycle()).cycle.counts).toMatchObject({ updated: 1, failed: 0, warnings: 1 });
  expect(accounts(world)).toEqual(['u1@contoso.com true', 'u2@contoso.com true']);
  // When the one before comes back, the account is no longer theirs.
  Object.assign(world.directory.users[0] ?? {}, { accountEnabled: true });
  expect((await world.cycle()).cycle.counts).toMatchObject({ created: 1, warnings: 0 });
  const all = ['u1@contoso.com true', 'u2@contoso.com true', 'u1.left@contoso.com true'];
  expect(accounts(world)).toEqual(all);
});

it('an owner whose expressions fail ends no cycle', async () => {
  const mapping = DEFAULT_MAPPING.replace('from: userPrincipalName, match: 1', 'from: userPrincipalName').replace(
    '{ to: externalId, from: mailNickname }',
    `{ to: externalId, expr: 'FormatDateTime([hireDate], , "yyyy-MM-dd", "yyyyMMdd")', match: 1 }`,
  );
  const u1 = aUser('u1', { hireDate: '2026-01-02' });
  world = await openWorld({ directory: everyone([u1]), mapping });
  await world.cycle();
  Object.assign(world.directory.users[0] ?? {}, { hireDate: 'soon' });
  world.directory.users.push(aUser('u9', { hireDate: '2026-01-02' }));
  Object.assign(world.directory, everyone(world.directory.users));
  expect((await world.cycle()).cycle.counts).toMatchObject({ failed: 1, updated: 1, warnings: 1 });
});

it('a target that answers a create with the id of somebody else is warned of', async () => {
  world = await openWorld({ directory: everyone([aUser('u1')]) });
  await world.cycle();
  Object.assign(world.directory, everyone(['u1', 'u2', 'u3'].map((id) => aUser(id))));
  world.inject({ match: { method: 'POST' }, fault: { kind: 'status', status: 201, body: { id: 't1' } } });
  const { cycle } = await world.cycle();
  expect(cycle.counts).toMatchObject({ created: 2, warnings: 1 });
  const [warned] = (await world.logs()).filter(({ provisioningStatusInfo: { status } }) => status === 'warning');
  expect(warned?.provisioningSteps.at(-1)?.description).toContain('with t1, which u1@contoso.com (u1) is linked to');
});

describe('who is created anew keeps the account', () => {
  const leaves = {
    purged: (of: World) => of.directory.users.shift(),
    'in the recycle bin': (of: World) =>
      Object.assign(of.directory.users[0] ?? {}, { deletedDateTime: '2026-01-01T00:00:00Z' }),
    unassigned: (of: World) => of.directory.applications[0]?.assignments.shift(),
  };

  it.each(Object.keys(leaves) as (keyof typeof leaves)[])('the one before is %s', async (how) => {
    world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2')]) });
    await world.cycle();
    leaves[how](world);
    world.directory.users.push(newcomer());
    world.directory.applications[0]?.assignments.push({ user: 'u9', role: 'User' });
    const preview = await world.preview();
    const { requests, cycle } = await world.cycle();
    expect(lines(requests).filter((line) => !line.startsWith('GET'))).toEqual(['PATCH /Users/t1']);
    expect(cycle.counts).toMatchObject({ disabled: 0, deleted: 0, warnings: 2 });
    expect(accounts(world)).toEqual(['u1@contoso.com true', 'u2@contoso.com true']);
    expect(preview.operations.map(summary).sort()).toEqual(['u1 none warning', 'u9 update warning']);
    const kept = (await world.logs()).findLast(({ sourceIdentity }) => sourceIdentity.id === 'u1');
    expect(kept?.provisioningStatusInfo.status).toBe('warning');
    const taken = (await world.logs()).findLast(({ sourceIdentity }) => sourceIdentity.id === 'u9');
    expect(taken?.provisioningSteps.at(-1)?.description).toContain(
      how === 'purged' ? 'gone from the directory; this object takes it over' : 'give each its own value',
    );
    expect(kept?.provisioningSteps.at(-1)?.description).toContain('because u1@contoso.com (u9) is linked to it too');
    // The link is given up: nothing is left that could delete it later.
    await world.engine().restart('app', []);
    await world.cycle();
    expect(accounts(world)).toEqual(['u1@contoso.com true', 'u2@contoso.com true']);
  });

  it.each(Object.keys(leaves) as (keyof typeof leaves)[])(
    'also when the target fails that newcomer in that very cycle, and the one before is %s',
    async (how) => {
      world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2')]) });
      await world.cycle();
      leaves[how](world);
      world.directory.users.push(newcomer());
      world.directory.applications[0]?.assignments.push({ user: 'u9', role: 'User' });
      world.inject({ match: { path: 'u1@contoso.com' }, fault: { kind: 'status', status: 400 } });
      const isPurged = how === 'purged';
      const { cycle } = await world.cycle();
      expect(cycle.counts).toMatchObject({ disabled: isPurged ? 0 : 1, deleted: 0, failed: 1 });
      const left = (await world.logs()).findLast(({ sourceIdentity }) => sourceIdentity.id === 'u1');
      expect(left?.provisioningAction).toBe(isPurged ? 'stageddelete' : 'disable');
      if (isPurged) expect(left?.provisioningSteps.at(-1)?.description).toContain('held until User u9 (u9)');
      await world.cycle();
      expect(accounts(world)).toEqual(['u1@contoso.com true', 'u2@contoso.com true']);
      expect((await world.cycle()).requests).toEqual([]);
      await world.engine().restart('app', []);
      await world.cycle();
      expect(accounts(world)).toEqual(['u1@contoso.com true', 'u2@contoso.com true']);
    },
  );

  it('the account goes when the newcomer that waited for it leaves too', async () => {
    world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2')]) });
    await world.cycle();
    leaves.purged(world);
    world.directory.users.push(newcomer());
    world.directory.applications[0]?.assignments.push({ user: 'u9', role: 'User' });
    world.inject({ match: { path: 'u1@contoso.com' }, fault: { kind: 'status', status: 400 } });
    await world.cycle();
    const why = await runAs(['why', 'u1', '-c', world.configPath]);
    expect(why.out).toContain('held      its deprovision waits: somebody who failed has the same matching value');
    world.directory.users.pop();
    const { cycle } = await world.cycle();
    expect(cycle.counts).toMatchObject({ deleted: 1, failed: 0 });
    expect(accounts(world)).toEqual(['u2@contoso.com true']);
  });

  it('a group that is created anew keeps its resource, and loses the members it has no more', async () => {
    const users = ['a', 'b', 'c'].map((id) => aUser(id));
    world = await openWorld({ directory: everyone(users, [group('g1', 'Staff', ['a', 'b'])]) });
    await world.cycle();
    Object.assign(world.directory, everyone(users, [group('g2', 'Staff', ['b', 'c'])]));
    const preview = await world.preview();
    const { requests } = await world.cycle();
    const [staff, other] = world.app.state.groups();
    expect(other).toBeUndefined();
    expect(staff?.members).toEqual([{ value: 't2' }, { value: 't3' }]);
    const sent = requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
    const planned = preview.operations.flatMap(({ requests: all }) => all);
    expect(planned.map(({ method, path }) => `${method} ${path}`)).toEqual(sent);
  });

  it('users and groups with the same ids share nothing', async () => {
    world = await openWorld({
      directory: everyone([aUser('u1')], [group('g1', 'Staff')]),
      app: { token: TOKEN, nextId: () => '1' },
    });
    const { cycle } = await world.cycle();
    expect(cycle.counts).toMatchObject({ created: 2, warnings: 0 });
    world.directory.users[0] = { ...world.directory.users[0], accountEnabled: false };
    expect((await world.cycle()).cycle.counts).toMatchObject({ disabled: 1, warnings: 0 });
  });

  it('when both leave, the account goes once', async () => {
    const users = [aUser('u1'), newcomer(), aUser('u3')];
    world = await openWorld({ directory: everyone(users) });
    await world.cycle();
    world.directory.users.splice(0, 2);
    const { requests } = await world.cycle();
    expect(lines(requests)).toEqual(['DELETE /Users/t1']);
    expect(accounts(world)).toEqual(['u3@contoso.com true']);
  });

  it('a provision on demand does not switch it off either', async () => {
    world = await openWorld({ directory: everyone([aUser('u1'), newcomer()]) });
    await world.cycle();
    world.directory.applications[0]?.assignments.shift();
    await world.save();
    const { outcomes } = await world.engine().provision('app', 'u1');
    expect(outcomes.map(({ operation }) => summary(operation))).toEqual(['u1 none warning']);
    expect(accounts(world)).toEqual(['u1@contoso.com true']);
  });
});

describe('one of two groups on one resource leaves', () => {
  const users = [aUser('u1'), aUser('u2'), aUser('u3')];
  const staff = group('g1', 'Staff', ['u1', 'u2']);
  const same = group('g2', 'Staff', ['u2', 'u3']);

  it.each([
    ['whom it alone had put in leaves with it', DEFAULT_MAPPING, ['u1', 'u2'], 1],
    [
      'unless the mapping takes nobody away',
      DEFAULT_MAPPING.replace('{ to: members, from: members }', '{ to: members, from: members, apply: addValues }'),
      ['u1', 'u2', 'u3'],
      0,
    ],
  ])('%s', async (_what, mapping, expected, writes) => {
    world = await openWorld({ directory: everyone(users, [staff, same]), mapping });
    await world.cycle();
    expect(world.app.state.groups()[0]?.members).toHaveLength(3);
    Object.assign(world.directory, everyone(users, [staff]));
    const { requests } = await world.cycle();
    expect(requests.filter(({ method }) => method !== 'GET')).toHaveLength(writes);
    const names = new Map(world.app.state.users().map(({ id, userName }) => [id, userName]));
    const members = world.app.state.groups()[0]?.members as readonly { readonly value: string }[];
    expect(members.map(({ value }) => names.get(value)).sort()).toEqual(expected.map((id) => `${id}@contoso.com`));
  });
});

describe('what a person is told', () => {
  it('preview, sync and verify name both, and why', async () => {
    world = await openWorld({ directory: everyone([aUser('u1')]) });
    await world.cycle();
    Object.assign(world.directory, everyone([...world.directory.users, newcomer()]));
    await world.save();
    const shared = /is also linked\s+to\s+u1@contoso.com \(u1\)/;
    const preview = await runAs(['preview', '-c', world.configPath]);
    expect(preview.out).toMatch(shared);
    expect(preview.out).toContain('1 to update, 1 warning');
    const sync = await runAs(['sync', '-c', world.configPath]);
    expect(sync.out).toMatch(/! u1@contoso.com +DuplicateSourceEntries: /);
    expect(sync.out).toMatch(shared);
    const verify = await runAs(['verify', '-c', world.configPath]);
    expect(verify.out).toContain('two objects of the directory have one account');
    expect(verify.out).toMatch(/u1@contoso.com \(u9\) is linked to it too/);
  });
});
