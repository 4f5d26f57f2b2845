/** `target.auth`: every way to sign in, and what is wrong with one before anything is sent (scim-wire.md 1.1). */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { MASK, maskSecrets } from '../../../engine/config/secrets.ts';
import { CONFIG, load } from './config-folder.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const ENV = { SCIM_TOKEN: 'a-token', SECRET: 'a-client-secret', REFRESH: 'a-refresh-token', KEY: PEM };

const withAuth = (lines: readonly string[], target = '') =>
  CONFIG.replace(/ {6}auth:[\s\S]*$/, `      auth:\n${lines.map((line) => `        ${line}\n`).join('')}${target}`);
const CLIENT = ['tokenUrl: https://login.example.com/token', 'clientId: me'];

async function codes(
  lines: readonly string[],
  env: Readonly<Record<string, string>> = ENV,
  target = '',
): Promise<readonly string[]> {
  const { diagnostics } = await load(withAuth(lines, target), {}, env);
  return diagnostics.map(({ code, at }) => `${at.line}: ${code}`);
}

describe('loads', () => {
  test('a refresh token with the file for what comes back, relative to the configuration', async () => {
    const lines = [
      'type: oauth2-authorization-code',
      ...CLIENT,
      'clientSecret: ${env:SECRET}',
      'refreshToken: ${env:REFRESH}',
      'tokenFile: kept/tokens.json',
    ];
    const { configuration, diagnostics } = await load(withAuth(lines), {}, ENV);
    expect(diagnostics).toEqual([]);
    expect(configuration?.jobs[0]?.target.auth).toMatchObject({
      clientSecret: 'a-client-secret',
      refreshToken: 'a-refresh-token',
      tokenFile: expect.stringMatching(/^\/.*kept.tokens\.json$/) as string,
    });
    expect(configuration && JSON.stringify(maskSecrets(configuration))).not.toMatch(/a-client-secret|a-refresh-token/);
  });

  test('a private key, and the claims of the assertion', async () => {
    const lines = [
      'type: client-assertion',
      ...CLIENT,
      'privateKey: ${env:KEY}',
      'keyId: k1',
      'audience: api://x',
      'claims: { tid: t1 }',
    ];
    const { configuration, diagnostics } = await load(withAuth(lines), {}, ENV);
    expect(diagnostics).toEqual([]);
    expect(configuration?.jobs[0]?.target.auth).toMatchObject({
      keyId: 'k1',
      audience: 'api://x',
      claims: { tid: 't1' },
    });
    expect(configuration && maskSecrets(configuration).jobs[0]?.target.auth).toMatchObject({ privateKey: MASK });
  });
});

describe('finds', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['the word Bearer in the token', ['type: bearer', 'token: ${env:SCIM_TOKEN}'], ['10: bearer-in-token']],
  ])('%s', async (_name, lines, expected) => {
    expect(await codes(lines, { ...ENV, SCIM_TOKEN: 'Bearer abc' })).toEqual(expected);
  });

  test.each(['two words', 'line\nend', 'umläut'])('a token that no header can carry: %j', async (token) => {
    expect(await codes(['type: bearer', 'token: ${env:SCIM_TOKEN}'], { ...ENV, SCIM_TOKEN: token })).toEqual([
      '10: bad-token',
    ]);
  });

  test.each(['no key', '{"kty":"RSA"}', '{', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'])(
    'a private key that is none, without repeating it: %j',
    async (key) => {
      const { diagnostics } = await load(
        withAuth(['type: client-assertion', ...CLIENT, 'privateKey: ${env:KEY}']),
        {},
        { ...ENV, KEY: key },
      );
      expect(diagnostics.map(({ code }) => code)).toEqual(['bad-private-key']);
      expect(JSON.stringify(diagnostics)).not.toContain('AAAA');
    },
  );

  test.each([
    ['login.example.com/token', 'bad-token-url'],
    ['ftp://login.example.com/token', 'bad-token-url'],
    ['https://me:secret@login.example.com/token', 'bad-token-url'],
    ['http://login.example.com/token', 'insecure-target'],
    ['https://169.254.169.254/token', 'link-local-target'],
    ['https://metadata.google.internal/token', 'link-local-target'],
  ])('a token endpoint at %s: %s', async (tokenUrl, code) => {
    const lines = [
      'type: oauth2-client-credentials',
      `tokenUrl: ${tokenUrl}`,
      'clientId: me',
      'clientSecret: ${env:SECRET}',
    ];
    expect(await codes(lines)).toEqual([`10: ${code}`]);
  });

  test('neither of the last two when they are allowed', async () => {
    const lines = [
      'type: oauth2-client-credentials',
      'tokenUrl: http://169.254.1.1/token',
      'clientId: me',
      'clientSecret: ${env:SECRET}',
    ];
    const allowed = '      allowInsecureHttp: true\n      allowLinkLocal: true\n';
    expect(await codes(lines, ENV, allowed)).toEqual([]);
  });

  test('a target at a link-local address', async () => {
    const text = CONFIG.replace('http://127.0.0.1:8801/scim', 'https://[::ffff:169.254.169.254]/scim');
    const { diagnostics } = await load(text, {}, ENV);
    expect(diagnostics.map(({ code, at }) => `${at.line}:${at.column} ${code}`)).toEqual(['7:12 link-local-target']);
  });

  test.each([
    ['oauth2-authorization-code', ['clientSecret', 'refreshToken', 'tokenFile']],
    ['client-assertion', ['privateKey']],
  ])('what %s lacks', async (type, keys) => {
    const { diagnostics } = await load(withAuth([`type: ${type}`, ...CLIENT]), {}, ENV);
    for (const key of keys)
      expect(
        diagnostics.some(({ summary }) => summary.includes(key)),
        key,
      ).toBe(true);
  });

  test('keys of another way to sign in', async () => {
    const { diagnostics } = await load(withAuth(['type: bearer', 'token: ${env:SCIM_TOKEN}', 'tokenFile: x']), {}, ENV);
    expect(diagnostics.map(({ code }) => code)).toEqual(['unknown-key']);
  });
});
