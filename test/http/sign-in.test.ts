/** Ways to sign in: what goes to the token endpoint, when it is asked again, and what is kept (scim-wire.md 1.1, ruling R9). */
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuthenticationSettings } from '../../engine/model/authentication.ts';
import type { Target } from '../../engine/ports.ts';
import { fixedClock, type TestClock } from '../support/fixed-clock.ts';
import { CLIENT, probe, targetSignedInBy } from '../support/sign-in.ts';
import { TOKEN_URL, type TokenEndpoint, tokenEndpoint } from '../support/token-endpoint.ts';
import { openProfile } from '../unit/targets/exchange.ts';

let folder: string;
let clock: TestClock;
const targets: Target[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-sign-in-'));
  clock = fixedClock();
});
afterEach(async () => {
  for (const target of targets.splice(0)) await target.close();
  await rm(folder, { recursive: true, force: true });
});

function open(auth: AuthenticationSettings, endpoint: Pick<TokenEndpoint, 'fetch'>, tenantUrl?: string): Target {
  const target = targetSignedInBy(auth, endpoint, clock, tenantUrl);
  targets.push(target);
  return target;
}

const credentials: AuthenticationSettings = {
  ...CLIENT,
  type: 'oauth2-client-credentials',
  clientSecret: 's3cr+t',
};
const consent = (): AuthenticationSettings => ({
  ...CLIENT,
  type: 'oauth2-authorization-code',
  clientSecret: 's3cr+t',
  refreshToken: 'consented-refresh-token',
  tokenFile: join(folder, 'kept', 'tokens.json'),
});

describe('client credentials', () => {
  test('the fields in the documented order, the token as bearer', async () => {
    const endpoint = tokenEndpoint();
    await probe(open(credentials, endpoint));
    expect(endpoint.exchanges).toEqual([
      [
        ['grant_type', 'client_credentials'],
        ['client_id', 'entra-7f3'],
        ['client_secret', 's3cr+t'],
        ['scope', 'scim'],
      ],
    ]);
    expect(endpoint.used).toEqual(['Bearer access-token-1-abcdefgh']);
  });

  test('scope is not sent when none is configured', async () => {
    const endpoint = tokenEndpoint();
    const { scope: _scope, ...rest } = credentials as AuthenticationSettings & { scope?: string };
    await probe(open(rest as AuthenticationSettings, endpoint));
    expect(endpoint.exchanges[0]?.map(([name]) => name)).not.toContain('scope');
  });
});

describe('one token for all', () => {
  test('it is fetched once however many requests begin together, and fetched anew 60 seconds before it expires', async () => {
    const endpoint = tokenEndpoint();
    const target = open(credentials, endpoint);
    await Promise.all(Array.from({ length: 8 }, () => probe(target)));
    expect(endpoint.exchanges).toHaveLength(1);
    clock.advance(3_539_000);
    await probe(target);
    expect(endpoint.exchanges).toHaveLength(1);
    clock.advance(1000);
    await probe(target);
    expect(endpoint.exchanges).toHaveLength(2);
  });

  test('requests refused together share one new token', async () => {
    const endpoint = tokenEndpoint();
    const target = open(credentials, endpoint);
    await probe(target);
    endpoint.revoke();
    await Promise.all(Array.from({ length: 8 }, () => probe(target)));
    expect(endpoint.exchanges).toHaveLength(2);
    expect(new Set(endpoint.used.slice(-8))).toEqual(new Set(['Bearer access-token-2-abcdefgh']));
  });

  test('a fresh token that is refused as well ends the job after one repeat', async () => {
    const endpoint = tokenEndpoint();
    const refusing: TokenEndpoint = {
      ...endpoint,
      fetch: async (request) => {
        const answer = await endpoint.fetch(request);
        return request.url === TOKEN_URL ? answer : new Response('no', { status: 401 });
      },
    };
    await expect(probe(open(credentials, refusing))).rejects.toMatchObject({
      category: 'job',
      code: 'InvalidCredentials',
    });
    expect(endpoint.exchanges).toHaveLength(2);
    expect(endpoint.used).toHaveLength(2);
  });

  test.each([
    ['as text', '3600', 3_540_000],
    ['missing its meaning', 'soon', 3_540_000],
    ['zero', 0, 3_540_000],
    ['shorter than the margin: half of it is used', 40, 20_000],
  ])('a life %s', async (_name, lifeSeconds, renewedAfter) => {
    const endpoint = tokenEndpoint({ lifeSeconds });
    const target = open(credentials, endpoint);
    await probe(target);
    clock.advance(renewedAfter - 1);
    await probe(target);
    expect(endpoint.exchanges).toHaveLength(1);
    clock.advance(1);
    await probe(target);
    expect(endpoint.exchanges).toHaveLength(2);
  });
});

