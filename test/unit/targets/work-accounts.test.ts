/** Meta Work Accounts at its HTTP edge: every row of gallery.md 1.2, and the error table. */
import { describe, expect, it } from 'vitest';
import type { ScimResource } from '../../../engine/model/scim-message.ts';
import { clientOf, ENTERPRISE_URN, HEADERS, idOf, openProfile, patch, USER_URN, user } from './exchange.ts';

const ana = user({
  userName: 'ana',
  externalId: 'A1',
  name: { formatted: 'Ana Sousa' },
  emails: [{ type: 'work', value: 'ana@contoso.com', primary: true }],
});

async function open(...users: readonly ScimResource[]) {
  const opened = openProfile('work-accounts');
  const ids: string[] = [];
  for (const one of users) ids.push(idOf(await opened.send('POST', '/Users', one)));
  return { ...opened, path: `/Users/${ids[0] ?? ''}`, claimPath: `/users/${ids[0] ?? ''}/claim` };
}

describe('base', () => {
  it.each(['/Groups', '/Bulk', '/Me', '/Users/1/2', '/nonsense'])('%s is 404', async (path) => {
    const { send } = await open();
    expect((await send('GET', path)).status).toBe(404);
  });

  it('a request below another path is 404', async () => {
    const { sendAt } = await open();
    expect((await sendAt('/scim/v1')('GET', '/Users')).status).toBe(404);
  });
});

describe('discovery', () => {
  it('says what it can do', async () => {
    const { send } = await open();
    expect((await send('GET', '/ServiceProviderConfig')).body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      sort: { supported: false },
      etag: { supported: false },
      filter: { supported: true, maxResults: 100 },
    });
  });

  it('lists the users and nothing else', async () => {
    const { send } = await open();
    expect((await send('GET', '/ResourceTypes')).body).toMatchObject({ totalResults: 1, Resources: [{ id: 'User' }] });
  });

  it('lists exactly the attributes of the document', async () => {
    const { send } = await open();
    const { body } = await send('GET', '/Schemas');
    const names = Object.fromEntries(
      (body.Resources as readonly { id: string; attributes: readonly { name: string; required: boolean }[] }[]).map(
        ({ id, attributes }) => [id, attributes.map(({ name }) => name)],
      ),
    );
    expect(names).toEqual({
      [USER_URN]: [
        'userName',
        'externalId',
        'name',
        'title',
        'preferredLanguage',
        'active',
        'emails',
        'phoneNumbers',
        'addresses',
      ],
      [ENTERPRISE_URN]: ['employeeNumber', 'department'],
    });
  });
});

describe('accounts', () => {
  it('POST answers 201 with the whole account; the id is a number', async () => {
    const { send } = await open();
    const { status, body } = await send('POST', '/Users', ana);
    expect(status).toBe(201);
    expect(body).toMatchObject({ id: 100_000_000_000_001, userName: 'ana', name: { formatted: 'Ana Sousa' } });
  });

  it('stores every row of the document and gives it back', async () => {
    const { send } = await open();
    const full: ScimResource = {
      ...ana,
      active: true,
      title: 'Clerk',
      preferredLanguage: 'pt',
      name: { givenName: 'Ana', familyName: 'Sousa', formatted: 'Ana Sousa' },
      addresses: [
        {
          type: 'work',
          formatted: 'a',
          streetAddress: 'b',
          locality: 'c',
          region: 'd',
          postalCode: 'e',
          country: 'PT',
        },
      ],
      phoneNumbers: [{ type: 'work', value: '+351 1' }],
      [ENTERPRISE_URN]: { employeeNumber: '7', department: 'Sales' },
    };
    const { body } = await send('POST', '/Users', full);
    const { schemas: _schemas, ...attributes } = full;
    expect(body).toMatchObject(attributes);
    expect(body.schemas).toEqual([USER_URN, ENTERPRISE_URN]);
  });

  it('active is true by default; false blocks and keeps the account', async () => {
    const { send, path, app } = await open(ana);
    expect((await send('GET', path)).body.active).toBe(true);
    await send('PATCH', path, patch({ op: 'replace', path: 'active', value: false }));
    expect(app.state.users()).toMatchObject([{ active: false, accountState: 'Deactivated' }]);
  });

  it('the userName need not be an e-mail address', async () => {
    const { send } = await open();
    expect((await send('POST', '/Users', user({ userName: '4711', name: { formatted: 'x' } }))).status).toBe(201);
  });

  it('never shows the account status block', async () => {
    const { send, path, claimPath, control } = await open(ana);
    await control('POST', claimPath);
    const { body } = await send('GET', path);
    expect(JSON.stringify(body)).not.toContain('accountstatusdetails');
  });
});

