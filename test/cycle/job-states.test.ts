/** The transitions of cycle.md 1g, row by row, on a running engine; audits of 1e; what changed settings do (1.18-1.21, D-05). */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JobRecord } from '../../engine/model/job-state.ts';
import { statusOf } from '../../engine/record/job-lifecycle.ts';
import { runAs } from '../support/cli.ts';
import { aUser, DEFAULT_MAPPING, everyone, openWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  const users = Array.from({ length: 4 }, (_, index) => aUser(`u${index}`));
  world = await openWorld({ directory: everyone(users), job: { deletions: { threshold: 1 } } });
  await world.save();
});
afterEach(() => world.close());

const DAY = 86_400_000;
const engine = () => world.engine();
const record = async () => (await engine().status('app')).record;
const state = async () => {
  const { status, scheduleState } = statusOf(await record());
  return `${status} / ${scheduleState}`;
};
const audits = async () => (await engine().audits('app')).map(({ activity }) => activity);
const refuse = () => world.inject({ match: {}, times: 'always', fault: { kind: 'status', status: 401 } });
const tooMany = () => world.directory.applications[0]?.assignments.splice(0, 3);
/** Runs the cycles that are due, one a day, until none is any more. */
async function daily(days: number): Promise<void> {
  for (let day = 0; day < days; day += 1) {
    world.clock.advance(DAY);
    if (await engine().isDue('app')) await engine().sync('app');
  }
}

describe('1g state transitions', () => {
  test('create job → NotConfigured / Disabled', async () => {
    expect(await state()).toBe('NotConfigured / Disabled');
  });

  test('NotConfigured, credentials validated → NotRun / Disabled; refused ones change nothing', async () => {
    await engine().testConnection('app');
    expect(await state()).toBe('NotRun / Disabled');
    expect(await audits()).toEqual(['Update provisioning setting or credentials']);
    await engine().testConnection('app');
    expect(await audits()).toHaveLength(1);
  });

  test('NotRun, start → NotRun / Active until the first run ends, then Active', async () => {
    await engine().testConnection('app');
    await engine().start('app');
    expect(await state()).toBe('NotRun / Active');
    const seen: string[] = [];
    await engine().sync('app', { onProgress: () => void record().then((job) => seen.push(statusOf(job).status)) });
    expect(seen[0]).toBe('NotRun');
    expect(await state()).toBe('Active / Active');
  });

  test('a job that nobody started is started by its first cycle', async () => {
    expect(await engine().isDue('app')).toBe(true);
    await world.cycle();
    expect(await state()).toBe('Active / Active');
    expect(await audits()).toEqual(['Enable/start provisioning configuration']);
  });

  test('Active, stop → Paused / Paused; start continues at the stored position', async () => {
    await world.cycle();
    await engine().pause('app');
    expect(await state()).toBe('Paused / Paused');
    expect(await engine().isDue('app')).toBe(false);
    await engine().start('app');
    expect(await state()).toBe('Active / Active');
    expect((await world.cycle()).cycle.kind).toBe('incremental');
  });

  test('Active, stop while a cycle runs → schedule Paused at once, Paused when the cycle ends', async () => {
    await world.cycle();
    Object.assign(world.directory.users[0] ?? {}, { jobTitle: 'Boss' });
    await world.save();
    let during: Promise<string> | undefined;
    const result = await engine().sync('app', {
      onOutcome: () => {
        during ??= engine().pause('app').then(state);
      },
    });
    expect(await during).toBe('Active / Paused');
    expect(result.cycle.state).toBe('Succeeded');
    expect(await state()).toBe('Paused / Paused');
  });

  test('Active, cycle trips section 6 → Quarantine, with an audit entry', async () => {
    await world.cycle();
    refuse();
    await world.cycle();
    expect(await state()).toBe('Quarantine / Active');
    expect((await audits()).at(-1)).toBe('Quarantine');
  });

  test('Active, cycle trips section 7 → Quarantine TooManyDeletes, with an audit entry and staged log events', async () => {
    await world.cycle();
    tooMany();
    await world.cycle();
    expect(await state()).toBe('Quarantine / Active');
    expect((await record())?.quarantine?.reason).toBe('TooManyDeletes');
    expect((await engine().audits('app')).at(-1)?.detail).toBe('imposed: TooManyDeletes');
    expect((await world.logs()).filter((entry) => entry.provisioningAction === 'stageddelete')).toHaveLength(3);
  });

  test('Quarantine, successful cycle → Active, the series is cleared', async () => {
    const sixHours = 6 * 3_600_000;
    world.inject({ match: {}, times: 1, fault: { kind: 'status', status: 401 } });
    const first = await world.cycle();
    expect(first.job.status).toBe('Quarantine');
    world.clock.advance(sixHours);
    const { job } = await world.cycle();
    expect(job.status).toBe('Active');
    expect(job.quarantine).toBeUndefined();
    expect((await engine().audits('app')).at(-1)?.detail).toContain('lifted');
  });

  test.each<[string, () => Promise<void>]>([
    ['start', () => engine().start('app')],
    ['restart with QuarantineState', () => engine().restart('app', ['QuarantineState'])],
    ['restart as in the portal', () => engine().restart('app')],
  ])('Quarantine, %s → Active (GC-28)', async (_name, act) => {
    await world.cycle();
    refuse();
    await world.cycle();
    await act();
    expect(await state()).toBe('Active / Active');
    expect((await record())?.quarantine).toBeUndefined();
  });

  test('Quarantine for more than 28 days → Disabled, the code stays Quarantine; start brings it back', async () => {
    await world.cycle();
    refuse();
    await world.cycle();
    await daily(28);
    expect(await state()).toBe('Quarantine / Active');
    await daily(2);
    expect(await state()).toBe('Quarantine / Disabled');
    expect(await engine().nextStart('app')).toBeUndefined();
    await engine().start('app');
    expect(await state()).toBe('Active / Active');
  });

  test.each([
    ['Watermark', 'initial'],
    ['Escrows', 'incremental'],
  ] as const)('any, restart with %s → schedule Active, next run %s', async (flag, kind) => {
    await world.cycle();
    await engine().pause('app');
    await engine().restart('app', [flag]);
    expect(await state()).toBe('Active / Active');
    expect(await engine().isDue('app')).toBe(true);
    expect((await world.cycle()).cycle.kind).toBe(kind);
  });
});

