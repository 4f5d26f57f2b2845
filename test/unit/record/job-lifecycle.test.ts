/** Start, pause, restart and the reset flags (cycle.md 1b, 1g). */
import { describe, expect, test } from 'vitest';
import type { JobRecord } from '../../../engine/model/job-state.ts';
import { parseResetFlags, pauseJob, restartJob, startJob } from '../../../engine/record/job-lifecycle.ts';

const NOW = '2026-01-02T00:00:00.000Z';
const QUARANTINE = {
  reason: 'EncounteredQuarantineException' as const,
  seriesBegan: '2026-01-01T00:00:00.000Z',
  currentBegan: '2026-01-01T00:00:00.000Z',
  nextAttempt: '2026-01-01T06:00:00.000Z',
  seriesCount: 1,
  error: { code: 'Unauthorized', message: 'no', tenantActionable: true },
};
const JOB: JobRecord = {
  jobId: 'j',
  name: 'app',
  status: 'Quarantine',
  scheduleState: 'Disabled',
  watermark: '7',
  rulesHash: 'r',
  quarantine: QUARANTINE,
  successiveFailures: 3,
};

function jobAfter(changes: ReturnType<typeof startJob>): JobRecord {
  const change = changes.find(({ kind }) => kind === 'job');
  if (change?.kind !== 'job') throw new Error('no job among the changes');
  return change.job;
}

const forgotten = (changes: ReturnType<typeof startJob>) =>
  changes.flatMap((change) => (change.kind === 'forget' ? [change.what] : []));
const activities = (changes: ReturnType<typeof startJob>) =>
  changes.flatMap((change) => (change.kind === 'audit' ? [change.record.activity] : []));

test('start keeps the position and lifts the quarantine', () => {
  const changes = startJob(JOB, NOW);
  const { quarantine, watermark, scheduleState, requestedAt, successiveFailures } = jobAfter(changes);
  expect({ quarantine, watermark, scheduleState, requestedAt, successiveFailures }).toEqual({
    quarantine: undefined,
    watermark: '7',
    scheduleState: 'Active',
    requestedAt: NOW,
    successiveFailures: 0,
  });
  expect(activities(changes)).toEqual(['Enable/start provisioning configuration']);
});

test('start of a job that never ran leaves it NotRun until its first cycle ends', () => {
  expect(jobAfter(startJob({ ...JOB, quarantine: undefined } as unknown as JobRecord, NOW)).status).toBe('NotRun');
});

test('pause keeps everything and says Paused', () => {
  const changes = pauseJob(JOB, NOW);
  expect(jobAfter(changes)).toEqual({ ...JOB, scheduleState: 'Paused', status: 'Paused' });
  expect(activities(changes)).toEqual(['Disable/pause provisioning configuration']);
});

describe('restart', () => {
  test.each<[string, { forget: string[]; watermark?: string; quarantined: boolean; force: boolean }]>([
    ['', { forget: ['escrows', 'staged'], quarantined: false, force: false }],
    ['None', { forget: [], watermark: '7', quarantined: false, force: false }],
    ['Watermark', { forget: ['staged'], quarantined: true, force: false }],
    ['Escrows', { forget: ['escrows'], watermark: '7', quarantined: true, force: false }],
    ['QuarantineState', { forget: [], watermark: '7', quarantined: false, force: false }],
    ['ConnectorDataStore', { forget: ['links', 'references', 'staged'], quarantined: true, force: false }],
    ['Full', { forget: ['links', 'references', 'escrows', 'staged'], quarantined: false, force: false }],
    ['ForceDeletes', { forget: [], watermark: '7', quarantined: true, force: true }],
    ['watermark, FORCEDELETES', { forget: [], quarantined: true, force: true }],
    ['Escrows,QuarantineState', { forget: ['escrows'], watermark: '7', quarantined: false, force: false }],
    ['Watermark,Escrows,Watermark', { forget: ['escrows', 'staged'], quarantined: true, force: false }],
    ['None,Watermark', { forget: ['staged'], quarantined: false, force: false }],
    ['Full,ForceDeletes', { forget: ['links', 'references', 'escrows', 'staged'], quarantined: false, force: true }],
  ])('with "%s"', (flags, expected) => {
    const changes = restartJob(JOB, parseResetFlags(flags), NOW);
    const after = jobAfter(changes);
    expect({
      forget: forgotten(changes),
      ...(after.watermark === undefined ? {} : { watermark: after.watermark }),
      quarantined: after.quarantine !== undefined,
      force: after.forceDeletes === true,
    }).toEqual(expected);
    expect(after.scheduleState).toBe('Active');
    expect(after.requestedAt).toBe(NOW);
    expect(activities(changes)).toEqual(['Enable/restart provisioning configuration']);
  });

  test('allowing deletions lifts the quarantine they caused', () => {
    const held: JobRecord = { ...JOB, quarantine: { ...QUARANTINE, reason: 'TooManyDeletes' } };
    expect(jobAfter(restartJob(held, ['ForceDeletes'], NOW)).quarantine).toBeUndefined();
  });

  test('one unknown flag among known ones is refused, with the list when nothing is near', () => {
    expect(() => parseResetFlags('Escrows,Everything')).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('flags: None, ConnectorDataStore, Escrows') }),
    );
  });

  test('an unknown flag gets a suggestion', () => {
    expect(() => parseResetFlags('Watermrk')).toThrow(
      expect.objectContaining({
        category: 'configuration',
        code: 'unknown-reset-flag',
        remedy: 'did you mean Watermark?',
      }),
    );
  });
});
