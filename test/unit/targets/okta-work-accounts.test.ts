/** Meta Work Accounts as Okta meets it (gallery.md 5.2, OK-01). */
import { describe, expect, it } from 'vitest';
import { clientOf, HEADERS, idOf, openProfile, patch, user } from './exchange.ts';

const PATH = '/Users?startIndex=1&count=2';

const eve = user({
  userName: 'eve',
  name: { formatted: 'Eve' },
  emails: [{ type: 'work', value: 'eve@fabrikam.net' }],
});
const named = (userName: string) => user({ userName, name: { formatted: userName } });

function client() {
  const opened = openProfile('okta-work-accounts');
  return { ...opened, send: clientOf(opened.target, { ...HEADERS, 'user-agent': 'Okta SCIM Client 1.0.0' }, '') };
}

describe("Okta's requests", () => {
  it('test of the credentials: a page of two', async () => {
    expect(await client().send('GET', PATH)).toMatchObject({ status: 200, body: { totalResults: 0 } });
  });

  it('assignment: query with paging, then create', async () => {
    const { send } = client();
    const query = `/Users?filter=${encodeURIComponent('userName eq "ana"')}&startIndex=1&count=100`;
    expect((await send('GET', query)).body.totalResults).toBe(0);
    expect((await send('POST', '/Users', named('ana'))).status).toBe(201);
    expect((await send('GET', query)).body.totalResults).toBe(1);
  });

  it('profile change: GET, then PUT with the whole object', async () => {
    const { send } = client();
    const path = `/Users/${idOf(await send('POST', '/Users', named('ana')))}`;
    const { body } = await send('GET', path);
    const answer = await send('PUT', path, { ...body, title: 'Manager' });
    expect(answer).toMatchObject({ status: 200, body: { userName: 'ana', title: 'Manager' } });
  });

  it.each([false, true])('removal and return: path-less PATCH of active to %s', async (active) => {
    const { send } = client();
    const path = `/Users/${idOf(await send('POST', '/Users', { ...named('ana'), active: !active }))}`;
    const answer = await send('PATCH', path, patch({ op: 'replace', value: { active } }));
    expect(answer).toMatchObject({ status: 200, body: { active } });
  });

  it('import: 230 accounts in three pages', async () => {
    const { send } = client();
    for (let index = 0; index < 230; index += 1) await send('POST', '/Users', named(`user${index}`));
    const pages = [1, 101, 201].map((start) => send('GET', `/Users?startIndex=${start}&count=100`));
    const sizes = (await Promise.all(pages)).map(({ body }) => body.itemsPerPage);
    expect(sizes).toEqual([100, 100, 30]);
  });

  it('schema discovery lists the attributes that may be mapped', async () => {
    const { body } = await client().send('GET', '/Schemas');
    expect(body.totalResults).toBe(2);
  });
});

describe('domain verification (OK-01)', () => {
  it('a code sent to an address in the domain verifies it; then its accounts are taken', async () => {
    const { send, control } = client();
    expect((await send('POST', '/Users', eve)).body.code).toBe(1789003);
    const { body } = await control('POST', '/domains/fabrikam.net/code', { address: 'postmaster@fabrikam.net' });
    expect((await control('POST', '/domains/Fabrikam.net/verify', { code: body.code })).status).toBe(200);
    expect((await control('GET', '/settings')).body.verifiedDomains).toEqual(['contoso.com', 'fabrikam.net']);
    expect((await send('POST', '/Users', eve)).status).toBe(201);
  });

  it.each([
    ['a wrong code', '/domains/fabrikam.net/verify', { code: '0' }],
    ['an address of another domain', '/domains/fabrikam.net/code', { address: 'eve@contoso.com' }],
    ['no address', '/domains/fabrikam.net/code', {}],
  ])('%s is refused', async (_name, path, body) => {
    const { control } = client();
    await control('POST', '/domains/fabrikam.net/code', { address: 'postmaster@fabrikam.net' });
    expect((await control('POST', path, body)).status).toBe(400);
    expect((await control('GET', '/settings')).body.verifiedDomains).toEqual(['contoso.com']);
  });

  it('a code for one domain is none for another', async () => {
    const { control } = client();
    const { body } = await control('POST', '/domains/fabrikam.net/code', { address: 'postmaster@fabrikam.net' });
    expect((await control('POST', '/domains/tailspin.example/verify', { code: body.code })).status).toBe(400);
  });
});