describe('PUT merges', () => {
  const full = { ...ana, title: 'Clerk', [ENTERPRISE_URN]: { department: 'Sales', employeeNumber: '7' } };

  it.each<[string, ScimResource, ScimResource]>([
    ['attributes that are absent stay', { active: false }, { active: false, title: 'Clerk', userName: 'ana' }],
    [
      'a list replaces the list',
      { emails: [{ type: 'home', value: 'a@home.example' }] },
      { emails: [{ type: 'home', value: 'a@home.example' }] },
    ],
    ['objects merge by key', { name: { givenName: 'Ana' } }, { name: { givenName: 'Ana', formatted: 'Ana Sousa' } }],
    [
      'extensions merge by key',
      { [ENTERPRISE_URN]: { department: 'Marketing' } },
      { [ENTERPRISE_URN]: { department: 'Marketing', employeeNumber: '7' } },
    ],
  ])('%s', async (_name, change, expected) => {
    const { send, path } = await open(full);
    const { status, body } = await send('PUT', path, user(change));
    expect(status).toBe(200);
    expect(body).toMatchObject(expected);
  });

  it('an empty list takes the list away', async () => {
    const { send, path } = await open(full);
    const { body } = await send('PUT', path, user({ emails: [] }));
    expect(body).toMatchObject({ title: 'Clerk', userName: 'ana' });
    expect(body).not.toHaveProperty('emails');
  });

  it('null takes a value away', async () => {
    const { send, path } = await open(full);
    const change = user({ title: null, [ENTERPRISE_URN]: { department: null, employeeNumber: null } });
    const { body } = await send('PUT', path, change);
    expect(body).not.toHaveProperty('title');
    expect(body).not.toHaveProperty([ENTERPRISE_URN]);
    expect(body.schemas).toEqual([USER_URN]);
  });
});

describe('DELETE', () => {
  it('an account never claimed is deleted: 200 with an empty body', async () => {
    const { target, path, app } = await open(ana);
    const response = await target.handle(new Request(`http://app.test${path}`, { method: 'DELETE', headers: HEADERS }));
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(app.state.users()).toEqual([]);
  });

  it('an account claimed once is kept: 412', async () => {
    const { send, path, claimPath, control, app } = await open(ana);
    expect((await control('POST', claimPath)).status).toBe(200);
    const { status, body } = await send('DELETE', path);
    expect(status).toBe(412);
    expect(body).toMatchObject({ status: '412', detail: 'The account has been claimed and cannot be deleted' });
    expect(app.state.users()).toMatchObject([{ accountState: 'Claimed' }]);
  });
});

