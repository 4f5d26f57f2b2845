/** cycle.md table 3c: what each event at the source sends to the target, logs, and leaves of the link. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  aUser,
  type CycleTrace,
  DEFAULT_MAPPING,
  type DirectoryDocument,
  ENTERPRISE,
  everyone,
  openWorld,
  type World,
  type WorldOptions,
} from '../support/world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** A world after its initial cycle. */
async function settled(options: WorldOptions = {}): Promise<World> {
  world = await openWorld(options);
  await world.cycle();
  return world;
}

function user(directory: DirectoryDocument, id: string): Record<string, unknown> {
  const found = directory.users.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no user ${id}`);
  return found;
}

function assignmentsOf(directory: DirectoryDocument): Record<string, unknown>[] {
  const [application] = directory.applications;
  if (application === undefined) throw new Error('no application');
  return application.assignments;
}

/** Method and path of each request, with what a PATCH carries. */
function sent(trace: CycleTrace): readonly string[] {
  return trace.requests.map(({ method, path, body }) => {
    const operations = (body as { Operations?: unknown } | undefined)?.Operations;
    const where = path.replace(/^.*\/scim/, '');
    return operations === undefined ? `${method} ${where}` : `${method} ${where} ${JSON.stringify(operations)}`;
  });
}

/** Action and status of the records of the latest cycle about this object. */
async function logged(here: World, trace: CycleTrace, id: string): Promise<readonly string[]> {
  const records = await here.logs();
  return records
    .filter((record) => record.cycleId === trace.cycle.cycleId && record.sourceIdentity.id === id)
    .map((record) => `${record.provisioningAction}/${record.provisioningStatusInfo.status}`);
}

async function linkOf(here: World, id: string) {
  for await (const link of here.engine().links('app')) if (link.sourceId === id) return link;
  return undefined;
}

describe('users', () => {
  it('3.15 a changed mapped attribute is read and patched', async () => {
    const here = await settled();
    user(here.directory, 'u1').jobTitle = 'Lead';
    const trace = await here.cycle();
    expect(sent(trace)).toEqual(['GET /Users/t1', 'PATCH /Users/t1 [{"op":"Add","path":"title","value":"Lead"}]']);
    expect(await logged(here, trace, 'u1')).toEqual(['update/success']);
  });

  it('who leaves the preFilter keeps the account, who leaves the scoping filter does not', async () => {
    const clause = (set: string) => `    ${set}:\n      - all: [{ attr: department, op: NOT EQUALS, value: Gone }]\n`;
    for (const [set, expected] of [
      ['preFilter', []],
      ['where', [expect.stringContaining('{"op":"Replace","path":"active","value":"False"}')]],
    ] as const) {
      const mapping = DEFAULT_MAPPING.replace('    map:', `${clause(set)}    map:`);
      const here = await settled({ mapping, directory: everyone([aUser('u1', { department: 'Sales' }), aUser('u2')]) });
      user(here.directory, 'u1').department = 'Gone';
      const trace = await here.cycle();
      expect(sent(trace).filter((one) => one.startsWith('PATCH'))).toEqual(expected);
      expect((await linkOf(here, 'u1'))?.disabled).toBe(set === 'where');
      await here.close();
    }
  });

  it('3.16 a changed unmapped attribute is read and nothing is written', async () => {
    const here = await settled();
    user(here.directory, 'u1').city = 'Oslo';
    const trace = await here.cycle();
    expect(sent(trace)).toEqual(['GET /Users/t1']);
    expect(await logged(here, trace, 'u1')).toEqual(['other/skipped']);
  });

  it('3.17 an attribute that became null does not flow', async () => {
    const here = await settled({ directory: everyone([aUser('u1', { jobTitle: 'Lead' })]) });
    user(here.directory, 'u1').jobTitle = null;
    const trace = await here.cycle();
    expect(sent(trace)).toEqual(['GET /Users/t1']);
    expect(here.app.state.users()[0]?.title).toBe('Lead');
  });

  it('3.18 a user newly in scope is matched and created', async () => {
    const here = await settled();
    here.directory.users.push(aUser('u3'));
    assignmentsOf(here.directory).push({ user: 'u3', role: 'User' });
    const trace = await here.cycle();
    expect(sent(trace)).toEqual(['GET /Users?filter=userName+eq+%22u3%40contoso.com%22', 'POST /Users']);
    expect(await logged(here, trace, 'u3')).toEqual(['create/success']);
    expect(trace.cycle.counts.created).toBe(1);
  });

  it('3.18 a user found in the target is linked and brought up to date', async () => {
    const directory = everyone([aUser('u1')]);
    const here = await settled({ directory });
    here.directory.users.push(aUser('u3'));
    assignmentsOf(here.directory).push({ user: 'u3', role: 'User' });
    await here.app.handle(
      new Request('http://localhost/scim/Users', {
        method: 'POST',
        headers: { authorization: 'Bearer test-token', 'content-type': 'application/scim+json' },
        body: JSON.stringify({
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
          userName: 'u3@contoso.com',
          active: true,
        }),
      }),
    );
    const trace = await here.cycle();
    expect(trace.cycle.counts).toMatchObject({ created: 0, updated: 1 });
    expect(trace.requests.map((request) => request.method)).toEqual(['GET', 'PATCH']);
    expect(await linkOf(here, 'u3')).toMatchObject({ targetId: 't2' });
  });

  it('3.19 back in scope, a linked user is enabled again without a new match', async () => {
    const here = await settled();
    const kept = assignmentsOf(here.directory).splice(0, 1);
    await here.cycle();
    assignmentsOf(here.directory).push(...kept);
    const trace = await here.cycle();
    expect(sent(trace)).toEqual(['GET /Users/t1', 'PATCH /Users/t1 [{"op":"Replace","path":"active","value":"True"}]']);
    expect(await linkOf(here, 'u1')).toMatchObject({ managed: true, disabled: false });
  });

  it('3.20 a user who fails the scoping filter is disabled and stays managed', async () => {
    const mapping = (await import('../support/world.ts')).DEFAULT_MAPPING.replace(
      '    map:\n      - { to: userName',
      '    where:\n      - name: Sales\n        all: [{ attr: department, op: EQUALS, value: Sales }]\n    map:\n      - { to: userName',
    );
    const here = await settled({ mapping, directory: everyone([aUser('u1', { department: 'Sales' })]) });
    user(here.directory, 'u1').department = 'IT';
    const trace = await here.cycle();
    expect(trace.cycle.counts.disabled).toBe(1);
    expect(await logged(here, trace, 'u1')).toEqual(['disable/success']);
    expect(await linkOf(here, 'u1')).toMatchObject({ managed: true, disabled: true });
  });

  it('3.21 an unassigned user is disabled and no longer managed', async () => {
    const here = await settled();
    assignmentsOf(here.directory).splice(0, 1);
    const trace = await here.cycle();
    expect(sent(trace)).toEqual([
      'GET /Users/t1',
      'PATCH /Users/t1 [{"op":"Replace","path":"active","value":"False"}]',
    ]);
    expect(await logged(here, trace, 'u1')).toEqual(['disable/success']);
    expect(await linkOf(here, 'u1')).toMatchObject({ managed: false, disabled: true });
  });

  it('3.22 unassigned and afterwards purged: no DELETE', async () => {
    const here = await settled();
    assignmentsOf(here.directory).splice(0, 1);
    await here.cycle();
    here.directory.users.splice(0, 1);
    const trace = await here.cycle();
    expect(sent(trace)).toEqual([]);
    expect(await logged(here, trace, 'u1')).toEqual(['other/skipped']);
    expect(here.app.state.users()).toHaveLength(2);
  });

  it('3.23 one assignment of two lost: nothing happens in the target', async () => {
    const directory = everyone([aUser('u1')], [{ id: 'g1', displayName: 'Sales', members: ['u1'] }]);
    const here = await settled({ directory });
    assignmentsOf(here.directory).splice(0, 1);
    const trace = await here.cycle();
    expect(trace.requests.filter((request) => request.method !== 'GET')).toEqual([]);
    expect(trace.cycle.counts.disabled).toBe(0);
  });

  it.each([
    ['3.24 sign-in blocked', { accountEnabled: false }],
    ['3.26 soft-deleted', { deletedDateTime: '2026-01-01T00:10:00Z' }],
  ])('%s: disabled, link kept', async (_name, change) => {
    const here = await settled();
    Object.assign(user(here.directory, 'u1'), change);
    const trace = await here.cycle();
    expect(sent(trace)).toEqual([
      'GET /Users/t1',
      'PATCH /Users/t1 [{"op":"Replace","path":"active","value":"False"}]',
    ]);
    expect(await linkOf(here, 'u1')).toMatchObject({ managed: true, disabled: true });
  });

  it.each([
    ['3.25 re-enabled', { accountEnabled: false }, { accountEnabled: true }],
    ['3.27 restored', { deletedDateTime: '2026-01-01T00:10:00Z' }, { deletedDateTime: null }],
  ])('%s: enabled again', async (_name, change, undo) => {
    const here = await settled();
    Object.assign(user(here.directory, 'u1'), change);
    await here.cycle();
    Object.assign(user(here.directory, 'u1'), undo);
    const trace = await here.cycle();
    expect(sent(trace)).toEqual(['GET /Users/t1', 'PATCH /Users/t1 [{"op":"Replace","path":"active","value":"True"}]']);
    expect(await logged(here, trace, 'u1')).toEqual(['update/success']);
  });

  it('3.28 purged after a soft delete while managed: DELETE', async () => {
    const here = await settled();
    user(here.directory, 'u1').deletedDateTime = '2026-01-01T00:10:00Z';
    await here.cycle();
    here.directory.users.splice(0, 1);
    const trace = await here.cycle();
    expect(sent(trace)).toEqual(['DELETE /Users/t1']);
    expect(await logged(here, trace, 'u1')).toEqual(['delete/success']);
    expect(await linkOf(here, 'u1')).toBeUndefined();
  });

  it('3.29 purged between two cycles: DELETE', async () => {
    const here = await settled();
    here.directory.users.splice(0, 1);
    expect(sent(await here.cycle())).toEqual(['DELETE /Users/t1']);
  });

  it('3.30 a changed manager is written by a PATCH of its own', async () => {
    const directory = everyone([aUser('u1', { manager: 'u2' }), aUser('u2'), aUser('u3')]);
    const here = await settled({ directory });
    user(here.directory, 'u1').manager = 'u3';
    const trace = await here.cycle();
    expect(sent(trace)).toEqual([
      'GET /Users/t1',
      `PATCH /Users/t1 [{"op":"Replace","path":"${ENTERPRISE}:manager","value":"t3"}]`,
    ]);
    expect(trace.cycle.counts).toMatchObject({ updated: 1, skipped: 0 });
  });

  it('3.31 a manager who comes into scope later is not written until the user changes', async () => {
    const directory = everyone([aUser('u1', { manager: 'u2' })]);
    directory.users.push(aUser('u2'));
    const here = await settled({ directory });
    assignmentsOf(here.directory).push({ user: 'u2', role: 'User' });
    const trace = await here.cycle();
    expect(trace.requests.filter((request) => request.method === 'PATCH')).toEqual([]);
    user(here.directory, 'u1').city = 'Oslo';
    expect(sent(await here.cycle()).at(-1)).toContain('manager');
  });

  it('3.32 a removed manager is replaced by an empty text (ruling R11)', async () => {
    const here = await settled({ directory: everyone([aUser('u1', { manager: 'u2' }), aUser('u2')]) });
    user(here.directory, 'u1').manager = null;
    const trace = await here.cycle();
    expect(sent(trace).at(-1)).toBe(`PATCH /Users/t1 [{"op":"Replace","path":"${ENTERPRISE}:manager","value":""}]`);
  });

  it('3.44 a disabled user is left alone until back in scope, then everything that differs is sent', async () => {
    const here = await settled();
    const kept = assignmentsOf(here.directory).splice(0, 1);
    await here.cycle();
    user(here.directory, 'u1').jobTitle = 'Lead';
    const quiet = await here.cycle();
    expect(sent(quiet)).toEqual([]);
    expect(await logged(here, quiet, 'u1')).toEqual(['other/skipped']);
    assignmentsOf(here.directory).push(...kept);
    const back = await here.cycle();
    expect(sent(back)[1]).toContain('"path":"title"');
    expect(sent(back)[1]).toContain('"path":"active","value":"True"');
  });

  it('2.5 a disabled user without a link is skipped and never matched', async () => {
    const here = await settled({ directory: everyone([aUser('u1', { accountEnabled: false })]) });
    const records = await here.logs();
    expect(records.map((record) => record.provisioningAction)).toEqual(['create']);
    expect(records[0]?.provisioningSteps.at(-1)?.details.SkipReason).toBe('NotEffectivelyEntitled');
    expect(here.app.state.users()).toEqual([]);
  });

  it('2.3 a user without a matching value is skipped before scoping', async () => {
    const here = await settled({ directory: everyone([aUser('u1', { userPrincipalName: null })]) });
    const [record] = await here.logs();
    expect(record?.provisioningSteps.map((step) => step.name)).toEqual(['EntryImportAdd', 'EntrySynchronizationSkip']);
    expect(record?.provisioningSteps.at(-1)?.details.SkipReason).toBe('ImportSkipped');
  });

  it('8.2 nothing is sent for an object leaving scope when SkipOutOfScopeDeletions is on', async () => {
    const here = await settled({ job: { deletions: { skipOutOfScope: true } } });
    assignmentsOf(here.directory).splice(0, 1);
    const trace = await here.cycle();
    expect(sent(trace)).toEqual([]);
    expect(await logged(here, trace, 'u1')).toEqual(['other/skipped']);
  });
});

describe('groups', () => {
  const withGroup = () => everyone([aUser('u1'), aUser('u2')], [{ id: 'g1', displayName: 'Sales', members: ['u1'] }]);

  it('3.34 a group newly in scope is created empty, then gets its members', async () => {
    world = await openWorld({ directory: withGroup() });
    const trace = await world.cycle();
    expect(sent(trace).slice(-3)).toEqual([
      'GET /Groups?excludedAttributes=members&filter=displayName+eq+%22Sales%22',
      'POST /Groups',
      'PATCH /Groups/t3 [{"op":"Add","path":"members","value":[{"value":"t1"}]}]',
    ]);
  });

  it('3.35 a changed group property is patched', async () => {
    const here = await settled({ directory: withGroup() });
    const [group] = here.directory.groups;
    Object.assign(group ?? {}, { displayName: 'Sales Europe' });
    expect(sent(await here.cycle())).toEqual([
      'GET /Groups/t3?excludedAttributes=members',
      'PATCH /Groups/t3 [{"op":"Replace","path":"displayName","value":"Sales Europe"}]',
    ]);
  });

  it('3.36 and 3.37 members are added and removed, adds first, each in a PATCH of its own', async () => {
    const here = await settled({ directory: withGroup() });
    Object.assign(here.directory.groups[0] ?? {}, { members: ['u2'] });
    const trace = await here.cycle();
    expect(sent(trace).slice(-2)).toEqual([
      'PATCH /Groups/t3 [{"op":"Add","path":"members","value":[{"value":"t2"}]}]',
      'PATCH /Groups/t3 [{"op":"Remove","path":"members","value":[{"value":"t1"}]}]',
    ]);
    expect(trace.cycle.counts.updated).toBe(1);
  });

  it('3.38 a member added to the assigning group is created before the membership', async () => {
    const directory = withGroup();
    const here = await settled({ directory });
    here.directory.users.push(aUser('u3'));
    Object.assign(here.directory.groups[0] ?? {}, { members: ['u1', 'u3'] });
    const lines = sent(await here.cycle());
    expect(lines.findIndex((line) => line.startsWith('POST /Users'))).toBeLessThan(
      lines.findIndex((line) => line.startsWith('PATCH /Groups')),
    );
  });

  it('3.39 a member removed from the assigning group is disabled and leaves the group', async () => {
    const directory = everyone([aUser('u1')], [{ id: 'g1', displayName: 'Sales', members: ['u1'] }]);
    assignmentsOf(directory).splice(0, 1);
    const here = await settled({ directory });
    Object.assign(here.directory.groups[0] ?? {}, { members: [] });
    const lines = sent(await here.cycle());
    expect(lines).toContain('PATCH /Users/t1 [{"op":"Replace","path":"active","value":"False"}]');
    expect(lines).toContain('PATCH /Groups/t2 [{"op":"Remove","path":"members","value":[{"value":"t1"}]}]');
  });

  it('3.40 a member who comes into scope later is not added until the group changes', async () => {
    const directory = everyone([aUser('u1')], [{ id: 'g1', displayName: 'Sales', members: ['u2'] }]);
    directory.users.push(aUser('u2', { accountEnabled: false }));
    const here = await settled({ directory });
    const warning = (await here.logs()).find((record) => record.provisioningStatusInfo.status === 'warning');
    expect(warning?.provisioningSteps[0]?.description).toContain('UnableToResolveReferenceAttributeValue');
    user(here.directory, 'u2').accountEnabled = true;
    const later = await here.cycle();
    expect(sent(later).some((line) => line.startsWith('PATCH /Groups'))).toBe(false);
    Object.assign(here.directory.groups[0] ?? {}, { description: 'now' });
    expect(sent(await here.cycle()).some((line) => line.startsWith('PATCH /Groups'))).toBe(true);
  });

  it('3.41 an unassigned group is deleted, and its members lose that assignment', async () => {
    const directory = everyone([aUser('u1')], [{ id: 'g1', displayName: 'Sales', members: ['u1'] }]);
    assignmentsOf(directory).splice(0, 1);
    const here = await settled({ directory });
    assignmentsOf(here.directory).splice(0, 1);
    const lines = sent(await here.cycle());
    expect(lines).toContain('DELETE /Groups/t2');
    expect(lines).toContain('PATCH /Users/t1 [{"op":"Replace","path":"active","value":"False"}]');
  });

  it('3.42 members of a nested group are not in scope', async () => {
    const directory: DirectoryDocument = {
      users: [aUser('u1')],
      groups: [
        { id: 'g1', displayName: 'Outer', members: ['g2'] },
        { id: 'g2', displayName: 'Inner', members: ['u1'] },
      ],
      applications: [{ name: 'app', roles: ['User'], assignments: [{ group: 'g1', role: 'User' }] }],
    };
    const here = await settled({ directory });
    expect(here.app.state.users()).toEqual([]);
    expect(here.app.state.groups()).toHaveLength(1);
  });
});
