/** The end of a cycle: its record, the job after it, and what is told about both (cycle.md 2.21, 1e). */
import type { EngineError } from '../model/engine-error.ts';
import type { CycleRecord, ExecutionState, JobRecord } from '../model/job-state.ts';
import { quarantineAudits } from '../record/audit-changes.ts';
import { type ClosedCycle, keepRequests } from '../record/close-cycle.ts';
import { brokenThreshold } from '../record/quarantine.ts';
import type { StateChange } from '../record/state-change.ts';
import type { Cycle } from './cycle.ts';
import type { GuardVerdict } from './settle-deprovisions.ts';

/** What became of a cycle. */
export type CycleResult = {
  readonly job: JobRecord;
  readonly cycle: CycleRecord;
  /** Why it stopped early; undefined when it reached its end. */
  readonly error?: EngineError;
};

/** What the cycle came to, once its last outcome is committed. */
export async function close(
  cycle: Cycle,
  reached: Pick<ClosedCycle, 'watermark' | 'targetAddress'>,
  guard: GuardVerdict,
): Promise<ClosedCycle> {
  const { store } = cycle.ports;
  const escrows = await store.countEscrows(cycle.job.jobId);
  const { counts } = cycle.totals.record;
  const { thresholds } = cycle.job;
  // Counting walks over every link: only when the answer matters.
  const healthy = escrows.objects < thresholds.minFailures ? 0 : await store.countHealthyLinks(cycle.job.jobId);
  const successes = healthy + cycle.totals.withoutLink;
  const threshold = brokenThreshold(
    { failures: escrows.objects, referenceFailures: escrows.references, successes },
    thresholds,
  );
  const record = ended(cycle, counts.failed > 0 ? 'EntryLevelErrors' : 'Succeeded');
  const base = { ...reached, cycle: record, rulesHash: cycle.job.rulesHash, scopeMode: cycle.job.rules.scopeMode };
  if (guard.tripped) return { ...base, broken: { reason: 'TooManyDeletes', message: guard.message } };
  if (threshold === undefined) return base;
  if (cycle.kind === 'initial' && cycle.job.onThreshold === 'prune-and-pause') return { ...base, pruned: true };
  const message = `${escrows.objects} objects and ${escrows.references} references are failing`;
  return { ...base, broken: { reason: threshold, message } };
}

/** The cycle's record with its end. */
export function ended(cycle: Cycle, state: ExecutionState, error?: CycleRecord['error']): CycleRecord {
  return {
    ...cycle.totals.record,
    endedAt: cycle.ports.clock.now(),
    state,
    ...(error === undefined ? {} : { error }),
  };
}

/** Commits job and cycle together; the schedule stays as somebody may have set it meanwhile. */
export async function commitEnd(
  cycle: Cycle,
  before: JobRecord,
  after: JobRecord,
  closed: Pick<ClosedCycle, 'cycle' | 'pruned'>,
): Promise<CycleResult> {
  const { store, clock } = cycle.ports;
  const { jobId, settingsHash } = cycle.job;
  return store.changeJob(jobId, (present) => {
    const job = { ...keepRequests(after, before, present), settingsHash };
    const changes: StateChange[] = [
      ...(closed.pruned === true ? [{ kind: 'forget', what: 'escrows' } as const] : []),
      { kind: 'job', job },
      { kind: 'cycle', cycle: closed.cycle },
      ...quarantineAudits(before, job, clock.now()),
    ];
    return { changes, result: { job, cycle: closed.cycle } };
  });
}
