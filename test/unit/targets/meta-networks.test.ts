/** Meta Networks at its HTTP edge: every row of gallery.md 4.2, and its errors. */
import { describe, expect, it } from 'vitest';
import type { JsonValue, ScimResource } from '../../../engine/model/scim-message.ts';
import { type Answer, clientOf, ENTERPRISE_URN, group, idOf, openProfile, patch, TOKEN, user } from './exchange.ts';

const ana = user({ userName: 'ana@contoso.com', active: true, name: { givenName: 'Ana', familyName: 'Sousa' } });
const ben = user({ userName: 'ben@contoso.com', name: { givenName: 'Ben', familyName: 'Ito' } });
const phone = (value: string) => [{ type: 'work', value, primary: true }];

function open() {
  const opened = openProfile('meta-networks');
  const { send, control } = opened;
  return {
    ...opened,
    add: (body: ScimResource) => send('POST', '/Users', body),
    addGroup: (displayName: string) => send('POST', '/Groups', group({ displayName })),
    change: (made: Answer, ...operations: readonly ScimResource[]) => {
      const kind = made.body.userName === undefined ? 'Groups' : 'Users';
      return send('PATCH', `/${kind}/${idOf(made)}`, patch(...operations));
    },
    assume: (assumeOwnership: boolean) => control('PATCH', '/idps/idp-1', { assumeOwnership }),
    withToken: (token: string, idp = 'idp-1') =>
      clientOf(opened.target, { authorization: `Bearer ${token}` }, `/v1/scim/${idp}`),
  };
}

const search = (path: string, filter: string) => `${path}?filter=${encodeURIComponent(filter)}`;

describe('base', () => {
  it.each(['/Users', '/Groups', '/ServiceProviderConfig', '/Schemas', '/ResourceTypes'])('%s answers', async (path) => {
    expect((await open().send('GET', path)).status).toBe(200);
  });

  it.each(['/Users', '/Groups', '/Schemas'])('an unknown identity provider is 404 on %s', async (path) => {
    expect((await open().withToken(TOKEN, 'idp-unknown')('GET', path)).status).toBe(404);
    expect((await open().withToken('wrong', 'idp-unknown')('GET', path)).status).toBe(404);
  });

  it('nothing is served elsewhere', async () => {
    expect((await open().sendAt('/scim')('GET', '/Users')).status).toBe(404);
  });

  it('needs no User-Agent', async () => {
    expect((await open().withToken(TOKEN)('GET', '/Users')).status).toBe(200);
  });

  it('ids say what they are of', async () => {
    const { add, addGroup } = open();
    expect([idOf(await add(ana)), idOf(await addGroup('Staff'))]).toEqual(['usr-1', 'grp-1']);
  });

  it('offers the attributes of the document and no others', async () => {
    const { body } = await open().send('GET', '/Schemas');
    const schemas = body.Resources as readonly { attributes: readonly { name: string }[] }[];
    expect(schemas.map(({ attributes }) => attributes.map(({ name }) => name))).toEqual([
      ['userName', 'active', 'name', 'phoneNumbers'],
      ['displayName', 'members'],
    ]);
  });
});

