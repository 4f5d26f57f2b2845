/** The OAuth grant of the simulated Meta systems (gallery.md T-13; RFC 6749 sections 4.1, 5 and 6). */
import { describe, expect, it } from 'vitest';
import { clientOf, openProfile } from './exchange.ts';

const REDIRECT = 'https://portal.example/callback?tab=1';
const CLIENT = { client_id: 'scimulate', redirect_uri: REDIRECT };
const consenting = ['work-accounts', 'okta-work-accounts', 'workplace', 'workplace-legacy'];

function open(profile = 'work-accounts') {
  const { app, target, control } = openProfile(profile, {});
  const ask = (method: string, path: string, form?: Readonly<Record<string, string>>) =>
    target.handle(
      new Request(`http://app.test/oauth/${path}`, {
        method,
        ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
      }),
    );
  const redirected = async (response: Promise<Response>) => {
    const { status, headers } = await response;
    return { status, url: new URL(headers.get('location') ?? 'none:') };
  };
  const token = async (form: Readonly<Record<string, string>>) => {
    const response = await ask('POST', 'access_token', form);
    return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
  };
  const consent = async (username: string) => (await control('POST', '/oauth/consent', { username })).body;
  const use = (accessToken: string) =>
    clientOf(target, { authorization: `Bearer ${accessToken}`, 'user-agent': 'x' }, app.basePath)('GET', '/Users');
  return { app, target, control, ask, redirected, token, consent, use };
}

const authorize = (parameters: Readonly<Record<string, string>>) =>
  `authorize?${new URLSearchParams(parameters).toString()}`;

describe('/oauth/authorize', () => {
  it('shows a page that asks for a user name and carries the request on', async () => {
    const { ask } = open();
    const response = await ask('GET', authorize({ ...CLIENT, response_type: 'code', state: 'a"<b' }));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/html');
    const page = await response.text();
    expect(page).toContain('Meta Work Accounts');
    expect(page).toContain('name="state" value="a&quot;&lt;b"');
    expect(page).toContain('Continue');
  });

  it('sends an admin back with a code and the state', async () => {
    const { ask, redirected } = open();
    const form = { ...CLIENT, response_type: 'code', state: 'xyz', username: 'Admin@contoso.com' };
    const { status, url } = await redirected(ask('POST', 'authorize', form));
    expect(status).toBe(302);
    expect(url.origin + url.pathname).toBe('https://portal.example/callback');
    expect(Object.fromEntries(url.searchParams)).toEqual({ tab: '1', code: expect.any(String), state: 'xyz' });
  });

  it('sends anybody else back with access_denied and what the account needs', async () => {
    const { ask, redirected } = open();
    const { url } = await redirected(
      ask('POST', 'authorize', { ...CLIENT, state: 'xyz', username: 'eve@contoso.com' }),
    );
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      error: 'access_denied',
      error_description: expect.stringContaining('admin'),
      state: 'xyz',
    });
    expect(url.searchParams.has('code')).toBe(false);
  });

  it.each([
    ['token', 'unsupported_response_type'],
    [undefined, 'invalid_request'],
  ])('refuses response_type %s at the redirect address', async (type, error) => {
    const { ask, redirected } = open();
    const { url } = await redirected(
      ask('GET', authorize({ ...CLIENT, ...(type === undefined ? {} : { response_type: type }) })),
    );
    expect(url.searchParams.get('error')).toBe(error);
  });

  it.each([
    ['no client', { redirect_uri: REDIRECT }],
    ['no redirect address', { client_id: 'scimulate' }],
    ['a relative one', { client_id: 'scimulate', redirect_uri: '/callback' }],
    ['one with a fragment', { client_id: 'scimulate', redirect_uri: 'https://portal.example/#x' }],
  ])('redirects nobody when the request has %s', async (_name, parameters) => {
    const { ask } = open();
    const response = await ask('GET', authorize({ ...parameters, response_type: 'code' }));
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
  });
});

