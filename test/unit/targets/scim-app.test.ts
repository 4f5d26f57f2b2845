/** The generic SCIM application at its HTTP edge (RFC 7643, RFC 7644, scim-wire.md 10). */
import { describe, expect, it } from 'vitest';
import type { ScimResource } from '../../../engine/model/scim-message.ts';
import { createScimApp, type ScimAppOptions } from '../../../fixtures/targets/scim-app.ts';
import { clientOf, ENTERPRISE_URN, GROUP_URN, group, NOW, USER_URN, user } from './exchange.ts';

function start(options: ScimAppOptions = {}) {
  const app = createScimApp({ now: () => NOW, ...options });
  return { app, send: clientOf(app) };
}

const ada = user({ userName: 'ada@contoso.example', externalId: 'A1', displayName: 'Ada Byron' });
const manyUsers = (count: number): ScimResource[] =>
  Array.from({ length: count }, (_, index) => user({ userName: `user${index + 1}@contoso.example` }));

describe('create', () => {
  it('answers 201 with the stored resource, its id, meta and location', async () => {
    const { send } = start();
    const { status, headers, body } = await send('POST', '/Users', ada);
    expect(status).toBe(201);
    expect(headers.get('content-type')).toBe('application/scim+json');
    expect(headers.get('location')).toBe('http://app.test/scim/Users/user-1');
    expect(body).toEqual({
      schemas: [USER_URN],
      id: 'user-1',
      userName: 'ada@contoso.example',
      externalId: 'A1',
      displayName: 'Ada Byron',
      meta: {
        resourceType: 'User',
        created: NOW,
        lastModified: NOW,
        version: 'W/"1"',
        location: 'http://app.test/scim/Users/user-1',
      },
    });
  });

  it('ignores an id, meta and unknown attributes the client sends', async () => {
    const { send, app } = start();
    const sent = user({ userName: 'x', id: 'mine', groups: [{ value: 'g' }], favouriteColour: 'red', title: null });
    const { body } = await send('POST', '/Users', { ...sent, meta: { resourceType: 'Thing' } });
    expect(body).toMatchObject({ id: 'user-1', meta: { resourceType: 'User' } });
    expect(Object.keys(app.state.users()[0] ?? {})).toEqual(['schemas', 'id', 'userName', 'meta']);
  });

  it('reads attribute names in any case and stores the canonical ones', async () => {
    const { send } = start();
    const { body } = await send('POST', '/Users', user({ USERNAME: 'x', Name: { GIVENNAME: 'Ada' } }));
    expect(body).toMatchObject({ userName: 'x', name: { givenName: 'Ada' } });
  });

  it('stores "True" as a boolean', async () => {
    const { send } = start();
    const { body } = await send('POST', '/Users', user({ userName: 'x', active: 'True' }));
    expect(body.active).toBe(true);
  });

  it('stores the enterprise extension, a bare manager as an object, and lists the URN in schemas', async () => {
    const { send } = start();
    const { body } = await send('POST', '/Users', user({ userName: 'x', [ENTERPRISE_URN]: { manager: '88d0' } }));
    expect(body[ENTERPRISE_URN]).toEqual({ manager: { value: '88d0' } });
    expect(body.schemas).toEqual([USER_URN, ENTERPRISE_URN]);
  });

  it('accepts and stores an extension it does not know', async () => {
    const { send } = start();
    const urn = 'urn:ietf:params:scim:schemas:extension:fabrikam:2.0:User';
    const { status, body } = await send('POST', '/Users', user({ userName: 'x', [urn]: { tag: 7, none: null } }));
    expect(status).toBe(201);
    expect(body[urn]).toEqual({ tag: 7 });
  });

  it('takes a password and never returns it', async () => {
    const { send } = start();
    const { status, body } = await send('POST', '/Users', user({ userName: 'x', password: 'secret' }));
    expect(status).toBe(201);
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('leaves only one e-mail address primary', async () => {
    const { send } = start();
    const emails = [
      { value: 'a@x.example', type: 'work', primary: true },
      { value: 'b@x.example', type: 'home', primary: true },
    ];
    const { body } = await send('POST', '/Users', user({ userName: 'x', emails }));
    expect(body.emails).toMatchObject([{ primary: false }, { primary: true }]);
  });

  it.each([
    ['no userName', '/Users', user({ displayName: 'Ada' }), 400, 'invalidValue'],
    ['a blank userName', '/Users', user({ userName: ' ' }), 400, 'invalidValue'],
    ['a numeric userName', '/Users', user({ userName: 7 }), 400, 'invalidValue'],
    ['a group without displayName', '/Groups', group({ externalId: 'g' }), 400, 'invalidValue'],
    ['no schemas', '/Users', { userName: 'x' }, 400, 'invalidSyntax'],
    ['the schema of another type', '/Users', group({ userName: 'x' }), 400, 'invalidSyntax'],
    ['a list as body', '/Users', [], 400, 'invalidSyntax'],
    ['active as a number', '/Users', user({ userName: 'x', active: 1 }), 400, 'invalidValue'],
    ['active as another text', '/Users', user({ userName: 'x', active: 'yes' }), 400, 'invalidValue'],
    ['emails that are no list', '/Users', user({ userName: 'x', emails: 'a@x' }), 400, 'invalidValue'],
    ['an e-mail that is a text', '/Users', user({ userName: 'x', emails: ['a@x'] }), 400, 'invalidValue'],
    ['a name that is a text', '/Users', user({ userName: 'x', name: 'Ada' }), 400, 'invalidValue'],
    ['an extension that is a text', '/Users', user({ userName: 'x', [ENTERPRISE_URN]: 'x' }), 400, 'invalidValue'],
  ])('refuses %s', async (_name, path, body, status, scimType) => {
    const { send, app } = start();
    const answer = await send('POST', path, body);
    expect(answer).toMatchObject({ status, body: { status: String(status), scimType } });
    expect(answer.body.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error']);
    expect([...app.state.users(), ...app.state.groups()]).toEqual([]);
  });

  it('answers 409 uniqueness for a userName that differs only in case', async () => {
    const { send, app } = start();
    await send('POST', '/Users', ada);
    const answer = await send('POST', '/Users', user({ userName: 'ADA@contoso.example' }));
    expect(answer).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
    expect(app.state.users()).toHaveLength(1);
  });

  it('allows two groups of one name unless names are to be unique', async () => {
    const free = start();
    await free.send('POST', '/Groups', group({ displayName: 'Sales' }));
    expect((await free.send('POST', '/Groups', group({ displayName: 'sales' }))).status).toBe(201);
    const unique = start({ uniqueGroupNames: true });
    await unique.send('POST', '/Groups', group({ displayName: 'Sales' }));
    expect((await unique.send('POST', '/Groups', group({ displayName: 'sales' }))).status).toBe(409);
  });
});

describe('transport', () => {
  it('answers 401 without the right token and stores nothing', async () => {
    const { app, send } = start({ token: 'tok-1' });
    const anonymous = await send('POST', '/Users', ada);
    expect(anonymous.status).toBe(401);
    expect(anonymous.headers.get('www-authenticate')).toBe('Bearer');
    expect((await clientOf(app, { authorization: 'Bearer tok-2' })('POST', '/Users', ada)).status).toBe(401);
    expect(app.state.users()).toEqual([]);
    expect((await clientOf(app, { authorization: 'bearer tok-1' })('POST', '/Users', ada)).status).toBe(201);
  });

  it.each([
    ['application/scim+json; charset=utf-8', '{"schemas":[]}', 400],
    ['application/json', '{"schemas":[]}', 400],
    ['application/x-www-form-urlencoded', '{"schemas":[]}', 415],
    ['application/scim+json', '{"schemas":', 400],
  ])('answers a body of type %s (%s) with %i', async (type, body, status) => {
    const { app } = start();
    const request = new Request('http://app.test/scim/Users', {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect((await app.handle(request)).status).toBe(status);
  });

  it.each([
    ['GET', '/Nothing', 404],
    ['GET', '/Users/user-1/more', 404],
    ['GET', '/Users/%E0%A4%A', 400],
    ['DELETE', '/Users', 405],
    ['POST', '/Users/user-1', 405],
    ['POST', '/Schemas', 405],
    ['GET', '/Me', 501],
    ['POST', '/Bulk', 501],
  ])('answers %s %s with %i', async (method, path, status) => {
    const { send } = start({ seed: { users: [ada] } });
    expect((await send(method, path)).status).toBe(status);
  });

  it('answers 404 outside its base path', async () => {
    const { app } = start();
    expect((await app.handle(new Request('http://app.test/scimmy/Users'))).status).toBe(404);
  });

  it('serves at the root with an empty base path', async () => {
    const app = createScimApp({ basePath: '' });
    expect((await app.handle(new Request('http://app.test/Users/'))).status).toBe(200);
  });

  it('records what was asked and answered, with the token masked', async () => {
    const { app } = start();
    const send = clientOf(app, { authorization: 'Bearer tok-1' });
    await send('GET', '/Users?filter=userName+eq+%22a%2bb%22');
    await send('POST', '/Users', ada);
    expect(app.requests).toMatchObject([
      {
        method: 'GET',
        path: '/Users',
        url: '/Users?filter=userName+eq+%22a%2bb%22',
        query: { filter: 'userName eq "a+b"' },
        status: 200,
        responseBody: { totalResults: 0 },
      },
      { method: 'POST', path: '/Users', body: ada, status: 201, responseBody: { id: 'user-1' } },
    ]);
    expect(app.requests[1]?.headers.authorization).toBe('Bearer ***');
  });

  it('keeps only the newest requests once the limit is reached', async () => {
    const { app, send } = start({ requestLimit: 2 });
    for (const path of ['/Users/1', '/Users/2', '/Users/3']) await send('GET', path);
    expect(app.requests.map((one) => one.path)).toEqual(['/Users/2', '/Users/3']);
  });

  it('goes back to its seed on reset, with ids starting over', async () => {
    const { app, send } = start({ seed: { users: [{ ...ada, id: 'seed' }] } });
    await send('POST', '/Users', user({ userName: 'x' }));
    await send('DELETE', '/Users/seed');
    app.reset();
    expect(app.state.users().map((one) => one.id)).toEqual(['seed']);
    expect(app.requests).toEqual([]);
    expect((await send('POST', '/Users', user({ userName: 'x' }))).body.id).toBe('user-1');
  });
});

describe('read', () => {
  it('reads by id and answers 404 for an unknown one', async () => {
    const { send } = start({ seed: { users: [ada] } });
    expect(await send('GET', '/Users/user-1')).toMatchObject({
      status: 200,
      body: { userName: 'ada@contoso.example' },
    });
    expect(await send('GET', '/Users/nobody')).toMatchObject({ status: 404, body: { status: '404' } });
  });

  it('finds a disabled user by id and by filter', async () => {
    const { send } = start({ seed: { users: [{ ...ada, active: false }] } });
    expect((await send('GET', '/Users/user-1')).body.active).toBe(false);
    const { body } = await send('GET', '/Users?filter=userName+eq+%22ADA@contoso.example%22');
    expect(body).toMatchObject({ totalResults: 1, Resources: [{ active: false }] });
  });

  it('answers 200 and an empty list when nothing matches', async () => {
    const { send } = start({ seed: { users: [ada] } });
    expect(await send('GET', '/Users?filter=userName+eq+%22nobody%22')).toMatchObject({
      status: 200,
      body: { totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] },
    });
  });

  it('answers 400 invalidFilter for a filter it cannot read', async () => {
    const { send } = start();
    expect(await send('GET', '/Users?filter=userName+is+%22x%22')).toMatchObject({
      status: 400,
      body: { scimType: 'invalidFilter' },
    });
  });

  it.each([
    ['?startIndex=1&count=5', 1, 5, 'user1@contoso.example'],
    ['?startIndex=11&count=5', 11, 2, 'user11@contoso.example'],
    ['?startIndex=99', 99, 0, undefined],
    ['?startIndex=0&count=1', 1, 1, 'user1@contoso.example'],
    ['?count=0', 1, 0, undefined],
    ['?count=-3', 1, 0, undefined],
    ['', 1, 4, 'user1@contoso.example'],
    ['?count=100', 1, 10, 'user1@contoso.example'],
  ])('pages with %s', async (query, startIndex, itemsPerPage, first) => {
    const { send } = start({ seed: { users: manyUsers(12) }, pageSize: { defaultCount: 4, maxCount: 10 } });
    const { body } = await send('GET', `/Users${query}`);
    expect(body).toMatchObject({ totalResults: 12, startIndex, itemsPerPage });
    const resources = body.Resources as ScimResource[];
    expect(resources).toHaveLength(itemsPerPage);
    expect(resources[0]?.userName).toBe(first);
  });

  it('refuses a count that is no integer', async () => {
    const { send } = start();
    expect((await send('GET', '/Users?count=many')).status).toBe(400);
  });

  it.each([
    ['attributes=userName', ['schemas', 'id', 'userName']],
    ['attributes=NAME.givenName,emails.value', ['schemas', 'id', 'name', 'emails']],
    ['excludedAttributes=name,emails,meta,id', ['schemas', 'id', 'userName', ENTERPRISE_URN]],
    [
      `excludedAttributes=${ENTERPRISE_URN}:department`,
      ['schemas', 'id', 'userName', 'name', 'emails', ENTERPRISE_URN, 'meta'],
    ],
  ])('returns what %s asks for', async (query, keys) => {
    const seed = user({
      userName: 'x',
      name: { givenName: 'Ada', familyName: 'Byron' },
      emails: [{ type: 'work', value: 'a@x.example' }],
      [ENTERPRISE_URN]: { department: 'Sales', division: 'North' },
    });
    const { send } = start({ seed: { users: [seed] } });
    const { body } = await send('GET', `/Users/user-1?${query}`);
    expect(Object.keys(body)).toEqual(keys);
  });

  it('returns only the named sub-attributes', async () => {
    const emails = [{ type: 'work', value: 'a@x.example' }];
    const { send } = start({
      seed: { users: [user({ userName: 'x', name: { givenName: 'Ada', familyName: 'Byron' }, emails })] },
    });
    const { body } = await send('GET', '/Users/user-1?attributes=name.givenName,emails.value,emails.type');
    expect(body).toMatchObject({ name: { givenName: 'Ada' }, emails });
    expect(body.name).not.toHaveProperty('familyName');
    const excluded = await send('GET', '/Users/user-1?excludedAttributes=emails.value');
    expect(excluded.body.emails).toEqual([{ type: 'work' }]);
  });

  it('leaves members out of groups when asked to, by id and in lists', async () => {
    const { send } = start({ seed: { groups: [group({ displayName: 'Sales', members: [{ value: 'user-1' }] })] } });
    expect((await send('GET', '/Groups/group-1')).body.members).toEqual([{ value: 'user-1' }]);
    expect((await send('GET', '/Groups/group-1?excludedAttributes=members')).body).not.toHaveProperty('members');
    const { body } = await send('GET', '/Groups?excludedAttributes=members&filter=displayName+eq+%22SALES%22');
    expect(body.totalResults).toBe(1);
    expect(JSON.stringify(body)).not.toContain('members');
  });
});

describe('change', () => {
  it('replaces all attributes by PUT and keeps id and creation time', async () => {
    let now = NOW;
    const { send } = start({ seed: { users: [ada] }, now: () => now });
    now = '2026-01-02T00:00:00.000Z';
    const { status, body } = await send('PUT', '/Users/user-1', user({ userName: 'ada@contoso.example', id: 'other' }));
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: 'user-1', meta: { created: NOW, lastModified: now, version: 'W/"2"' } });
    expect(body).not.toHaveProperty('displayName');
  });

  it('refuses a PUT without userName or with one that is taken', async () => {
    const { send } = start({ seed: { users: [ada, user({ userName: 'x' })] } });
    expect((await send('PUT', '/Users/user-1', user({}))).status).toBe(400);
    expect((await send('PUT', '/Users/user-1', user({ userName: 'X' }))).status).toBe(409);
  });

  it('finds a renamed user under the new name only, and frees the old one', async () => {
    const { send } = start({ seed: { users: [ada] } });
    await send('PUT', '/Users/user-1', user({ userName: 'augusta@contoso.example' }));
    const found = async (name: string) => (await send('GET', `/Users?filter=userName eq "${name}"`)).body.totalResults;
    expect(await found('augusta@contoso.example')).toBe(1);
    expect(await found('ada@contoso.example')).toBe(0);
    expect((await send('POST', '/Users', ada)).status).toBe(201);
  });

  it('deletes with 204, then answers 404, and frees the name', async () => {
    const { send } = start({ seed: { users: [ada] } });
    expect((await send('DELETE', '/Users/user-1')).status).toBe(204);
    expect((await send('DELETE', '/Users/user-1')).status).toBe(404);
    expect((await send('GET', '/Users/user-1')).status).toBe(404);
    expect((await send('POST', '/Users', ada)).status).toBe(201);
  });

  it('takes a deleted user out of its groups', async () => {
    const members = [{ value: 'user-1' }, { value: 'user-2' }];
    const { send, app } = start({
      seed: {
        users: [ada, user({ userName: 'x' })],
        groups: [group({ displayName: 'Both', members }), group({ displayName: 'One', members: members.slice(0, 1) })],
      },
    });
    await send('DELETE', '/Users/user-1');
    expect(app.state.groups().map((one) => one.members)).toEqual([[{ value: 'user-2' }], undefined]);
  });
});

describe('discovery', () => {
  it('lists the schemas with camel-case properties and no null', async () => {
    const { send } = start();
    const { status, body } = await send('GET', '/Schemas');
    expect(status).toBe(200);
    const resources = body.Resources as ScimResource[];
    expect(resources.map((one) => one.id)).toEqual([USER_URN, ENTERPRISE_URN, GROUP_URN]);
    expect(JSON.stringify(body)).not.toContain('null');
    expect(resources[0]?.attributes).toContainEqual(
      expect.objectContaining({ name: 'userName', required: true, mutability: 'readWrite', uniqueness: 'server' }),
    );
  });

  it('answers one schema, one resource type and the configuration', async () => {
    const { send } = start();
    expect((await send('GET', `/Schemas/${USER_URN}`)).body).toMatchObject({ id: USER_URN, name: 'User' });
    expect((await send('GET', '/ResourceTypes/Group')).body).toMatchObject({ endpoint: '/Groups', schema: GROUP_URN });
    expect((await send('GET', '/ResourceTypes')).body.totalResults).toBe(2);
    expect((await send('GET', '/ServiceProviderConfig')).body).toMatchObject({
      patch: { supported: true },
      filter: { supported: true, maxResults: 200 },
    });
    expect((await send('GET', '/Schemas/urn:none')).status).toBe(404);
  });

  it('forbids a filter on discovery', async () => {
    const { send } = start();
    expect((await send('GET', '/Schemas?filter=id+pr')).status).toBe(403);
  });
});