describe('errors', () => {
  const without = (name: string) => Object.fromEntries(Object.entries(ana).filter(([key]) => key !== name));
  const foreign = { ...ana, userName: 'dan', emails: [{ type: 'work', value: 'dan@Fabrikam.net' }] };

  it.each<[string, ScimResource, ScimResource]>([
    [
      'no schemas',
      without('schemas'),
      {
        status: '400',
        scimType: 'invalidSyntax',
        code: 1789003,
        detail: "[field:schemas]Invalid Request: Your request can't be parsed or has incorrect syntax.",
      },
    ],
    [
      'no userName',
      without('userName'),
      {
        status: '400',
        scimType: 'invalidValue',
        code: 1789003,
        detail: '[field:userName]Invalid Request: This field is required.',
      },
    ],
    [
      'no name',
      without('name'),
      {
        status: '400',
        scimType: 'invalidValue',
        code: 1789003,
        detail: '[field:name]Invalid Request: This field is required.',
      },
    ],
    [
      'no name.formatted',
      { ...ana, name: { givenName: 'Ana' } },
      {
        status: '400',
        scimType: 'invalidValue',
        code: 1789003,
        detail: '[field:name]Invalid Request: This field is required.',
      },
    ],
    [
      'a domain that is not verified',
      foreign,
      {
        status: '400',
        scimType: 'invalidValue',
        code: 1789003,
        detail: '[field:emails]Invalid Request: The domain fabrikam.net is not verified.',
      },
    ],
    [
      'a userName that is taken',
      { ...ana, userName: 'BEN' },
      { status: '409', scimType: 'uniqueness', detail: 'userName is already in use' },
    ],
  ])('%s', async (_name, body, expected) => {
    const { send, app } = await open({ ...ana, userName: 'ben', emails: [] });
    const answer = await send('POST', '/Users', body);
    expect(answer.status).toBe(Number(expected.status));
    expect(answer.body).toEqual({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], ...expected });
    expect(app.state.users()).toHaveLength(1);
  });

  it('a body that is no JSON', async () => {
    const { app } = await open();
    const headers = { ...HEADERS, 'content-type': 'application/scim+json' };
    const response = await app.handle(new Request('http://app.test/Users', { method: 'POST', headers, body: '{' }));
    expect(await response.json()).toMatchObject({ scimType: 'invalidSyntax', code: 1789003 });
  });

  it('a filter it does not support', async () => {
    const { send } = await open();
    const { status, body } = await send('GET', '/Users?filter=externalId+eq+%22A1%22');
    expect(status).toBe(400);
    expect(body).toMatchObject({ scimType: 'invalidFilter', detail: 'Only "userName eq" is supported' });
    expect(body).not.toHaveProperty('code');
  });

  it('an unknown id', async () => {
    const { send } = await open();
    const { status, body } = await send('GET', '/Users/77');
    expect([status, body.detail]).toEqual([404, 'Resource 77 not found']);
  });

  it('an account that loses its name by PATCH', async () => {
    const { send, path } = await open(ana);
    const { status, body } = await send('PATCH', path, patch({ op: 'remove', path: 'name.formatted' }));
    expect([status, body.code]).toEqual([400, 1789003]);
  });
});

describe('verified domains', () => {
  const dan = user({
    userName: 'dan',
    name: { formatted: 'Dan' },
    emails: [{ type: 'work', value: 'dan@fabrikam.net' }],
  });

  it('a private e-mail may be of any domain', async () => {
    const { send } = await open();
    const emails = [{ type: 'home', value: 'dan@fabrikam.net' }];
    expect((await send('POST', '/Users', { ...dan, emails })).status).toBe(201);
  });

  it('adding the domain to the setting lets the same request pass', async () => {
    const { send, control } = await open();
    expect((await send('POST', '/Users', dan)).status).toBe(400);
    await control('PATCH', '/settings', { verifiedDomains: ['contoso.com', 'fabrikam.net'] });
    expect((await send('POST', '/Users', dan)).status).toBe(201);
  });

  it('a change to an address of another domain is refused; other changes pass', async () => {
    const { send, control, path } = await open(ana);
    await control('PATCH', '/settings', { verifiedDomains: ['fabrikam.net'] });
    const change = (value: string) =>
      send('PATCH', path, patch({ op: 'replace', path: 'emails[type eq "work"].value', value }));
    expect((await change('ana@contoso.org')).body.code).toBe(1789003);
    expect((await change('ana@fabrikam.net')).status).toBe(200);
    await control('PATCH', '/settings', { verifiedDomains: [] });
    expect((await send('PATCH', path, patch({ op: 'replace', path: 'title', value: 'x' }))).status).toBe(200);
  });
});

describe('claim', () => {
  it('needs an active account', async () => {
    const { control, claimPath } = await open({ ...ana, active: false });
    expect((await control('POST', claimPath)).status).toBe(409);
  });

  it('needs an account', async () => {
    const { control } = await open();
    expect((await control('POST', '/users/77/claim')).status).toBe(404);
  });
});

it('two applications share nothing', async () => {
  const [first, second] = [await open(ana), await open()];
  expect((await first.send('GET', '/Users')).body.totalResults).toBe(1);
  expect((await second.send('GET', '/Users')).body.totalResults).toBe(0);
  expect((await clientOf(second.app, HEADERS, '')('GET', first.path)).status).toBe(404);
});
