/**
 * A canary in every secret, a target that echoes whatever it is sent, and every command at its most talkative:
 * the canary is in no output, recording, state, log record or management answer (docs/security.md).
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { type ServedApp, serveApp } from '../../fixtures/targets/serve-app.ts';
import { runAs } from '../support/cli.ts';
import { aUser, DEFAULT_MAPPING, everyone } from '../support/world.ts';

/** Each form of it, quoted or encoded, still holds the word. */
const CANARY = /c4nary/i;
const SECRETS = {
  SCIM_TOKEN: 'C4nary-bearer"with\\odd/chars+=%41',
  OAUTH_SECRET: 'C4nary secret & "form" chars+=%41',
  SMTP_URL: 'smtp://me:C4naryMail@127.0.0.1:1',
  API_KEY: 'C4nary-api-key-0123456789abcdef',
};

/** One of each kind: a read, a create, an update, and one without a token. */
const SOME_CHECKS = ['token-required', 'filter-match', 'create-duplicate', 'replace-value-legacy'].flatMap((id) => [
  '--only',
  id,
]);

type Mood = 'echoing' | '401' | 'redirect' | 'html' | 'bad-token';
let mood: Mood = 'echoing';
let folder: string;
let served: ServedApp;
const printed: string[] = [];
const covered = new Set<string>();

/** Carries out what is asked and puts the credentials into everything it answers. */
function echoingApp(): { handle: (request: Request) => Promise<Response> } {
  const app = createScimApp({ nextId: () => `t${++ids}` });
  let ids = 0;
  let tokens = 0;
  const give = async (request: Request) => {
    const echo = await request.text();
    if (mood === 'bad-token') return Response.json({ error: echo, error_description: echo }, { status: 400 });
    return Response.json({ access_token: `C4nary-access-${++tokens}-0123456789`, token_type: 'Bearer', echo });
  };
  return {
    handle: async (request) => {
      const url = new URL(request.url);
      if (url.pathname === '/token') return give(request);
      const token = request.headers.get('authorization') ?? '';
      const headers = { 'x-echo': encodeURIComponent(token), 'set-cookie': `session=${encodeURIComponent(token)}` };
      if (mood === '401') return Response.json({ detail: `not you: ${token}` }, { status: 401, headers });
      if (mood === 'html') return new Response(`<html><title>${token}</title></html>`, { headers });
      if (mood === 'redirect') {
        const location = `https://evil.example/${encodeURIComponent(token)}`;
        return new Response(null, { status: 302, headers: { ...headers, location } });
      }
      const text = request.method === 'GET' ? decodeURIComponent(url.href) : await request.clone().text();
      if (text.includes('u2@') && request.method === 'POST') {
        return Response.json({ detail: `bad: ${token}`, status: 400, scimType: token }, { status: 400, headers });
      }
      if (text.includes('u3@')) return new Response(`<html><title>${token}</title></html>`, { headers });
      if (text.includes('u4@')) return new Response(`{"detail":"broken ${token}`, { status: 400, headers });
      if (text.includes('u5@') && request.method === 'GET') {
        return Response.json({ Resources: [{ id: 'x', userName: token.replace('Bearer ', '') }] }, { headers });
      }
      const answer = await app.handle(request);
      const body = await answer.text();
      const echoed = body.replace(/"displayName":"[^"]*"/g, `"displayName":${JSON.stringify(token.slice(7))}`);
      return new Response(body === '' ? null : echoed, {
        status: answer.status,
        headers: { ...headers, 'content-type': 'application/scim+json' },
      });
    },
  };
}

