/** When a job enters, keeps and leaves quarantine, and when it runs next (cycle.md 6, D-16, D-17). */
import type { EngineError } from '../model/engine-error.ts';
import { addMilliseconds, DAY, HOUR, type Instant, millisecondsBetween } from '../model/instant.ts';
import type { Quarantine, QuarantineReason } from '../model/job-state.ts';

export type QuarantineThresholds = {
  /** Below this many failures the count rules say nothing. */
  readonly minFailures: number;
  /** Share of failures among failures and successes, strictly above. */
  readonly proportion: number;
  /** Failures without references, strictly above. */
  readonly baseMax: number;
  /** Failures with references, strictly above. */
  readonly totalMax: number;
};

export const DOCUMENTED_THRESHOLDS: QuarantineThresholds = {
  minFailures: 5_000,
  proportion: 0.4,
  baseMax: 40_000,
  totalMax: 60_000,
};

export type CycleTally = {
  /** Open escrows of objects at the end of the cycle. */
  readonly failures: number;
  /** Open escrows of references (manager, members). */
  readonly referenceFailures: number;
  /** Distinct objects the job has processed that have no open error (D-16). */
  readonly successes: number;
};

/** A probe without an answer, or answered with 5xx or 429, quarantines only after this many failed cycles in a row. */
const UNREACHABLE_CYCLES = 3;

/** How long after the series began each attempt comes; then daily. */
const LADDER: readonly number[] = [6 * HOUR, 12 * HOUR, 24 * HOUR];

/** After this long in quarantine the schedule is disabled. */
const QUARANTINE_LIFETIME_MS = 28 * DAY;

/** The count rule the tally breaks, in the order Total, Base, Proportion; undefined when none (cycle.md 6.4). */
export function brokenThreshold(tally: CycleTally, thresholds: QuarantineThresholds): QuarantineReason | undefined {
  const { failures, referenceFailures, successes } = tally;
  if (failures + referenceFailures > thresholds.totalMax) return 'EncounteredTotalEscrowThreshold';
  if (failures < thresholds.minFailures) return undefined;
  if (failures > thresholds.baseMax) return 'EncounteredBaseEscrowThreshold';
  return failures / (failures + successes) > thresholds.proportion ? 'EncounteredEscrowProportionThreshold' : undefined;
}

/**
 * Whether a failed cycle puts the job in quarantine at once.
 * @param successiveOutages cycles in a row that the target let fail, this one included
 */
export function quarantinesAtOnce(error: EngineError, successiveOutages: number): boolean {
  if (isOutage(error)) return successiveOutages >= UNREACHABLE_CYCLES;
  return error.category === 'job';
}

/** Nothing is wrong with the job: the target will be back (cycle.md D-17). */
function isOutage({ category, status = 0 }: EngineError): boolean {
  return category === 'transient' || (category === 'job' && (status >= 500 || status === 429));
}

/** The record after the condition was found (again) at `now`. */
export function imposeQuarantine(
  previous: Quarantine | undefined,
  reason: QuarantineReason,
  error: Quarantine['error'],
  now: Instant,
): Quarantine {
  const seriesBegan = previous?.seriesBegan ?? now;
  return {
    reason,
    seriesBegan,
    currentBegan: now,
    nextAttempt: nextAttempt(seriesBegan, now),
    seriesCount: previous === undefined ? 0 : previous.seriesCount + 1,
    error,
  };
}

/** The record after an attempt that says nothing new about why the job is in quarantine: the next step of the ladder. */
export function postpone(quarantine: Quarantine, now: Instant): Quarantine {
  return { ...quarantine, nextAttempt: nextAttempt(quarantine.seriesBegan, now) };
}

/** The first step of the ladder after `now`: 6, 12, 24 hours after the series began, then every 24. */
export function nextAttempt(seriesBegan: Instant, now: Instant): Instant {
  const age = millisecondsBetween(seriesBegan, now);
  const step = LADDER.find((wait) => wait > age) ?? (Math.floor(age / DAY) + 1) * DAY;
  return addMilliseconds(seriesBegan, step);
}

/** Whether the job has been in quarantine so long that its schedule is disabled. */
export function quarantineExpired(quarantine: Quarantine, now: Instant): boolean {
  return millisecondsBetween(quarantine.seriesBegan, now) > QUARANTINE_LIFETIME_MS;
}
