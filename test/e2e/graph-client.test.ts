/**
 * The management API of a daemon as a process, driven by Microsoft's Graph client: the walk-through of Microsoft's documentation
 * (graph-api.md 16 no. 1), errors as the client sees them, and the upgrade of the Workplace document (gallery.md WM-S11).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@microsoft/microsoft-graph-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMetaApp } from '../../fixtures/targets/meta/meta-app.ts';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { type ServedApp, serveApp } from '../../fixtures/targets/serve-app.ts';
import type { TargetApp } from '../../fixtures/targets/target-app.ts';
import { graphClient } from '../support/graph-client.ts';
import { aUser, everyone } from '../support/world.ts';

const MAIN = fileURLToPath(new URL('../../dist/engine/cli/main.js', import.meta.url));
const KEY = 'e2e-key-0123456789abcdef';
const TOKEN = 'test-token';
const SCIM2 = 'https://scim.workplace.com/';

let folder: string;
let daemon: ChildProcess;
let scim: TargetApp;
let workplace: TargetApp;
let servers: ServedApp[];
let baseUrl: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
  scim = createScimApp({ token: TOKEN });
  workplace = createMetaApp('workplace', { token: TOKEN });
  servers = [await serveApp(scim), await serveApp(workplace)];
  const [scimServer, workplaceServer] = servers;
  const users = ['u1', 'u2', 'u3'].map((id) => aUser(id, { givenName: 'Given', surname: id }));
  const { users: people, groups, applications } = everyone(users);
  const assignments = applications[0]?.assignments ?? [];
  const directory = {
    users: people,
    groups,
    applications: ['workplace', 'demo'].map((name) => ({ name, roles: ['User'], assignments })),
  };
  await writeFile(join(folder, 'directory.json'), JSON.stringify(directory));
  const configuration = {
    tenantId: '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b',
    store: './state.db',
    directory: { type: 'file', path: './directory.json' },
    daemon: { listen: '127.0.0.1:0' },
    api: {
      keys: [
        {
          key: '${env:API_KEY}',
          roles: ['Application Administrator'],
          permissions: ['Directory.ReadWrite.All', 'AuditLog.Read.All'],
        },
      ],
      overrides: { [SCIM2]: workplaceServer?.url },
    },
    jobs: [
      {
        name: 'workplace',
        mappings: resolve('mappings/workplace-legacy.yaml'),
        target: {
          url: 'https://www.workplace.com/scim/v1/',
          override: `${workplaceServer?.url}/scim/v1`,
          auth: { type: 'bearer', token: '${env:SCIM_TOKEN}' },
        },
      },
    ],
  };
  await writeFile(join(folder, 'config.yaml'), JSON.stringify(configuration));
  baseUrl = await startDaemon();
  expect(scimServer?.url).toBeDefined();
});

afterEach(async () => {
  daemon.kill('SIGKILL');
  for (const server of servers) await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** The address that the daemon says it listens on. */
function startDaemon(): Promise<string> {
  daemon = spawn(process.execPath, [MAIN, 'daemon', '--log-format', 'json'], {
    cwd: folder,
    env: { ...process.env, SCIM_TOKEN: TOKEN, API_KEY: KEY },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((found, failed) => {
    let out = '';
    daemon.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const [, url] = /"listen":"(http:[^"]+)"/.exec(out) ?? [];
      if (url !== undefined) found(url);
    });
    daemon.once('close', () => failed(new Error(`the daemon ended: ${out}`)));
  });
}

type Page = { readonly value: readonly Record<string, never>[]; readonly '@odata.nextLink'?: string };
type JobView = {
  readonly id: string;
  readonly schedule: { readonly state: string };
  readonly status: { readonly code: string; readonly lastSuccessfulExecution: { readonly state: string } | null };
};

const principalOf = async (client: Client, name: string): Promise<string> => {
  const found = await client
    .api('/servicePrincipals')
    .filter(`displayName eq '${name}'`)
    .select(['id', 'appRoles'])
    .get();
  expect(found.value).toHaveLength(1);
  const { id, appId } = await client.api(`/servicePrincipals/${found.value[0].id}`).get();
  expect(await client.api(`/servicePrincipals(appId='${appId}')`).get()).toMatchObject({ id });
  return id;
};

/** Asks for the job until it has been through a cycle, as scripts do. */
async function untilSucceeded(client: Client, job: string): Promise<JobView> {
  return expect
    .poll(async (): Promise<JobView> => client.api(job).get(), { timeout: 60_000, interval: 200 })
    .toMatchObject({ status: { lastSuccessfulExecution: { state: 'Succeeded' } } })
    .then(() => client.api(job).get());
}

/** The id of the rule that provision on demand runs. */
async function ruleOf(client: Client, job: string): Promise<string> {
  const schema = await client.api(`${job}/schema`).get();
  return schema.synchronizationRules[0].id;
}