function configuration(): object {
  const job = (name: string, auth: object) => ({
    name,
    application: 'app',
    mappings: './mapping.yaml',
    notify: { email: 'ops@contoso.com', onFailure: true },
    target: { url: `${served.url}/scim`, auth },
  });
  const tokenUrl = `${served.url}/token`;
  return {
    tenantId: '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b',
    store: './state.db',
    directory: { type: 'file', path: './directory.json' },
    mail: { smtp: '${env:SMTP_URL}' },
    daemon: { listen: '127.0.0.1:0' },
    api: {
      keys: [
        {
          name: 'admin',
          key: '${env:API_KEY}',
          roles: ['Cloud Application Administrator'],
          permissions: ['Directory.ReadWrite.All', 'AuditLog.Read.All'],
        },
      ],
    },
    jobs: [
      job('bearer', { type: 'bearer', token: '${env:SCIM_TOKEN}' }),
      job('oauth', {
        type: 'oauth2-client-credentials',
        tokenUrl,
        clientId: 'me',
        clientSecret: '${env:OAUTH_SECRET}',
      }),
      job('refreshing', {
        type: 'oauth2-authorization-code',
        tokenUrl,
        clientId: 'me',
        clientSecret: '${env:OAUTH_SECRET}',
        refreshToken: '${env:SCIM_TOKEN}',
        tokenFile: './kept/tokens.json',
      }),
    ],
  };
}

async function run(...args: readonly string[]): Promise<void> {
  covered.add(args[0] ?? '');
  const { out, err } = await runAs(args, { cwd: folder, env: SECRETS });
  printed.push(`$ scimulate ${args.join(' ')}\n${out}${err}`);
}

