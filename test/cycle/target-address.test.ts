/** A job that is given another URL: the application moved, or it is another one (recognize-target.ts). */
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withControlSurface } from '../../fixtures/targets/control-surface.ts';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { serveApp } from '../../fixtures/targets/serve-app.ts';
import { aUser, everyone, openWorld, TOKEN, type World } from '../support/world.ts';

let world: World;
let server: Awaited<ReturnType<typeof serveApp>> | undefined;
beforeEach(async () => {
  world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2'), aUser('u3')]) });
  await world.cycle();
});
afterEach(async () => {
  await world.close();
  await server?.close();
  server = undefined;
});

/** Points the job at `app`, served on a port of its own. */
async function pointAt(app: Parameters<typeof serveApp>[0]): Promise<void> {
  server = await serveApp(app);
  const config = JSON.parse(await readFile(world.configPath, 'utf8'));
  config.jobs[0].target.url = `${server.url}/scim?aadOptscim062020`;
  await writeFile(world.configPath, JSON.stringify(config));
  await world.reopen();
}

const rename = () => Object.assign(world.directory.users[0] ?? {}, { displayName: 'Renamed' });
const names = ['u1@contoso.com', 'u2@contoso.com', 'u3@contoso.com'];
const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
const seeded = (userNames: readonly string[]) =>
  createScimApp({
    token: TOKEN,
    seed: { users: userNames.map((userName, index) => ({ schemas, id: `t${index + 1}`, userName })) },
  });

test('the same accounts at another address: the cycle goes on, and nothing is said', async () => {
  const app = seeded(names);
  await pointAt(app);
  rename();
  const { cycle, notices } = await world.cycle();
  expect(cycle).toMatchObject({ kind: 'incremental', state: 'Succeeded', counts: { updated: 1 } });
  expect(notices).toEqual([]);
  expect(app.state.users()[0]).toMatchObject({ userName: 'u1@contoso.com', displayName: 'Renamed' });
  const before = app.requests.length;
  await world.cycle();
  expect(app.requests.slice(before).filter(({ url }) => !url.includes('filter='))).toEqual([]);
});

test('other accounts under the same ids: nothing is sent, and the job is not in quarantine', async () => {
  const app = seeded(['x@fabrikam.com', 'y@fabrikam.com', 'z@fabrikam.com']);
  await pointAt(app);
  rename();
  const { error, cycle, job } = await world.cycle();
  expect(error).toMatchObject({
    code: 'TargetChanged',
    message: expect.stringContaining('t1 is x@fabrikam.com there'),
  });
  expect(cycle.state).toBe('Failed');
  expect(job.status).toBe('Active');
  expect((await world.preview()).error?.code).toBe('TargetChanged');
  await expect(world.engine().provision('app', 'u1')).rejects.toMatchObject({ code: 'TargetChanged' });
  expect(app.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  await world.engine().restart('app', ['Full']);
  expect((await world.cycle()).cycle.counts).toMatchObject({ created: 3, failed: 0 });
});

test('none of the accounts: who is unchanged is missing there, and every cycle, preview and status says so', async () => {
  const app = seeded([]);
  await pointAt(app);
  const notice = expect.stringMatching(/^the target changed from http:\S+ to http:\S+: .*restart --reset Full$/);
  expect((await world.engine().status('app')).notices).toEqual([notice]);
  expect((await world.preview()).notices).toEqual([notice]);
  expect((await world.cycle()).notices).toEqual([notice]);
  expect((await world.cycle()).notices).toEqual([notice]);
  await world.engine().restart('app', ['Full']);
  const { cycle, notices } = await world.cycle();
  expect(cycle.counts).toMatchObject({ created: 3 });
  expect(notices).toEqual([]);
  expect(app.state.users()).toHaveLength(3);
});

test('one account that was renamed at the target is no other application', async () => {
  await pointAt(seeded(['renamed@contoso.com', ...names.slice(1)]));
  const { error, notices } = await world.cycle();
  expect(error).toBeUndefined();
  expect(notices).toEqual([]);
});

test('an account that cannot be read there proves nothing and ends no cycle', async () => {
  const app = withControlSurface(seeded(names));
  app.inject({ match: { method: 'GET', path: '/Users/t' }, times: 'always', fault: { kind: 'status', status: 500 } });
  await pointAt(app);
  rename();
  const { error, cycle, notices } = await world.cycle();
  expect(error).toBeUndefined();
  expect(cycle.counts.failed).toBe(1);
  expect(notices).toHaveLength(1);
});
