/** Who is told about a quarantine, and how often (cycle.md 6.13, D-34). */
import { expect, test } from 'vitest';
import type { JobRecord, QuarantineReason } from '../../../engine/model/job-state.ts';
import { decideNotification } from '../../../engine/record/notification.ts';

const NOW = '2026-01-02T00:00:00.000Z';
const TOLD = { email: 'ops@contoso.com', onFailure: true };

function job(reason?: QuarantineReason): JobRecord {
  const base: JobRecord = { jobId: 'j', name: 'app', status: 'Active', scheduleState: 'Active', successiveFailures: 0 };
  if (reason === undefined) return base;
  const error = { code: 'x', message: 'because', tenantActionable: true };
  return {
    ...base,
    status: 'Quarantine',
    quarantine: { reason, seriesBegan: NOW, currentBegan: NOW, nextAttempt: NOW, seriesCount: 0, error },
  };
}

test.each<[string, JobRecord | undefined, JobRecord, typeof TOLD | { onFailure: boolean }, boolean]>([
  ['on entry', job(), job('TooManyDeletes'), TOLD, true],
  ['on entry in the very first cycle', undefined, job('TooManyDeletes'), TOLD, true],
  ['not again while the reason stays', job('TooManyDeletes'), job('TooManyDeletes'), TOLD, false],
  ['when the reason changes', job('TooManyDeletes'), job('EncounteredQuarantineException'), TOLD, true],
  ['not on leaving', job('TooManyDeletes'), job(), TOLD, false],
  ['not without an address', job(), job('TooManyDeletes'), { onFailure: true }, false],
  ['not without the check box', job(), job('TooManyDeletes'), { ...TOLD, onFailure: false }, false],
])('GC-05: %s', (_name, before, after, settings, told) => {
  expect(decideNotification(before, after, settings, NOW) !== undefined).toBe(told);
});