test('a source that fails while the job is in quarantine does not make it due over and over', async () => {
  await world.cycle();
  refuse();
  await world.cycle();
  const { quarantine } = (await record()) as JobRecord;
  world.clock.advance(6 * 3_600_000);
  await writeFile(join(world.folder, 'directory.json'), '{ broken');
  world.inject({ match: {}, times: 0, fault: { kind: 'status', status: 401 } });
  await engine().sync('app');
  const after = (await record()) as JobRecord;
  expect(after.quarantine?.reason).toBe(quarantine?.reason);
  expect(await engine().isDue('app')).toBe(false);
});

describe('changed settings', () => {
  const change = async (edit: (text: string) => string) => {
    const text = await readFile(world.configPath, 'utf8');
    await writeFile(world.configPath, edit(text));
    await world.reopen();
  };

  test('1.18 another mapping makes the next cycle initial and keeps the links; layout and comments do not count', async () => {
    await world.cycle();
    const mapping = join(world.folder, 'mapping.yaml');
    await writeFile(mapping, `# the same\n${DEFAULT_MAPPING.replaceAll('{ to:', '{  to:')}`);
    await world.reopen();
    expect((await world.cycle()).cycle.kind).toBe('incremental');
    await writeFile(mapping, DEFAULT_MAPPING.replace('from: jobTitle', 'from: department'));
    await world.reopen();
    const { cycle, requests } = await world.cycle();
    expect(cycle.kind).toBe('initial');
    expect(requests.filter(({ path }) => path.includes('filter='))).toEqual([]);
    expect(await audits()).toContain('Update attribute mappings or scope');
  });

  test('1.20 another scope mode holds for objects that change, with a warning until a restart', async () => {
    await world.cycle();
    await change((text) => text.replace('"deletions"', '"scope": "all", "deletions"'));
    world.directory.applications[0]?.assignments.splice(0, 4);
    const first = await world.cycle();
    expect(first.cycle.kind).toBe('incremental');
    expect(first.notices).toEqual([expect.stringContaining('scope changed from assigned to all')]);
    const status = await runAs(['status'], { cwd: world.folder });
    expect(status.out.replace(/\s+/g, ' ')).toContain('For everybody at once: scimulate restart');
    await engine().restart('app');
    expect((await world.cycle()).notices).toEqual([]);
    expect(world.app.state.users().every(({ active }) => active === true)).toBe(true);
  });

  test('1.21 a new threshold takes effect without an initial cycle, and is audited once', async () => {
    await world.cycle();
    await change((text) => text.replace('"threshold": 1', '"threshold": 9'));
    expect((await world.cycle()).cycle.kind).toBe('incremental');
    await world.cycle();
    expect((await audits()).filter((one) => one === 'Update provisioning setting or credentials')).toHaveLength(1);
  });
});

test('1e logs --audit lists what was done, oldest first, and says what a link reset leaves behind', async () => {
  await world.cycle();
  await engine().pause('app');
  await engine().restart('app', ['Full']);
  const { out } = await runAs(['logs', '--audit'], { cwd: world.folder });
  const lines = out.trim().split('\n');
  expect(lines.map((line) => line.split('  ')[2])).toEqual([
    'Enable/start provisioning configuration',
    'Disable/pause provisioning configuration',
    'Enable/restart provisioning configuration',
  ]);
  expect(lines[2]).toContain('4 links forgotten');
  const json = JSON.parse((await runAs(['logs', '--audit', '--json'], { cwd: world.folder })).out) as {
    audits: unknown[];
  };
  expect(json.audits).toHaveLength(3);
  expect((await runAs(['logs', '--audit', '--cycle', 'x'], { cwd: world.folder })).code).toBe(2);
});

test('a renamed job begins anew, and until its first cycle has run everything says whose links are left behind', async () => {
  await world.cycle();
  const config = JSON.parse(await readFile(world.configPath, 'utf8'));
  config.jobs[0] = { ...config.jobs[0], name: 'renamed', application: 'app' };
  await writeFile(world.configPath, JSON.stringify(config));
  await world.reopen();
  const notice = expect.stringMatching(/the job "app", which the configuration does not have.*the 4 accounts/);
  const { out } = await runAs(['status'], { cwd: world.folder });
  expect(out.replace(/\s+/g, ' ')).toEqual(notice);
  expect((await engine().preview('renamed')).notices).toEqual([notice]);
  expect((await engine().sync('renamed')).notices).toEqual([notice]);
  expect((await engine().sync('renamed')).notices).toEqual([]);
});
