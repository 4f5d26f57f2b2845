/** The ways a row applies, as the target sees them: `apply`, `when` and the two role functions (graph-api.md 5, expressions.md 8.4). */
import { afterEach, describe, expect, test } from 'vitest';
import { aUser, everyone, openWorld, usersMapping, type World } from '../support/world.ts';

const mapping = (rows: readonly string[]) => `${usersMapping(...rows)}  - name: Groups
    from: Group
    to: Group
    map:
      - { to: displayName, from: displayName, match: 1 }
      - { to: members, from: members, apply: noRemove }
`;

let world: World;
afterEach(() => world.close());

function operations(trace: Awaited<ReturnType<World['cycle']>>): unknown {
  const patches = trace.requests.filter(({ method }) => method === 'PATCH');
  return patches.map(({ body }) => (body as { Operations: unknown }).Operations);
}

async function change(attributes: Readonly<Record<string, unknown>>) {
  Object.assign(world.directory.users[0] ?? {}, attributes);
  return world.cycle();
}

test('ifEmpty writes once; noRemove follows changes; fidelity sane clears neither', async () => {
  world = await openWorld({
    mapping: mapping([
      '{ to: title, from: jobTitle, apply: ifEmpty }',
      '{ to: nickName, from: givenName, apply: noRemove }',
    ]),
    directory: everyone([aUser('u1', { givenName: 'Ana' })]),
    job: { fidelity: 'sane' },
  });
  await world.cycle();
  expect(operations(await change({ jobTitle: 'Lead', givenName: 'Anna' }))).toEqual([
    [
      { op: 'Add', path: 'title', value: 'Lead' },
      { op: 'Replace', path: 'nickName', value: 'Anna' },
    ],
  ]);
  expect(operations(await change({ jobTitle: 'Head', givenName: 'Eva' }))).toEqual([
    [{ op: 'Replace', path: 'nickName', value: 'Eva' }],
  ]);
  expect(operations(await change({ jobTitle: null, givenName: null }))).toEqual([]);
});

test('everyCycle writes what is the same, whenever the object is looked at', async () => {
  world = await openWorld({
    mapping: mapping(['{ to: title, const: Staff, when: everyCycle }', '{ to: nickName, from: givenName }']),
    directory: everyone([aUser('u1')]),
  });
  await world.cycle();
  expect(operations(await change({ givenName: 'Ana' }))).toEqual([
    [
      { op: 'Replace', path: 'title', value: 'Staff' },
      { op: 'Add', path: 'nickName', value: 'Ana' },
    ],
  ]);
  expect(operations(await world.cycle())).toEqual([]);
});

test('a group whose members row only adds loses nobody', async () => {
  const staff = { id: 'g1', displayName: 'Staff', members: ['u1', 'u2'] };
  world = await openWorld({
    mapping: mapping([]),
    directory: everyone([aUser('u1'), aUser('u2'), aUser('u3')], [staff]),
  });
  await world.cycle();
  staff.members = ['u3'];
  const trace = await world.cycle();
  expect(operations(trace)).toEqual([[{ op: 'Add', path: 'members', value: [{ value: expect.any(String) }] }]]);
  expect(world.app.state.groups()[0]?.members).toHaveLength(3);
});

describe('app roles', () => {
  const withRole = (...roles: readonly string[]) => ({
    ...everyone([aUser('u1')]),
    applications: [
      { name: 'app', roles: ['Admin', 'Editor'], assignments: roles.map((role) => ({ user: 'u1', role })) },
    ],
  });
  const role = (name: string, label: string) => ({
    primary: false,
    type: 'WindowsAzureActiveDirectoryRole',
    [label]: name,
    value: name,
  });

  async function exchangeRoles(expression: string) {
    world = await openWorld({
      mapping: mapping([`{ to: roles, expr: '${expression}' }`]),
      directory: withRole('Admin'),
    });
    await world.cycle();
    world.directory.applications[0]?.assignments.splice(0, 1, { user: 'u1', role: 'Editor' });
    return world.cycle();
  }

  test('AppRoleAssignmentsComplex adds the new role as JSON text and takes none away', async () => {
    const trace = await exchangeRoles('AppRoleAssignmentsComplex([appRoleAssignments])');
    const text = JSON.stringify({ id: 'Editor', value: 'Editor', displayName: 'Editor' });
    expect(operations(trace)).toEqual([[{ op: 'Add', path: 'roles', value: [{ value: text }] }]]);
    expect(await world.engine().verify('app')).toMatchObject({ checked: { User: 1 }, total: 0 });
    expect(operations(await change({ jobTitle: 'Lead' }))).toEqual([]);
  });

  test('AssertiveAppRoleAssignmentsComplex replaces the roles by real objects', async () => {
    const trace = await exchangeRoles('AssertiveAppRoleAssignmentsComplex([appRoleAssignments])');
    expect(operations(trace)).toEqual([[{ op: 'Replace', path: 'roles', value: [role('Editor', 'display')] }]]);
  });
});
