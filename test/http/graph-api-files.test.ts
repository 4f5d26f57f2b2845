/** What the API decided, seen from the command line: status, validate, schema export (docs/adr/0007). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runAs } from '../support/cli.ts';
import { type GraphWorld, KEYS, openGraphWorld } from '../support/graph-world.ts';
import { aUser, everyone } from '../support/world.ts';

let world: GraphWorld;
let job: string;

beforeEach(async () => {
  world = await openGraphWorld({ directory: everyone([aUser('u1')]) });
  job = `${world.sync()}/jobs/${(await world.call('GET', `${world.sync()}/jobs`)).json.value[0].id}`;
});

afterEach(() => world.close());

const run = (...args: readonly string[]) => runAs([...args, '-c', world.configPath], { cwd: world.folder, env: KEYS });

test('validate and status say that the API removed a job of the file, and which line it is', async () => {
  await world.call('DELETE', job);
  const validated = await run('validate');
  expect(validated.code).toBe(0);
  expect(validated.out).toContain('The API removed "app"');
  expect(validated.out).toMatch(/config\.yaml:\d+:\d+/);
  const status = await run('status', '--json');
  expect(JSON.parse(status.out)).toMatchObject({ jobs: [], apiDecisions: [{ name: 'app', what: 'removed' }] });
});

test('a job that the API created is a job of every command, and waits until somebody starts it', async () => {
  await world.call('DELETE', job);
  const { json } = await world.call('POST', `${world.sync()}/jobs`, { templateId: 'FacebookWorkplace' });
  const status = await run('status');
  expect(status.out).toContain(json.id);
  expect(status.out).toContain('scimulate start --job app');
  const early = await run('sync', '--job', 'app');
  expect([early.code, early.err]).toEqual([4, expect.stringContaining('paused')]);
  expect(world.app.requests).toEqual([]);
});

test('WM-20: settings noted before an upgrade: the mapping that the API set is exported, credentials are not', async () => {
  const schema = (await world.call('GET', `${job}/schema`)).json;
  schema.synchronizationRules[0].objectMappings[0].attributeMappings[2].defaultValue = 'nobody';
  await world.call('PUT', `${job}/schema`, schema);
  await world.call('PUT', `${world.sync()}/secrets`, { value: [{ key: 'SecretToken', value: 'a-new-token' }] });
  const exported = await run('schema', 'export', '--job', 'app');
  const { synchronizationRules } = JSON.parse(exported.out);
  expect(synchronizationRules[0].objectMappings[0].attributeMappings[2].defaultValue).toBe('nobody');
  expect(exported.out).not.toContain('a-new-token');
  const validated = await run('validate', '--effective');
  expect(validated.err).toContain('The API set the mapping of "app"');
  expect(validated.err).toContain('The API set credentials or switches of "app"');
  expect(validated.out + validated.err).not.toContain('a-new-token');
  for (const key of Object.values(KEYS)) expect(validated.out).not.toContain(key);
});
