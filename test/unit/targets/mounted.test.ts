/** The same handler in place of the real hosts: msw answers for them, and nothing leaves this process. */
import { http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HEADERS, openProfile, USER_URN } from './exchange.ts';

const { target, app } = openProfile('workplace');
const hosts = ['https://scim.workplace.com/*', 'https://www.workplace.com/*', 'https://www.facebook.com/*'];
const server = setupServer(...hosts.map((host) => http.all(host, ({ request }) => target.handle(request))));

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
beforeEach(() => target.reset());
afterAll(() => server.close());

const scim1 = {
  schemas: ['urn:scim:schemas:core:1.0'],
  userName: 'ana@contoso.com',
  active: true,
  name: { formatted: 'Ana Sousa' },
  emails: [{ type: 'work', value: 'ana@contoso.com' }],
};
const headers = { ...HEADERS, 'content-type': 'application/json' };

describe('Workplace mounted by msw', () => {
  it.each(['https://www.workplace.com/scim/v1', 'https://www.facebook.com/company/1000000001/scim'])(
    'an account made at %s is found at https://scim.workplace.com/',
    async (base) => {
      const made = await fetch(`${base}/Users`, { method: 'POST', headers, body: JSON.stringify(scim1) });
      expect(made.status).toBe(201);
      const query = encodeURIComponent('userName eq "ana@contoso.com"');
      const found = await fetch(`https://scim.workplace.com/Users?filter=${query}`, { headers });
      expect(await found.json()).toMatchObject({
        totalResults: 1,
        Resources: [{ schemas: expect.arrayContaining([USER_URN]) }],
      });
      expect(app.state.users()).toHaveLength(1);
    },
  );

  it('a location names the host that was asked', async () => {
    const body = JSON.stringify({ ...scim1, schemas: [USER_URN] });
    const { headers: answer } = await fetch('https://scim.workplace.com/Users', { method: 'POST', headers, body });
    expect(answer.get('location')).toBe('https://scim.workplace.com/Users/100000000000001');
  });

  it('a dropped connection is a network error (T-11)', async () => {
    target.inject({ fault: { kind: 'drop' } });
    await expect(fetch('https://scim.workplace.com/Users', { headers })).rejects.toThrow();
    expect((await fetch('https://scim.workplace.com/Users', { headers })).status).toBe(200);
  });
});
