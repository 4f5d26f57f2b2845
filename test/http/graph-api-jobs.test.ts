/** Jobs over the management API: list, create, get, delete, start, pause, restart (graph-api.md 6; gallery.md WM-12 to WM-16). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serveApp } from '../../fixtures/targets/serve-app.ts';
import { ADMIN_KEY, type GraphWorld, openGraphWorld, TENANT } from '../support/graph-world.ts';
import { aUser, everyone, TOKEN } from '../support/world.ts';

const APPLICATIONS = [
  { name: 'app', roles: ['User'], assignments: [{ user: 'u1', role: 'User' }] },
  { name: 'second', roles: ['User'], assignments: [{ user: 'u2', role: 'User' }] },
];

let world: GraphWorld;

beforeEach(async () => {
  const directory = { ...everyone([aUser('u1'), aUser('u2')]), applications: APPLICATIONS };
  world = await openGraphWorld({ directory });
});

afterEach(() => world.close());

/** A started job of the application `second` with its credentials. */
async function createStarted(): Promise<string> {
  const jobs = `${world.sync('second')}/jobs`;
  const { json } = await world.call('POST', jobs, { templateId: 'scim' });
  await world.call('PUT', `${world.sync('second')}/secrets`, credentials());
  await world.call('POST', `${jobs}/${json.id}/start`);
  return json.id;
}

function credentials(more: readonly { key: string; value: string }[] = []) {
  return {
    value: [{ key: 'BaseAddress', value: world.targetUrl }, { key: 'SecretToken', value: TOKEN }, ...more],
  };
}