describe('an endpoint that gives no token fails the job, with a reason and without a secret', () => {
  test.each<[string, () => Response, string]>([
    ['invalid_client', () => Response.json({ error: 'invalid_client' }, { status: 401 }), 'invalid_client'],
    ['HTML', () => new Response('<html>Sign in</html>'), 'without an access_token'],
    ['no access_token', () => Response.json({ token: 'x' }), 'without an access_token'],
    ['a token of another type', () => Response.json({ access_token: 'x', token_type: 'mac' }), 'not Bearer'],
    ['a token with a line end', () => Response.json({ access_token: 'x\r\nX-Admin: 1' }), 'no header can carry'],
    ['an error that echoes the secret', () => Response.json({ error: 's3cr+t' }, { status: 400 }), '***'],
    [
      'a redirect',
      () => new Response(null, { status: 307, headers: { location: 'https://evil.example/' } }),
      'tokenUrl',
    ],
    ['500', () => new Response('down', { status: 500 }), 'status 500'],
  ])('%s', async (_name, answer, says) => {
    const endpoint = tokenEndpoint({ answer });
    const error: unknown = await probe(open(credentials, endpoint)).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ category: 'job' });
    const { message, remedy } = error as { message: string; remedy?: string };
    expect(`${message} ${remedy}`).toContain(says);
    expect(`${message} ${remedy}`).not.toContain('s3cr+t');
    expect(endpoint.exchanges).toHaveLength(1);
    expect(endpoint.used).toEqual([]);
  });

  test.each([304, 307])('%i, when it is one object that is read', async (status) => {
    const answer = () => new Response(null, { status, headers: { location: 'https://evil.example/' } });
    const target = open(credentials, tokenEndpoint({ answer }));
    await expect(target.get('User', '1', new AbortController().signal)).rejects.toMatchObject({ category: 'job' });
  });

  test('a connection that breaks', async () => {
    const endpoint = tokenEndpoint({ answer: () => Response.error() });
    await expect(probe(open(credentials, endpoint))).rejects.toMatchObject({
      category: 'job',
      code: 'WebExceptionProtocolError',
      message: expect.stringContaining('no access token: no answer from login.example.com') as string,
    });
  });
});

