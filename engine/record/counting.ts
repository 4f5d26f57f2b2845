/** Counts of a cycle: an object counts once, under its main action (DESIGN 2.2). */
import type { CycleCounts } from '../model/job-state.ts';
import type { CountedAs, Outcome } from '../plan/plan.ts';

export const NO_COUNTS: CycleCounts = {
  created: 0,
  updated: 0,
  disabled: 0,
  deleted: 0,
  skipped: 0,
  failed: 0,
  warnings: 0,
};

const BY_ACTION: Readonly<Record<Outcome['operation']['action'], CountedAs>> = {
  create: 'created',
  update: 'updated',
  disable: 'disabled',
  delete: 'deleted',
  none: 'skipped',
};

/** The count this outcome falls under, taken by itself. */
export function countedAs(outcome: Outcome): CountedAs {
  return outcome.status === 'failure' ? 'failed' : BY_ACTION[outcome.operation.action];
}

/**
 * `counts` with `outcome` added. A reference written for an object that was counted before moves it only
 * from skipped to updated, or to failed; one that failed and was matched again at once counts as what came of it.
 * Nothing is counted twice.
 */
export function addOutcome(counts: CycleCounts, outcome: Outcome, before: CountedAs | undefined): CycleCounts {
  const warnings = counts.warnings + (outcome.status === 'warning' ? 1 : 0);
  const now = countedAs(outcome);
  if (before === undefined) return { ...counts, warnings, [now]: counts[now] + 1 };
  const matchedAgain = before === 'failed' && !outcome.operation.isReference;
  const main = now === 'failed' || matchedAgain || (before === 'skipped' && now === 'updated') ? now : before;
  if (main === before) return { ...counts, warnings };
  return { ...counts, warnings, [before]: counts[before] - 1, [main]: counts[main] + 1 };
}
