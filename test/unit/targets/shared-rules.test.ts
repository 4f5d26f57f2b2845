/** The rules that all simulated systems of the gallery share (gallery.md 0.4, T-01 to T-13). */
import { describe, expect, it } from 'vitest';
import type { ScimResource } from '../../../engine/model/scim-message.ts';
import { clientOf, HEADERS, idOf, NOW, openProfile, patch, USER_URN } from './exchange.ts';

const SCIM1_USER = 'urn:scim:schemas:core:1.0';
const scim2Profiles = ['work-accounts', 'okta-work-accounts', 'workplace', 'meta-networks'];
const scim1Profiles = ['workplace-legacy', 'workplace-2017'];
const metaFamily = ['work-accounts', 'okta-work-accounts', 'workplace', 'workplace-legacy', 'workplace-2017'];
const all = [...scim2Profiles, ...scim1Profiles];

/** An account every profile takes. */
function account(profile: string, name: string, changes: ScimResource = {}): ScimResource {
  const email = `${name}@contoso.com`;
  return {
    schemas: [scim1Profiles.includes(profile) ? SCIM1_USER : USER_URN],
    userName: email,
    active: true,
    name: { givenName: name, familyName: 'Sousa', formatted: `${name} Sousa` },
    emails: [{ type: 'work', value: email, primary: true }],
    ...changes,
  };
}

async function open(profile: string, ...names: readonly string[]) {
  const opened = openProfile(profile);
  const ids: string[] = [];
  for (const name of names) {
    const answer = await opened.send('POST', '/Users', account(profile, name));
    expect(answer.status).toBe(201);
    ids.push(idOf(answer));
  }
  return { ...opened, ids };
}

const search = (filter: string) => `/Users?filter=${encodeURIComponent(filter)}`;

