/** Injected faults: what the client sees, and what the application did all the same. */
import { describe, expect, it } from 'vitest';
import { type Fault, type Injection, withFaults } from '../../../fixtures/targets/faults.ts';
import { createScimApp } from '../../../fixtures/targets/scim-app.ts';
import { clientOf, NOW, user } from './exchange.ts';

function start() {
  const app = createScimApp({ now: () => NOW, seed: { users: [user({ userName: 'ada' })] } });
  const waits: number[] = [];
  const sleep = async (ms: number) => {
    waits.push(ms);
  };
  const faulty = withFaults(app.handle, { log: app.log, basePath: app.basePath, sleep });
  return { app, faulty, waits, send: clientOf(faulty) };
}

const eve = user({ userName: 'eve' });
const fetchUsers = () => new Request('http://app.test/scim/Users');

describe('withFaults', () => {
  it('answers a status in place of the application, with headers and body', async () => {
    const { app, faulty, send } = start();
    faulty.inject({
      fault: { kind: 'status', status: 429, headers: { 'retry-after': '30' }, body: { detail: 'slow' } },
    });
    const answer = await send('POST', '/Users', eve);
    expect(answer).toMatchObject({ status: 429, body: { detail: 'slow' } });
    expect(answer.headers.get('retry-after')).toBe('30');
    expect(app.state.users()).toHaveLength(1);
  });

  it('hits once by default, then lets requests pass', async () => {
    const { faulty, send } = start();
    faulty.inject({ fault: { kind: 'status', status: 503 } });
    expect((await send('GET', '/Users')).status).toBe(503);
    expect((await send('GET', '/Users')).status).toBe(200);
    expect(faulty.pending()).toEqual([]);
  });

  it.each<[number | 'always', readonly number[]]>([
    [2, [500, 500, 200]],
    ['always', [500, 500, 500]],
  ])('hits %s times when told so', async (times, statuses) => {
    const { faulty, send } = start();
    faulty.inject({ times, fault: { kind: 'status', status: 500 } });
    const seen = [await send('GET', '/Users'), await send('GET', '/Users'), await send('GET', '/Users')];
    expect(seen.map((one) => one.status)).toEqual(statuses);
  });

  it('stops after clear', async () => {
    const { faulty, send } = start();
    faulty.inject({ times: 'always', fault: { kind: 'status', status: 500 } });
    faulty.clear();
    expect((await send('GET', '/Users')).status).toBe(200);
  });

  it('works through several faults in the order they were injected', async () => {
    const { faulty, send } = start();
    faulty.inject({ fault: { kind: 'status', status: 500 } });
    faulty.inject({ fault: { kind: 'status', status: 503 } });
    expect([(await send('GET', '/Users')).status, (await send('GET', '/Users')).status]).toEqual([500, 503]);
  });

  it.each<[string, NonNullable<Injection['match']>, boolean]>([
    ['its method', { method: 'get' }, true],
    ['another method', { method: 'POST' }, false],
    ['a part of its path', { path: '/Users' }, true],
    ['a part of its decoded query', { path: 'userName eq "ada"' }, true],
    ['another path', { path: '/Groups' }, false],
    ['a pattern', { path: /\/Users\?filter=/ }, true],
    ['a global pattern, twice', { path: /users/gi }, true],
    ['a pattern of something else', { path: /\/Users$/ }, false],
    ['method and path, one of them wrong', { method: 'POST', path: '/Users' }, false],
  ])('matches a request by %s', async (_name, match, hits) => {
    const { faulty, send } = start();
    faulty.inject({ match, times: 2, fault: { kind: 'status', status: 500 } });
    for (const _ of [1, 2]) {
      const { status } = await send('GET', '/Users?filter=userName+eq+%22ada%22');
      expect(status).toBe(hits ? 500 : 200);
    }
  });

  it('waits before the application answers', async () => {
    const { faulty, waits, send } = start();
    faulty.inject({ fault: { kind: 'latency', ms: 250 } });
    expect((await send('GET', '/Users')).status).toBe(200);
    expect(waits).toEqual([250]);
  });

  it('commits and then reports a failure', async () => {
    const { app, faulty, send } = start();
    faulty.inject({ fault: { kind: 'commit-then-fail', status: 502 } });
    expect((await send('POST', '/Users', eve)).status).toBe(502);
    expect(app.state.users().map((one) => one.userName)).toEqual(['ada', 'eve']);
  });

  it('drops the connection before the application sees the request', async () => {
    const { app, faulty } = start();
    faulty.inject({ fault: { kind: 'drop' } });
    const body = JSON.stringify(eve);
    const headers = { 'content-type': 'application/scim+json' };
    const response = await faulty.handle(new Request('http://app.test/scim/Users', { method: 'POST', headers, body }));
    expect(response.type).toBe('error');
    expect(app.state.users()).toHaveLength(1);
  });

  it('breaks off in the middle of the answer', async () => {
    const { faulty } = start();
    faulty.inject({ fault: { kind: 'truncate' } });
    const response = await faulty.handle(fetchUsers());
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('cut off');
  });

  it('answers whole but broken JSON', async () => {
    const { faulty } = start();
    faulty.inject({ fault: { kind: 'broken-json' } });
    const text = await (await faulty.handle(fetchUsers())).text();
    expect(text).toMatch(/^\{"schemas"/);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it.each<[Fault, number]>([
    [{ kind: 'status', status: 503 }, 503],
    [{ kind: 'drop' }, 0],
    [{ kind: 'commit-then-fail', status: 500 }, 500],
  ])('records the request once with the fault and what the client saw: %o', async (fault, status) => {
    const { app, faulty } = start();
    faulty.inject({ fault });
    const body = JSON.stringify(eve);
    const headers = { 'content-type': 'application/scim+json' };
    await faulty.handle(new Request('http://app.test/scim/Users', { method: 'POST', headers, body }));
    expect(app.requests).toHaveLength(1);
    expect(app.requests[0]).toMatchObject({ method: 'POST', path: '/Users', body: eve, status, fault: fault.kind });
  });
});
