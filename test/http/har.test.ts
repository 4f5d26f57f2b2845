/** The recording of a run as HAR 1.2: every exchange, no secret, whole after every entry. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openHarFile } from '../../engine/http/har-file.ts';
import { openTransport, type RecordExchange } from '../../engine/http/transport.ts';
import { PRODUCT } from '../../engine/model/product.ts';
import { runAs } from '../support/cli.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { closeServers, serve } from '../support/loopback.ts';
import { openWorld, type World } from '../support/world.ts';

type Pair = { readonly name: string; readonly value: string };
type Entry = {
  readonly startedDateTime: string;
  readonly time: number;
  readonly comment?: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly Pair[];
    readonly queryString: readonly Pair[];
    readonly postData?: { readonly mimeType: string; readonly text: string };
  };
  readonly response: {
    readonly status: number;
    readonly headers: readonly Pair[];
    readonly content: { readonly text: string; readonly mimeType: string; readonly size: number };
  };
};

let folder: string;
let har: string;
let world: World | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-har-'));
  har = join(folder, 'run.har');
});
afterEach(async () => {
  await world?.close();
  world = undefined;
  await closeServers();
  await rm(folder, { recursive: true, force: true });
});

async function entries(): Promise<readonly Entry[]> {
  const { log } = JSON.parse(await readFile(har, 'utf8')) as {
    log: { version: string; creator: unknown; entries: Entry[] };
  };
  expect(log.version).toBe('1.2');
  expect(log.creator).toEqual(PRODUCT);
  return log.entries;
}

describe('the file', () => {
  const exchange = (url: string): Parameters<RecordExchange>[0] => ({
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 12.5,
    request: { method: 'POST', url, headers: { 'Content-Type': 'application/scim+json' }, body: '{"a":"é"}' },
    response: { status: 201, headers: { 'content-type': 'application/scim+json' }, text: '{"id":"1"}' },
  });

  test('is whole before, between and after entries', async () => {
    const file = openHarFile(har);
    expect(await entries()).toEqual([]);
    file.record(exchange('http://a.example/Users?x=1'));
    expect(await entries()).toHaveLength(1);
    file.record({ ...exchange('http://a.example/é'), failure: 'reset' });
    file.record(exchange('http://a.example/Users'));
    file.close();
    const all = await entries();
    expect(all.map(({ request }) => request.url)).toEqual([
      'http://a.example/Users?x=1',
      'http://a.example/é',
      'http://a.example/Users',
    ]);
    expect(all[0]).toMatchObject({
      startedDateTime: '2026-01-01T00:00:00.000Z',
      time: 12.5,
      request: {
        method: 'POST',
        queryString: [{ name: 'x', value: '1' }],
        postData: { mimeType: 'application/scim+json', text: '{"a":"é"}' },
        bodySize: 10,
      },
      response: { status: 201, statusText: 'Created', content: { size: 10, text: '{"id":"1"}' } },
    });
    expect(all[1]?.comment).toBe('reset');
  });

  test.skipIf(process.platform === 'win32')('is for its owner alone: it holds personal data', async () => {
    await writeFile(har, '{"log":{"version":"1.2","entries":[]}}', { mode: 0o644 });
    openHarFile(har).close();
    expect((await stat(har)).mode & 0o777).toBe(0o600);
    expect(await entries()).toEqual([]);
  });

  test('never takes the place of a file that is none', async () => {
    await writeFile(har, 'tenantId: 1\n');
    expect(() => openHarFile(har)).toThrow(expect.objectContaining({ code: 'no-recording' }));
    expect(await readFile(har, 'utf8')).toBe('tenantId: 1\n');
  });

  test('that cannot be written is a matter of usage', () => {
    expect(() => openHarFile(join(folder, 'missing', 'run.har'))).toThrow(
      expect.objectContaining({ category: 'configuration', code: 'recording-unwritable' }),
    );
  });
});

test('the transport records repeats, redirects and failures, each without secrets', async () => {
  const answers = [
    [429, { 'retry-after': '1' }],
    [302, { location: '/there?token=abcdefghij' }],
    [200, { 'set-cookie': 'session=s3cret', 'x-echo': 'Bearer the-secret-token' }],
  ] as const;
  let count = 0;
  const url = await serve((request, response) => {
    const [status, headers] = answers[Math.min(count, 2)] ?? [500, {}];
    count += 1;
    if (count > 3) request.socket.destroy();
    else response.writeHead(status, headers).end(JSON.stringify({ echo: request.headers.authorization }));
  });
  const seen: Parameters<RecordExchange>[0][] = [];
  const transport = openTransport(
    { concurrency: 1, timeoutMs: 15_000, maxResponseBytes: 1000, adapter: 'undici', allowInsecureHttp: false },
    fixedClock(),
    { record: (exchange) => seen.push(exchange), secrets: () => ['the-secret-token'] },
  );
  const request = { method: 'GET', url, headers: { Authorization: 'Bearer the-secret-token', Cookie: 'a=b' } };
  await transport.request(request, new AbortController().signal);
  await transport.request({ ...request, method: 'POST' }, new AbortController().signal).catch(() => undefined);
  await transport.close();
  expect(seen.map(({ response }) => response?.status)).toEqual([429, 302, 200, undefined]);
  expect(seen[3]?.failure).toContain('the connection was closed');
  expect(seen[0]?.request.headers).toEqual({ Authorization: 'Bearer ***', Cookie: '***' });
  expect(seen[2]?.response?.headers).toMatchObject({ 'set-cookie': '***', 'x-echo': 'Bearer ***' });
  const all = JSON.stringify(seen);
  for (const secret of ['the-secret-token', 's3cret', 'abcdefghij']) expect(all).not.toContain(secret);
});

describe('--har', () => {
  const verbs: readonly (readonly [string, readonly string[], number])[] = [
    ['sync', ['sync'], 6],
    ['preview', ['preview'], 4],
    ['provision', ['provision', 'u1'], 3],
    ['why', ['why', 'u1'], 1],
    ['validate', ['validate', '--connect'], 2],
    ['explain', ['explain', '--all', '--object', 'u1'], 1],
    ['accounts', ['accounts'], 1],
  ];
  test.each(verbs)('%s records what it sent', async (_verb, args, atLeast) => {
    world = await openWorld();
    const before = world.app.requests.length;
    const { code, err } = await runAs([...args, '-c', world.configPath, '--har', har]);
    expect({ code, err }).toMatchObject({ code: 0 });
    const recorded = await entries();
    expect(recorded.map(({ request }) => new URL(request.url).pathname + new URL(request.url).search)).toEqual(
      world.app.requests.slice(before).map(({ url }) => `/scim${url}`),
    );
    expect(recorded.length).toBeGreaterThanOrEqual(atLeast);
    expect(recorded.every(({ request }) => request.headers.some(({ value }) => value === 'Bearer ***'))).toBe(true);
  });

  test('simulate records what its scenarios sent, in virtual time', async () => {
    world = await openWorld();
    const scenario = resolve('fixtures/scenarios/onboarding.yaml');
    const { code } = await runAs(['simulate', scenario, '--har', har]);
    expect(code).toBe(0);
    const recorded = await entries();
    expect(recorded.filter(({ request }) => request.method === 'POST').length).toBeGreaterThan(2);
    expect(JSON.stringify(recorded)).not.toContain('simulated-token');
  });

  test('a run that fails leaves its recording', async () => {
    world = await openWorld();
    world.inject({ times: 'always', fault: { kind: 'status', status: 401 } });
    const { code } = await runAs(['sync', '-c', world.configPath, '--har', har]);
    expect(code).toBe(4);
    expect((await entries()).map(({ response }) => response.status)).toEqual([401]);
  });

  test('a run that is interrupted as well', async () => {
    world = await openWorld();
    const stop = new AbortController();
    world.inject({ match: { method: 'POST' }, times: 'always', fault: { kind: 'latency', ms: 50 } });
    const running = runAs(['sync', '-c', world.configPath, '--har', har], { signal: stop.signal });
    const { app } = world;
    await expect.poll(() => app.requests.length).toBeGreaterThan(3);
    stop.abort();
    expect((await running).code).toBe(130);
    expect((await entries()).length).toBeGreaterThan(3);
  });

  test('validate without --connect has nothing to record', async () => {
    world = await openWorld();
    const { code, err } = await runAs(['validate', '-c', world.configPath, '--har', har]);
    expect(code).toBe(2);
    expect(err).toContain('--connect');
  });

  test.each([
    ['an expression', ['[mail]', '--object', 'u1']],
    ['--all --offline', ['--all', '--object', 'u1', '--offline']],
  ])('neither has explain with %s', async (_name, args) => {
    world = await openWorld();
    const { code, err } = await runAs(['explain', ...args, '-c', world.configPath, '--har', har]);
    expect(code).toBe(2);
    expect(err).toContain('--har has nothing to record');
  });
});
