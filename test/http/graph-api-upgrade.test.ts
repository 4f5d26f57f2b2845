/**
 * From SCIM 1.0 to SCIM 2.0 as the Workplace document describes it: GET, DELETE and POST of the job, new Tenant URL, new grant, On
 * (gallery.md WM-12 to WM-20, WM-S11 to WM-S13). One account store stands behind both protocols.
 */
import { readdir, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withControlSurface } from '../../fixtures/targets/control-surface.ts';
import { createMetaApp } from '../../fixtures/targets/meta/meta-app.ts';
import { type ServedApp, serveApp } from '../../fixtures/targets/serve-app.ts';
import type { TargetApp } from '../../fixtures/targets/target-app.ts';
import { API, type GraphWorld, openGraphWorld, SYNC_KEY } from '../support/graph-world.ts';
import { aUser, everyone, TOKEN } from '../support/world.ts';

const SCIM2 = 'https://scim.workplace.com/';

let workplace: TargetApp;
let server: ServedApp;
let world: GraphWorld;
let jobs: string;

beforeEach(async () => {
  workplace = createMetaApp('workplace', { token: TOKEN });
  server = await serveApp(withControlSurface(workplace));
  const users = [
    aUser('u1', { displayName: 'Sousa, Ana', givenName: 'Ana', surname: 'Sousa' }),
    aUser('u2', { displayName: 'Ode, Ben', givenName: 'Ben', surname: 'Ode' }),
    aUser('u3', { displayName: 'Rossi, Cia', givenName: 'Cia', surname: 'Rossi' }),
  ];
  const legacy = await readFile('mappings/workplace-legacy.yaml', 'utf8');
  world = await openGraphWorld({
    directory: everyone(users),
    // A customisation of the legacy application.
    mapping: legacy.replace(/- \{ to: name\.formatted, .*\}/, '- { to: name.formatted, from: displayName }'),
    target: { url: 'https://www.workplace.com/scim/v1/', override: `${server.url}/scim/v1` },
    configuration: { api: { ...API, overrides: { [SCIM2]: server.url } } },
  });
  jobs = `/beta/servicePrincipals/${world.principal()}/synchronization/jobs`;
  expect((await world.tick()).app?.cycle.counts).toMatchObject({ created: 3, failed: 0 });
});

afterEach(async () => {
  await world.close();
  await server.close();
});

const accounts = () => workplace.state.users().map(({ id, userName }) => ({ id, userName }));
const since = (before: number) => workplace.requests.slice(before).map(({ method, url }) => `${method} ${url}`);

/** GET, DELETE and POST as the document has them, with its trailing slash; the new job's path. */
async function upgrade(): Promise<string> {
  const [{ id }] = (await world.call('GET', `${jobs}/`)).json.value;
  expect((await world.call('DELETE', `${jobs}/${id}`)).status).toBe(204);
  const created = await world.call('POST', jobs, { templateId: 'FacebookWorkplace' });
  expect(created.status).toBe(201);
  return `${jobs}/${created.json.id}`;
}

async function switchOn(job: string): Promise<void> {
  const value = [
    { key: 'BaseAddress', value: SCIM2 },
    { key: 'Oauth2AccessToken', value: TOKEN },
  ];
  expect((await world.call('PUT', `${world.sync()}/secrets`, { value })).status).toBe(204);
  expect((await world.call('POST', `${job}/validateCredentials`, { useSavedCredentials: true })).status).toBe(204);
  expect((await world.call('POST', `${job}/start`)).status).toBe(204);
}

test('WM-12, WF-13: the id of the legacy job has three parts', async () => {
  const [{ id }] = (await world.call('GET', jobs)).json.value;
  expect(id).toMatch(/^FacebookAtWorkOutDelta\.[0-9a-f]{32}\.[0-9a-f-]{36}$/);
});

test('WM-S11, WM-14, WM-15, WM-16, WM-17, WM-18: three accounts stay three accounts', async () => {
  const before = accounts();
  const job = await upgrade();
  const { json } = await world.call('GET', job);
  expect(json.id).toMatch(/^FacebookWorkplace\./);
  expect(json).toMatchObject({ schedule: { state: 'Disabled' }, status: { code: 'NotConfigured' } });
  // WM-16: no credentials, no filter, the default mapping.
  expect((await world.call('GET', `${world.sync()}/secrets`)).json.value).toEqual([]);
  const schema = (await world.call('GET', `${job}/schema`)).json;
  const [users] = schema.synchronizationRules[0].objectMappings;
  expect(users.scope).toBeNull();
  expect(JSON.stringify(users)).toContain('Coalesce(Join');
  // WM-14, WM-17: nothing runs before the new URL and the new grant.
  const idle = workplace.requests.length;
  expect((await world.call('POST', `${job}/start`)).status).toBe(400);
  expect(await world.tick()).toEqual({});
  expect(since(idle)).toEqual([]);
  await switchOn(job);
  const start = workplace.requests.length;
  const { app } = await world.tick();
  expect(app?.cycle).toMatchObject({ kind: 'initial', counts: { created: 0, failed: 0 } });
  expect(since(start).filter((line) => line.startsWith('POST'))).toEqual([]);
  expect(since(start).filter((line) => /^GET \/Users\?filter=.*u\d%40contoso\.com/.test(line))).toHaveLength(3);
  expect(accounts()).toEqual(before);
  const after = await world.call('GET', job);
  expect(after.json.status.synchronizedEntryCountByType).toEqual([{ key: 'User to User', value: 3 }]);
});