describe('/oauth/access_token', () => {
  async function withCode() {
    const opened = open();
    const form = { ...CLIENT, response_type: 'code', username: 'admin@contoso.com' };
    const { url } = await opened.redirected(opened.ask('POST', 'authorize', form));
    const code = url.searchParams.get('code') ?? '';
    return { ...opened, exchange: { ...CLIENT, grant_type: 'authorization_code', code } };
  }

  it('exchanges a code for a token that works, and a refresh token', async () => {
    const { token, exchange, use } = await withCode();
    const { status, headers, body } = await token(exchange);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 5_184_000,
      refresh_token: expect.any(String),
    });
    expect((await use(body.access_token)).status).toBe(200);
  });

  it('takes the client from HTTP Basic', async () => {
    const { target, exchange } = await withCode();
    const { client_id: _client, ...form } = exchange;
    const response = await target.handle(
      new Request('http://app.test/oauth/access_token', {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('scimulate:secret')}` },
        body: new URLSearchParams(form),
      }),
    );
    expect(response.status).toBe(200);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['an unknown code', { code: 'nonsense' }, 'invalid_grant'],
    ["another client's code", { client_id: 'other' }, 'invalid_grant'],
    ['another redirect address', { redirect_uri: 'https://portal.example/other' }, 'invalid_grant'],
    ['an unknown grant', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['an unknown refresh token', { grant_type: 'refresh_token', refresh_token: 'x' }, 'invalid_grant'],
    ['no refresh token', { grant_type: 'refresh_token' }, 'invalid_request'],
  ])('refuses %s', async (_name, change, error) => {
    const { token, exchange } = await withCode();
    expect(await token({ ...exchange, ...change })).toMatchObject({ status: 400, body: { error } });
  });

  it.each([
    ['grant_type', 'invalid_request', 400],
    ['code', 'invalid_request', 400],
    ['client_id', 'invalid_client', 401],
  ])('refuses a request without %s', async (name, error, status) => {
    const { token, exchange } = await withCode();
    const form = Object.fromEntries(Object.entries(exchange).filter(([key]) => key !== name));
    expect(await token(form)).toMatchObject({ status, body: { error } });
  });

  it('takes a code once', async () => {
    const { token, exchange } = await withCode();
    await token(exchange);
    expect((await token(exchange)).body.error).toBe('invalid_grant');
  });

  it('takes a code within ten minutes', async () => {
    const { token, exchange, control } = await withCode();
    await control('POST', '/clock', { now: '2026-01-01T00:10:00.000Z' });
    expect((await token(exchange)).body.error).toBe('invalid_grant');
  });

  it('refreshes: the old token ends with its life, the new one works', async () => {
    const { token, exchange, control, use } = await withCode();
    await control('PATCH', '/settings', { tokenLifeSeconds: 60 });
    const { body: first } = await token(exchange);
    await control('POST', '/clock', { now: '2026-01-01T00:01:00.000Z' });
    expect(await use(first.access_token)).toMatchObject({ status: 401, body: { error: { code: 190 } } });
    const { body: second } = await token({
      client_id: 'scimulate',
      grant_type: 'refresh_token',
      refresh_token: first.refresh_token,
    });
    expect((await use(second.access_token)).status).toBe(200);
  });

  it('keeps the code out of the log when a fault hits the exchange', async () => {
    const { token, exchange, target, control } = await withCode();
    await control('POST', '/faults', {
      match: { path: 'access_token' },
      fault: { kind: 'status', status: 500, body: {} },
    });
    await token(exchange);
    expect(target.requests.at(-1)).toMatchObject({ status: 500, fault: 'status' });
    expect(JSON.stringify(target.requests)).not.toContain(exchange.code);
  });

  it('keeps codes and tokens out of the log', async () => {
    const { token, exchange, target } = await withCode();
    const { body } = await token(exchange);
    const log = JSON.stringify(target.requests);
    expect(target.requests.map(({ path }) => path)).toEqual(['/authorize', '/access_token']);
    for (const secret of [exchange.code, body.access_token, body.refresh_token]) expect(log).not.toContain(secret);
  });
});

describe.each(consenting)('headless consent at %s', (profile) => {
  it('answers a code to an admin, which any client may exchange', async () => {
    const { consent, token, use } = open(profile);
    const { code } = await consent('admin@contoso.com');
    const { body } = await token({ client_id: 'any', grant_type: 'authorization_code', code });
    expect((await use(body.access_token)).status).toBe(200);
  });

  it('answers access_denied with the right that is missing, until it is given', async () => {
    const { control } = open(profile);
    const ask = () => control('POST', '/oauth/consent', { username: 'ana@contoso.com' });
    expect(await ask()).toMatchObject({ status: 403, body: { error: 'access_denied' } });
    await control('PATCH', '/settings', { admins: ['ana@contoso.com'] });
    expect((await ask()).status).toBe(200);
  });

  it('a consent without a user name is 400', async () => {
    expect((await open(profile).control('POST', '/oauth/consent', {})).status).toBe(400);
  });

  it('names the rights of its document', async () => {
    const { body } = await open(profile).control('POST', '/oauth/consent', { username: 'eve' });
    const hints: Readonly<Record<string, RegExp>> = {
      'work-accounts': /change company settings and configure integrations/,
      'okta-work-accounts': /IT Setup Manager or a Business Manager admin/,
      workplace: /System Administrator/,
      'workplace-legacy': /System Administrator/,
    };
    expect(body.error_description).toMatch(hints[profile] ?? /^never$/);
  });

  it('a token without the permission is 403 with code 10', async () => {
    const { control, use } = open(profile);
    await control('POST', '/oauth/consent', { username: 'admin@contoso.com', permissions: [], token: 'weak' });
    const { status, body } = await use('weak');
    expect(status).toBe(403);
    expect(body.error).toMatchObject({
      message: '(#10) Application does not have permission for this action',
      type: 'OAuthException',
      code: 10,
    });
  });

  it('revocation ends every token; a new consent gives one that works', async () => {
    const { control, use } = open(profile);
    const grant = () => control('POST', '/oauth/consent', { username: 'admin@contoso.com', token: 'mine' });
    await grant();
    expect((await use('mine')).status).toBe(200);
    expect((await control('POST', '/oauth/revoke')).status).toBe(204);
    expect(await use('mine')).toMatchObject({ status: 401, body: { error: { code: 190 } } });
    await grant();
    expect((await use('mine')).status).toBe(200);
  });

  it('revocation of one account leaves the others', async () => {
    const { control, use } = open(profile);
    await control('PATCH', '/settings', { admins: ['ana@contoso.com', 'ben@contoso.com'] });
    await control('POST', '/oauth/consent', { username: 'ana@contoso.com', token: 'of-ana' });
    await control('POST', '/oauth/consent', { username: 'ben@contoso.com', token: 'of-ben' });
    await control('POST', '/oauth/revoke', { username: 'ana@contoso.com' });
    expect([(await use('of-ana')).status, (await use('of-ben')).status]).toEqual([401, 200]);
  });

  it('a reset forgets what was granted', async () => {
    const { control, use } = open(profile);
    await control('POST', '/oauth/consent', { username: 'admin@contoso.com', token: 'mine' });
    await control('POST', '/reset');
    expect((await use('mine')).status).toBe(401);
  });
});

it.each(['workplace-2017', 'meta-networks', 'scim'])('%s knows no consent', async (profile) => {
  const { control, ask } = open(profile);
  expect((await control('POST', '/oauth/consent', { username: 'admin@contoso.com' })).status).toBe(404);
  expect((await ask('GET', authorize({ ...CLIENT, response_type: 'code' }))).status).toBe(404);
});
