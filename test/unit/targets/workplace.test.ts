/** Workplace from Meta over SCIM 2.0 at its HTTP edge (gallery.md 2.2). */
import { describe, expect, it } from 'vitest';
import type { JsonValue, ScimResource } from '../../../engine/model/scim-message.ts';
import { ENTERPRISE_URN, group, HEADERS, idOf, patch, TOKEN, USER_URN, user } from './exchange.ts';
import { AUTH, ana, ben, DATES, FRONTLINE, open, STATUS } from './workplace-company.ts';

describe('paths', () => {
  it.each([
    ['/ServiceProviderConfigs', 200],
    ['/ServiceProviderConfig', 200],
    ['/Schemas/Users', 200],
    ['/Schemas', 200],
    ['/ResourceTypes', 200],
    ['/Groups', 200],
    ['/Me', 404],
    ['/Bulk', 404],
  ])('%s answers %i', async (path, status) => {
    const { send } = await open();
    expect((await send('GET', path)).status).toBe(status);
  });

  it('/Schemas/Users is the user schema', async () => {
    const { send } = await open();
    expect((await send('GET', '/Schemas/Users')).body.id).toBe(USER_URN);
  });
});

describe('create', () => {
  it('takes the body of gallery.md 2.3 and gives every row back', async () => {
    const { send } = await open();
    const sent = {
      ...ana,
      schemas: [USER_URN, ENTERPRISE_URN, AUTH, FRONTLINE, DATES],
      title: 'Planner',
      displayName: 'Ana Sousa',
      addresses: [
        { type: 'work', locality: 'Porto', country: 'PT', formatted: 'Porto, PT', primary: true },
        { type: 'other', formatted: 'Building 4' },
      ],
      phoneNumbers: [
        { type: 'work', value: '1' },
        { type: 'mobile', value: '2' },
        { type: 'fax', value: '3' },
      ],
      preferredLanguage: 'pt-PT',
      [ENTERPRISE_URN]: {
        department: 'Sales',
        division: 'a',
        organization: 'b',
        costCenter: 'c',
        employeeNumber: '4711',
      },
      [AUTH]: { authMethod: 'sso' },
      [FRONTLINE]: { is_frontline: false },
      [DATES]: { startDate: 1_672_531_200 },
    };
    const { status, body } = await send('POST', '/Users', sent);
    expect(status).toBe(201);
    const { schemas: _schemas, ...attributes } = sent;
    expect(body).toMatchObject(attributes);
    expect(body.schemas).toEqual(expect.arrayContaining([...sent.schemas, STATUS]));
    expect(body.id).toBe(100_000_000_000_001);
  });

  it('signs in by password unless it says otherwise', async () => {
    const { send } = await open();
    expect((await send('POST', '/Users', ana)).body[AUTH]).toEqual({ authMethod: 'password' });
  });

  it('a frontline worker has access while the account is active', async () => {
    const { send, path, write } = await open({ ...ana, [FRONTLINE]: { is_frontline: true, has_access: false } });
    expect((await send('GET', path)).body[FRONTLINE]).toEqual({ is_frontline: true, has_access: true });
    await write('active', false);
    expect((await send('GET', path)).body[FRONTLINE]).toEqual({ is_frontline: true, has_access: false });
  });
});