test('WM-S12, WM-19: a customisation that is not restored is overwritten, and the log says what it was', async () => {
  expect(workplace.state.users()[0]).toMatchObject({ name: { formatted: 'Sousa, Ana' } });
  await switchOn(await upgrade());
  const start = workplace.requests.length;
  await world.tick();
  expect(since(start).filter((line) => line.startsWith('PATCH')).length).toBeGreaterThan(0);
  expect(workplace.state.users()[0]).toMatchObject({ name: { formatted: 'Ana Sousa' } });
  const filter = encodeURIComponent("sourceIdentity/id eq 'u1' and provisioningAction eq 'update'");
  const { json } = await world.call('GET', `/beta/auditLogs/provisioning?$filter=${filter}`);
  expect(json.value[0].modifiedProperties).toContainEqual({
    displayName: 'name.formatted',
    oldValue: 'Sousa, Ana',
    newValue: 'Ana Sousa',
  });
});

test('WM-19, WM-20: noted before and restored before switching on, it stays', async () => {
  const [{ id }] = (await world.call('GET', jobs)).json.value;
  const noted = (await world.call('GET', `${jobs}/${id}/schema`)).json;
  const formatted = ({ targetAttributeName }: { targetAttributeName: string }) =>
    targetAttributeName === 'name.formatted';
  const row = noted.synchronizationRules[0].objectMappings[0].attributeMappings.find(formatted);
  const job = await upgrade();
  const schema = (await world.call('GET', `${job}/schema`)).json;
  const rows = schema.synchronizationRules[0].objectMappings[0].attributeMappings;
  rows.splice(rows.findIndex(formatted), 1, row);
  expect((await world.call('PUT', `${job}/schema`, schema)).status).toBe(204);
  await switchOn(job);
  await world.tick();
  expect(workplace.state.users()[0]).toMatchObject({ name: { formatted: 'Sousa, Ana' } });
});

test('a grant with a refresh token is renewed, and its tokens are kept beside the credentials', async () => {
  const job = await upgrade();
  const consent = JSON.stringify({ username: 'admin@contoso.com' });
  const consented = await fetch(`${server.url}/_sim/oauth/consent`, { method: 'POST', body: consent });
  const { code } = (await consented.json()) as { code: string };
  const form = { grant_type: 'authorization_code', code, client_id: 'entra', client_secret: 'hush' };
  const answer = await fetch(`${server.url}/oauth/access_token`, { method: 'POST', body: new URLSearchParams(form) });
  const { refresh_token: refreshToken } = (await answer.json()) as { refresh_token: string };
  const value = [
    { key: 'BaseAddress', value: SCIM2 },
    { key: 'Oauth2ClientId', value: 'entra' },
    { key: 'Oauth2ClientSecret', value: 'hush' },
    { key: 'Oauth2TokenExchangeUri', value: `${server.url}/oauth/access_token` },
    { key: 'Oauth2RefreshToken', value: refreshToken },
  ];
  expect((await world.call('PUT', `${world.sync()}/secrets`, { value })).status).toBe(204);
  expect((await world.call('POST', `${job}/start`)).status).toBe(204);
  const { app } = await world.tick();
  expect(app?.cycle).toMatchObject({ state: 'Succeeded', counts: { created: 0, failed: 0 } });
  const kept = () => readdir(`${world.folder}/state.db.secrets`);
  expect((await kept()).toSorted()).toEqual([`${world.principal()}.json`, `${world.principal()}.token`]);
  await world.call('PUT', `${world.sync()}/secrets`, { value: [] });
  expect(await kept()).toEqual([]);
});

test('WM-S13, WM-13: without Directory.ReadWrite.All the job is unchanged and still cycles', async () => {
  const [{ id }] = (await world.call('GET', jobs)).json.value;
  const asked = { key: SYNC_KEY };
  const answers = [
    await world.call('GET', jobs, undefined, asked),
    await world.call('DELETE', `${jobs}/${id}`, undefined, asked),
    await world.call('POST', jobs, { templateId: 'FacebookWorkplace' }, asked),
  ];
  expect(answers.map(({ status, json }) => [status, json.error.code])).toEqual(
    Array.from({ length: 3 }, () => [403, 'Authorization_RequestDenied']),
  );
  const { app } = await world.tick();
  expect(app?.job.jobId).toBe(id);
  expect(app?.cycle).toMatchObject({ kind: 'incremental', state: 'Succeeded' });
});

test('GC-29: two jobs of one application share nothing', async () => {
  const job = await upgrade();
  const second = await world.call('POST', jobs, { templateId: 'FacebookWorkplace' });
  await switchOn(job);
  await world.tick();
  const { json } = await world.call('GET', jobs);
  const codes = json.value.map(({ id, status }: { id: string; status: { code: string } }) => [id, status.code]);
  expect(codes).toEqual([
    [expect.stringMatching(/^FacebookWorkplace\./), 'Active'],
    [second.json.id, 'NotRun'],
  ]);
});
