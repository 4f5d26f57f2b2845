/** The state machine of a job as clients see it: one test per row of the table that no other file shows (graph-api.md 6.7, 6.8). */
import { afterEach, expect, test } from 'vitest';
import { DAY, HOUR } from '../../engine/model/instant.ts';
import { type GraphWorld, openGraphWorld } from '../support/graph-world.ts';
import { aUser, everyone, type WorldOptions } from '../support/world.ts';

let world: GraphWorld;
let job: string;

afterEach(() => world.close());

async function open(options: WorldOptions = {}): Promise<void> {
  const users = ['u1', 'u2', 'u3', 'u4'].map((id) => aUser(id));
  world = await openGraphWorld({ directory: everyone(users), ...options });
  job = `${world.sync()}/jobs/${(await world.call('GET', `${world.sync()}/jobs`)).json.value[0].id}`;
}

const status = async () => (await world.call('GET', job)).json.status;
const refuse = (times: number | 'always', code = 500) =>
  world.inject({ match: { method: 'POST', path: '/Users' }, times, fault: { kind: 'status', status: code } });
const lockOut = () => world.inject({ times: 'always', fault: { kind: 'status', status: 401 } });

test('a cycle with object errors is EntryLevelErrors, and not a successful one', async () => {
  await open();
  refuse('always', 400);
  await world.tick();
  expect(await status()).toMatchObject({
    code: 'Active',
    countSuccessiveCompleteFailures: 0,
    lastExecution: { state: 'EntryLevelErrors', countEscrowed: 4, countExported: 0, countExports: 4 },
    lastSuccessfulExecution: null,
    lastSuccessfulExecutionWithExports: null,
  });
});

test('thresholds exceeded: quarantine with the reason', async () => {
  await open({ job: { quarantine: { minFailures: 1, proportion: 0.4 } } });
  refuse('always', 400);
  await world.tick();
  expect(await status()).toMatchObject({
    code: 'Quarantine',
    quarantine: { reason: 'EncounteredEscrowProportionThreshold', seriesCount: expect.any(Number) },
  });
});

test('an initial cycle that drops its errors pauses the job', async () => {
  await open({ job: { quarantine: { minFailures: 1, proportion: 0.4, onInitialCycle: 'prune-and-pause' } } });
  refuse('always', 400);
  await world.tick();
  const { json } = await world.call('GET', job);
  expect(json).toMatchObject({ schedule: { state: 'Disabled' }, status: { code: 'Paused', escrowsPruned: true } });
});

test('a retry that fails again moves the next attempt and counts; the series stays', async () => {
  await open();
  lockOut();
  await world.tick();
  const { quarantine: first, lastExecution } = await status();
  expect(lastExecution).toMatchObject({ state: 'Failed', error: { tenantActionable: true } });
  world.clock.advance(Date.parse(first.nextAttempt) - Date.parse(world.clock.now()));
  await world.tick();
  const { quarantine: second, countSuccessiveCompleteFailures } = await status();
  expect(countSuccessiveCompleteFailures).toBe(2);
  expect(second.seriesBegan).toBe(first.seriesBegan);
  expect(second.seriesCount).toBe(first.seriesCount + 1);
  expect(second.nextAttempt > first.nextAttempt).toBe(true);
});

test('start lifts the quarantine and runs', async () => {
  await open();
  world.inject({ times: 1, fault: { kind: 'status', status: 401 } });
  await world.tick();
  expect((await status()).code).toBe('Quarantine');
  world.clock.advance(1000);
  await world.call('POST', `${job}/start`);
  const { app } = await world.tick();
  expect(app?.cycle.counts.created).toBe(4);
  expect(await status()).toMatchObject({ code: 'Active', quarantine: null });
});

test('after 28 days in quarantine the job is switched off', async () => {
  await open();
  lockOut();
  await world.tick();
  for (let day = 0; day < 30; day += 1) {
    world.clock.advance(DAY);
    await world.tick();
  }
  const { json } = await world.call('GET', job);
  expect(json).toMatchObject({ schedule: { state: 'Disabled' }, status: { code: 'Paused' } });
  expect(json.status.quarantine.reason).toBe('EncounteredQuarantineException');
  world.clock.advance(6 * HOUR);
  expect(await world.tick()).toEqual({});
});

test('a job that the file switches off shows so, and is not started over the API', async () => {
  await open({ job: { schedule: { state: 'disabled' } } });
  const { json } = await world.call('GET', job);
  expect(json).toMatchObject({ schedule: { state: 'Disabled' }, status: { code: 'Paused' } });
  const answer = await world.call('POST', `${job}/start`);
  expect([answer.status, answer.json.error.message]).toEqual([
    400,
    expect.stringContaining('schedule.state: disabled'),
  ]);
});
