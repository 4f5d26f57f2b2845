/** The independent SCIM server of the test suite: it works, and where it is known to refuse Entra (dependencies pinned). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonValue, ScimResource } from '../../../engine/model/scim-message.ts';
import { type ScimmyServer, startScimmyServer } from '../../support/scimmy-server.ts';
import { ENTERPRISE_URN, group, patch, user } from './exchange.ts';

describe('startScimmyServer', () => {
  let server: ScimmyServer;
  beforeAll(async () => {
    server = await startScimmyServer({ token: 'tok-1' });
  });
  afterAll(() => server.close());

  const send = async (method: string, path: string, body?: JsonValue, token = 'tok-1') => {
    const response = await fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as ScimResource };
  };

  const idOf = ({ body }: { readonly body: ScimResource }) => (typeof body.id === 'string' ? body.id : 'none');

  it('creates, finds, changes and deletes a user with the enterprise extension', async () => {
    const created = await send(
      'POST',
      '/Users',
      user({ userName: 'ada', active: true, [ENTERPRISE_URN]: { department: 'A' } }),
    );
    expect(created.status).toBe(201);
    const id = idOf(created);
    const found = await send('GET', '/Users?filter=userName+eq+%22ada%22');
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id, [ENTERPRISE_URN]: { department: 'A' } }] });
    await send('PATCH', `/Users/${id}`, patch({ op: 'replace', path: 'active', value: false }));
    expect(server.users().get(id)).toMatchObject({ userName: 'ada', active: false });
    expect((await send('DELETE', `/Users/${id}`)).status).toBe(204);
    expect((await send('GET', `/Users/${id}`)).status).toBe(404);
  });

  it('adds and removes group members', async () => {
    const id = idOf(await send('POST', '/Groups', group({ displayName: 'Sales' })));
    await send(
      'PATCH',
      `/Groups/${id}`,
      patch({ op: 'add', path: 'members', value: [{ value: 'u1' }, { value: 'u2' }] }),
    );
    await send('PATCH', `/Groups/${id}`, patch({ op: 'remove', path: 'members[value eq "u1"]' }));
    expect(server.groups().get(id)?.members).toMatchObject([{ value: 'u2' }]);
  });

  it('answers 401 for a wrong token and 409 for a taken userName', async () => {
    expect((await send('GET', '/Users', undefined, 'other')).status).toBe(401);
    await send('POST', '/Users', user({ userName: 'eve' }));
    expect((await send('POST', '/Users', user({ userName: 'EVE' }))).status).toBe(409);
  });

  it('refuses booleans written as texts, as strict servers do', async () => {
    const id = idOf(await send('POST', '/Users', user({ userName: 'strict', active: true })));
    const answer = await send('PATCH', `/Users/${id}`, patch({ op: 'Replace', path: 'active', value: 'False' }));
    expect(answer).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
  });

  it('gives every server a storage of its own', async () => {
    const other = await startScimmyServer({ token: 'tok-1' });
    await send('POST', '/Users', user({ userName: 'mine' }));
    expect([...server.users().values()].some((one) => one.userName === 'mine')).toBe(true);
    expect(other.users().size).toBe(0);
    await other.close();
  });
});
