/** SelectUniqueValue in a cycle: candidates are asked for at the target until one is free (expressions.md 8.2). */
import { afterEach, expect, test } from 'vitest';
import { aUser, everyone, openWorld, usersMapping, type World } from '../support/world.ts';

const MAPPING = usersMapping(
  '{ to: title, from: jobTitle }',
  `{ to: nickName, expr: 'SelectUniqueValue([givenName], Append([givenName], "2"), Append([givenName], "3"))', apply: onCreate }`,
);
const somebody = (nickName: string) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: `${nickName}@elsewhere.com`,
  nickName,
});

let world: World;
afterEach(() => world.close());

async function openWith(ids: readonly string[], taken: readonly string[]): Promise<void> {
  world = await openWorld({
    mapping: MAPPING,
    directory: everyone(ids.map((id) => aUser(id, { givenName: 'Ana' }))),
    app: { token: 'test-token', seed: { users: taken.map(somebody) } },
  });
}

function nickNames(): Readonly<Record<string, unknown>> {
  return Object.fromEntries(world.app.state.users().map(({ userName, nickName }) => [userName, nickName]));
}

test('the first value that nobody holds is taken, case aside, with one query per candidate', async () => {
  await openWith(['u1'], ['ana', 'ANA2']);
  const { requests } = await world.cycle();
  expect(requests.map(({ method, path }) => `${method} ${decodeURIComponent(path).replaceAll('+', ' ')}`)).toEqual([
    'GET /Users?filter=userName eq "u1@contoso.com"',
    'GET /Users?filter=nickName eq "Ana"',
    'GET /Users?filter=nickName eq "Ana2"',
    'GET /Users?filter=nickName eq "Ana3"',
    'POST /Users',
  ]);
  expect(nickNames()['u1@contoso.com']).toBe('Ana3');
});

test('two objects of one page never get the same value', async () => {
  await openWith(['u1', 'u2'], []);
  await world.cycle();
  expect(Object.values(nickNames()).sort()).toEqual(['Ana', 'Ana2']);
});

test('when every candidate is taken the object fails, is escrowed and says so; the others go on', async () => {
  await openWith(['u1'], ['Ana', 'Ana2', 'Ana3']);
  world.directory.users.push(aUser('u2', { givenName: 'Eva' }));
  world.directory.applications[0]?.assignments.push({ user: 'u2', role: 'User' });
  const { cycle, escrows } = await world.cycle();
  expect(cycle.counts).toMatchObject({ created: 1, failed: 1 });
  expect(escrows.objects).toBe(1);
  const records = await world.logs();
  const errors = records.flatMap(({ provisioningStatusInfo: info }) => info.errorInformation ?? []);
  expect(errors.map(({ reason }) => reason)).toEqual([
    expect.stringContaining('every value is taken: Ana, Ana2, Ana3 (NoUniqueValue'),
  ]);
});

test('an update neither asks for the value again nor changes it', async () => {
  await openWith(['u1'], []);
  await world.cycle();
  Object.assign(world.directory.users[0] ?? {}, { jobTitle: 'Lead', givenName: 'Eva' });
  const { requests } = await world.cycle();
  expect(requests.map(({ method }) => method)).toEqual(['GET', 'PATCH']);
  expect(nickNames()).toEqual({ 'u1@contoso.com': 'Ana' });
});

test('preview asks as well and sends nothing; offline it takes the first value', async () => {
  await openWith(['u1'], ['Ana']);
  const created = async (offline: boolean) => (await world.preview({ offline })).operations[0]?.held?.nickName;
  expect(await created(false)).toBe('Ana2');
  expect(await created(true)).toBe('Ana');
  expect(world.app.state.users()).toHaveLength(1);
});

test('a target that answers every query with somebody is not asked forever', async () => {
  world = await openWorld({
    mapping: MAPPING.replace(/SelectUniqueValue\(.*?\)\)/, 'SelectUniqueValue(RandomString(20, 0, 0, 0, 0), Guid())'),
    directory: everyone([aUser('u1')]),
    app: { token: 'test-token' },
  });
  const body = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: 1,
    Resources: [{ id: 'x' }],
  };
  world.inject({
    match: { method: 'GET', path: 'nickName' },
    times: 'always',
    fault: { kind: 'status', status: 200, body },
  });
  const { cycle, requests } = await world.cycle();
  expect(cycle.counts.failed).toBe(1);
  expect(requests.length).toBeLessThan(60);
});
