/** Escrow on a running engine: times to the second, fresh data, and what clears an entry (cycle.md 5). */

import { createTenant, type Tenant } from 'scimulate/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withControlSurface } from '../../fixtures/targets/control-surface.ts';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';

const START = '2026-03-01T07:17:42.000Z';
const USER = { userPrincipalName: 'ana@contoso.com', displayName: 'Ana', mailNickname: 'ana' };

let app: ReturnType<typeof withControlSurface>;
let tenant: Tenant;
afterEach(() => tenant.close());

async function open(job: Readonly<Record<string, unknown>> = {}): Promise<void> {
  app = withControlSurface(createScimApp({ token: 't' }));
  app.inject({ match: { method: 'POST' }, times: 'always', fault: { kind: 'status', status: 400 } });
  const users = [{ id: 'ana', ...USER }];
  tenant = await createTenant({
    url: 'https://app.invalid/scim',
    token: 't',
    fetch: app.handle,
    start: START,
    users,
    job,
  });
}

const attempts = () => tenant.requests().flatMap(({ method, at }) => (method === 'POST' ? [at] : []));
const reasons = async () =>
  (await tenant.logs('ana')).map((record) => record.provisioningStatusInfo.errorInformation?.reason ?? '');

test('5.4, D-06 the attempts come at +0, +0:40, +6:40, +12:40, +24:40, then daily; each record names the next to the second', async () => {
  await open();
  await tenant.advance('+3d');
  expect(attempts()).toEqual([
    '2026-03-01T07:17:42.000Z',
    '2026-03-01T07:57:42.000Z',
    '2026-03-01T13:57:42.000Z',
    '2026-03-01T19:57:42.000Z',
    '2026-03-02T07:57:42.000Z',
    '2026-03-03T07:57:42.000Z',
  ]);
  expect(
    (await reasons()).map((reason) => /retried (\d+) times.*after this date: (\S+) UTC$/s.exec(reason)?.slice(1)),
  ).toEqual([
    ['0', '2026-03-01T07:17:42Z'],
    ['1', '2026-03-01T13:57:42Z'],
    ['2', '2026-03-01T19:57:42Z'],
    ['3', '2026-03-02T07:57:42Z'],
    ['4', '2026-03-03T07:57:42Z'],
    ['5', '2026-03-04T07:57:42Z'],
  ]);
});

test('5.6 a retry is logged as EntryEscrowRetry with its counters', async () => {
  await open();
  await tenant.advance('+40m');
  const [, retry] = await tenant.logs('ana');
  expect(retry?.provisioningSteps[0]).toMatchObject({
    name: 'EntryEscrowRetry',
    provisioningStepType: 'import',
    details: {
      CountProcessed: '0',
      CreationTime: START,
      Identifier: 'ana',
      ModificationType: 'Add',
      NextAttempt: START,
      Origin: 'Source',
      TypeName: 'EscrowedEntryDefault',
    },
  });
});

test('5.6 so is the retry of a DELETE', async () => {
  await open();
  app.clearFaults();
  await tenant.advance('+40m');
  app.inject({ match: { method: 'DELETE' }, times: 'always', fault: { kind: 'status', status: 500 } });
  await tenant.purge('ana');
  await tenant.advance('+80m');
  const records = (await tenant.logs('ana')).slice(-2);
  expect(records.map(({ provisioningSteps }) => provisioningSteps.map(({ name }) => name))).toEqual([
    ['EntryImportDelete', 'EntryExportDelete'],
    ['EntryEscrowRetry', 'EntryExportDelete'],
  ]);
  expect(records[1]?.provisioningSteps[0]?.details).toMatchObject({ Identifier: 'ana', ModificationType: 'Delete' });
});

test('5.11 fresh source data is tried at once and sent; a failure keeps the beginning and counts on', async () => {
  await open();
  await tenant.advance('+1h');
  await tenant.change('ana', { displayName: 'Ana Lima' });
  await tenant.advance('+20m');
  expect(attempts()).toHaveLength(3);
  expect(tenant.requests().at(-1)?.body).toMatchObject({ displayName: 'Ana Lima' });
  expect((await reasons()).at(-1)).toContain('retried 2 times');
  const steps = (await tenant.logs('ana')).at(-1)?.provisioningSteps.map(({ name }) => name);
  expect(steps?.slice(0, 2)).toEqual(['EntryEscrowRetry', 'EntryImportUpdate']);
  app.clearFaults();
  await tenant.change('ana', { jobTitle: 'Boss' });
  await tenant.advance('+40m');
  await tenant.expect({ job: { escrows: 0, users: 1 } });
});

