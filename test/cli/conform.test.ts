/** `conform` as its users call it: exit codes, the three kinds of output, the token in none of them. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SCIMMY_FAILURES } from '../../engine/conform/conform-example.ts';
import type { Defect } from '../../fixtures/targets/scim/defects.ts';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { type ServedApp, serveApp } from '../../fixtures/targets/serve-app.ts';
import type { TargetApp } from '../../fixtures/targets/target-app.ts';
import { runAs } from '../support/cli.ts';
import { startScimmyServer } from '../support/scimmy-server.ts';

const TOKEN = 'canary-5d1f0c';
let app: TargetApp;
let served: ServedApp;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
  await serve([]);
});
afterEach(async () => {
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

async function serve(defects: readonly Defect[]): Promise<void> {
  app = createScimApp({ token: TOKEN, uniqueGroupNames: true, defects });
  served = await serveApp(app);
}

const conform = (...args: readonly string[]) =>
  runAs(['conform', '--url', `${served.url}/scim`, ...args], { cwd: folder, env: { SCIM_TOKEN: TOKEN } });

describe('exit codes', () => {
  it('0 when Entra would work', async () => {
    const { code, out } = await conform();
    expect(code).toBe(0);
    expect(out).toMatch(/\/scim · \d+ checks · \d+ passed · \d+\.\d s\n/);
    expect(out).toContain('Entra would work with this endpoint.');
    expect([app.state.users(), app.state.groups()]).toEqual([[], []]);
  });

  it('0 with warnings only', async () => {
    await served.close();
    await serve(['string-booleans-ignored']);
    const { code, out } = await runAs(
      ['conform', '--url', `${served.url}/scim?aadOptscim062020`, '--token', TOKEN, '--only', 'boolean-text'],
      { cwd: folder },
    );
    expect(code).toBe(0);
    expect(out).toContain('1 warning');
  });

  it('3 when a mandatory check is not met', async () => {
    await served.close();
    await serve(['string-booleans-ignored']);
    const { code, out } = await conform('--only', 'disable-legacy');
    expect(code).toBe(3);
    expect(out).toContain('✗ disable, default dialect               answered 200, active is true, not "False"');
    expect(out).toContain('sent      {"op":"Replace","path":"active","value":"False"}');
    expect(out).toContain('Entra     believes the user is disabled and never asks again: a leaver keeps access');
    expect(out).toContain('fix       read "True" and "False" as booleans');
    expect(out).toMatch(
      /try it {4}curl -X PATCH 'http:\/\/127.0.0.1:\d+\/scim\/Users\/user-2' -H "Authorization: Bearer \$TOKEN"/,
    );
  });

  it('4 when nobody is let in', async () => {
    const { code, err } = await conform('--token', 'another-token');
    expect(code).toBe(4);
    expect(err).toMatch(/401/);
  });

  it('4 when nobody listens', async () => {
    const { code, err } = await runAs(['conform', '--url', 'http://127.0.0.1:9/scim', '--token', TOKEN]);
    expect(code).toBe(4);
    expect(err).toContain('127.0.0.1:9');
  });

  it.each([
    [[], /conform needs the endpoint/],
    [['--url', 'localhost:3000'], /not a URL of a SCIM endpoint/],
    [['--url', 'http://scim.example.com/scim'], /plain http.*--allow-insecure-http/s],
    [['--url', 'https://169.254.169.254/scim'], /link-local address.*--allow-link-local/s],
    [['--url', 'http://127.0.0.1:9/scim', '--only', 'disable-legasy'], /did you mean "disable-legacy"/],
    [['--url', 'http://127.0.0.1:9/scim', '--token', '${env:NOT_SET}'], /NOT_SET is not set/],
    [['--url', 'http://127.0.0.1:9/scim', '--ca-file', 'none.pem'], /none\.pem cannot be read/],
    [
      ['--url', 'http://127.0.0.1:9/scim', '--ca-file', 'package.json'],
      /package\.json holds no certificates in PEM form.*--ca-file/s,
    ],
  ] as const)('2 for %j', async (args, message) => {
    const { code, err } = await runAs(['conform', ...args], { env: { SCIM_TOKEN: TOKEN } });
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });

  it('130 after Ctrl-C, with nothing left behind', async () => {
    const controller = new AbortController();
    const running = runAs(['conform', '--url', `${served.url}/scim`], {
      env: { SCIM_TOKEN: TOKEN },
      signal: controller.signal,
    });
    while (app.requests.length < 40) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    const { code, err } = await running;
    expect(code).toBe(130);
    expect(err).toContain('stopped');
    expect([app.state.users(), app.state.groups()]).toEqual([[], []]);
  });
});

it('takes the token from a reference', async () => {
  const { code } = await runAs(
    ['conform', '--url', `${served.url}/scim`, '--token', '${env:MINE}', '--only', 'test-connection'],
    { env: { MINE: TOKEN } },
  );
  expect(code).toBe(0);
});

describe('signing in at a token endpoint', () => {
  const SECRET = 'client-secret-5d1f0c';
  let asked: URLSearchParams[];
  let answer: () => Response;

  beforeEach(async () => {
    await served.close();
    asked = [];
    answer = () => Response.json({ access_token: TOKEN, token_type: 'Bearer', expires_in: 3600 });
    served = await serveApp({
      handle: async (request) => {
        if (new URL(request.url).pathname !== '/token') return app.handle(request);
        asked.push(new URLSearchParams(await request.text()));
        return answer();
      },
    });
  });

  const signIn = (args: readonly string[], env: Readonly<Record<string, string>> = { SCIM_CLIENT_SECRET: SECRET }) =>
    runAs(['conform', '--url', `${served.url}/scim`, '--client-id', 'c1', ...tokenUrl(args), ...args], {
      cwd: folder,
      env,
    });
  const tokenUrl = (args: readonly string[]) =>
    args.includes('--token-url') ? [] : ['--token-url', `${served.url}/token`];

  it('checks the endpoint as well, and shows neither secret nor token', async () => {
    const ids = ['--only', 'token-endpoint', '--only', 'token-lifetime', '--only', 'filter-match'];
    const { code, out, err } = await signIn(['--scope', 'scim', '--har', 'out.har', '--json', ...ids]);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({ counts: { checks: 3, passed: 3 } });
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      grant_type: 'client_credentials',
      client_id: 'c1',
      client_secret: SECRET,
      scope: 'scim',
    });
    const har = await readFile(join(folder, 'out.har'), 'utf8');
    expect(har).toContain('/token');
    expect(out + har).not.toMatch(new RegExp(`${SECRET}|${TOKEN}`));
  });

  it('warns of a token that lives too long, with a curl line that holds no secret', async () => {
    answer = () => Response.json({ access_token: TOKEN, token_type: 'Bearer', expires_in: 86_400 });
    const { code, out } = await signIn(['--only', 'token-lifetime']);
    expect(code).toBe(0);
    expect(out).toContain('! lifetime of access tokens              is 86400 seconds, not 3600 to 21600');
    expect(out).toMatch(
      /curl -X POST 'http:\S+\/token' -H 'Accept: application\/json' -d 'grant_type=client_credentials&client_id=c1&client_secret=\*\*\*'/,
    );
    expect(out).not.toMatch(new RegExp(`${SECRET}|${TOKEN}`));
  });

  it('signs an assertion with a key', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await writeFile(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const { code } = await signIn(['--client-key', 'key.pem', '--only', 'token-endpoint'], {});
    expect(code).toBe(0);
    expect(asked[0]?.get('client_assertion')).toMatch(/^eyJ/);
    expect(asked[0]?.has('client_secret')).toBe(false);
  });

  it.each([
    [() => Response.json({ error: 'invalid_client' }, { status: 401 }), 'gave no access token: invalid_client'],
    [() => Response.json({ error: 'invalid_scope' }, { status: 400 }), 'gave no access token: invalid_scope'],
    [() => Response.json({ token_type: 'Bearer' }), 'answered without an access_token'],
    [() => Response.error(), 'no access token: '],
  ])('4 when it gives none, with what to look at', async (given, says) => {
    answer = given;
    const { code, err } = await signIn([]);
    expect(code).toBe(4);
    expect(err).toContain(says);
    expect(err).toContain('check --token-url, --client-id, --scope, and the client secret or --client-key');
  });

  it.each([
    [[], /SCIM_CLIENT_SECRET, or add --client-key/],
    [['--token', 'x'], /two ways to sign in/],
    [['--client-secret', '${env:NOT_SET}'], /NOT_SET is not set/],
    [['--client-key', 'none.pem'], /none\.pem cannot be read/],
    [['--client-key', 'text.pem'], /text\.pem holds no private key/],
    [['--token-url', 'login'], /not the URL of a token endpoint/],
  ] as const)('2 for %j', async (args, message) => {
    await writeFile(join(folder, 'text.pem'), 'no key');
    const { code, err } = await signIn(args, {});
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });

  it('2 for a client without an endpoint, and for a check of the endpoint without one', async () => {
    const without = await conform('--client-id', 'c1');
    expect([without.code, without.err]).toEqual([2, expect.stringContaining('--client-id is for a token endpoint')]);
    const check = await conform('--only', 'token-lifetime');
    expect([check.code, check.err]).toEqual([2, expect.stringContaining('name it: --token-url URL')]);
  });
});

it('does not say that Entra would work when only a part was asked', async () => {
  const human = await conform('--only', 'filter-match');
  expect(human.code).toBe(0);
  expect(human.out).toContain('What was asked for is met');
  const { out } = await conform('--only', 'filter-match', '--json');
  expect(JSON.parse(out)).toMatchObject({ entraWouldWork: null, counts: { checks: 1, passed: 1 } });
});

it('leaves what it created with --keep, and says so', async () => {
  const { out } = await conform('--only', 'filter-match', '--keep');
  expect(app.state.users()).toHaveLength(2);
  expect(out).toContain('2 resources left at the endpoint');
  expect(out).toContain('kept on request');
});

it('lists the checks without asking anybody', async () => {
  const { code, out } = await runAs(['conform', '--list']);
  expect(code).toBe(0);
  expect(out).toMatch(/^ {2}disable-legacy +mandatory +disable, default dialect$/m);
  const { out: json } = await runAs(['conform', '--list', '--json']);
  const { checks } = JSON.parse(json) as { checks: readonly { id: string }[] };
  expect(checks.map(({ id }) => id)).toContain('remove-member-flag');
  expect(app.requests).toHaveLength(0);
});

it('prints one document, with request, answer, consequence, fix and a curl line', async () => {
  await served.close();
  await serve(['remove-one-removes-all']);
  const { code, out } = await conform('--json', '--only', 'remove-member-legacy');
  expect(code).toBe(3);
  const document = JSON.parse(out) as { readonly checks: readonly Record<string, unknown>[] };
  expect(document).toMatchObject({
    formatVersion: 1,
    entraWouldWork: false,
    counts: { checks: 1, passed: 0, failed: 1 },
    cleanUp: { left: [] },
    error: null,
  });
  expect(document.checks[0]).toMatchObject({
    id: 'remove-member-legacy',
    category: 'mandatory',
    outcome: 'failed',
    found: 'answered 204 and removed all 3 members',
    request: { method: 'PATCH', path: '/Groups/group-1' },
    answer: { status: 204 },
    entra: expect.stringContaining('never looks'),
    curl: expect.stringContaining('-H "Authorization: Bearer $TOKEN"'),
  });
});

it('writes JUnit: failures, what was not judged, warnings as output', async () => {
  await served.close();
  await serve(['missing-id']);
  await conform('--junit', 'out.xml', '--only', 'create-user', '--only', 'disable-legacy');
  const xml = await readFile(join(folder, 'out.xml'), 'utf8');
  expect(xml).toContain('tests="2" failures="1" errors="0" skipped="1"');
  expect(xml).toContain('<failure message="answered 201 without &quot;id&quot;">');
  expect(xml).toContain('classname="conform.disable-legacy"');
  expect(xml).toContain('<skipped message="what is created comes back without &quot;id&quot;"/>');
});

it('leaves no green JUnit behind when it could not run', async () => {
  const args = ['conform', '--url', `${served.url}/scim`, '--token', 'wrong-token', '--junit', 'out.xml'];
  expect((await runAs(args, { cwd: folder })).code).toBe(4);
  const xml = await readFile(join(folder, 'out.xml'), 'utf8');
  expect(xml).toContain('tests="1" failures="1"');
  expect(xml).toContain('<testcase name="all checks are made"');
});

it('shows what a hostile endpoint says without letting it control the terminal', async () => {
  await served.close();
  served = await serveApp({
    handle: async (request) =>
      request.method === 'POST'
        ? Response.json({ detail: 'bad \u001b]0;title\u0007 \u001b[2J' }, { status: 400 })
        : app.handle(request),
  });
  const { out } = await conform('--only', 'create-user');
  expect(out).toContain('answered 400: bad ]0;title [2J');
  const { out: json } = await conform('--only', 'create-user', '--json');
  for (const text of [out, json]) expect(/\p{Cc}/u.test(text.replaceAll('\n', ''))).toBe(false);
});

it('shows the token nowhere, even when the endpoint repeats it', async () => {
  await served.close();
  served = await serveApp({
    handle: async (request) => {
      const answer = await app.handle(request);
      if (request.method !== 'PATCH') return answer;
      return new Response(JSON.stringify({ detail: `refused for ${request.headers.get('authorization')}` }), {
        status: 400,
      });
    },
  });
  const only = ['--only', 'disable-legacy', '--only', 'token-required'];
  const human = await conform(...only, '--junit', 'out.xml', '--har', 'out.har');
  const json = await conform(...only, '--json');
  const files = await Promise.all(['out.xml', 'out.har'].map((name) => readFile(join(folder, name), 'utf8')));
  const all = [human.out, human.err, json.out, json.err, ...files].join('\n');
  expect(all).toContain('refused for');
  expect(all).not.toContain(TOKEN);
});

it('records every exchange, the cleaning up included', async () => {
  await conform('--only', 'disable-legacy', '--har', 'out.har');
  const { log } = JSON.parse(await readFile(join(folder, 'out.har'), 'utf8')) as {
    readonly log: { readonly entries: readonly { readonly request: { readonly method: string } }[] };
  };
  expect(log.entries).toHaveLength(app.requests.length);
  expect(log.entries.map(({ request }) => request.method)).toEqual(app.requests.map(({ method }) => method));
  // The last look asks whether a DELETE that was answered with success has deleted.
  expect(log.entries.slice(-2).map(({ request }) => request.method)).toEqual(['DELETE', 'GET']);
});

it('finds in scimmy what docs/conform.md says', async () => {
  const scimmy = await startScimmyServer({ token: TOKEN });
  try {
    const { code, out } = await runAs(['conform', '--url', scimmy.url, '--json'], { env: { SCIM_TOKEN: TOKEN } });
    expect(code).toBe(3);
    const { checks } = JSON.parse(out) as {
      readonly checks: readonly { readonly id: string; readonly outcome: string; readonly followsFrom?: string }[];
    };
    const failed = checks.filter(({ outcome, followsFrom }) => outcome === 'failed' && followsFrom === undefined);
    expect(failed.map(({ id }) => id)).toEqual(SCIMMY_FAILURES.map(({ check }) => check));
    expect([scimmy.users().size, scimmy.groups().size]).toEqual([0, 0]);
  } finally {
    await scimmy.close();
  }
});

describe('target --defect', () => {
  it.each([
    ['string-boolean-ignored', /did you mean "string-booleans-ignored"/],
    ['zzz', /remove-one-removes-all: Reads Remove/],
  ])('%s', async (name, message) => {
    const { code, err } = await runAs(['target', 'scim', '--port', '0', '--defect', name]);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it('serves the application with the mistake', async () => {
    const controller = new AbortController();
    let out = '';
    const { runCli } = await import('../../engine/cli/main.ts');
    const started = new Promise<string>((resolve) => {
      runCli(['target', 'scim', '--port', '0', '--defect', 'not-found-for-no-match'], {
        out: (text) => {
          out += text;
          resolve(out);
        },
        err: () => undefined,
        env: {},
        cwd: folder,
        width: 120,
        isTerminal: false,
        signal: controller.signal,
      });
    });
    const url = /http:\/\/\S+/.exec(await started)?.[0] ?? '';
    expect(out).toContain('broken on purpose: not-found-for-no-match');
    expect((await fetch(`${url}/Users?filter=userName+eq+%22x%22`)).status).toBe(404);
    controller.abort();
  });
});