describe('a job of the configuration file', () => {
  test('is listed with its id, schedule and status', async () => {
    const { status, json } = await world.call('GET', `${world.sync()}/jobs`);
    expect(status).toBe(200);
    expect(json['@odata.context']).toBe(
      `http://127.0.0.1:9464/v1.0/$metadata#servicePrincipals('${world.principal()}')/synchronization/jobs`,
    );
    expect(json.value).toHaveLength(1);
    expect(json.value[0]).toMatchObject({
      templateId: 'scim',
      schedule: { expiration: null, interval: 'PT40M', state: 'Active' },
      status: { code: 'NotRun', quarantine: null, lastSuccessfulExecution: null },
    });
    expect(json.value[0].id).toBe(`scim.${TENANT.replaceAll('-', '')}.${world.principal()}`);
    expect(json.value[0]).not.toHaveProperty('schema');
  });

  test('shows its cycles: counts, steady state, linked accounts', async () => {
    await world.tick();
    const first = await world.call('GET', `${world.sync()}/jobs`);
    expect(first.json.value[0].status).toMatchObject({
      code: 'Active',
      lastExecution: { state: 'Succeeded', countExported: 1, error: null },
      lastSuccessfulExecutionWithExports: { countExported: 1 },
      synchronizedEntryCountByType: [
        { key: 'User to User', value: 1 },
        { key: 'Group to Group', value: 0 },
      ],
      steadyStateFirstAchievedTime: '0001-01-01T00:00:00Z',
    });
    await world.tick();
    const second = await world.call('GET', `${world.sync()}/jobs`);
    expect(second.json.value[0].status).toMatchObject({
      lastExecution: { state: 'Succeeded', countExported: 0 },
      lastSuccessfulExecutionWithExports: { countExported: 1 },
      steadyStateFirstAchievedTime: world.clock.now(),
    });
  });

  test('deleted, it is gone with links and watermark, and no cycle runs; the file is not asked', async () => {
    await world.tick();
    const id = (await world.call('GET', `${world.sync()}/jobs`)).json.value[0].id;
    const deleted = await world.call('DELETE', `${world.sync()}/jobs/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await world.call('GET', `${world.sync()}/jobs/${id}`)).status).toBe(404);
    expect((await world.call('GET', `${world.sync()}/jobs`)).json.value).toEqual([]);
    const before = world.app.requests.length;
    expect(await world.tick()).toEqual({});
    expect(world.app.requests).toHaveLength(before);
  });

  test('deleted and created again from its template, it finds its accounts by matching', async () => {
    await world.tick();
    const id = (await world.call('GET', `${world.sync()}/jobs`)).json.value[0].id;
    await world.call('DELETE', `${world.sync()}/jobs/${id}`);
    const created = await world.call('POST', `${world.sync()}/jobs`, { templateId: 'scim' });
    expect(created.json.id).toBe(id);
    await world.call('PUT', `${world.sync()}/secrets`, credentials());
    await world.call('POST', `${world.sync()}/jobs/${id}/start`);
    const { app } = await world.tick();
    expect(app?.cycle).toMatchObject({ kind: 'initial', state: 'Succeeded', counts: { created: 0 } });
    expect(world.app.state.users()).toHaveLength(1);
  });
});

describe('a job that the API creates', () => {
  test('is Disabled and NotConfigured, with the default mapping of its template', async () => {
    const { status, json } = await world.call('POST', `${world.sync('second')}/jobs`, { templateId: 'SCIM' });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      '@odata.context': expect.stringMatching(/\/synchronization\/jobs\/\$entity$/),
      id: `scim.${TENANT.replaceAll('-', '')}.${world.principal('second')}`,
      templateId: 'scim',
      schedule: { state: 'Disabled' },
      status: { code: 'NotConfigured', lastExecution: null, progress: [], synchronizedEntryCountByType: [] },
    });
    const schema = await world.call('GET', `${world.sync('second')}/jobs/${json.id}/schema`);
    expect(schema.json.synchronizationRules[0].objectMappings[0].attributeMappings).toHaveLength(22);
    expect(await world.tick()).not.toHaveProperty('second');
  });

  test('runs cycles in the daemon once it has credentials and is started', async () => {
    const id = await createStarted();
    const waiting = await world.call('GET', `${world.sync('second')}/jobs/${id}`);
    expect(waiting.json).toMatchObject({
      schedule: { state: 'Active' },
      status: {
        code: 'NotRun',
        troubleshootingUrl: '',
        // The placeholder that public clients misread (graph-api.md 6.4).
        lastExecution: { state: 'Failed', activityIdentifier: null, error: { code: 'None' } },
      },
    });
    const { second } = await world.tick();
    expect(second?.cycle).toMatchObject({ kind: 'initial', state: 'Succeeded', counts: { created: 1 } });
    world.directory.users[1] = aUser('u2', { displayName: 'Changed' });
    const next = await world.tick();
    expect(next.second?.cycle).toMatchObject({ kind: 'incremental', counts: { updated: 1 } });
  });

  test('survives a restart of the daemon', async () => {
    await createStarted();
    await world.reopen();
    expect(world.engine().jobNames).toEqual(['app', 'second']);
    const result = await world.engine().sync('second');
    expect(result.cycle.counts.created).toBe(1);
  });

  test('a second one from the same template gets ".2"', async () => {
    const first = await world.call('POST', `${world.sync('second')}/jobs`, { templateId: 'scim' });
    const second = await world.call('POST', `${world.sync('second')}/jobs`, { templateId: 'scim' });
    expect(second.json.id).toBe(`${first.json.id}.2`);
    const { json } = await world.call('GET', `${world.sync('second')}/jobs`);
    expect(json.value.map(({ id }: { id: string }) => id)).toEqual([first.json.id, second.json.id]);
  });

  test('without credentials its first cycle fails and quarantines', async () => {
    const { json } = await world.call('POST', `${world.sync('second')}/jobs`, { templateId: 'scim' });
    expect((await world.call('POST', `${world.sync('second')}/jobs/${json.id}/start`)).status).toBe(204);
    await world.tick();
    const after = await world.call('GET', `${world.sync('second')}/jobs/${json.id}`);
    expect(after.json.status).toMatchObject({
      code: 'Quarantine',
      countSuccessiveCompleteFailures: 1,
      quarantine: {
        reason: 'EncounteredQuarantineException',
        error: { code: 'SystemForCrossDomainIdentityManagementInvalidCredentials', tenantActionable: true },
      },
    });
    // Credentials are tried at once (graph-api.md 6.7).
    world.clock.advance(1000);
    await world.call('PUT', `${world.sync('second')}/secrets`, credentials());
    const { second } = await world.tick();
    expect(second?.job.quarantine).toBeUndefined();
    expect(second?.cycle.counts.created).toBe(1);
  });

  test('deleted, it leaves nothing but its log; a cycle that runs meanwhile commits nothing more', async () => {
    const id = await createStarted();
    await world.tick();
    const job = `${world.sync('second')}/jobs/${id}`;
    // A target that has the job deleted before it answers the write.
    const target = await serveApp({
      handle: async (request) => {
        if (request.method === 'PATCH') expect((await world.call('DELETE', job)).status).toBe(204);
        return world.app.handle(request);
      },
    });
    const moved = [
      { key: 'BaseAddress', value: `${target.url}/scim` },
      { key: 'SecretToken', value: TOKEN },
    ];
    await world.call('PUT', `${world.sync('second')}/secrets`, { value: moved });
    world.directory.users[1] = aUser('u2', { displayName: 'Changed' });
    await world.save();
    const { engine } = await world.look();
    const cycle = engine.sync('second').finally(() => target.close());
    await expect(cycle).rejects.toMatchObject({ code: 'LeaseLost' });
    const { engine: after } = await world.look();
    expect(after.jobNames).toEqual(['app']);
    const logs = await world.call('GET', `/v1.0/auditLogs/provisioning?$filter=jobId eq '${id}'`);
    expect(logs.json.value.length).toBeGreaterThan(0);
    const secrets = await world.call('GET', `${world.sync('second')}/secrets`);
    expect(secrets.json.value).toEqual([]);
  });

  test('an unknown template, and a body without one, are refused', async () => {
    const unknown = await world.call('POST', `${world.sync()}/jobs`, { templateId: 'nothing' });
    expect([unknown.status, unknown.json.error.code]).toEqual([400, 'BadRequest']);
    expect(unknown.json.error.message).toContain('scim');
    const none = await world.call('POST', `${world.sync()}/jobs`, {});
    expect([none.status, none.json.error.code]).toEqual([400, 'RequestParameterMissing']);
  });
});

describe('start, pause and restart', () => {
  test('pause keeps the position; start goes on from it', async () => {
    await world.tick();
    const { id } = (await world.call('GET', `${world.sync()}/jobs`)).json.value[0];
    const job = `${world.sync()}/jobs/${id}`;
    expect((await world.call('POST', `${job}/pause`, {})).status).toBe(204);
    const paused = await world.call('GET', job);
    expect(paused.json).toMatchObject({ schedule: { state: 'Disabled' }, status: { code: 'Paused' } });
    expect(await world.tick()).toEqual({});
    // An unrelated body is ignored (graph-api.md 1.3).
    expect((await world.call('POST', `${job}/start`, { tasks: [1] })).status).toBe(204);
    const { app } = await world.tick();
    expect(app?.cycle.kind).toBe('incremental');
  });

  test('the audit names who asked', async () => {
    await world.tick();
    const { id } = (await world.call('GET', `${world.sync()}/jobs`)).json.value[0];
    for (const action of ['pause', 'start', 'restart'])
      await world.call('POST', `${world.sync()}/jobs/${id}/${action}`);
    const { engine } = await world.look();
    const details = (await engine.audits('app')).slice(-3).map(({ detail }) => detail.replace(/^.*, /, ''));
    expect(details).toEqual(['by admin', 'by admin', 'by admin']);
  });

  test.each([
    ['no body', undefined, 'initial', 1],
    ['an empty scope', { criteria: { resetScope: '' } }, 'initial', 1],
    ['Watermark', { criteria: { resetScope: 'Watermark' } }, 'initial', 1],
    ['Full', { criteria: { resetScope: 'Full' } }, 'initial', 0],
    ['flags without blanks', { criteria: { resetScope: 'Watermark,ConnectorDataStore' } }, 'initial', 0],
    ['flags with blanks', { criteria: { resetScope: 'Escrows, QuarantineState' } }, 'incremental', 1],
    ['names from PowerShell', { Criteria: { ResetScope: 'watermark' } }, 'initial', 1],
    ['a sum of flags', { criteria: { resetScope: 5 } }, 'initial', 0],
    ['None', { criteria: { resetScope: 'None' } }, 'incremental', 1],
  ] as const)('restart with %s', async (_name, body, kind, links) => {
    await world.tick();
    const { id } = (await world.call('GET', `${world.sync()}/jobs`)).json.value[0];
    expect((await world.call('POST', `${world.sync()}/jobs/${id}/restart`, body)).status).toBe(204);
    const { engine } = await world.look();
    expect((await engine.status('app')).links.User).toBe(links);
    const { app } = await world.tick();
    expect(app?.cycle.kind).toBe(kind);
  });

  test('restart with a flag that does not exist', async () => {
    const { id } = (await world.call('GET', `${world.sync()}/jobs`)).json.value[0];
    for (const resetScope of ['Everything', 16, 'Watermark,Sometimes']) {
      const { status, json } = await world.call('POST', `${world.sync()}/jobs/${id}/restart`, {
        criteria: { resetScope },
      });
      expect([status, json.error.code]).toEqual([400, 'BadRequest']);
    }
  });

  test('ForceDeletes carries out what was held', async () => {
    world.directory.applications = [
      { name: 'app', roles: ['User'], assignments: ['u1', 'u2'].map((user) => ({ user, role: 'User' })) },
    ];
    const { id } = (await world.call('GET', `${world.sync()}/jobs`)).json.value[0];
    const threshold = { Enabled: false, DeleteThresholdEnabled: true, DeleteThresholdValue: 1 };
    const secrets = credentials([{ key: 'SyncNotificationSettings', value: JSON.stringify(threshold) }]);
    await world.call('PUT', `${world.sync()}/secrets`, secrets);
    await world.tick();
    world.directory.applications = [{ name: 'app', roles: ['User'], assignments: [] }];
    await world.tick();
    const held = await world.call('GET', `${world.sync()}/jobs/${id}`);
    expect(held.json.status.quarantine.reason).toBe('TooManyDeletes');
    expect(held.json.status.steadyStateLastAchievedTime).toBe('0001-01-01T00:00:00Z');
    for (const spelling of ['stagedDelete', 'stageddelete']) {
      const filter = encodeURIComponent(`provisioningAction eq '${spelling}'`);
      const { json } = await world.call('GET', `/beta/auditLogs/provisioning?$filter=${filter}&$top=1`);
      expect(json.value[0]).toMatchObject({ provisioningAction: 'stagedDelete', action: 'StagedDelete' });
    }
    expect(held.json.synchronizationJobSettings[0]).toEqual({
      name: 'QuarantineTooManyDeletesThreshold',
      value: '1',
    });
    await world.call('POST', `${world.sync()}/jobs/${id}/restart`, { criteria: { resetScope: 'ForceDeletes' } });
    const { app } = await world.tick();
    expect(app?.cycle.counts.disabled).toBe(2);
  });

  test('progress of a cycle that runs', async () => {
    const at = world.clock.now();
    world.progress.set('app', { completed: 3, total: 12, at });
    const { json } = await world.call('GET', `${world.sync()}/jobs`);
    expect(json.value[0].status.progress).toEqual([
      { completedUnits: 3, totalUnits: 12, units: 'pages', progressObservationDateTime: at },
    ]);
  });
});

test('the key is asked for at every request', async () => {
  const { status } = await world.call('GET', `${world.sync()}/jobs`, undefined, { key: ADMIN_KEY });
  expect(status).toBe(200);
});