test('5.3, D-07 28 days after the first failure the last attempt says so, the job goes on, and the object sleeps until it changes', async () => {
  await open({ schedule: { interval: 'PT4H' } });
  await tenant.advance('+35d');
  const last = (await reasons()).at(-1);
  expect(last).toContain('It will not be retried again until the object changes or the job is restarted.');
  expect(Date.parse(attempts().at(-1) ?? '') - Date.parse(START)).toBeGreaterThan(28 * 86_400_000);
  expect(Date.parse(attempts().at(-1) ?? '') - Date.parse(START)).toBeLessThan(30 * 86_400_000);
  await tenant.expect({ job: { escrows: 0, status: 'Active' } });
  const before = attempts().length;
  await tenant.change('ana', { jobTitle: 'Boss' });
  await tenant.advance('+4h');
  expect(attempts()).toHaveLength(before + 1);
  expect((await reasons()).at(-1)).toContain('retried 0 times');
});

describe('5.9 an entry is cleared by', () => {
  beforeEach(async () => {
    await open();
    await tenant.advance('+1h');
    await tenant.expect({ job: { escrows: 1 } });
  });

  test.each(['Escrows', 'Full', ''])('a restart with "%s"', async (flags) => {
    await tenant.pause();
    await tenant.restart(flags);
    await tenant.expect({ job: { escrows: 0 } });
  });

  test.each(['None', 'QuarantineState', 'Watermark', 'ConnectorDataStore', 'ForceDeletes'])(
    'but not by one with "%s"',
    async (flags) => {
      await tenant.restart(flags);
      await tenant.expect({ job: { escrows: 1 } });
    },
  );

  test('the end of the object before it ever was created', async () => {
    await tenant.addUser({ id: 'ben', userPrincipalName: 'ben@contoso.com', displayName: 'Ben' }, { assigned: false });
    await tenant.purge('ana');
    await tenant.advance('+7h');
    await tenant.expect({ job: { escrows: 0 } });
  });

  test('its leaving the scope', async () => {
    await tenant.unassign('ana');
    await tenant.advance('+40m');
    await tenant.expect({ job: { escrows: 0 }, logs: [{ status: 'skipped', code: 'NotEffectivelyEntitled' }] });
  });
});

test('Escrows alone: the failed object is not retried until it changes', async () => {
  await open();
  await tenant.advance('+1h');
  await tenant.restart('Escrows');
  app.clearFaults();
  const before = attempts().length;
  await tenant.advance('+2d');
  expect(attempts()).toHaveLength(before);
  await tenant.change('ana', { jobTitle: 'Boss' });
  await tenant.advance('+40m');
  expect(attempts()).toHaveLength(before + 1);
});

test('2.22, D-15 prune-and-pause: an initial cycle over a threshold drops its errors, ends, and pauses the job', async () => {
  await open({ quarantine: { minFailures: 1, onInitialCycle: 'prune-and-pause' } });
  await tenant.cycle();
  await tenant.expect({ job: { status: 'Paused', schedule: 'Paused', escrows: 0, quarantine: null } });
  expect(await tenant.advance('+1d')).toEqual([]);
  app.clearFaults();
  await tenant.restart('Watermark');
  await tenant.advance('+1m');
  await tenant.expect({ job: { status: 'Active', users: 1 } });
});

test('D-16 one failing object of many the job has processed is no quarantine, although nothing else was in the cycle', async () => {
  await open({ quarantine: { minFailures: 1 } });
  app.clearFaults();
  for (let index = 0; index < 4; index += 1) {
    const upn = `u${index}@contoso.com`;
    await tenant.addUser({ id: `u${index}`, userPrincipalName: upn, displayName: upn, mailNickname: `u${index}` });
  }
  await tenant.cycle();
  app.inject({ match: { method: 'PATCH' }, times: 'always', fault: { kind: 'status', status: 400 } });
  await tenant.change('u1', { jobTitle: 'Boss' });
  await tenant.cycle();
  await tenant.expect({ job: { escrows: 1, status: 'Active' } });
  await tenant.change('u2', { jobTitle: 'Boss' });
  await tenant.change('u3', { jobTitle: 'Boss' });
  await tenant.cycle();
  await tenant.expect({ job: { escrows: 3, quarantine: 'EncounteredEscrowProportionThreshold' } });
});
