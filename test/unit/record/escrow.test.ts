/** cycle.md 5, D-06: when a failed object comes back. */
import { describe, expect, it } from 'vitest';
import { addMilliseconds, DAY, HOUR } from '../../../engine/model/instant.ts';
import type { Escrow } from '../../../engine/model/job-state.ts';
import type { Failure, Operation } from '../../../engine/plan/plan.ts';
import { decideEscrow, retrySuffix } from '../../../engine/record/escrow.ts';

const START = '2026-01-01T00:00:00.000Z';
const failure: Failure = { code: 'Conflict', message: 'taken', category: 'nonServiceFailure' };
const operation: Operation = {
  mapping: 'Users',
  source: { id: 'u1', type: 'User', displayName: 'Ana' },
  resourceType: 'User',
  action: 'create',
  logAction: 'create',
  status: 'success',
  reason: { code: 'Create', message: '' },
  requests: [],
  modifiedProperties: [],
  steps: [],
  link: { kind: 'link' },
  references: [],
  isReference: false,
};

describe('escrow', () => {
  it('retries at once, after 6, 6 and 12 hours, then daily, each counted from the latest failure', () => {
    let escrow: Escrow | undefined;
    let now = START;
    const waits: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      escrow = decideEscrow(escrow, operation, failure, now).escrow;
      waits.push((Date.parse(escrow.nextAttempt) - Date.parse(now)) / HOUR);
      now = escrow.nextAttempt;
    }
    expect(waits).toEqual([0, 6, 6, 12, 24, 24]);
    expect(escrow).toMatchObject({ retryCount: 5, createdAt: START });
  });

  it('gives up 28 days after the first failure', () => {
    const first = decideEscrow(undefined, operation, failure, START).escrow;
    expect(decideEscrow(first, operation, failure, addMilliseconds(START, 28 * DAY)).kind).toBe('kept');
    expect(decideEscrow(first, operation, failure, addMilliseconds(START, 28 * DAY + 1)).kind).toBe('expired');
  });

  it('says how often it was retried and when it will be again', () => {
    expect(retrySuffix(decideEscrow(undefined, operation, failure, START))).toBe(
      'This operation was retried 0 times. It will be retried again after this date: 2026-01-01T00:00:00Z UTC',
    );
  });

  it('says to the second, whatever the milliseconds', () => {
    const verdict = decideEscrow(undefined, operation, failure, '2026-03-01T07:17:42.987Z');
    expect(retrySuffix(verdict)).toContain('after this date: 2026-03-01T07:17:42Z UTC');
  });

  it('says that it is over when it gives up (D-07)', () => {
    const first = decideEscrow(undefined, operation, failure, START).escrow;
    const last = decideEscrow({ ...first, retryCount: 30 }, operation, failure, addMilliseconds(START, 28 * DAY + 1));
    expect(retrySuffix(last)).toBe(
      'This operation was retried 31 times since 2026-01-01T00:00:00Z. ' +
        'It will not be retried again until the object changes or the job is restarted.',
    );
  });
});
