/** Workplace by Facebook made over the management API: it shares its template with Workplace over SCIM 1.0 (gallery.md 3, WF-11, WF-13). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withControlSurface } from '../../fixtures/targets/control-surface.ts';
import { createMetaApp } from '../../fixtures/targets/meta/meta-app.ts';
import { type ServedApp, serveApp } from '../../fixtures/targets/serve-app.ts';
import type { TargetApp } from '../../fixtures/targets/target-app.ts';
import { API, type GraphWorld, openGraphWorld } from '../support/graph-world.ts';
import { aUser, everyone, TOKEN } from '../support/world.ts';

const COMPANY = 'https://www.facebook.com/company/1000000001/scim/';
const LEGACY = 'https://www.workplace.com/scim/v1/';

let workplace: TargetApp;
let server: ServedApp;
let world: GraphWorld;

beforeEach(async () => {
  workplace = createMetaApp('workplace-2017', { token: TOKEN });
  server = await serveApp(withControlSurface(workplace));
  const ana = aUser('u1', {
    givenName: 'Ana',
    surname: 'Sousa',
    jobTitle: 'Planner',
    employeeId: '4711',
    companyName: 'Contoso',
    employeeHireDate: '2023-01-01T00:00:00Z',
  });
  const applications = [
    { name: 'app', roles: ['User'], assignments: [] },
    { name: 'second', roles: ['User'], assignments: [{ user: 'u1', role: 'User' }] },
  ];
  // The origin leads every address of the host to the stand-in (gallery.md 0.2).
  const overrides = { 'https://www.facebook.com/': `${server.url}/` };
  world = await openGraphWorld({
    directory: { ...everyone([ana]), applications },
    configuration: { api: { ...API, overrides } },
  });
});

afterEach(async () => {
  await world.close();
  await server.close();
});

const put = (url: string) =>
  world.call('PUT', `${world.sync('second')}/secrets`, {
    value: [
      { key: 'BaseAddress', value: url },
      { key: 'SecretToken', value: TOKEN },
    ],
  });

/** The path of a new job. */
async function create(): Promise<string> {
  const jobs = `${world.sync('second')}/jobs`;
  const { json } = await world.call('POST', jobs, { templateId: 'FacebookAtWorkOutDelta' });
  return `${jobs}/${json.id}`;
}

async function targets(job: string): Promise<readonly string[]> {
  const { json } = await world.call('GET', `${job}/schema`);
  const rows: { targetAttributeName: string }[] = json.synchronizationRules[0].objectMappings[0].attributeMappings;
  return rows.map(({ targetAttributeName }) => targetAttributeName);
}

test('the address makes it the application of 2017: its 22 rows are sent, and can be saved again', async () => {
  const job = await create();
  expect(await targets(job)).toHaveLength(29);
  expect((await put(COMPANY)).status).toBe(204);
  expect(await targets(job)).toHaveLength(22);
  expect((await world.call('GET', job)).json.schedule.interval).toBe('PT20M');
  const schema = (await world.call('GET', `${job}/schema`)).json;
  const listed: { name: string; type: string }[] = schema.directories[1].objects[0].attributes;
  expect(listed.find(({ name }) => name === 'title')?.type).toBe('Boolean');
  expect((await world.call('PUT', `${job}/schema`, schema)).status).toBe(204);
  expect((await world.call('POST', `${job}/start`)).status).toBe(204);
  expect((await world.tick()).second?.cycle.counts).toMatchObject({ created: 1, failed: 0 });
  const created = workplace.requests.find(({ method }) => method === 'POST');
  expect(created?.body).toMatchObject({ userName: 'u1@contoso.com', active: true, title: 'Planner' });
  expect(JSON.stringify(created?.body)).not.toMatch(/employeeNumber|organization|auth_method|frontline|startDate/);
});

test('an address that is known before the job is made decides at once', async () => {
  await put(COMPANY);
  expect(await targets(await create())).toHaveLength(22);
});

test('another address, another application; the next cycle is an initial one', async () => {
  await put(COMPANY);
  const job = await create();
  await world.call('POST', `${job}/start`);
  await world.tick();
  expect((await put(LEGACY)).status).toBe(204);
  expect(await targets(job)).toHaveLength(29);
  await put(COMPANY);
  expect((await world.tick()).second?.cycle.kind).toBe('initial');
});

test('a mapping that somebody changed is left alone, and has to suit the application at the address', async () => {
  const job = await create();
  const schema = (await world.call('GET', `${job}/schema`)).json;
  const [users] = schema.synchronizationRules[0].objectMappings;
  users.attributeMappings.splice(1, 1);
  expect((await world.call('PUT', `${job}/schema`, schema)).status).toBe(204);
  const refused = await put(COMPANY);
  expect([refused.status, refused.json.error.message]).toEqual([
    400,
    expect.stringMatching(/division is not in the target attribute list of Workplace by Facebook/),
  ]);
  users.attributeMappings.splice(21);
  expect((await world.call('PUT', `${job}/schema`, schema)).status).toBe(204);
  expect((await put(COMPANY)).status).toBe(204);
  expect(await targets(job)).toHaveLength(21);
});

test('WF-03: address and "all users" cannot be saved together', async () => {
  await create();
  const { status, json } = await world.call('PUT', `${world.sync('second')}/secrets`, {
    value: [
      { key: 'BaseAddress', value: COMPANY },
      { key: 'SyncAll', value: 'true' },
    ],
  });
  expect([status, json.error.message]).toEqual([400, expect.stringContaining('assigned users only')]);
});
