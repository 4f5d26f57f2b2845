/** `/_sim/`: steering a simulated application over HTTP (gallery.md T-02, T-03). */
import { describe, expect, it } from 'vitest';
import type { JsonValue, ScimResource } from '../../../engine/model/scim-message.ts';
import { withControlSurface } from '../../../fixtures/targets/control-surface.ts';
import { targetProfiles } from '../../../fixtures/targets/index.ts';
import { createScimApp } from '../../../fixtures/targets/scim-app.ts';
import { clientOf, controlOf, NOW, user } from './exchange.ts';

function start() {
  const app = createScimApp({ now: () => NOW, token: 'tok-1', seed: { users: [user({ userName: 'ada' })] } });
  const target = withControlSurface(app);
  return { target, control: controlOf(target), send: clientOf(target, { authorization: 'Bearer tok-1' }) };
}

describe('control surface', () => {
  it('shows the state without counting as traffic or wanting a token', async () => {
    const { target, control } = start();
    const { status, body } = await control('GET', '/state');
    expect(status).toBe(200);
    expect(body).toMatchObject({ users: [{ id: 'user-1', userName: 'ada' }], groups: [] });
    expect(target.requests).toEqual([]);
  });

  it('shows the requests with status and answer', async () => {
    const { control, send } = start();
    await send('GET', '/Users/nobody');
    const { body } = await control('GET', '/requests');
    expect(body).toMatchObject([
      { method: 'GET', path: '/Users/nobody', status: 404, responseBody: { status: '404' } },
    ]);
  });

  it('injects, shows and clears faults', async () => {
    const { control, send } = start();
    const fault = { kind: 'status', status: 429, headers: { 'Retry-After': 30 } };
    const match = { method: 'GET', pathPattern: '^/scim/Users' };
    expect((await control('POST', '/faults', { match, times: 2, fault })).status).toBe(204);
    const answer = await send('GET', '/Users');
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('30');
    expect((await control('GET', '/faults')).body).toMatchObject([
      { fault: { status: 429 }, match: { method: 'GET' } },
    ]);
    expect((await control('DELETE', '/faults')).status).toBe(204);
    expect((await send('GET', '/Users')).status).toBe(200);
  });

  it.each<[string, ScimResource, string]>([
    ['of the application', {}, 'application/scim+json'],
    ['that it names itself', { 'Content-Type': 'application/problem+json' }, 'application/problem+json'],
  ])('answers the body of a fault in the media type %s', async (_whose, headers, expected) => {
    const { control, send } = start();
    await control('POST', '/faults', { fault: { kind: 'status', status: 503, body: { detail: 'down' }, headers } });
    expect((await send('GET', '/Users')).headers.get('content-type')).toBe(expected);
  });

  it('takes a list of faults', async () => {
    const { control, send } = start();
    await control('POST', '/faults', [
      { fault: { kind: 'status', status: 500 } },
      { match: { path: '/Users' }, fault: { kind: 'commit-then-fail', status: 503 } },
      { fault: { kind: 'latency', ms: 0 } },
    ]);
    const seen = [await send('GET', '/Users'), await send('GET', '/Users'), await send('GET', '/Users')];
    expect(seen.map((one) => one.status)).toEqual([500, 503, 200]);
  });

  it.each<[string, JsonValue | string]>([
    ['no JSON', '{'],
    ['no object', 7],
    ['no fault', {}],
    ['an unknown kind', { fault: { kind: 'explode' } }],
    ['a status that is none', { fault: { kind: 'status', status: 99 } }],
    ['a latency without duration', { fault: { kind: 'latency' } }],
    ['zero times', { times: 0, fault: { kind: 'drop' } }],
    ['a match that is a text', { match: '/Users', fault: { kind: 'drop' } }],
    ['a path that is a number', { match: { path: 7 }, fault: { kind: 'drop' } }],
    ['a broken pattern', { match: { pathPattern: '(' }, fault: { kind: 'drop' } }],
    ['a header that is a list', { fault: { kind: 'status', status: 500, headers: { a: [] } } }],
  ])('refuses an injection with %s', async (_name, body) => {
    const { control } = start();
    expect((await control('POST', '/faults', body)).status).toBe(400);
    expect((await control('GET', '/faults')).body).toEqual([]);
  });

  it('resets state, requests and faults', async () => {
    const { control, send, target } = start();
    await send('POST', '/Users', user({ userName: 'eve' }));
    await control('POST', '/faults', { fault: { kind: 'drop' } });
    expect((await control('POST', '/reset')).status).toBe(204);
    expect((await control('GET', '/state')).body.users).toHaveLength(1);
    expect(target.requests).toEqual([]);
    expect((await send('GET', '/Users')).status).toBe(200);
  });

  it('changes the defects while the application runs, until reset', async () => {
    const { control, send } = start();
    const search = async () => (await send('GET', '/Users?filter=userName+eq+%22ADA%22')).body.totalResults;
    const { body } = await control('PATCH', '/settings', { defects: ['case-sensitive-user-name'] });
    expect(body).toEqual({ defects: ['case-sensitive-user-name'] });
    expect(await search()).toBe(0);
    await control('POST', '/reset');
    expect(await search()).toBe(1);
    expect((await control('PATCH', '/settings', { defects: ['nonsense'] })).status).toBe(400);
  });

  it('sets the clock of the application', async () => {
    const { control, send } = start();
    await control('POST', '/clock', { now: '2026-05-01T00:00:00.000Z' });
    const { body } = await send('POST', '/Users', user({ userName: 'eve' }));
    expect(body.meta).toMatchObject({ created: '2026-05-01T00:00:00.000Z' });
    expect((await control('POST', '/clock', {})).status).toBe(400);
  });

  it.each(['tomorrow', '1/2/2026', '2026-13-01T00:00:00Z', '2026-01-01'])('refuses %s as the time', async (now) => {
    const { control } = start();
    expect((await control('POST', '/clock', { now })).status).toBe(400);
  });

  it('takes a time of any zone and shows it in UTC', async () => {
    const { control } = start();
    const { body } = await control('POST', '/clock', { now: '2026-05-01T02:00:00+02:00' });
    expect(body).toEqual({ now: '2026-05-01T00:00:00.000Z' });
  });

  it('lists its actions', async () => {
    const { control } = start();
    const { body } = await control('GET', '/');
    expect(body.actions).toEqual(expect.arrayContaining(['GET /state', 'POST /faults', 'PATCH /settings']));
  });

  it('answers 404 for an action nobody knows', async () => {
    const { control } = start();
    expect((await control('POST', '/nothing')).status).toBe(404);
  });
});

describe('targetProfiles', () => {
  it.each(Object.entries(targetProfiles))(
    '%s carries its own name, a summary and an application',
    async (name, profile) => {
      expect(profile.name).toBe(name);
      expect(profile.summary).not.toBe('');
      const app = profile.create({ token: 'tok-1' });
      const response = await app.handle(new Request(`http://app.test${app.basePath}/Users`));
      expect(response.status).toBe(401);
    },
  );
});