describe('authorization code, from the refresh token on', () => {
  const kept = async () =>
    JSON.parse(await readFile(join(folder, 'kept', 'tokens.json'), 'utf8')) as Record<string, unknown>;

  test('the refresh token of the consent is exchanged (RFC 6749 section 6)', async () => {
    const endpoint = tokenEndpoint({ refreshToken: 'consented-refresh-token' });
    await probe(open(consent(), endpoint));
    expect(endpoint.exchanges[0]).toEqual([
      ['grant_type', 'refresh_token'],
      ['refresh_token', 'consented-refresh-token'],
      ['client_id', 'entra-7f3'],
      ['client_secret', 's3cr+t'],
      ['scope', 'scim'],
    ]);
  });

  test('the next process goes on with what was kept: the access token while it lives, then the rotated refresh token', async () => {
    const endpoint = tokenEndpoint({ refreshToken: 'consented-refresh-token', rotates: true });
    await probe(open(consent(), endpoint));
    await probe(open(consent(), endpoint));
    expect(endpoint.exchanges).toHaveLength(1);
    clock.advance(3_600_000);
    await probe(open(consent(), endpoint));
    await probe(open(consent(), endpoint));
    expect(endpoint.exchanges.map((fields) => new Map(fields).get('refresh_token'))).toEqual([
      'consented-refresh-token',
      'refresh-token-1-abcdefgh',
    ]);
    expect(await kept()).toMatchObject({ refreshToken: 'refresh-token-2-abcdefgh' });
  });

  test('a kept access token that is refused is not taken from the file again', async () => {
    const endpoint = tokenEndpoint({ refreshToken: 'consented-refresh-token', rotates: true });
    await probe(open(consent(), endpoint));
    endpoint.revoke();
    await probe(open(consent(), endpoint));
    expect(endpoint.exchanges).toHaveLength(2);
  });

  test('two processes that share the file: who comes second takes what the first was given', async () => {
    const endpoint = tokenEndpoint({ refreshToken: 'consented-refresh-token', rotates: true });
    const [first, second] = [open(consent(), endpoint), open(consent(), endpoint)];
    await probe(first);
    await probe(second);
    clock.advance(3_600_000);
    await probe(first);
    await probe(second);
    expect(endpoint.exchanges).toHaveLength(2);
  });

  test('a new consent is used instead of what an earlier one left', async () => {
    await probe(open(consent(), tokenEndpoint({ refreshToken: 'consented-refresh-token', rotates: true })));
    const again = tokenEndpoint({ refreshToken: 'second-consent' });
    await probe(open({ ...consent(), refreshToken: 'second-consent' } as AuthenticationSettings, again));
    expect(new Map(again.exchanges[0]).get('refresh_token')).toBe('second-consent');
  });

  test.skipIf(process.platform === 'win32')(
    'the file is for its owner alone, and refused when others can read it',
    async () => {
      const endpoint = tokenEndpoint({ refreshToken: 'consented-refresh-token' });
      await probe(open(consent(), endpoint));
      const path = join(folder, 'kept', 'tokens.json');
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect((await stat(join(folder, 'kept'))).mode & 0o777).toBe(0o700);
      expect(await readdir(join(folder, 'kept'))).toEqual(['tokens.json']);
      await chmod(path, 0o644);
      await expect(probe(open(consent(), endpoint))).rejects.toMatchObject({
        category: 'configuration',
        code: 'token-file-open',
        remedy: `run: chmod 600 ${path}`,
      });
    },
  );

  test.each(['', '{"refreshToken":', '[]', '{"refreshToken":5}'])(
    'a damaged file is said to be one: %s',
    async (text) => {
      await probe(open(consent(), tokenEndpoint({ refreshToken: 'consented-refresh-token' })));
      await writeFile(join(folder, 'kept', 'tokens.json'), text);
      await expect(probe(open(consent(), tokenEndpoint()))).rejects.toMatchObject({
        category: 'configuration',
        code: 'token-file-damaged',
      });
    },
  );

  test('without a place to keep what comes back, the refresh token is not spent', async () => {
    await writeFile(join(folder, 'kept'), 'a file where the folder should be');
    const endpoint = tokenEndpoint({ refreshToken: 'consented-refresh-token', rotates: true });
    await expect(probe(open(consent(), endpoint))).rejects.toMatchObject({ category: 'configuration' });
    expect(endpoint.exchanges).toEqual([]);
  });

  test('a refresh token that is used up says: consent again', async () => {
    await expect(probe(open(consent(), tokenEndpoint({ refreshToken: 'another' })))).rejects.toMatchObject({
      category: 'job',
      code: 'InvalidCredentials',
      message: expect.stringContaining('invalid_grant') as string,
      remedy: expect.stringContaining('consent again') as string,
    });
  });
});

test('a simulated Meta Work Accounts: one consent, then refresh tokens carry on by themselves', async () => {
  const { app, target: simulated, control } = openProfile('work-accounts', {});
  const form = async (fields: Readonly<Record<string, string>>) =>
    (await (
      await simulated.handle(
        new Request('https://app.test/oauth/access_token', { method: 'POST', body: new URLSearchParams(fields) }),
      )
    ).json()) as { refresh_token: string };
  const { code } = (await control('POST', '/oauth/consent', { username: 'admin@contoso.com' })).body as {
    code: string;
  };
  const { refresh_token: refreshToken } = await form({
    grant_type: 'authorization_code',
    client_id: 'scimulate',
    code,
  });
  const { scope: _scope, ...settings } = {
    ...consent(),
    tokenUrl: 'https://app.test/oauth/access_token',
    clientId: 'scimulate',
    refreshToken,
  } as AuthenticationSettings & { scope?: string };
  const auth = settings as AuthenticationSettings;
  const target = open(auth, { fetch: simulated.handle }, `https://app.test${app.basePath}`);
  await probe(target);
  await control('POST', '/oauth/revoke', { username: 'admin@contoso.com' });
  await expect(probe(target)).rejects.toMatchObject({
    category: 'job',
    code: 'InvalidCredentials',
    remedy: expect.stringContaining('consent again') as string,
  });
});
