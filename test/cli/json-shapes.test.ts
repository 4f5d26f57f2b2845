/** What `--json` prints, for programs: the shapes of DESIGN 2.2. Keys may be added; none may go or change its type. */
import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runAs } from '../support/cli.ts';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  const users = [aUser('u1', { manager: 'u2' }), aUser('u2'), aUser('u3', { accountEnabled: false })];
  world = await openWorld({ directory: everyone(users, [{ id: 'g1', displayName: 'All', members: ['u1'] }]) });
});
afterEach(() => world.close());

const text = expect.any(String) as string;
const number = expect.any(Number) as number;
const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string;

/** One document, and nothing else on standard output. */
async function document(...args: string[]): Promise<Record<string, unknown>> {
  const { out } = await runAs([...args, '--json', '-c', world.configPath]);
  return JSON.parse(out) as Record<string, unknown>;
}

test('sync', async () => {
  expect(await document('sync')).toMatchObject({
    formatVersion: 1,
    jobs: [
      {
        name: 'app',
        jobId: text,
        cycleId: uuid,
        kind: 'initial',
        state: 'Succeeded',
        counts: { created: 3, updated: 0, disabled: 0, deleted: 0, skipped: 1, failed: 0, warnings: 0 },
        escrows: 0,
        quarantine: null,
        durationMs: number,
        nextCycle: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ],
  });
  expect(await document('sync', '--cycles', '2')).toMatchObject({ jobs: [{ kind: 'incremental' }, { name: 'app' }] });
});

test('sync of a job that cannot run', async () => {
  world.inject({ times: 'always', fault: { kind: 'status', status: 401 } });
  const { code, out } = await runAs(['sync', '--json', '-c', world.configPath]);
  expect(code).toBe(4);
  expect(JSON.parse(out)).toMatchObject({
    jobs: [
      {
        state: 'Failed',
        quarantine: { reason: text },
        error: { code: 'InvalidCredentials', message: text, remedy: text },
      },
    ],
  });
});

test('preview', async () => {
  const { formatVersion, jobs } = (await document('preview')) as {
    formatVersion: number;
    jobs: { operations: Record<string, unknown>[] }[];
  };
  expect(formatVersion).toBe(1);
  const operations = jobs[0]?.operations ?? [];
  expect(operations[0]).toMatchObject({
    objectType: 'User',
    sourceId: 'u1',
    displayName: 'User u1',
    action: 'create',
    reason: text,
    requests: [{ method: 'POST', path: '/Users', body: { userName: 'u1@contoso.com', active: true } }],
    modifiedProperties: expect.arrayContaining([
      { displayName: 'userName', oldValue: null, newValue: 'u1@contoso.com' },
    ]) as unknown[],
  });
  for (const operation of operations) {
    expect(operation).toMatchObject({
      objectType: text,
      sourceId: text,
      displayName: text,
      action: text,
      reason: text,
    });
    expect(Array.isArray(operation.requests) && Array.isArray(operation.modifiedProperties)).toBe(true);
  }
  expect(operations.find(({ sourceId }) => sourceId === 'u3')).toMatchObject({ action: 'none', requests: [] });
});

test('preview --detailed-exitcode tells changes from none', async () => {
  expect((await runAs(['preview', '--detailed-exitcode', '-c', world.configPath])).code).toBe(10);
  await world.cycle();
  expect((await runAs(['preview', '--detailed-exitcode', '-c', world.configPath])).code).toBe(0);
});

test('logs', async () => {
  await world.cycle();
  const { formatVersion, records } = (await document('logs', '--status', 'success')) as {
    formatVersion: number;
    records: Record<string, unknown>[];
  };
  expect(formatVersion).toBe(1);
  expect(records[0]).toMatchObject({
    id: text,
    activityDateTime: text,
    tenantId: '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b',
    jobId: text,
    cycleId: uuid,
    changeId: text,
    provisioningAction: 'create',
    durationInMilliseconds: number,
    servicePrincipal: { id: text, displayName: text },
    sourceSystem: { id: text, displayName: text },
    targetSystem: { id: text, displayName: text },
    sourceIdentity: { id: 'u1', displayName: text, identityType: 'User' },
    targetIdentity: { id: 't1', displayName: text, identityType: text },
    provisioningStatusInfo: { status: 'success' },
    provisioningSteps: expect.arrayContaining([
      expect.objectContaining({ name: text, status: 'success', provisioningStepType: text, description: text }),
    ]) as unknown[],
    modifiedProperties: expect.any(Array) as unknown[],
  });
});

test('status', async () => {
  expect(await document('status')).toMatchObject({ formatVersion: 1, jobs: [{ name: 'app', jobId: text }] });
  await world.cycle();
  expect(await document('status')).toMatchObject({
    jobs: [
      {
        links: { User: 2, Group: 1 },
        escrows: { objects: 0, references: 0 },
        record: { status: 'Active', lastCycle: { state: 'Succeeded' } },
      },
    ],
  });
});

test.each([
  ['explain', ['explain', 'ToUpper([mail])', '--object', 'u1']],
  ['functions', ['functions', 'Append']],
  ['validate', ['validate']],
  ['why', ['why', 'u1']],
])('%s has a format version', async (_name, args) => {
  const { out } = await runAs([...args, '--json', ...(args[0] === 'functions' ? [] : ['-c', world.configPath])]);
  expect(JSON.parse(out)).toMatchObject({ formatVersion: 1 });
});

test('validate prints one document, whatever it is asked for', async () => {
  expect(await document('validate', '--connect', '--effective')).toMatchObject({
    diagnostics: [],
    configuration: { tenantId: text, jobs: [{ name: 'app', target: { auth: { token: '********' } } }] },
    connections: [{ job: 'app', ok: true, error: null }],
  });
  world.inject({ times: 'always', fault: { kind: 'status', status: 401 } });
  const { code, out } = await runAs(['validate', '--connect', '--json', '-c', world.configPath]);
  expect(code).toBe(4);
  const refused = { code: 'InvalidCredentials', message: text, remedy: text };
  expect(JSON.parse(out)).toMatchObject({ connections: [{ job: 'app', ok: false, error: refused }] });
});

test('validate --effective prints the configuration alone, findings beside it', async () => {
  const { out, err } = await runAs(['validate', '--effective', '-c', world.configPath]);
  expect(JSON.parse(out)).toMatchObject({ tenantId: text });
  expect(err).toBe('0 errors, 0 warnings\n');
});

test('preview takes several objects, and provision members of a group', async () => {
  const { jobs } = (await document('preview', '--object', 'u1', '--object', 'u2@contoso.com')) as {
    jobs: { operations: { sourceId: string }[] }[];
  };
  expect(new Set(jobs[0]?.operations.map(({ sourceId }) => sourceId))).toEqual(new Set(['u1', 'u2']));
  await world.cycle();
  const { outcomes } = (await document('provision', 'All', '--member', 'u1')) as { outcomes: { sourceId: string }[] };
  expect(outcomes.map(({ sourceId }) => sourceId)).toContain('g1');
});

test('sync --expect carries out the plan that preview showed, and no other', async () => {
  const checksumOf = async () => ((await document('preview')).jobs as { checksum: string }[])[0]?.checksum ?? '';
  const expecting = (checksum: string, ...more: string[]) =>
    runAs(['sync', '--expect', checksum, ...more, '-c', world.configPath]);
  const shown = await checksumOf();
  expect(shown).toMatch(/^[0-9a-f]{12}$/);
  expect(await checksumOf()).toBe(shown);
  expect((await runAs(['preview', '-c', world.configPath])).out).toContain(`sync --expect ${shown}`);
  Object.assign(world.directory.users[1] ?? {}, { jobTitle: 'Boss' });
  await world.save();
  const refused = await expecting(shown);
  expect(refused.code).toBe(4);
  expect(refused.err).toMatch(/the plan of "app" is [0-9a-f]{12} now, not .*: nothing was sent/);
  expect(world.app.state.users()).toEqual([]);
  expect((await expecting(await checksumOf())).code).toBe(0);
  expect(world.app.state.users()).toHaveLength(2);
  expect((await expecting(shown, '--cycles', '2')).code).toBe(2);
});

describe('a call that comes to nothing is a document, too: its reason', () => {
  const told: readonly [string, readonly string[], number, Readonly<Record<string, unknown>>][] = [
    ['no configuration', ['sync', '-c', 'none.yaml'], 2, { code: 'no-configuration', remedy: text }],
    ['an unknown option', ['status', '--bogus'], 2, { code: 'bad-usage', message: "unknown option '--bogus'" }],
    ['a missing argument', ['why'], 2, { code: 'bad-usage', remedy: 'see: scimulate why --help' }],
    ['an unknown scenario', ['simulate', 'none.yaml'], 2, { code: 'bad-scenario', message: text }],
  ];
  test.each(told)('%s', async (_, args, expected, error) => {
    const { code, out } = await runAs([...args, '--json']);
    expect(code).toBe(expected);
    expect(JSON.parse(out)).toMatchObject({ formatVersion: 1, error });
  });

  test('a configuration with errors', async () => {
    await writeFile(world.configPath, 'jobs: []\nstor: x\n');
    const { code, out } = await runAs(['sync', '--json', '-c', world.configPath]);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      error: { code: 'bad-configuration', message: expect.stringContaining('Did you mean "store"') as string },
    });
  });
});
