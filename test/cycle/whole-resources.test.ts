/** Clients that write whole resources: what they must read first, and what such a write may not lose (scim-wire.md 11.2). */
import { afterEach, expect, test } from 'vitest';
import { aUser, type CycleTrace, DEFAULT_MAPPING, everyone, openWorld, TOKEN, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const writes = ({ requests }: CycleTrace) =>
  requests.flatMap(({ method, path, body }) => (method === 'GET' ? [] : [[`${method} ${path}`, body] as const]));

/** The directory has nobody of this id any more. */
function purge(id: string): void {
  const { users, applications } = world.directory;
  users.splice(
    users.findIndex((user) => user.id === id),
    1,
  );
  const [application] = applications;
  if (application !== undefined) application.assignments = application.assignments.filter(({ user }) => user !== id);
}

test.each([
  [404, 'InvalidAnchor'],
  [403, 'InsufficientRights'],
])('who is purged and answered %i fails alone, and is tried again', async (status, code) => {
  world = await openWorld({ target: { client: 'okta-aiw' } });
  await world.cycle();
  purge('u1');
  for (const user of world.directory.users) user.jobTitle = 'Boss';
  world.inject({ match: { method: 'GET', path: '/Users/t1' }, times: 1, fault: { kind: 'status', status } });
  const first = await world.cycle();
  expect(first.cycle.error).toBeUndefined();
  expect(first.cycle.counts).toMatchObject({ updated: 1, failed: 1 });
  const codes = (await world.logs()).map((record) => record.provisioningStatusInfo.errorInformation?.errorCode);
  expect(codes).toContain(code);
  expect(writes(await world.cycle())).toEqual([
    ['PUT /Users/t1', expect.objectContaining({ userName: 'u1@contoso.com', active: false })],
  ]);
});

const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PREFIXED = DEFAULT_MAPPING.replace(
  '{ to: displayName, from: displayName, match: 1 }',
  `{ to: displayName, expr: 'Append("app-", [displayName])', match: 1 }`,
);

/** Ana, Ben and Cia are t1, t2 and t3; the target has a group of its own with Ana and Ben, which the directory's then is linked to. */
async function openWithGroup(client: string, mapping = PREFIXED): Promise<void> {
  world = await openWorld({
    directory: everyone([aUser('ana'), aUser('ben'), aUser('cia')]),
    mapping,
    target: { client },
  });
  await world.cycle();
  await fetch(`${world.targetUrl}/Groups`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify({
      schemas: [GROUP_URN],
      displayName: 'app-Staff',
      externalId: 'kept',
      members: [{ value: 't1' }, { value: 't2' }],
    }),
  });
}

function addGroup(members: readonly string[]): void {
  world.directory.groups.push({ id: 'g1', displayName: 'Staff', members });
  world.directory.applications[0]?.assignments.push({ group: 'g1', role: 'User' });
}

const theGroup = () => {
  const [group] = world.app.state.groups();
  const members = Array.isArray(group?.members) ? group.members : [];
  return {
    displayName: group?.displayName,
    externalId: group?.externalId,
    members: members.map((member) => (member as { value?: unknown }).value),
  };
};

test('okta-aiw: a change of members keeps the mapped name and what the target added', async () => {
  await openWithGroup('okta-aiw');
  addGroup(['cia']);
  const sent = writes(await world.cycle());
  expect(sent).toEqual([
    [
      'PUT /Groups/t4',
      expect.objectContaining({ displayName: 'app-Staff', members: [{ value: 't3', display: 'cia@contoso.com' }] }),
    ],
  ]);
  expect(theGroup()).toEqual({ displayName: 'app-Staff', externalId: 'kept', members: ['t3'] });
});

test('okta-oin: the name that goes with a change of members is the mapped one', async () => {
  await openWithGroup('okta-oin');
  addGroup(['cia']);
  const [[, rename] = []] = writes(await world.cycle());
  expect(rename).toMatchObject({ Operations: [{ value: { id: 't4', displayName: 'app-Staff' } }] });
  expect(theGroup()).toMatchObject({ displayName: 'app-Staff', externalId: 'kept' });
});

test('okta-aiw: on demand a group loses nobody, and members keep their names', async () => {
  await openWithGroup('okta-aiw');
  addGroup(['ana', 'ben', 'cia']);
  await world.save();
  const before = world.app.requests.length;
  await world.engine().provision('app', 'g1', { members: ['cia'] });
  expect(theGroup().members).toEqual(['t1', 't2', 't3']);
  const put = world.app.requests.slice(before).find(({ method }) => method === 'PUT');
  expect(JSON.stringify(put?.body)).not.toContain('"display":"t');
});

test('okta-aiw: a row that only adds takes nobody away', async () => {
  await openWithGroup(
    'okta-aiw',
    PREFIXED.replace('{ to: members, from: members }', '{ to: members, from: members, apply: noRemove }'),
  );
  addGroup(['cia']);
  await world.cycle();
  expect(theGroup().members).toEqual(['t1', 't2', 't3']);
});

test('okta-aiw: a group that cannot be read fails alone', async () => {
  await openWithGroup('okta-aiw');
  addGroup(['cia']);
  const match = { method: 'GET', path: '/Groups/t4' };
  world.inject({ match, times: 1, fault: { kind: 'status', status: 403 } });
  const trace = await world.cycle();
  expect(trace.cycle.error).toBeUndefined();
  expect(writes(trace)).toEqual([]);
  expect((await world.engine().status('app')).escrows).toMatchObject({ objects: 0, references: 1 });
  await world.cycle();
  expect(theGroup().members).toEqual(['t3']);
});

test('updateMethod put: a renamed group keeps its members', async () => {
  world = await openWorld({
    directory: everyone([aUser('ana')], [{ id: 'g1', displayName: 'Staff', members: ['ana'] }]),
    target: { updateMethod: 'put' },
  });
  await world.cycle();
  Object.assign(world.directory.groups[0] ?? {}, { displayName: 'Crew' });
  expect(writes(await world.cycle()).map(([line]) => line)).toEqual(['PUT /Groups/t2']);
  expect(theGroup()).toMatchObject({ displayName: 'Crew', members: ['t1'] });
});