describe('manager', () => {
  const MANAGER = `${ENTERPRISE_URN}:manager`;
  const numbers = async () => {
    const opened = await open(ben, { ...ana, displayName: 'Ana S.' });
    return { ...opened, anaId: Number(opened.ids[1]) };
  };

  it.each<[string, (id: number) => readonly [string, JsonValue]]>([
    ['managerId as a number', (id) => [`${MANAGER}.managerId`, id]],
    ['managerId as digits', (id) => [`${MANAGER}.managerId`, String(id)]],
    ['an object', (id) => [MANAGER, { managerId: id }]],
    ['an object with value', (id) => [MANAGER, { value: id }]],
    ['the bare id as digits', (id) => [MANAGER, String(id)]],
    ['the bare id as a number', (id) => [MANAGER, id]],
  ])('takes %s; the server fills in the name', async (_name, written) => {
    const { write, anaId } = await numbers();
    const { status, body } = await write(...written(anaId));
    expect(status).toBe(200);
    expect(body[ENTERPRISE_URN]).toEqual({ manager: { managerId: anaId, displayName: 'Ana S.' } });
  });

  it('an empty text and a removal take the manager away', async () => {
    const { write, send, path, anaId } = await numbers();
    await write(MANAGER, { value: anaId });
    expect((await write(MANAGER, '')).body).not.toHaveProperty([ENTERPRISE_URN]);
    await write(MANAGER, { value: anaId });
    const { body } = await send('PATCH', path, patch({ op: 'remove', path: MANAGER }));
    expect(body).not.toHaveProperty([ENTERPRISE_URN]);
  });

  it('another manager replaces the first', async () => {
    const { write, ids, anaId } = await numbers();
    await write(MANAGER, { managerId: anaId });
    const own = Number(ids[0]);
    expect((await write(MANAGER, { value: own })).body[ENTERPRISE_URN]).toMatchObject({ manager: { managerId: own } });
  });

  it('an account whose manager is deleted has none', async () => {
    const { write, send, path, anaId } = await numbers();
    await write(MANAGER, { value: anaId });
    await send('DELETE', `/Users/${anaId}`);
    expect((await send('GET', path)).body).not.toHaveProperty([ENTERPRISE_URN]);
  });

  it('an unknown one is refused and changes nothing', async () => {
    const { write, send, path } = await numbers();
    expect((await write(MANAGER, { value: 7 })).body.detail).toBe('[field:manager]No account with this id');
    expect((await send('GET', path)).body).not.toHaveProperty([ENTERPRISE_URN]);
  });
});

describe('dates', () => {
  it('are whole seconds; 0 means none', async () => {
    const { write } = await open(ana);
    expect((await write(`${DATES}:startDate`, 1_672_531_200)).body[DATES]).toEqual({ startDate: 1_672_531_200 });
    expect((await write(`${DATES}:termDate`, 0)).body[DATES]).toMatchObject({ termDate: 0 });
    expect(await write(`${DATES}:termDate`, '0')).toMatchObject({
      status: 400,
      body: { detail: '[field:termDate]Invalid value' },
    });
    expect((await write(`${DATES}:termDate`, 1.5)).status).toBe(400);
  });
});

describe('PUT', () => {
  it('with active only changes nothing else', async () => {
    const { send, path } = await open({ ...ana, title: 'Clerk' });
    const { status, body } = await send('PUT', path, user({ active: false }));
    expect(status).toBe(200);
    expect(body).toMatchObject({ active: false, title: 'Clerk', name: { formatted: 'Ana Sousa' }, externalId: 'A1' });
  });

  it('with the manager only keeps the rest of the extension', async () => {
    const { send, ids } = await open(ana, { ...ben, [ENTERPRISE_URN]: { department: 'Sales' } });
    const manager = { managerId: Number(ids[0]) };
    const { body } = await send('PUT', `/Users/${ids[1] ?? ''}`, user({ [ENTERPRISE_URN]: { manager } }));
    expect(body[ENTERPRISE_URN]).toMatchObject({ department: 'Sales', manager });
  });

  const phones = [{ type: 'mobile', value: '2' }];
  const addresses = [{ type: 'other', formatted: 'Building 4' }];

  it.each<[string, JsonValue]>([
    ['empty', []],
    ['of null', [null]],
    ['of an object that says nothing', [{}]],
  ])('with a list that is %s replaces the stored one by nothing', async (_name, emptied) => {
    const { send, path } = await open({ ...ana, phoneNumbers: phones, addresses });
    const { status, body } = await send('PUT', path, user({ phoneNumbers: emptied, ADDRESSES: emptied }));
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('phoneNumbers');
    expect(body).not.toHaveProperty('addresses');
    expect(body).toMatchObject({ userName: 'ana@contoso.com', emails: ana.emails });
  });

  it('with one list leaves the others', async () => {
    const { send, path } = await open({ ...ana, phoneNumbers: phones, addresses });
    const { body } = await send('PUT', path, user({ phoneNumbers: [{ type: 'work', value: '1' }] }));
    expect(body).toMatchObject({ phoneNumbers: [{ type: 'work', value: '1' }], addresses });
  });

  it('with an empty list of e-mails takes the address away, which is refused', async () => {
    const { send, path } = await open(ana);
    const { body } = await send('PUT', path, user({ emails: [] }));
    expect(body.detail).toBe('Missing Email field: You must provide an email');
    expect((await send('GET', path)).body).toMatchObject({ emails: ana.emails });
  });
});