describe('keys and identity providers', () => {
  const key = { name: 'Other', description: 'API key', privileges: { users: 'write', groups: 'write' } };

  it('the secret is in the answer that creates the key, and in no other (MN-03)', async () => {
    const { control } = open();
    const { status, body } = await control('POST', '/keys', key);
    expect(status).toBe(201);
    expect(body).toEqual({ id: 'key-2', ...key, secret: expect.any(String) });
    const later = [await control('GET', '/keys/key-2'), await control('GET', '/keys'), await control('GET', '/state')];
    for (const answer of later) {
      expect(answer.status).toBe(200);
      expect(JSON.stringify(answer.body)).not.toContain(body.secret);
    }
  });

  it('an identity provider takes the key chosen for it and no other (MN-04)', async () => {
    const { control, withToken } = open();
    const { body: made } = await control('POST', '/keys', key);
    const { status, body: idp } = await control('POST', '/idps', { name: 'Okta', icon: 'okta', keyId: made.id });
    expect([status, idp.id]).toEqual([201, 'idp-2']);
    expect((await withToken(made.secret, 'idp-2')('GET', '/Users')).status).toBe(200);
    expect((await withToken(made.secret, 'idp-1')('GET', '/Users')).status).toBe(403);
    expect((await withToken(TOKEN, 'idp-2')('GET', '/Users')).status).toBe(403);
  });

  it('a bad secret is 401', async () => {
    const { status, body } = await open().withToken('nonsense')('GET', '/Users');
    expect([status, body.detail]).toEqual([401, 'Invalid API key']);
  });

  it.each([
    ['users', 'Users'],
    ['groups', 'Groups'],
  ])('without write on %s: 403 on its writes, reads are allowed', async (privilege, endpoint) => {
    const { control, send } = open();
    await control('PATCH', '/keys/key-1', { privileges: { [privilege]: 'read' } });
    const { status, body } = await send(
      'POST',
      `/${endpoint}`,
      endpoint === 'Users' ? ana : group({ displayName: 'x' }),
    );
    expect([status, body.detail]).toEqual([403, `API key lacks write privilege for ${endpoint}`]);
    expect((await send('GET', `/${endpoint}`)).status).toBe(200);
    const other =
      endpoint === 'Users' ? send('POST', '/Groups', group({ displayName: 'x' })) : send('POST', '/Users', ana);
    expect((await other).status).toBe(201);
  });

  it.each<[string, string, ScimResource, number]>([
    ['an unknown key', '/idps', { name: 'x', keyId: 'key-9' }, 400],
    ['an unknown privilege', '/keys', { name: 'x', privileges: { users: 'delete' } }, 400],
    ['a name that is no text', '/keys', { name: 7 }, 400],
    ['a flag that is none', '/idps', { assumeOwnership: 'yes' }, 400],
  ])('%s is refused', async (_name, path, body, status) => {
    expect((await open().control('POST', path, body)).status).toBe(status);
  });

  it('what does not exist is 404', async () => {
    const { control } = open();
    expect([(await control('GET', '/keys/key-9')).status, (await control('PATCH', '/idps/idp-9', {})).status]).toEqual([
      404, 404,
    ]);
  });
});

