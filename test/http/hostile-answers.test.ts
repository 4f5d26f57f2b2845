/**
 * Answers that want to hurt: each costs bounded memory and time, over both HTTP clients (docs/security.md).
 * The servers count what they could send before the client hung up.
 */
import type { Writable } from 'node:stream';
import { createGzip, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { openTransport, type Transport } from '../../engine/http/transport.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { closeServers, serve, serveRaw } from '../support/loopback.ts';

const LIMIT = 100_000;
/** Long enough for a busy machine; what tests the deadline itself takes a short one. */
const PATIENT_MS = 15_000;
const DEADLINE_MS = 400;
/** What never comes is given up at the deadline, and long before this. */
const SOON_MS = 10_000;
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/scim+json\r\n';

const transports: Transport[] = [];
afterEach(async () => {
  for (const transport of transports.splice(0)) await transport.close();
  await closeServers();
});

/** Writes `chunk` for as long as somebody reads; tells how much went out. */
function endless(response: Writable, chunk: Buffer, sent: { bytes: number }): void {
  const more = () => {
    while (!response.destroyed) {
      sent.bytes += chunk.length;
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
  };
  more();
}

describe.each(['undici', 'http'] as const)('over %s', (adapter) => {
  function open(timeoutMs: number): Transport {
    const limits = { concurrency: 2, timeoutMs, maxResponseBytes: LIMIT };
    const transport = openTransport({ ...limits, adapter, allowInsecureHttp: false }, fixedClock());
    transports.push(transport);
    return transport;
  }

  async function ask(
    url: string,
    timeoutMs = PATIENT_MS,
  ): Promise<{ failure: Error & { code?: string; category?: string }; tookMs: number }> {
    const began = performance.now();
    const failure = await open(timeoutMs)
      .request({ method: 'POST', url, headers: {} }, new AbortController().signal)
      .then(
        (answer) => new Error(`answered ${answer.status}, ${answer.text.length} characters`),
        (error: Error) => error,
      );
    return { failure, tookMs: performance.now() - began };
  }

  test('a body without end is hung up on at the bound', async () => {
    const sent = { bytes: 0 };
    const url = await serve((_request, response) => endless(response, Buffer.alloc(65_536, 120), sent));
    const { failure } = await ask(url);
    expect(failure).toMatchObject({
      category: 'object',
      message: expect.stringContaining(`longer than ${LIMIT}`) as string,
    });
    // The rest is what the sockets between the two hold.
    expect(sent.bytes).toBeLessThan(LIMIT + 12_000_000);
  });

  test('ten megabytes of announced body as well', async () => {
    const body = Buffer.alloc(10 * 1_048_576, 120);
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': body.length }).end(body);
    });
    expect((await ask(url)).failure).toMatchObject({ category: 'object' });
  });

  test('a gzip bomb inflates to the bound and no further', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const bomb = createGzip();
      bomb.pipe(response);
      endless(bomb, Buffer.alloc(1_048_576), { bytes: 0 });
      response.on('close', () => bomb.destroy());
    });
    const before = process.memoryUsage().rss;
    const { failure } = await ask(url);
    expect(failure).toMatchObject({
      category: 'object',
      message: expect.stringContaining(`longer than ${LIMIT}`) as string,
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1_048_576);
  });

  test('honest compression is read, though nobody asked for it', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"id":"1"}'));
    });
    expect((await ask(url)).failure.message).toBe('answered 200, 10 characters');
  });

  test.each([
    ['gzip', 'not gzip at all'],
    ['gzip', gzipSync('{"id":"1"}').subarray(0, 15)],
    ['br', 'not brotli'],
    ['zstd, gzip', 'what'],
  ])('%s that is none fails the object', async (encoding, body) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(body);
    });
    expect((await ask(url)).failure).toMatchObject({
      category: 'object',
      message: expect.stringMatching(/damaged|compressed/) as string,
    });
  });

  const trickles: readonly [string, (send: (text: string) => void) => void][] = [
    ['body', (send) => send(`${HEAD}content-length: 5000\r\n\r\n`)],
    ['header', (send) => send(HEAD)],
    ['chunk', (send) => send(`${HEAD}transfer-encoding: chunked\r\n\r\n`)],
  ];
  test.each(trickles)('a %s that trickles meets the deadline, not only an idle timeout', async (kind, begin) => {
    const drops: Readonly<Record<string, string>> = { body: 'x', header: 'x-a: b\r\n', chunk: '1\r\nx\r\n' };
    const url = await serveRaw((socket) => {
      begin((text) => socket.write(text));
      const timer = setInterval(() => socket.write(drops[kind] ?? ''), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const { failure, tookMs } = await ask(url, DEADLINE_MS);
    expect(failure).toMatchObject({ category: 'transient', code: 'Timeout' });
    expect(tookMs).toBeLessThan(SOON_MS);
  });

  test('a flood of 1xx answers meets the deadline', async () => {
    const url = await serveRaw((socket) => {
      const flood = Buffer.from('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(100));
      const timer = setInterval(() => socket.write(flood), 5);
      socket.on('close', () => clearInterval(timer));
    });
    const { failure, tookMs } = await ask(url, DEADLINE_MS);
    expect(failure).toMatchObject({ category: 'transient' });
    expect(tookMs).toBeLessThan(SOON_MS);
  });

  test.each([
    ['headers of a megabyte', `${HEAD}${'x-a: b\r\n'.repeat(131_072)}\r\n{}`],
    ['one header of a megabyte', `${HEAD}x-a: ${'b'.repeat(1_048_576)}\r\n\r\n{}`],
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a content-length that is none', `${HEAD}content-length: many\r\n\r\n{}`],
    ['two content-lengths', `${HEAD}content-length: 2\r\ncontent-length: 9\r\n\r\n{}`],
    ['less body than announced', `${HEAD}content-length: 900\r\n\r\n{}`],
  ])('%s fails the request, quickly', async (_name, answer) => {
    const url = await serveRaw((socket) => socket.end(answer));
    const { failure, tookMs } = await ask(url);
    expect(failure).toMatchObject({ category: 'transient', code: 'WebExceptionProtocolError' });
    expect(tookMs).toBeLessThan(SOON_MS);
  });

  test('more body than announced is not taken for the next answer', async () => {
    const url = await serveRaw((socket) => {
      socket.write(`${HEAD}content-length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"smuggle"`);
    });
    const transport = open(DEADLINE_MS);
    const one = async () =>
      transport.request({ method: 'POST', url, headers: {} }, new AbortController().signal).then(
        ({ text }) => text,
        () => 'failed',
      );
    for (const text of [await one(), await one()]) expect(['{}', 'failed']).toContain(text);
  });
});