describe('people sets', () => {
  it('are groups of accounts; a deleted account leaves them', async () => {
    const { send, ids, app } = await open(ana, ben);
    const members = ids.map((value) => ({ type: 'user', value }));
    const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Staff', members };
    const created = await send('POST', '/Groups', body);
    expect(created).toMatchObject({ status: 201, body: { id: 200_000_000_000_001, displayName: 'Staff' } });
    await send('DELETE', `/Users/${ids[0] ?? ''}`);
    expect(app.state.groups()).toMatchObject([{ members: [{ value: Number(ids[1]) }] }]);
    expect((await send('GET', '/Groups?filter=displayName+eq+%22staff%22')).body.totalResults).toBe(1);
  });
});

describe('people in a people set', () => {
  it.each<[string, (id: string) => ScimResource]>([
    ['a list of numbers', (id) => ({ op: 'remove', path: 'members', value: [{ value: Number(id) }] })],
    ['a list of texts', (id) => ({ op: 'remove', path: 'members', value: [{ value: id }] })],
    ['a filter', (id) => ({ op: 'remove', path: `members[value eq "${id}"]` })],
  ])('leave it by %s', async (_name, operation) => {
    const { send, ids, app } = await open(ana, ben);
    const members = ids.map((value) => ({ type: 'user', value }));
    const made = await send('POST', '/Groups', group({ displayName: 'Staff', members }));
    const { status } = await send('PATCH', `/Groups/${idOf(made)}`, patch(operation(ids[0] ?? '')));
    expect(status).toBe(200);
    expect(app.state.groups()).toMatchObject([{ members: [{ value: Number(ids[1]) }] }]);
  });
});

describe('one account store, two protocols', () => {
  const legacy = {
    ...ana,
    schemas: ['urn:scim:schemas:core:1.0'],
    'urn:scim:schemas:extension:facebook:auth_method:1.0': { auth_method: 'sso' },
  };

  it.each(['/scim/v1', '/company/1000000001/scim'])(
    'an account made over 1.x at %s is found over 2.0',
    async (base) => {
      const { send, sendAt } = await open();
      const made = await sendAt(base)('POST', '/Users', legacy);
      expect(made.status).toBe(201);
      const { body } = await send('GET', '/Users?filter=userName+eq+%22ana@contoso.com%22');
      expect(body.Resources).toMatchObject([{ id: made.body.id ?? null, [AUTH]: { authMethod: 'sso' } }]);
    },
  );

  it('both take the same token; the log keeps both', async () => {
    const { send, sendAt, target } = await open();
    await sendAt('/scim/v1')('GET', '/Users');
    await send('GET', '/Users');
    expect(HEADERS.authorization).toBe(`Bearer ${TOKEN}`);
    expect(target.requests.map(({ path, status }) => [path, status])).toEqual([
      ['/Users', 200],
      ['/Users', 200],
    ]);
  });
});
