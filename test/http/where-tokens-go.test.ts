/** Where a token may travel: hosts, addresses behind names, redirects (docs/security.md). Both HTTP clients. */
import type { LookupFunction, Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { checkReach } from '../../engine/config/check-reach.ts';
import { openTransport, type Transport, type TransportOptions } from '../../engine/http/transport.ts';
import { EngineError } from '../../engine/model/engine-error.ts';
import { linkLocalReason } from '../../engine/model/host-address.ts';
import { parseTenantUrl } from '../../engine/scim/tenant-url.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { closeServers, serve, serveRaw } from '../support/loopback.ts';

const transports: Transport[] = [];
afterEach(async () => {
  for (const transport of transports.splice(0)) await transport.close();
  await closeServers();
});

function open(options: Partial<TransportOptions>): Transport {
  const defaults = { concurrency: 2, timeoutMs: 15_000, maxResponseBytes: 10_000, adapter: 'undici' } as const;
  const transport = openTransport({ ...defaults, allowInsecureHttp: true, ...options }, fixedClock());
  transports.push(transport);
  return transport;
}

const ask = (transport: Transport, url: string, method = 'GET') =>
  transport.request(
    { method, url, headers: { Authorization: 'Bearer the-secret-token' } },
    new AbortController().signal,
  );

const METADATA = [
  'http://169.254.169.254/latest/meta-data/',
  'http://169.254.1.1/',
  'http://2852039166/',
  'http://0xA9FEA9FE/',
  'http://0251.0376.0251.0376/',
  'http://169.254.43518/',
  'http://169.254.169.254./',
  'http://[::ffff:169.254.169.254]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[0:0:0:0:0:ffff:a9fe:a9fe]/',
  'http://[64:ff9b::169.254.169.254]/',
  'http://[2002:a9fe:a9fe::1]/',
  'http://[::169.254.169.254]/',
  'http://[fe80::1]/',
  'http://[febf::1]/',
  'http://[fd00:ec2::254]/',
  'http://[fd20:ce::254]/',
  'http://100.100.100.200/',
  'http://192.0.0.192/',
  'http://168.63.129.16/',
  'http://metadata.google.internal/computeMetadata/v1/',
  'HTTP://Metadata.Google.Internal./',
  'http://metadata/',
  'http://instance-data.ec2.internal/',
  'http:\\\\169.254.169.254\\scim',
];

describe('link-local and metadata hosts', () => {
  test.each(METADATA)('%s is refused before anything is sent, and is a finding', async (url) => {
    const transport = open({});
    await expect(ask(transport, url)).rejects.toMatchObject({ category: 'configuration', code: 'link-local-target' });
    expect(transport.requestCount()).toBe(0);
    const findings: string[] = [];
    checkReach(url, { allowInsecureHttp: true, allowLinkLocal: false }, ({ code }) => findings.push(code));
    checkReach(url, { allowInsecureHttp: true, allowLinkLocal: true }, ({ code }) => findings.push(code));
    expect(findings).toEqual(['link-local-target']);
  });

  test.each([
    '10.0.0.1',
    '192.168.169.254',
    '127.0.0.1',
    '169.253.255.255',
    '170.254.1.1',
    '[::1]',
    '[fd12::1]',
    'localhost',
    '169.254.169.254.example.com',
    'metadata.example.com',
    '[2001:db8::a9fe:a9fe]',
  ])('%s is an ordinary host', (host) => expect(linkLocalReason(host)).toBeUndefined());
});

describe.each(['undici', 'http'] as const)('over %s', (adapter) => {
  /** A resolver that knows these addresses for every name. */
  const resolvesTo =
    (...addresses: readonly string[]): LookupFunction =>
    (_hostname, options, callback) => {
      const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      if (options.all === true) callback(null, all);
      else callback(null, all[0]?.address ?? '', all[0]?.family ?? 4);
    };

  test.each([['169.254.169.254'], ['fe80::1'], ['::ffff:169.254.169.254'], ['127.0.0.1', '169.254.169.254']])(
    'a name that stands for %s is refused where the connection is made',
    async (...addresses) => {
      const url = (await serve((_request, response) => response.end('{}'))).replace('127.0.0.1', 'scim.contoso.com');
      await expect(ask(open({ adapter, resolve: resolvesTo(...addresses) }), url, 'POST')).rejects.toMatchObject({
        category: 'configuration',
        code: 'link-local-target',
        message: expect.stringContaining('scim.contoso.com (') as string,
      });
    },
  );

  test('any other name is connected to as it resolves', async () => {
    const url = (await serve((request, response) => response.end(JSON.stringify(request.headers.host)))).replace(
      '127.0.0.1',
      'scim.contoso.com',
    );
    const { text } = await ask(open({ adapter, resolve: resolvesTo('127.0.0.1') }), url);
    expect(text).toContain('scim.contoso.com');
  });

  test('a name that does not resolve is no answer, not a crash', async () => {
    const resolve: LookupFunction = (hostname, _options, callback) => {
      callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }), '', 4);
    };
    await expect(ask(open({ adapter, resolve }), 'http://nowhere.contoso.com/', 'POST')).rejects.toMatchObject({
      category: 'transient',
      message: expect.stringContaining('the host name is not known') as string,
    });
  });

  describe('a redirect never takes the token along', () => {
    test.each([
      ['another host', (elsewhere: string) => `${elsewhere}/Users`],
      ['a protocol-relative address', (elsewhere: string) => elsewhere.replace('http:', '')],
      ['backslashes', (elsewhere: string) => elsewhere.replace('http://', '\\\\').replaceAll('/', '\\')],
      ['a scheme in mixed case', (elsewhere: string) => elsewhere.replace('http', 'hTTp')],
      [
        'a user that looks like the host',
        (elsewhere: string, here: string) => elsewhere.replace('http://', `${here}@`),
      ],
      ['a user at the same host', (_elsewhere: string, here: string) => here.replace('http://', 'http://me:you@')],
      ['an address in a tab and line end', (elsewhere: string) => elsewhere.replace('//', '/\t/')],
      ['another scheme at the same host', (_elsewhere: string, here: string) => here.replace('http:', 'https:')],
      ['a file', () => 'file:///etc/passwd'],
      ['data', () => 'data:application/json,{}'],
      ['no URL at all', () => 'http://['],
    ])('to %s', async (_name, locationOf) => {
      const seen: string[] = [];
      const elsewhere = await serve((request, response) => {
        seen.push(request.headers.authorization ?? 'without');
        response.end('{}');
      });
      let asked = 0;
      const here = await serve((_request, response) => {
        asked += 1;
        response.writeHead(302, { location: locationOf(elsewhere, here) }).end();
      });
      await expect(ask(open({ adapter }), `${here}/scim/Users`)).rejects.toMatchObject({
        category: 'job',
        status: 302,
      });
      expect(seen).toEqual([]);
      expect(asked).toBe(1);
    });

    test('nor twice within the origin', async () => {
      let asked = 0;
      const here = await serve((_request, response) => {
        asked += 1;
        response.writeHead(302, { location: `/${asked}` }).end();
      });
      expect((await ask(open({ adapter }), here)).status).toBe(302);
      expect(asked).toBe(2);
    });

    test('and what the target puts into Location is not repeated if it is the token', async () => {
      const here = await serve((request, response) => {
        const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
        response.writeHead(302, { location: `https://evil.example/${token}` }).end();
      });
      const transport = openTransport(
        { concurrency: 1, timeoutMs: 15_000, maxResponseBytes: 1000, adapter, allowInsecureHttp: false },
        fixedClock(),
        { secrets: () => ['the-secret-token'] },
      );
      transports.push(transport);
      const error = await ask(transport, here).catch((failure: unknown) => failure);
      expect(String(error)).toContain('https://evil.example/***');
    });
  });
});

test.each(['undici', 'http'] as const)(
  'an error holds no token anywhere, however deep it is looked into: %s',
  async (adapter) => {
    const answers = [
      (socket: Socket) => socket.destroy(),
      (socket: Socket) => socket.end('no HTTP'),
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'),
    ];
    for (const answer of answers) {
      const url = await serveRaw(answer);
      const error = await ask(open({ adapter }), url, 'POST').catch((failure: unknown) => failure);
      expect(error).toBeInstanceOf(EngineError);
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('the-secret-token');
    }
  },
);

describe('the tenant URL', () => {
  test.each([
    'https://user:password@scim.contoso.com/scim',
    'https://scim.contoso.com@evil.example/scim',
    'ftp://scim.contoso.com',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '//scim.contoso.com',
    'scim.contoso.com',
  ])('%s is none', (url) => {
    expect(() => parseTenantUrl(url)).toThrow(expect.objectContaining({ code: 'bad-tenant-url' }));
  });

  test('tricks of spelling change nothing about the host', () => {
    expect(parseTenantUrl('HTTPS:\\\\SCIM.contoso.com\\scim').base).toBe('https://scim.contoso.com/scim');
  });
});
