/** cycle.md 6: the seven test vectors, and the ladder. */
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../engine/model/engine-error.ts';
import { addMilliseconds, DAY, HOUR } from '../../../engine/model/instant.ts';
import {
  brokenThreshold,
  DOCUMENTED_THRESHOLDS,
  imposeQuarantine,
  nextAttempt,
  quarantineExpired,
  quarantinesAtOnce,
} from '../../../engine/record/quarantine.ts';

const START = '2026-01-01T00:00:00.000Z';

describe('cycle.md 6, test vectors', () => {
  it.each([
    [1, 4_000, 0, 0, undefined],
    [2, 45_000, 0, 1_000_000, 'EncounteredBaseEscrowThreshold'],
    [3, 30_000, 0, 5_000, 'EncounteredEscrowProportionThreshold'],
    [4, 20_000, 0, 100_000, undefined],
    [5, 40_000, 21_000, 200_000, 'EncounteredTotalEscrowThreshold'],
    [6, 0, 45_000, 5_000, undefined],
    [7, 5_000, 0, 7_500, undefined],
  ])('vector %i: u %i, r %i, s %i → %s', (_row, failures, referenceFailures, successes, reason) => {
    expect(brokenThreshold({ failures, referenceFailures, successes }, DOCUMENTED_THRESHOLDS)).toBe(reason);
  });
});

describe('immediate quarantine', () => {
  const error = (category: 'job' | 'transient' | 'configuration', status?: number) =>
    new EngineError('x', { category, code: 'x', ...(status === undefined ? {} : { status }) });

  it('a refused job is quarantined on the first failing cycle', () => {
    expect(quarantinesAtOnce(error('job'), 1)).toBe(true);
    expect([401, 403, 404].map((status) => quarantinesAtOnce(error('job', status), 1))).toEqual([true, true, true]);
  });

  it.each([429, 500, 503])('a probe answered with %i counts as an unreachable target', (status) => {
    expect([1, 2, 3].map((count) => quarantinesAtOnce(error('job', status), count))).toEqual([false, false, true]);
  });

  it('an unreachable target is quarantined on the third failing cycle in a row', () => {
    expect([1, 2, 3].map((count) => quarantinesAtOnce(error('transient'), count))).toEqual([false, false, true]);
  });
});

describe('ladder', () => {
  it('attempts come 6, 12 and 24 hours after the series began, then daily', () => {
    const attempts: string[] = [];
    let now = START;
    for (let step = 0; step < 5; step += 1) {
      now = nextAttempt(START, now);
      attempts.push(now);
    }
    expect(attempts).toEqual([6, 12, 24, 48, 72].map((hours) => addMilliseconds(START, hours * HOUR)));
  });

  it('a renewed quarantine keeps the beginning of its series and counts', () => {
    const error = { code: 'x', message: 'x', tenantActionable: true };
    const first = imposeQuarantine(undefined, 'EncounteredQuarantineException', error, START);
    const later = addMilliseconds(START, 6 * HOUR);
    expect(imposeQuarantine(first, 'EncounteredQuarantineException', error, later)).toMatchObject({
      seriesBegan: START,
      currentBegan: later,
      seriesCount: 1,
      nextAttempt: addMilliseconds(START, 12 * HOUR),
    });
  });

  it('expires after four weeks', () => {
    const error = { code: 'x', message: 'x', tenantActionable: true };
    const quarantine = imposeQuarantine(undefined, 'Unknown', error, START);
    expect(quarantineExpired(quarantine, addMilliseconds(START, 28 * DAY))).toBe(false);
    expect(quarantineExpired(quarantine, addMilliseconds(START, 28 * DAY + 1))).toBe(true);
  });
});
