/** SCIM 1.x as both profiles of Workplace speak it (gallery.md 2.2, 3.2). */
import { describe, expect, it } from 'vitest';
import type { ScimResource } from '../../../engine/model/scim-message.ts';
import { clientOf, HEADERS, openProfile, PATCH_URN, USER_URN } from './exchange.ts';
import { AUTH, ana, CORE, ENTERPRISE, open, STATUS } from './workplace-scim1.ts';

describe.each(['workplace-legacy', 'workplace-2017'])('%s, SCIM 1.x', (profile) => {
  it('writes the URNs and attribute names of 1.x', async () => {
    const { send } = await open(profile);
    const sent = { ...ana, [ENTERPRISE]: { department: 'Sales' }, [AUTH]: { auth_method: 'sso' } };
    const { status, headers, body } = await send('POST', '/Users', sent);
    expect(status).toBe(201);
    expect(headers.get('content-type')).toBe('application/json');
    expect(body).toMatchObject({ ...sent, schemas: expect.arrayContaining([CORE, ENTERPRISE, AUTH, STATUS]) });
    expect(body.id).toBe(100_000_000_000_001);
    expect(JSON.stringify(body)).not.toContain('urn:ietf');
  });

  it('lists in the form of 1.x', async () => {
    const { send } = await open(profile, ana);
    const { body } = await send('GET', '/Users?count=5');
    expect(body).toMatchObject({
      schemas: [CORE],
      totalResults: 1,
      itemsPerPage: 1,
      startIndex: 1,
      Resources: [{ userName: 'ana@contoso.com', schemas: expect.arrayContaining([CORE]) }],
    });
  });

  it('PATCH is 405', async () => {
    const { send, path } = await open(profile, ana);
    const body = { schemas: [PATCH_URN], Operations: [{ op: 'replace', path: 'active', value: false }] };
    const answer = await send('PATCH', path, body);
    expect(answer.status).toBe(405);
    expect(answer.body).toEqual({ Errors: [{ description: 'Method not allowed', code: 405 }] });
  });

  it.each(['/Groups', '/Schemas', '/ServiceProviderConfig', '/Bulk'])('%s is 404', async (path) => {
    const { send } = await open(profile);
    expect((await send('GET', path)).status).toBe(404);
  });

  it('PUT merges: a body with active only, one with an extension only', async () => {
    const { send, path } = await open(profile, { ...ana, [ENTERPRISE]: { department: 'Sales' } });
    const { status, body } = await send('PUT', path, { schemas: [CORE], active: false });
    expect(status).toBe(200);
    expect(body).toMatchObject({ active: false, title: 'Clerk', [ENTERPRISE]: { department: 'Sales' } });
    const changed = await send('PUT', path, { schemas: [CORE, AUTH], [AUTH]: { auth_method: 'sso' } });
    expect(changed.body).toMatchObject({
      title: 'Clerk',
      [AUTH]: { auth_method: 'sso' },
      [ENTERPRISE]: { department: 'Sales' },
    });
  });

  it('PUT of what GET gave changes nothing', async () => {
    const { send, path } = await open(profile, ana);
    const { body } = await send('GET', path);
    const { meta: _meta, ...put } = body;
    expect((await send('PUT', path, put)).body).toMatchObject(put);
  });

  it('the manager is a number', async () => {
    const { send, id } = await open(profile, ana);
    const ben = {
      ...ana,
      userName: 'ben@contoso.com',
      externalId: 'B1',
      emails: [{ type: 'work', value: 'ben@contoso.com' }],
    };
    const manager = { managerId: Number(id) };
    const { body } = await send('POST', '/Users', { ...ben, [ENTERPRISE]: { manager } });
    expect(body[ENTERPRISE]).toEqual({ manager: { managerId: Number(id), displayName: 'Ana Sousa' } });
  });

  it('DELETE: never claimed 200, ever claimed 412', async () => {
    const { send, control, path, id } = await open(profile, ana);
    await send('PUT', path, { schemas: [CORE], [STATUS]: { invited: true } });
    expect((await control('POST', `/users/${id}/claim`)).status).toBe(200);
    const answer = await send('DELETE', path);
    expect(answer).toMatchObject({
      status: 412,
      body: { Errors: [{ description: 'The account has been claimed and cannot be deleted', code: 412 }] },
    });
    const fresh = await open(profile, ana);
    expect((await fresh.send('DELETE', fresh.path)).status).toBe(200);
  });

  const without = (name: string) => Object.fromEntries(Object.entries(ana).filter(([key]) => key !== name));
  it.each<[string, ScimResource, number, number, string]>([
    [
      'no schemas',
      without('schemas'),
      400,
      1789003,
      "[field:schemas]Invalid Request: Your request can't be parsed or has incorrect syntax.",
    ],
    [
      'the schemas of 2.0',
      { ...ana, schemas: [USER_URN] },
      400,
      1789003,
      "[field:schemas]Invalid Request: Your request can't be parsed or has incorrect syntax.",
    ],
    ['no active', without('active'), 400, 1789003, '[field:active]Invalid Request: This field is required.'],
    ['no name', without('name'), 400, 1789003, '[field:name]Invalid Request: This field is required.'],
    [
      'an empty name.formatted',
      { ...ana, name: { formatted: '' } },
      400,
      1789003,
      '[field:name]Invalid Request: This field is required.',
    ],
    [
      'an empty userName',
      { ...ana, userName: '' },
      400,
      1789003,
      '[field:userName]Invalid Request: This field is required.',
    ],
    ['no e-mail', without('emails'), 400, 400, 'Missing Email field: You must provide an email'],
    [
      'a domain that is not verified',
      { ...ana, emails: [{ type: 'work', value: 'dan@fabrikam.net' }] },
      400,
      1789003,
      '[field:emails]Invalid Request: The domain fabrikam.net is not verified.',
    ],
    [
      'an unknown way to sign in',
      { ...ana, [AUTH]: { auth_method: 'fido' } },
      400,
      400,
      '[field:auth_method]Invalid value',
    ],
    [
      'an unknown manager',
      { ...ana, [ENTERPRISE]: { manager: { managerId: 7 } } },
      400,
      400,
      '[field:manager]No account with this id',
    ],
    ['a userName that is taken', ana, 409, 409, 'userName is already in use'],
  ])('error: %s', async (_name, body, status, code, description) => {
    const { send } = await open(profile, ana);
    const answer = await send('POST', '/Users', body);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ Errors: [{ description, code }] });
  });

  it('error: an unknown id, a filter it does not support', async () => {
    const { send } = await open(profile);
    expect((await send('GET', '/Users/7')).body).toEqual({
      Errors: [{ description: 'Resource 7 not found', code: 404 }],
    });
    expect((await send('GET', '/Users?filter=title+eq+%22x%22')).body).toMatchObject({ Errors: [{ code: 400 }] });
  });

  it('a token without the right is 403 on everything, until its owner is given it', async () => {
    const { app, control } = await open(profile);
    const settings = { tokens: [{ token: 'of-ben', owner: 'ben@contoso.com' }] };
    await control('PATCH', '/settings', settings);
    const send = clientOf(app, { ...HEADERS, authorization: 'Bearer of-ben' }, app.basePath);
    expect(await send('GET', '/Users')).toMatchObject({ status: 403, body: { error: { code: 10 } } });
    expect((await send('POST', '/Users', ana)).status).toBe(403);
    await control('PATCH', '/settings', { admins: ['Ben@contoso.com'] });
    expect((await send('GET', '/Users')).status).toBe(200);
  });

  it('revocation ends its tokens too', async () => {
    const { send, control } = await open(profile);
    await control('POST', '/oauth/revoke');
    expect((await send('GET', '/Users')).status).toBe(401);
  });

  it('has a token of its own when it is started without one', async () => {
    const { app, target } = openProfile(profile, {});
    const token = app.signIn.kind === 'token' ? app.signIn.token : '';
    const send = clientOf(target, { ...HEADERS, authorization: `Bearer ${token}` }, app.basePath);
    expect((await send('GET', '/Users')).status).toBe(200);
  });
});