describe('users', () => {
  it('are stored with the attributes of the document; others are dropped', async () => {
    const { add } = open();
    const sent = {
      ...ana,
      title: 'Clerk',
      externalId: 'x',
      emails: phone('a@b.example'),
      phoneNumbers: phone('+16175551212'),
    };
    const { status, body } = await add({ ...sent, [ENTERPRISE_URN]: { department: 'Sales' } });
    expect(status).toBe(201);
    const { schemas: _schemas, meta: _meta, ...attributes } = body;
    expect(attributes).toEqual({
      id: 'usr-1',
      userName: 'ana@contoso.com',
      active: true,
      name: { givenName: 'Ana', familyName: 'Sousa' },
      phoneNumbers: phone('+16175551212'),
    });
  });

  it.each(['title', 'externalId', 'emails', `${ENTERPRISE_URN}:department`, 'phoneNumbers[type eq "mobile"].value'])(
    'a PATCH of %s is invalidPath',
    async (path) => {
      const { add, change } = open();
      const answer = await change(await add(ana), { op: 'add', path, value: '+16175551212' });
      expect(answer).toMatchObject({ status: 400, body: { scimType: 'invalidPath' } });
    },
  );

  it('phones of other types are dropped on create', async () => {
    const { add } = open();
    const { body } = await add({ ...ana, phoneNumbers: [{ type: 'mobile', value: '617' }, ...phone('+16175551212')] });
    expect(body.phoneNumbers).toEqual(phone('+16175551212'));
  });

  it.each([
    ['+16175551212', 201],
    ['+442079460958', 201],
    ['+123456789012345', 201],
    ['6175551212', 400],
    ['00442079460958', 400],
    ['+0201234', 400],
    ['+1234567890123456', 400],
    ['+1 (617) 555-1212', 400],
    ['+1', 400],
  ])('the phone %s answers %i (MN-08)', async (value, status) => {
    const answer = await open().add({ ...ana, phoneNumbers: phone(value) });
    expect(answer.status).toBe(status);
    if (status === 201) return;
    expect(answer.body).toMatchObject({
      scimType: 'invalidValue',
      detail: 'phoneNumbers[type eq "work"].value must be in E.164 format',
    });
  });

  it('a phone is checked in a PATCH as well', async () => {
    const { add, change } = open();
    const made = await add(ana);
    const path = 'phoneNumbers[type eq "work"].value';
    expect((await change(made, { op: 'replace', path, value: '617' })).status).toBe(400);
    expect((await change(made, { op: 'replace', path, value: '+1617' })).status).toBe(200);
  });

  it.each<[string, ScimResource]>([
    ['its value', { op: 'Remove', path: 'phoneNumbers[type eq "work"].value' }],
    ['the entry', { op: 'remove', path: 'phoneNumbers[type eq "work"]' }],
    ['null for the value', { op: 'replace', path: 'phoneNumbers[type eq "work"].value', value: null }],
  ])('a phone is not required: a PATCH takes it away by %s (MN-07)', async (_name, operation) => {
    const { add, change } = open();
    const made = await add({ ...ana, phoneNumbers: phone('+16175551212') });
    const { status, body } = await change(made, operation);
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('phoneNumbers');
  });

  it('the removal of the old e-mail leaves no entry behind', async () => {
    const { add, change, control } = open();
    await control('PATCH', '/settings', { era: 'before-2022-04' });
    const made = await add({ ...ana, emails: phone('ana@contoso.com') });
    const { status, body } = await change(made, { op: 'remove', path: 'emails[type eq "work"].value' });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('emails');
  });

  it('an entry without a value is dropped, an empty value refused', async () => {
    const { add } = open();
    expect((await add({ ...ben, phoneNumbers: phone('') })).status).toBe(400);
    const { status, body } = await add({ ...ana, phoneNumbers: [{ type: 'work', primary: true }] });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('phoneNumbers');
  });

  it.each<[string, ScimResource, string]>([
    ['no userName', { userName: '' }, "Attribute 'userName' is required"],
    ['a userName without @', { userName: 'ana' }, "Attribute 'userName' must be an e-mail address"],
    ['no given name', { name: { familyName: 'Sousa' } }, "Attribute 'name.givenName' is required"],
    ['no family name', { name: { givenName: 'Ana' } }, "Attribute 'name.familyName' is required"],
    ['an empty name', { name: { givenName: 'Ana', familyName: ' ' } }, "Attribute 'name.familyName' is required"],
  ])('%s is refused', async (_name, change, detail) => {
    const { status, body } = await open().add({ ...ana, ...change });
    expect([status, body.scimType, body.detail]).toEqual([400, 'invalidValue', detail]);
  });

  it.each<[string, ScimResource]>([
    ['removed', { op: 'remove', path: 'name.familyName' }],
    ['emptied', { op: 'replace', path: 'name.familyName', value: '' }],
  ])('a name cannot be %s by PATCH either', async (_name, operation) => {
    const { add, change } = open();
    const { status, body } = await change(await add(ana), operation);
    expect([status, body.detail]).toEqual([400, "Attribute 'name.familyName' is required"]);
  });

  it('two users cannot have one userName', async () => {
    const { add } = open();
    await add(ana);
    expect(await add({ ...ana, userName: 'Ana@Contoso.com' })).toMatchObject({
      status: 409,
      body: { scimType: 'uniqueness' },
    });
  });

  it('deactivation keeps the user and the memberships', async () => {
    const { add, addGroup, change, app } = open();
    const [person, staff] = [await add(ana), await addGroup('Staff')];
    await change(staff, { op: 'add', path: 'members', value: [{ value: idOf(person) }] });
    await change(person, { op: 'replace', path: 'active', value: false });
    expect(app.state.users()).toMatchObject([{ active: false }]);
    expect(app.state.groups()).toMatchObject([{ members: [{ value: 'usr-1' }] }]);
  });

  it('DELETE is 204; the user leaves all groups', async () => {
    const { add, addGroup, change, send, app } = open();
    const [person, staff] = [await add(ana), await addGroup('Staff')];
    await change(staff, { op: 'add', path: 'members', value: [{ value: idOf(person) }] });
    expect((await send('DELETE', '/Users/usr-1')).status).toBe(204);
    expect(app.state.users()).toEqual([]);
    expect(app.state.groups()[0]).not.toHaveProperty('members');
  });
});

