/** What Workplace refuses and in which words (gallery.md 2.2, error table). */
import { describe, expect, it } from 'vitest';
import type { ScimResource } from '../../../engine/model/scim-message.ts';
import { ENTERPRISE_URN, idOf, patch, user } from './exchange.ts';
import { AUTH, ana, ben, DATES, FRONTLINE, open, STATUS } from './workplace-company.ts';

describe('the address of an account', () => {
  it.each<[string, readonly ScimResource[], string]>([
    [
      'is the entry of type work',
      [
        { type: 'home', value: 'a@b.example', primary: true },
        { type: 'work', value: 'a@work.example' },
      ],
      'work.example',
    ],
    [
      'else the primary one',
      [
        { type: 'home', value: 'a@b.example' },
        { type: 'other', value: 'a@primary.example', primary: true },
      ],
      'primary.example',
    ],
    [
      'else the first',
      [
        { type: 'home', value: 'a@first.example' },
        { type: 'other', value: 'a@b.example' },
      ],
      'first.example',
    ],
  ])('%s', async (_name, emails, domain) => {
    const { send } = await open();
    const { body } = await send('POST', '/Users', { ...ana, emails });
    expect(body.detail).toBe(`[field:emails]Invalid Request: The domain ${domain} is not verified.`);
  });

  it('emailSource: a userName in e-mail form counts once the setting says so', async () => {
    const { send, set } = await open();
    const body = { ...ana, emails: [] };
    expect((await send('POST', '/Users', body)).body.detail).toBe('Missing Email field: You must provide an email');
    await set({ emailSource: 'userNameFallback' });
    expect((await send('POST', '/Users', body)).status).toBe(201);
    expect((await send('POST', '/Users', { ...body, userName: 'x', externalId: 'X' })).body.code).toBe(400);
  });

  describe('is unique', () => {
    const named = user({ userName: 'Quinn@contoso.com', externalId: 'Q1', name: { formatted: 'Quinn' } });
    const mailed = user({
      userName: 'quinn.two@contoso.com',
      externalId: 'Q2',
      name: { formatted: 'Quinn Two' },
      emails: [{ type: 'work', value: 'quinn@contoso.com' }],
    });
    const taken = { status: 409, body: { detail: 'emails is already in use', scimType: 'uniqueness' } };

    it.each([
      ['after', named, mailed],
      ['before', mailed, named],
    ])('when it is a userName: the e-mail comes %s it', async (_when, first, second) => {
      const { send, set } = await open();
      await set({ emailSource: 'userNameFallback' });
      expect((await send('POST', '/Users', first)).status).toBe(201);
      expect(await send('POST', '/Users', second)).toMatchObject(taken);
    });

    it('when a PATCH makes it so', async () => {
      const { send, set, write } = await open({ ...mailed, emails: [{ type: 'work', value: 'q2@contoso.com' }] });
      await set({ emailSource: 'userNameFallback' });
      expect((await send('POST', '/Users', named)).status).toBe(201);
      expect(await write('emails[type eq "work"].value', 'QUINN@contoso.com')).toMatchObject(taken);
    });

    it('but a userName is none while the setting asks for e-mails', async () => {
      const { send, set } = await open();
      await set({ emailless: true });
      expect((await send('POST', '/Users', named)).status).toBe(201);
      expect((await send('POST', '/Users', mailed)).status).toBe(201);
    });

    it('as the setting says now, of accounts from before too, and of none that is gone', async () => {
      const { send, set } = await open();
      await set({ emailless: true });
      const made = await send('POST', '/Users', named);
      await set({ emailSource: 'userNameFallback' });
      expect(await send('POST', '/Users', mailed)).toMatchObject(taken);
      await send('DELETE', `/Users/${idOf(made)}`);
      expect((await send('POST', '/Users', mailed)).status).toBe(201);
    });
  });
});