test.each(['v1.0', 'beta'] as const)('the walk-through of the documentation, over %s', async (version) => {
  const client = graphClient(baseUrl, KEY, version);
  const sync = `/servicePrincipals/${await principalOf(client, 'demo')}/synchronization`;
  const templates = await client.api(`${sync}/templates`).get();
  expect(templates.value.map(({ id }: { id: string }) => id)).toContain('scim');
  expect(await client.api(`${sync}/templates/scim`).get()).toMatchObject({ id: 'scim' });
  const created: JobView = await client.api(`${sync}/jobs`).post({ templateId: 'scim' });
  expect(created).toMatchObject({ schedule: { state: 'Disabled' }, status: { code: 'NotConfigured' } });
  const job = `${sync}/jobs/${created.id}`;
  const credentials = [
    { key: 'BaseAddress', value: `${servers[0]?.url}/scim` },
    { key: 'SecretToken', value: TOKEN },
  ];
  expect(await client.api(`${job}/validateCredentials`).post({ credentials })).toBeUndefined();
  expect(await client.api(`${sync}/secrets`).put({ value: credentials })).toBeUndefined();
  expect(await client.api(`${job}/start`).post({})).toBeUndefined();
  const after = await untilSucceeded(client, job);
  expect(after).toMatchObject({ schedule: { state: 'Active' }, status: { code: 'Active', quarantine: null } });
  expect(scim.state.users()).toHaveLength(3);

  const logs: Page = await client
    .api('/auditLogs/provisioning')
    .version('beta')
    .filter(`jobId eq '${created.id}'`)
    .top(2)
    .get();
  expect(logs.value).toHaveLength(2);
  expect(logs.value[0]).toMatchObject({ jobId: created.id, action: 'Create', statusInfo: { status: 'success' } });
  const rest: Page = await client.api(logs['@odata.nextLink'] ?? '').get();
  expect(rest.value).toHaveLength(1);

  // One user on demand, then the schedule stopped and begun anew.
  const parameters = [{ subjects: [{ objectId: 'u1', objectTypeName: 'User' }], ruleId: await ruleOf(client, job) }];
  const { key }: { key: string } = await client.api(`${job}/provisionOnDemand`).post({ parameters });
  expect(JSON.parse(key)).toMatchObject({ result: expect.any(String) });
  expect(await client.api(`${job}/pause`).post({})).toBeUndefined();
  expect(await client.api(job).get()).toMatchObject({ schedule: { state: 'Disabled' } });
  expect(await client.api(`${job}/restart`).post({ criteria: { resetScope: 'Full' } })).toBeUndefined();
  expect(await client.api(job).get()).toMatchObject({ schedule: { state: 'Active' } });
  expect(await client.api(`${sync}/secrets`).get()).toMatchObject({ value: expect.any(Array) });

  const schema = await client.api(`${job}/schema`).get();
  expect(await client.api(`${job}/schema`).put(schema)).toBeUndefined();
  expect(await client.api(job).delete()).toBeUndefined();
  await expect(client.api(job).get()).rejects.toMatchObject({ statusCode: 404, code: 'ResourceNotFound' });
});

test('errors reach the client with status, code and request id', async () => {
  const client = graphClient(baseUrl, KEY);
  const jobs = `/servicePrincipals/${await principalOf(client, 'demo')}/synchronization/jobs`;
  await expect(client.api(jobs).post({ templateId: 'nothing' })).rejects.toMatchObject({
    statusCode: 400,
    code: 'BadRequest',
    message: expect.stringContaining('There is no template'),
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    date: expect.any(Date),
  });
  const stranger = graphClient(baseUrl, 'a-key-that-nobody-has');
  await expect(stranger.api(jobs).get()).rejects.toMatchObject({ statusCode: 401, code: 'InvalidAuthenticationToken' });
});

test('WM-S11: the upgrade from SCIM 1.0 to SCIM 2.0, step by step', async () => {
  const client = graphClient(baseUrl, KEY, 'beta');
  const sync = `/servicePrincipals/${await principalOf(client, 'workplace')}/synchronization`;
  const [legacy] = (await client.api(`${sync}/jobs/`).get()).value;
  expect(legacy.id).toMatch(/^FacebookAtWorkOutDelta\.\w+\.[\w-]+$/);
  await untilSucceeded(client, `${sync}/jobs/${legacy.id}`);
  const accounts = () => workplace.state.users().map(({ id, userName }) => ({ id, userName }));
  const before = accounts();
  expect(before).toHaveLength(3);

  await client.api(`${sync}/jobs/${legacy.id}`).delete();
  const created: JobView = await client.api(`${sync}/jobs`).post({ templateId: 'FacebookWorkplace' });
  expect(created.id).toMatch(/^FacebookWorkplace\./);
  await expect(client.api(`${sync}/jobs/${created.id}/start`).post({})).rejects.toMatchObject({ statusCode: 400 });
  const value = [
    { key: 'BaseAddress', value: SCIM2 },
    { key: 'Oauth2AccessToken', value: TOKEN },
  ];
  await client.api(`${sync}/secrets`).put({ value });
  const sent = workplace.requests.length;
  await client.api(`${sync}/jobs/${created.id}/start`).post({});
  await untilSucceeded(client, `${sync}/jobs/${created.id}`);
  const requests = workplace.requests.slice(sent).map(({ method, url }) => `${method} ${url}`);
  expect(requests.filter((line) => line.startsWith('POST'))).toEqual([]);
  expect(requests.filter((line) => /^GET \/Users\?filter=userName.*u\d%40/.test(line))).toHaveLength(3);
  expect(accounts()).toEqual(before);
});
