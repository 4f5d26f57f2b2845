/** The HTTP server around a fetch handler, with real connections on loopback. */
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { withControlSurface } from '../../../fixtures/targets/control-surface.ts';
import { createScimApp } from '../../../fixtures/targets/scim-app.ts';
import { type ServedApp, serveApp } from '../../../fixtures/targets/serve-app.ts';
import { NOW, user } from './exchange.ts';

const opened: ServedApp[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

async function serve() {
  const app = createScimApp({ now: () => NOW });
  const target = withControlSurface(app);
  const served = await serveApp(target);
  opened.push(served);
  return { app, target, served };
}

const post = (url: string, userName: string) =>
  fetch(`${url}/scim/Users`, {
    method: 'POST',
    headers: { 'content-type': 'application/scim+json' },
    body: JSON.stringify(user({ userName })),
  });

describe('serveApp', () => {
  it('reads no more of a body than it takes, and answers an address that is none', async () => {
    const handled: string[] = [];
    const handle = async (request: Request) => {
      handled.push(request.url);
      return new Response(String((await request.text()).length));
    };
    const served = await serveApp({ handle }, { maxBodyBytes: 1000 });
    opened.push(served);
    const send = (length: number) => fetch(served.url, { method: 'POST', body: 'x'.repeat(length) });
    expect(await (await send(1000)).text()).toBe('1000');
    const refused = await send(1001);
    expect([refused.status, await refused.text()]).toEqual([413, 'The body is longer than 1000 bytes.\n']);
    const odd = await new Promise<number | undefined>((resolve, reject) => {
      const options = { port: served.port, headers: { host: 'a b' } };
      httpRequest(options, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end();
    });
    expect(odd).toBe(400);
    expect(handled).toHaveLength(1);
  });

  it('serves on a free port and passes method, headers, query and body', async () => {
    const { app, served } = await serve();
    expect(served.url).toBe(`http://127.0.0.1:${served.port}`);
    const created = await post(served.url, 'ada@contoso.example');
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe(`${served.url}/scim/Users/user-1`);
    const found = await fetch(`${served.url}/scim/Users?filter=userName+eq+%22ada%40contoso.example%22`);
    expect(await found.json()).toMatchObject({ totalResults: 1 });
    expect((await fetch(`${served.url}/scim/Users/user-1`, { method: 'DELETE' })).status).toBe(204);
    expect(app.requests.map((one) => one.status)).toEqual([201, 200, 204]);
  });

  it('serves several requests on one connection', async () => {
    const { served } = await serve();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (const _ of [1, 2, 3]) {
      await new Promise<void>((resolve, reject) => {
        const outgoing = httpRequest(`${served.url}/scim/Users`, { agent }, (response) => {
          ports.add(response.socket.localPort);
          response.resume().on('end', resolve);
        });
        outgoing.on('error', reject).end();
      });
    }
    expect(ports.size).toBe(1);
    agent.destroy();
  });

  it('breaks the connection for a dropped request', async () => {
    const { app, target, served } = await serve();
    target.inject({ match: { method: 'POST' }, fault: { kind: 'drop' } });
    await expect(post(served.url, 'ada')).rejects.toThrow(TypeError);
    expect(app.state.users()).toEqual([]);
    expect((await post(served.url, 'ada')).status).toBe(201);
  });

  it('sends half of a truncated answer, then breaks the connection', async () => {
    const { app, target, served } = await serve();
    target.inject({ match: { method: 'POST' }, fault: { kind: 'truncate' } });
    const response = await post(served.url, 'ada');
    expect(response.status).toBe(201);
    let received = '';
    const decoder = new TextDecoder();
    const read = async () => {
      for await (const chunk of response.body ?? []) received += decoder.decode(chunk);
    };
    await expect(read()).rejects.toThrow(TypeError);
    expect(received).toMatch(/^\{"schemas"/);
    expect(received.length).toBeLessThan(Number(response.headers.get('content-length')));
    expect(app.state.users()).toHaveLength(1);
  });

  it('closes at once although a connection is kept open', async () => {
    const { served } = await serve();
    const socket = connect(served.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write('GET /scim/Users HTTP/1.1\r\nHost: app.test\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    await served.close();
    await ended;
    await expect(fetch(`${served.url}/scim/Users`)).rejects.toThrow(TypeError);
  });

  it('answers 500 with the reason when the handler itself fails', async () => {
    const served = await serveApp({ handle: () => Promise.reject(new Error('out of order')) });
    opened.push(served);
    const response = await fetch(served.url);
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('out of order');
  });

  it('says which port is taken', async () => {
    const { target, served } = await serve();
    await expect(serveApp(target, { port: served.port })).rejects.toMatchObject({
      code: 'port-unavailable',
      category: 'configuration',
      message: expect.stringContaining(String(served.port)),
    });
  });
});