describe('groups', () => {
  it('begin without members, whatever the create says', async () => {
    const { add, send } = open();
    const members: JsonValue = [{ value: idOf(await add(ana)) }];
    const { status, body } = await send('POST', '/Groups', group({ displayName: 'Staff', members }));
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('members');
  });

  it('members come and go by PATCH, which answers 204', async () => {
    const { add, addGroup, change, app } = open();
    const [first, second, staff] = [await add(ana), await add(ben), await addGroup('Staff')];
    const value = [{ value: idOf(first) }, { value: idOf(second) }];
    expect((await change(staff, { op: 'Add', path: 'members', value })).status).toBe(204);
    expect((await change(staff, { op: 'Remove', path: 'members', value: [{ value: idOf(second) }] })).status).toBe(204);
    expect(app.state.groups()).toMatchObject([{ members: [{ value: 'usr-1' }] }]);
  });

  it('an unknown member is refused, and nothing is added', async () => {
    const { add, addGroup, change, app } = open();
    const [first, staff] = [await add(ana), await addGroup('Staff')];
    const value = [{ value: idOf(first) }, { value: 'usr-9' }];
    const { status, body } = await change(staff, { op: 'add', path: 'members', value });
    expect([status, body.detail]).toEqual([400, 'There is no user usr-9']);
    expect(app.state.groups()[0]).not.toHaveProperty('members');
  });

  it('a query leaves members out when asked to', async () => {
    const { add, addGroup, change, send } = open();
    const [first, staff] = [await add(ana), await addGroup('Staff')];
    await change(staff, { op: 'add', path: 'members', value: [{ value: idOf(first) }] });
    const query = search('/Groups', 'displayName eq "staff"');
    expect((await send('GET', query)).body.Resources).toMatchObject([{ members: [{ value: 'usr-1' }] }]);
    const [lean] = (await send('GET', `${query}&excludedAttributes=members`)).body.Resources as readonly ScimResource[];
    expect(lean).toMatchObject({ displayName: 'Staff' });
    expect(lean).not.toHaveProperty('members');
  });

  it('two groups cannot have one displayName', async () => {
    const { addGroup } = open();
    await addGroup('Staff');
    expect(await addGroup('STAFF')).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
  });

  it('a deleted group keeps its users', async () => {
    const { add, addGroup, send, app } = open();
    await add(ana);
    await addGroup('Staff');
    expect((await send('DELETE', '/Groups/grp-1')).status).toBe(204);
    expect(app.state.users()).toHaveLength(1);
  });
});

describe('filters', () => {
  it.each([
    ['/Users', 'userName eq "ANA@contoso.com"', 1],
    ['/Users', 'id eq "usr-1"', 1],
    ['/Users', 'userName eq "ana@contoso.com" and id eq "usr-1"', 1],
    ['/Users', 'userName eq "ana@contoso.com" and id eq "usr-2"', 0],
    ['/Groups', 'displayName eq "staff"', 1],
    ['/Groups', 'id eq "grp-1" and displayName eq "Staff"', 1],
  ])('%s with %s finds %i', async (path, filter, total) => {
    const { add, addGroup, send } = open();
    await add(ana);
    await addGroup('Staff');
    expect((await send('GET', search(path, filter))).body.totalResults).toBe(total);
  });

  it.each([
    ['/Users', 'name.givenName eq "Ana"'],
    ['/Users', 'active eq true'],
    ['/Users', 'userName eq "a" or id eq "b"'],
    ['/Groups', 'members eq "usr-1"'],
  ])('%s with %s is refused', async (path, filter) => {
    expect(await open().send('GET', search(path, filter))).toMatchObject({
      status: 400,
      body: { scimType: 'invalidFilter' },
    });
  });
});