describe('errors', () => {
  const without = (name: string) => Object.fromEntries(Object.entries(ana).filter(([key]) => key !== name));
  const mail = (value: string) => [{ type: 'work', value }];

  it.each<[string, ScimResource, number, number, string]>([
    ['no address', without('emails'), 400, 400, 'Missing Email field: You must provide an email'],
    ['an empty address', { ...ana, emails: mail(' ') }, 400, 400, 'Missing Email field: You must provide an email'],
    [
      'a domain that is not verified',
      { ...ana, emails: mail('dan@fabrikam.net') },
      400,
      1789003,
      '[field:emails]Invalid Request: The domain fabrikam.net is not verified.',
    ],
    [
      'no schemas',
      without('schemas'),
      400,
      1789003,
      "[field:schemas]Invalid Request: Your request can't be parsed or has incorrect syntax.",
    ],
    ['no name', without('name'), 400, 1789003, '[field:name]Invalid Request: This field is required.'],
    [
      'no name.formatted',
      { ...ana, name: { givenName: 'Ana' } },
      400,
      1789003,
      '[field:name]Invalid Request: This field is required.',
    ],
    [
      'an empty name.formatted',
      { ...ana, name: { formatted: '' } },
      400,
      1789003,
      '[field:name]Invalid Request: This field is required.',
    ],
    [
      'a name.formatted of blanks',
      { ...ana, name: { formatted: '  ' } },
      400,
      1789003,
      '[field:name]Invalid Request: This field is required.',
    ],
    ['no userName', without('userName'), 400, 1789003, '[field:userName]Invalid Request: This field is required.'],
    [
      'an empty userName',
      { ...ana, userName: '' },
      400,
      1789003,
      '[field:userName]Invalid Request: This field is required.',
    ],
    [
      'an unknown way to sign in',
      { ...ana, [AUTH]: { authMethod: 'fido' } },
      400,
      400,
      '[field:authMethod]Invalid value',
    ],
    [
      'a date that is a text',
      { ...ana, [DATES]: { startDate: '2023-01-01' } },
      400,
      400,
      '[field:startDate]Invalid value',
    ],
    [
      'a boolean that is none',
      { ...ana, [FRONTLINE]: { is_frontline: 'maybe' } },
      400,
      400,
      '[field:is_frontline]Invalid value',
    ],
    [
      'an unknown manager',
      { ...ana, [ENTERPRISE_URN]: { manager: { managerId: 7 } } },
      400,
      400,
      '[field:manager]No account with this id',
    ],
    ['a userName that is taken', { ...ana, userName: 'BEN@contoso.com' }, 409, 409, 'userName is already in use'],
    ['an address that is taken', { ...ana, emails: mail('Ben@contoso.com') }, 409, 409, 'emails is already in use'],
    ['an externalId that is taken', { ...ana, externalId: 'B1' }, 409, 409, 'externalId is already in use'],
  ])('%s', async (_name, body, status, code, detail) => {
    const { send, app } = await open(ben);
    const answer = await send('POST', '/Users', body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status: String(status), code, detail });
    expect(app.state.users()).toHaveLength(1);
  });

  it.each([
    ['userName', '', 'userName'],
    ['userName', ' ', 'userName'],
    ['name.formatted', '', 'name'],
  ])('a PATCH of %s to "%s" is refused', async (path, value, field) => {
    const { write, send, path: own } = await open(ana);
    const { status, body } = await write(path, value);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 1789003, detail: `[field:${field}]Invalid Request: This field is required.` });
    expect((await send('GET', own)).body).toMatchObject({ userName: 'ana@contoso.com', name: ana.name });
  });

  it.each([
    [`${STATUS}:canDelete`, 'canDelete'],
    [`${ENTERPRISE_URN}:manager.displayName`, 'manager.displayName'],
    ['id', 'id'],
  ])('a PATCH of the read-only %s names %s', async (path, name) => {
    const { write } = await open(ana);
    const { status, body } = await write(path, 'x');
    expect([status, body.scimType, body.detail]).toEqual([400, 'mutability', `Attribute "${name}" is read-only`]);
  });

  it('externalId compares with its case (T-10)', async () => {
    const { send } = await open(ben);
    expect((await send('POST', '/Users', { ...ana, externalId: 'b1' })).status).toBe(201);
  });

  it('a filter it does not support names those it does', async () => {
    const { send } = await open();
    const { body } = await send('GET', '/Users?filter=title+eq+%22x%22');
    expect(body.detail).toBe('Only "userName eq" and "externalId eq" are supported');
  });

  it('finds by externalId', async () => {
    const { send } = await open(ana, ben);
    expect((await send('GET', '/Users?filter=externalId+eq+%22B1%22')).body.Resources).toMatchObject([
      { externalId: 'B1' },
    ]);
  });

  it('a change that takes the address away is refused', async () => {
    const { send, path } = await open(ana);
    const answer = await send('PATCH', path, patch({ op: 'remove', path: 'emails' }));
    expect(answer.body.detail).toBe('Missing Email field: You must provide an email');
  });
});
