/** The one way out: repeats (ruling R8), redirects, timeouts, bounds, plain http. Both HTTP clients, on loopback (docs/adr/0004). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { openTransport, type Transport, type TransportOptions } from '../../engine/http/transport.ts';
import type { TestClock } from '../support/fixed-clock.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { closeServers, serve } from '../support/loopback.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const transports: Transport[] = [];
afterEach(async () => {
  for (const transport of transports.splice(0)) await transport.close();
  await closeServers();
});

/** A server that gives these answers, the last one for ever. */
async function answering(...answers: readonly Answer[]): Promise<{ url: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const url = await serve((request, response) => {
    const answer = answers[Math.min(seen.length, answers.length - 1)];
    seen.push(request);
    answer?.(request, response);
  });
  return { url, seen };
}

const status =
  (code: number, headers: Readonly<Record<string, string>> = {}, body = ''): Answer =>
  (_request, response) =>
    response.writeHead(code, headers).end(body);
const reset: Answer = (request) => request.socket.destroy();
const brokenOff: Answer = (_request, response) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('{"half":', () => response.destroy());
};

describe.each(['undici', 'http'] as const)('over %s', (adapter) => {
  function open(
    options: Partial<TransportOptions> = {},
    clock: TestClock = fixedClock(),
  ): { transport: Transport; clock: TestClock } {
    const transport = openTransport(
      { timeoutMs: 5000, maxResponseBytes: 10_000, adapter, allowInsecureHttp: false, concurrency: 8, ...options },
      clock,
    );
    transports.push(transport);
    return { transport, clock };
  }
  const never = () => new AbortController().signal;
  const ask = (transport: Transport, url: string, method = 'GET') =>
    transport.request(
      {
        method,
        url,
        headers: { Authorization: 'Bearer t', 'Content-Type': 'application/scim+json' },
        ...(method === 'GET' ? {} : { body: '{"a":1}' }),
      },
      never(),
    );
  const milliseconds = (clock: TestClock) => Date.parse(clock.now()) - Date.parse('2026-01-01T00:00:00.000Z');

  test('method, headers and body arrive as they were given, nothing invented', async () => {
    let body = '';
    const { url, seen } = await answering((request, response) => {
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => response.writeHead(201, { 'X-Id': '7' }).end('{"id":"1"}'));
    });
    const { transport } = open();
    const answer = await ask(transport, `${url}/Users?a=%22b%22`, 'POST');
    expect(answer).toMatchObject({ status: 201, text: '{"id":"1"}', headers: { 'x-id': '7' } });
    expect(body).toBe('{"a":1}');
    expect(seen[0]?.url).toBe('/Users?a=%22b%22');
    expect(seen[0]?.headers.authorization).toBe('Bearer t');
    const names = Object.keys(seen[0]?.headers ?? {}).sort();
    expect(names).toEqual(['authorization', 'connection', 'content-length', 'content-type', 'host']);
    expect(seen[0]?.headers['content-type']).toBe('application/scim+json');
  });

  describe('repeats within the cycle (R8)', () => {
    test.each(['GET', 'POST', 'PATCH', 'DELETE'])(
      '%s after 429 with Retry-After, at most three times',
      async (method) => {
        const { url, seen } = await answering(status(429, { 'retry-after': '7' }));
        const { transport, clock } = open();
        expect((await ask(transport, url, method)).status).toBe(429);
        expect(seen).toHaveLength(4);
        expect(milliseconds(clock)).toBe(21_000);
      },
    );

    test('503 with an HTTP date is waited for, then the answer counts', async () => {
      const { url, seen } = await answering(
        status(503, { 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }),
        status(200, {}, '{}'),
      );
      const { transport, clock } = open();
      expect((await ask(transport, url, 'POST')).status).toBe(200);
      expect(seen).toHaveLength(2);
      expect(milliseconds(clock)).toBe(30_000);
    });

    test.each<[string, string, Answer, number]>([
      ['GET', '500', status(500), 3],
      ['GET', 'a reset', reset, 3],
      ['GET', 'an answer that breaks off', brokenOff, 3],
      ['GET', '429 without Retry-After', status(429), 1],
      ['GET', '404', status(404), 1],
      ['POST', '500', status(500), 1],
      ['POST', '503 without Retry-After', status(503), 1],
      ['POST', 'a reset', reset, 1],
      ['PATCH', 'a reset', reset, 1],
      ['PATCH', '502', status(502), 1],
    ])('%s after %s is sent %s', async (method, _what, answer, times) => {
      const { url, seen } = await answering(answer);
      const { transport } = open();
      await ask(transport, url, method).catch((error: unknown) => error);
      expect(seen).toHaveLength(times);
      expect(transport.requestCount()).toBe(times);
    });

    test('a throttled target is left alone by every request', async () => {
      const { url, seen } = await answering(status(429, { 'retry-after': '60' }), status(200, {}, '{}'));
      const { transport, clock } = open({ concurrency: 1 });
      await Promise.all([ask(transport, url), ask(transport, url), ask(transport, url)]);
      expect(seen).toHaveLength(4);
      expect(milliseconds(clock)).toBe(60_000);
    });
  });

  test('without an answer the failure is transient and names host and remedy', async () => {
    const { url } = await answering(reset);
    const { transport } = open();
    await expect(ask(transport, url, 'POST')).rejects.toMatchObject({
      category: 'transient',
      message: `no answer from ${new URL(url).host}: the connection was closed before the answer was complete`,
    });
    await expect(ask(transport, 'http://127.0.0.1:9/')).rejects.toMatchObject({
      message: 'no answer from 127.0.0.1:9: the connection was refused',
      remedy: 'is the target running at 127.0.0.1:9?',
    });
  });

  test('an answer that takes too long is given up', async () => {
    const { url } = await answering(() => undefined);
    const { transport } = open({ timeoutMs: 50 });
    await expect(ask(transport, url, 'POST')).rejects.toMatchObject({
      category: 'transient',
      message: expect.stringContaining('it took too long') as string,
      remedy: expect.stringContaining('target.timeoutMs') as string,
    });
  });

  test.each([
    ['plain', {}, Buffer.from('\uFEFF{"id":"1"}')],
    ['compressed', { 'content-encoding': 'gzip' }, gzipSync('\uFEFF{"id":"1"}')],
  ])('a byte order mark is no part of the text, %s', async (_how, headers, body) => {
    const { url } = await answering((_request, response) => response.writeHead(200, headers).end(body));
    expect((await ask(open().transport, url)).text).toBe('{"id":"1"}');
  });

  test('an endless answer is cut at the bound', async () => {
    const { url } = await answering(status(200, {}, 'x'.repeat(20_000)));
    const { transport } = open();
    await expect(ask(transport, url)).rejects.toMatchObject({
      category: 'object',
      message: expect.stringContaining('longer than 10000 bytes') as string,
    });
  });

  describe('redirects', () => {
    test('a GET within the origin is followed once', async () => {
      const { url, seen } = await answering(status(302, { location: '/v2/Users' }), status(200, {}, '{}'));
      const { transport } = open();
      expect((await ask(transport, `${url}/Users`)).status).toBe(200);
      expect(seen.map((request) => request.url)).toEqual(['/Users', '/v2/Users']);
    });

    test('a write is not', async () => {
      const { url, seen } = await answering(status(307, { location: '/v2/Users' }));
      const { transport } = open();
      await expect(ask(transport, `${url}/Users`, 'POST')).rejects.toMatchObject({ category: 'job', status: 307 });
      expect(seen).toHaveLength(1);
    });

    test('304 is none', async () => {
      const { url, seen } = await answering(status(304, { location: '/v2/Users' }));
      const { transport } = open();
      expect((await ask(transport, url)).status).toBe(304);
      expect(seen).toHaveLength(1);
    });

    test.each(['another port', 'a host that is only spelt alike'])('the token never travels to %s', async (kind) => {
      const other = await answering(status(200, {}, '{}'));
      const location =
        kind === 'another port' ? other.url : other.url.replace('http://127.0.0.1', 'http://127.0.0.1@127.0.0.1');
      const { url } = await answering(status(302, { location }));
      const { transport } = open();
      await expect(ask(transport, url)).rejects.toMatchObject({
        category: 'job',
        remedy: expect.stringContaining('the token is not sent to another host') as string,
      });
      expect(other.seen).toEqual([]);
    });
  });

  test.each(['http://scim.contoso.com/Users', 'http://10.0.0.1/Users', 'http://127.0.0.1.contoso.com/'])(
    'plain http to %s is refused before anything is sent',
    async (url) => {
      const { transport } = open();
      await expect(ask(transport, url)).rejects.toMatchObject({ category: 'configuration', code: 'insecure-target' });
      expect(transport.requestCount()).toBe(0);
    },
  );

  test('an abort ends a read at once, and what waits is never sent', async () => {
    const { url, seen } = await answering(() => undefined);
    const { transport } = open({ concurrency: 1 });
    const controller = new AbortController();
    const requests = [1, 2].map(() =>
      transport.request({ method: 'GET', url, headers: {} }, controller.signal).catch((error: unknown) => error),
    );
    await expect.poll(() => seen.length).toBe(1);
    controller.abort(new Error('stopped'));
    for (const outcome of await Promise.all(requests)) expect(String(outcome)).toContain('stopped');
    expect(seen).toHaveLength(1);
  });

  test('an abort lets a write in flight have its answer', async () => {
    let finish: () => void = () => undefined;
    const { url, seen } = await answering((_request, response) => {
      finish = () => response.writeHead(201).end('{}');
    });
    const { transport } = open();
    const controller = new AbortController();
    const write = transport.request({ method: 'POST', url, headers: {}, body: '{}' }, controller.signal);
    await expect.poll(() => seen.length).toBe(1);
    controller.abort();
    finish();
    expect((await write).status).toBe(201);
  });

  test('connections are kept and reused', async () => {
    const sockets = new Set<unknown>();
    const { url } = await answering((request, response) => {
      sockets.add(request.socket);
      response.end('{}');
    });
    const { transport } = open({ concurrency: 2 });
    for (let round = 0; round < 10; round += 1) await ask(transport, url);
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  test('never more in flight than allowed', async () => {
    const waiting: ServerResponse[] = [];
    let most = 0;
    const url = await serve((_request, response) => {
      most = Math.max(most, waiting.push(response));
      if (waiting.length === 3) for (const one of waiting.splice(0)) one.end('{}');
    });
    const { transport } = open({ concurrency: 3 });
    await Promise.all(Array.from({ length: 30 }, () => ask(transport, url)));
    expect(most).toBe(3);
  });

  test('pace: no more than so many a second', async () => {
    const { url } = await answering(status(200, {}, '{}'));
    const { transport, clock } = open({ perSecond: 25, concurrency: 1 });
    for (let count = 0; count < 26; count += 1) await ask(transport, url);
    expect(milliseconds(clock)).toBe(1000);
  });
});