/** Everything written below `folder`, but what is there to keep credentials. */
async function writtenFiles(): Promise<readonly (readonly [name: string, text: string])[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const kept = files.filter(
    (path) => !path.endsWith(join('kept', 'tokens.json')) && !path.startsWith(join(folder, 'state.db.secrets')),
  );
  return Promise.all(kept.map(async (path) => [path, await readFile(path, 'latin1')] as const));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-leaks-'));
  served = await serveApp(echoingApp());
  const users = ['u1', 'u2', 'u3', 'u4', 'u5'].map((id) => aUser(id));
  await writeFile(join(folder, 'directory.json'), JSON.stringify(everyone(users)));
  await writeFile(join(folder, 'mapping.yaml'), DEFAULT_MAPPING);
  await writeFile(join(folder, 'config.yaml'), JSON.stringify(configuration(), null, 1));
});
afterAll(async () => {
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

test('no command lets a secret out', { timeout: 60_000 }, async () => {
  const signIn = ['--token-url', `${served.url}/token`, '--client-id', 'c1', '--client-secret', '${env:OAUTH_SECRET}'];
  const asked = [
    '--url',
    `${served.url}/scim`,
    ...signIn,
    ...SOME_CHECKS,
    '--only',
    'token-endpoint',
    '--only',
    'token-lifetime',
  ];
  await run('validate', '--effective');
  await run('validate', '--json');
  await run('validate', '--connect', '--har', 'validate.har');
  await run('preview', '--har', 'preview.har');
  await run('sync', '--har', 'sync.har');
  await run('sync', '--json', '--cycles', '2', '--har', 'sync-again.har');
  await run('preview', '--json', '--har', 'preview-again.har');
  await run('provision', 'u2', '--har', 'provision.har');
  await run('provision', 'u1', '--json');
  for (const user of ['u1', 'u2', 'u3', 'u4', 'u5']) await run('why', user, '--har', `why-${user}.har`);
  await run('why', 'u1', '--json');
  await run('verify', '--har', 'verify.har');
  await run('verify', '--json');
  await run('sync', '--verify');
  for (const next of ['401', 'redirect', 'html', 'bad-token'] as const) {
    mood = next;
    await run('validate', '--connect', '--har', `validate-${next}.har`);
    await run('sync', '--har', `sync-${next}.har`);
    await run('provision', 'u1', '--har', `provision-${next}.har`);
    await run('conform', ...SOME_CHECKS, '--url', `${served.url}/scim`, '--har', `conform-${next}.har`);
    await run('conform', ...asked, '--har', `conform-sign-in-${next}.har`);
  }
  mood = 'echoing';
  await run('conform', ...SOME_CHECKS, '--url', `${served.url}/scim`, '--har', 'conform.har', '--junit', 'conform.xml');
  await run('conform', ...SOME_CHECKS, '--url', `${served.url}/scim`, '--json');
  await run('conform', ...asked, '--har', 'conform-sign-in.har', '--junit', 'conform-sign-in.xml');
  await run('conform', ...asked, '--json');
  await run('status');
  await run('status', '--json');
  await run('logs');
  await run('logs', '--json');
  await run('explain', 'ToLower([mail])', '--object', 'u1');
  await run('explain', '--all', '--object', 'u1', '--json', '--har', 'explain.har');
  await run('functions', '--json');
  await run('test');
  await run('accounts');
  await run('accounts', '--json', '--har', 'accounts.har');
  await run('schema', 'discover', '--har', 'discover.har');
  await run('schema', 'export', '--out', 'schema.json');
  await run('schema', 'import', 'schema.json');
  await run('init', 'fresh');
  await run('pause', '--json');
  await run('start');
  await run('restart', '--yes');
  await run('simulate', resolve('fixtures/scenarios/onboarding.yaml'), '--json', '--har', 'simulate.har');
  await untilStopped(['target', 'scim', '--port', '0'], /http:/);
  await daemon();
  await run('demo');

  const help = (await runAs(['--help'])).out;
  const commands = [...help.matchAll(/^ {2}([a-z]+) .*(?:\[|<|\w)/gm)].map(([, name]) => name ?? '');
  expect(commands).toContain('sync');
  // A new command joins the list above, or this fails.
  expect(commands.filter((name) => name !== 'help' && !covered.has(name))).toEqual([]);

  expect(printed.filter((text) => CANARY.test(text))).toEqual([]);
  const files = await writtenFiles();
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter(([, text]) => CANARY.test(text)).map(([name]) => name)).toEqual([]);
});

test('the canary would have been found: the target saw it, and the token file holds it', async () => {
  expect(await readFile(join(folder, 'kept', 'tokens.json'), 'utf8')).toMatch(CANARY);
  const har = await readFile(join(folder, 'sync.har'), 'utf8');
  expect(har).toContain('Bearer ***');
  expect(har).toContain('client_secret=***');
  const state = printed.join('\n');
  expect(state).toContain('bad: Bearer ***');
});

/** Runs a command that ends on Ctrl-C, once it has printed `sign`; `meanwhile` happens before. */
async function untilStopped(
  args: readonly string[],
  sign: RegExp,
  meanwhile: (output: () => string) => Promise<void> = async () => undefined,
): Promise<void> {
  covered.add(args[0] ?? '');
  const stop = new AbortController();
  let output = '';
  const running = runAs(args, {
    cwd: folder,
    env: SECRETS,
    signal: stop.signal,
    onOut: (text) => {
      output += text;
    },
  });
  await expect.poll(() => output, { timeout: 15_000 }).toMatch(sign);
  await meanwhile(() => output);
  stop.abort();
  const { out, err } = await running;
  printed.push(`$ scimulate ${args.join(' ')}\n${out}${err}`);
}

async function daemon(): Promise<void> {
  await untilStopped(['daemon', '--log-format', 'json', '--har', 'daemon.har'], /"daemon started"/, async (output) => {
    await expect.poll(output, { timeout: 15_000 }).toMatch(/cycle (finished|failed|broken)/);
    const [, origin = ''] = /"listen":"(http:[^"]+)"/.exec(output()) ?? [];
    const headers = { authorization: `Bearer ${SECRETS.API_KEY}` };
    const { value } = (await (await fetch(`${origin}/v1.0/servicePrincipals`, { headers })).json()) as {
      value: readonly { readonly id: string }[];
    };
    const secrets = `${origin}/v1.0/servicePrincipals/${value[0]?.id}/synchronization/secrets`;
    const put = await fetch(secrets, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ value: [{ key: 'SecretToken', value: 'C4nary-by-api-0123456789' }] }),
    });
    expect(put.status).toBeLessThan(300);
    printed.push(await put.text(), await (await fetch(secrets, { headers })).text());
    for (const path of ['/healthz', '/metrics', '/v1.0/auditLogs/provisioning', '/v1.0/servicePrincipals']) {
      printed.push(`${path} ${await (await fetch(`${origin}${path}`, { headers })).text()}`);
    }
    printed.push(
      await (await fetch(`${origin}/v1.0/servicePrincipals`, { headers: { authorization: 'Bearer wrong' } })).text(),
    );
  });
}