describe.each(all)('%s', (profile) => {
  it('T-01: ids come from a counter, so that two runs give the same', async () => {
    const [first, second] = [await open(profile, 'ana', 'ben'), await open(profile, 'ana', 'ben')];
    expect(first.ids).toEqual(second.ids);
    expect(new Set(first.ids).size).toBe(2);
  });

  it('T-02: state, settings, clock and reset answer under /_sim/ and are no traffic', async () => {
    const { control, target, app } = await open(profile, 'ana');
    const before = target.requests.length;
    expect((await control('GET', '/state')).body).toMatchObject({
      users: [{ userName: 'ana@contoso.com' }],
      groups: [],
    });
    expect((await control('GET', '/settings')).status).toBe(200);
    expect((await control('POST', '/clock', { now: '2026-02-01T00:00:00.000Z' })).status).toBe(200);
    expect(target.requests).toHaveLength(before);
    expect((await control('POST', '/reset')).status).toBe(204);
    expect(app.state.users()).toEqual([]);
    expect(target.requests).toEqual([]);
  });

  it('T-02: an unknown setting is refused with what there is, and nothing changes', async () => {
    const { control } = await open(profile);
    const { body: before } = await control('GET', '/settings');
    const { status, body } = await control('PATCH', '/settings', { nonsense: 1 });
    expect(status).toBe(400);
    expect(body.detail).toContain('There is no setting "nonsense"');
    expect((await control('GET', '/settings')).body).toEqual(before);
  });

  it('T-03: the log keeps order, method, path, query, headers, body, status and answer', async () => {
    const { send, target } = await open(profile, 'ana');
    await send('GET', search('userName eq "ana@contoso.com"'));
    expect(target.requests).toMatchObject([
      {
        method: 'POST',
        path: '/Users',
        body: { userName: 'ana@contoso.com' },
        status: 201,
        responseBody: { active: true },
      },
      {
        method: 'GET',
        path: '/Users',
        query: { filter: 'userName eq "ana@contoso.com"' },
        headers: { authorization: 'Bearer ***' },
        status: 200,
        responseBody: { totalResults: 1 },
      },
    ]);
  });

  it('T-05: takes both media types and a trailing slash; answers in the media type of its protocol', async () => {
    const { app, send } = await open(profile, 'ana');
    const plain = clientOf(app, { ...HEADERS, 'content-type': 'application/json' }, app.basePath);
    expect((await plain('POST', '/Users/', account(profile, 'ben'))).status).toBe(201);
    const { status, headers } = await send('GET', '/Users/');
    expect(status).toBe(200);
    const isScim1 = scim1Profiles.includes(profile);
    expect(headers.get('content-type')).toBe(isScim1 ? 'application/json' : 'application/scim+json');
  });

  it('T-06: one eq comparison, attribute names in any case; no hit is an empty list', async () => {
    const { send } = await open(profile, 'ana', 'ben');
    expect((await send('GET', search('USERNAME eq "ben@contoso.com"'))).body).toMatchObject({
      totalResults: 1,
      Resources: [{ userName: 'ben@contoso.com' }],
    });
    expect(await send('GET', search('userName eq "nobody"'))).toMatchObject({
      status: 200,
      body: { totalResults: 0, Resources: [] },
    });
  });

  it.each([
    'userName co "ana"',
    'title eq "Clerk"',
    'userName eq "a" or userName eq "b"',
    'not (userName eq "a")',
    'userName eq',
    'userName pr',
    'emails[type eq "work"].value eq "a"',
  ])('T-06: refuses %s', async (filter) => {
    const { send } = await open(profile);
    expect((await send('GET', search(filter))).status).toBe(400);
  });

  it('T-07: pages start at 1; past the end there is nothing but the right total', async () => {
    const { send } = await open(profile, 'ana', 'ben', 'cia');
    const second = await send('GET', '/Users?startIndex=2&count=1');
    expect(second.body).toMatchObject({
      totalResults: 3,
      startIndex: 2,
      itemsPerPage: 1,
      Resources: [{ userName: 'ben@contoso.com' }],
    });
    const past = await send('GET', '/Users?startIndex=9');
    expect(past.body).toMatchObject({ totalResults: 3, Resources: [] });
  });

  it('T-10: userName compares without case, for match and uniqueness', async () => {
    const { send } = await open(profile, 'ana');
    expect((await send('GET', search('userName eq "ANA@contoso.com"'))).body.totalResults).toBe(1);
    const { status } = await send('POST', '/Users', account(profile, 'x', { userName: 'ANA@CONTOSO.COM' }));
    expect(status).toBe(409);
  });

  it('T-10: unknown attributes of a create are dropped; null never comes back', async () => {
    const { send } = await open(profile);
    const urn = 'urn:ietf:params:scim:schemas:extension:fabrikam:2.0:User';
    const sent = account(profile, 'ana', { favouriteColour: 'red', title: null, [urn]: { a: 1 } });
    const { body } = await send('POST', '/Users', sent);
    expect(body).not.toHaveProperty('favouriteColour');
    expect(body).not.toHaveProperty('title');
    expect(JSON.stringify(body)).not.toContain('fabrikam');
  });

  it('T-11: a fault hits by method and path, as often as it is told; 429 in the words of the system', async () => {
    const { send, control } = await open(profile);
    const fault = { kind: 'status', status: 429, headers: { 'Retry-After': 7 } };
    await control('POST', '/faults', { match: { method: 'GET', path: '/Users' }, times: 1, fault });
    const { status, headers, body } = await send('GET', '/Users');
    expect([status, headers.get('retry-after')]).toEqual([429, '7']);
    const text = 'Too many requests';
    expect(body).toMatchObject(
      scim1Profiles.includes(profile) ? { Errors: [{ description: text }] } : { detail: text },
    );
    expect((await send('GET', '/Users')).status).toBe(200);
  });

  it.each<[string, ScimResource]>([
    ['without a body', { status: 429 }],
    ['with a body', { status: 503, body: { detail: 'down' } }],
  ])('T-05: a fault %s is answered in the media type of the other errors', async (_name, given) => {
    const { send, control } = await open(profile);
    await control('POST', '/faults', { fault: { kind: 'status', ...given } });
    const [fault, refusal] = [await send('GET', '/Users'), await send('GET', '/Users/77')];
    expect([fault.status, refusal.status]).toEqual([given.status, 404]);
    expect(fault.headers.get('content-type')).toBe(refusal.headers.get('content-type'));
  });

  it('an unknown id is 404', async () => {
    const { send } = await open(profile);
    expect((await send('GET', '/Users/77')).status).toBe(404);
  });
});