describe('ownership', () => {
  async function withLocal() {
    const opened = open();
    await opened.control('POST', '/users', ana);
    await opened.control('POST', '/groups', group({ displayName: 'Staff' }));
    return opened;
  }

  it('an object belongs to the identity provider that made it, or is local', async () => {
    const { add, app } = await withLocal();
    await add(ben);
    expect(app.state.users().map(({ provisionedBy }) => provisionedBy)).toEqual(['local', 'idp-1']);
  });

  it('the owner is not shown to clients', async () => {
    const { add } = open();
    expect((await add(ana)).body).not.toHaveProperty('provisionedBy');
  });

  it("without assumeOwnership others' objects are invisible and block creation", async () => {
    const { send, add, addGroup } = await withLocal();
    expect((await send('GET', search('/Users', 'userName eq "ana@contoso.com"'))).body.totalResults).toBe(0);
    expect((await send('GET', '/Users/usr-1')).status).toBe(404);
    expect((await send('GET', '/Groups')).body.totalResults).toBe(0);
    expect([(await add(ana)).status, (await addGroup('Staff')).status]).toEqual([409, 409]);
  });

  it('with it they are found, and the first update takes them over', async () => {
    const { send, assume, app } = await withLocal();
    await assume(true);
    expect((await send('GET', search('/Users', 'userName eq "ana@contoso.com"'))).body.totalResults).toBe(1);
    expect(app.state.users()).toMatchObject([{ provisionedBy: 'local' }]);
    await send('PATCH', '/Users/usr-1', patch({ op: 'replace', path: 'name.givenName', value: 'Anna' }));
    expect(app.state.users()).toMatchObject([{ provisionedBy: 'idp-1', name: { givenName: 'Anna' } }]);
    await assume(false);
    expect((await send('GET', '/Users/usr-1')).status).toBe(200);
  });
});

describe('before April 2022 (MN-09)', () => {
  it('has e-mail and manager, no phone, and asks for no names', async () => {
    const { control, add, change } = open();
    await control('PATCH', '/settings', { era: 'before-2022-04' });
    const emails = [{ type: 'work', value: 'ana@contoso.com' }];
    const sent = user({
      userName: 'ana@contoso.com',
      emails,
      phoneNumbers: phone('617'),
      [ENTERPRISE_URN]: { manager: { value: 'usr-9' } },
    });
    const made = await add(sent);
    expect(made).toMatchObject({ status: 201, body: { emails, [ENTERPRISE_URN]: { manager: { value: 'usr-9' } } } });
    expect(made.body).not.toHaveProperty('phoneNumbers');
    const answer = await change(made, { op: 'add', path: 'phoneNumbers[type eq "work"].value', value: '+1617' });
    expect(answer.status).toBe(400);
  });

  it('names are asked for again in the current one', async () => {
    const { control, add } = open();
    await control('PATCH', '/settings', { era: 'before-2022-04' });
    await control('PATCH', '/settings', { era: 'current' });
    expect((await add(user({ userName: 'ana@contoso.com' }))).status).toBe(400);
  });
});

it('reset brings the first key and identity provider back, and nothing else', async () => {
  const { control, add, withToken } = open();
  await add(ana);
  const { body: made } = await control('POST', '/keys', { name: 'x' });
  await control('PATCH', '/idps/idp-1', { keyId: made.id });
  await control('POST', '/reset');
  expect((await control('GET', '/keys')).body).toHaveLength(1);
  expect((await withToken(TOKEN)('GET', '/Users')).body.totalResults).toBe(0);
});