describe.each(metaFamily)('%s, Meta family', (profile) => {
  it('T-04: without a token 401 with code 104, in the graph dialect', async () => {
    const { app } = await open(profile);
    const { status, headers, body } = await clientOf(app, { 'user-agent': 'x' }, app.basePath)('GET', '/Users');
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(body).toEqual({
      error: {
        message: 'An access token is required to request this resource.',
        type: 'OAuthException',
        code: 104,
        fbtrace_id: expect.any(String),
      },
    });
  });

  it('T-04: an unknown token is 401 with code 190', async () => {
    const { app } = await open(profile);
    const send = clientOf(app, { authorization: 'Bearer other', 'user-agent': 'x' }, app.basePath);
    const { status, body } = await send('GET', '/Users');
    expect(status).toBe(401);
    expect(body.error).toMatchObject({ message: 'Invalid OAuth access token.', code: 190 });
  });

  it('T-04: without a User-Agent 400, unless the setting says otherwise', async () => {
    const { app, control } = await open(profile);
    const send = clientOf(app, { authorization: HEADERS.authorization }, app.basePath);
    const { status, body } = await send('GET', '/Users');
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('A User-Agent header is required');
    await control('PATCH', '/settings', { requireUserAgent: false });
    expect((await send('GET', '/Users')).status).toBe(200);
  });

  it('allowedIps: other peers are 403', async () => {
    const { app, control } = await open(profile);
    await control('PATCH', '/settings', { allowedIps: ['192.0.2.1'] });
    const from = (ip: string) => clientOf(app, { ...HEADERS, 'x-forwarded-for': ip }, app.basePath)('GET', '/Users');
    expect((await from('192.0.2.1')).status).toBe(200);
    expect(await from('192.0.2.9')).toMatchObject({ status: 403, body: { error: { code: 10 } } });
  });

  it('T-07: ten in a page by default, a hundred at most', async () => {
    const names = Array.from({ length: 101 }, (_, index) => `user${index}`);
    const { send } = await open(profile, ...names);
    expect((await send('GET', '/Users')).body).toMatchObject({ totalResults: 101, itemsPerPage: 10 });
    expect((await send('GET', '/Users?count=500')).body.itemsPerPage).toBe(100);
  });

  it.each(['TRUE', 'false'])('T-09: takes the text %s as a boolean and returns a boolean', async (text) => {
    const { send } = await open(profile);
    const { body } = await send('POST', '/Users', account(profile, 'ana', { active: text }));
    expect(body.active).toBe(text === 'TRUE');
  });
});

describe.each(scim2Profiles)('%s, PATCH (T-08)', (profile) => {
  const phone = 'phoneNumbers[type eq "work"].value';

  it.each<[string, ScimResource, ScimResource]>([
    ['a', { op: 'replace', path: 'active', value: false }, { active: false }],
    [
      'a.b',
      { op: 'replace', path: 'name.givenName', value: 'Anna' },
      { name: { givenName: 'Anna', familyName: 'Sousa' } },
    ],
    ['an operation in capitals', { op: 'Replace', path: 'active', value: false }, { active: false }],
    [
      'an attribute name in any case',
      { op: 'replace', path: 'NAME.GIVENNAME', value: 'Anna' },
      { name: { givenName: 'Anna' } },
    ],
    [
      'replace on a missing typed element',
      { op: 'replace', path: phone, value: '+16175551212' },
      { phoneNumbers: [{ type: 'work', value: '+16175551212' }] },
    ],
    ['no path with an object', { op: 'replace', value: { active: false } }, { active: false }],
    [
      'the core URN before the attribute',
      { op: 'replace', path: `${USER_URN}:name.givenName`, value: 'Anna' },
      { name: { givenName: 'Anna' } },
    ],
  ])('path: %s', async (_name, operation, expected) => {
    const { send, ids } = await open(profile, 'ana');
    const { status, body } = await send('PATCH', `/Users/${ids[0] ?? ''}`, patch(operation));
    expect(status).toBe(200);
    expect(body).toMatchObject(expected);
  });

  it.each<[string, ScimResource, string]>([
    ['an unknown path', { op: 'add', path: 'favouriteColour', value: 'red' }, 'invalidPath'],
    [
      'a path in an extension it does not have',
      { op: 'add', path: 'urn:ietf:params:scim:schemas:extension:fabrikam:2.0:User:a', value: 'x' },
      'invalidPath',
    ],
    ['a wrong type', { op: 'replace', path: 'active', value: 7 }, 'invalidValue'],
    ['an unknown operation', { op: 'move', path: 'active', value: true }, 'invalidSyntax'],
  ])('%s rejects the whole request', async (_name, operation, scimType) => {
    const { send, ids, app } = await open(profile, 'ana');
    const before = app.state.users();
    const body = patch({ op: 'replace', path: 'name.givenName', value: 'Anna' }, operation);
    const answer = await send('PATCH', `/Users/${ids[0] ?? ''}`, body);
    expect(answer).toMatchObject({ status: 400, body: { scimType } });
    expect(app.state.users()).toEqual(before);
  });
});

it('T-09: Meta Networks takes JSON booleans alone, until its setting says otherwise', async () => {
  const { send, control } = await open('meta-networks');
  const text = account('meta-networks', 'ana', { active: 'True' });
  expect((await send('POST', '/Users', text)).status).toBe(400);
  await control('PATCH', '/settings', { stringBooleans: 'accepted' });
  expect((await send('POST', '/Users', text)).body.active).toBe(true);
});

it('the clock of the application is what meta.created shows', async () => {
  const { send } = await open('workplace');
  const { body } = await send('POST', '/Users', account('workplace', 'ana'));
  expect(body.meta).toMatchObject({ created: NOW });
});
