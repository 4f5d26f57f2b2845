/** What the end of a cycle does to the job: closing moves the watermark, failing counts toward quarantine (cycle.md 1g, 2.21, 6, 11). */
import type { EngineError } from '../model/engine-error.ts';
import type { Instant } from '../model/instant.ts';
import type { CycleRecord, JobRecord, Quarantine, QuarantineReason, ScopeMode } from '../model/job-state.ts';
import { imposeQuarantine, postpone, quarantineExpired, quarantinesAtOnce } from './quarantine.ts';

export type ClosedCycle = {
  readonly cycle: CycleRecord;
  readonly watermark: string;
  readonly rulesHash: string;
  /** A count rule or the deletion guard was broken. */
  readonly broken?: { readonly reason: QuarantineReason; readonly message: string };
  /** The scope mode under which the cycle ran. */
  readonly scopeMode: ScopeMode;
  /** Where the links lead. */
  readonly targetAddress: string;
  /** Escrows were dropped instead of quarantining an initial cycle; the job pauses (cycle.md 2.22). */
  readonly pruned?: boolean;
};

/** The job after a cycle that reached its end. */
export function closeCycle(job: JobRecord, closed: ClosedCycle, now: Instant): JobRecord {
  const { cycle, broken } = closed;
  const { quarantine: before, forceDeletes: _done, escrowsPruned: _seen, successiveOutages: _over, ...rest } = job;
  const base: JobRecord = {
    ...rest,
    status: broken === undefined ? 'Active' : 'Quarantine',
    scheduleState: job.scheduleState === 'Disabled' ? 'Active' : job.scheduleState,
    watermark: closed.watermark,
    rulesHash: closed.rulesHash,
    targetAddress: closed.targetAddress,
    lastCycle: cycle,
    successiveFailures: 0,
    ...(cycle.state === 'Succeeded' ? { lastSuccessfulCycle: cycle } : {}),
    ...(broken === undefined ? steadyState(job, cycle, now) : {}),
    ...(cycle.kind === 'initial' ? { scopeMode: closed.scopeMode } : {}),
  };
  if (closed.pruned === true) return { ...base, escrowsPruned: true, scheduleState: 'Paused', status: 'Paused' };
  if (broken === undefined) return base;
  const error = { code: broken.reason, message: broken.message, tenantActionable: true };
  return inQuarantine(base, imposeQuarantine(before, broken.reason, error, now), now);
}

/** The job after a cycle that could not be carried through; the watermark stays. */
export function failCycle(job: JobRecord, cycle: CycleRecord, error: EngineError, now: Instant): JobRecord {
  const { quarantine } = job;
  const successiveOutages = (job.successiveOutages ?? 0) + (isOfTarget(error) ? 1 : 0);
  const failed: JobRecord = {
    ...job,
    lastCycle: cycle,
    successiveFailures: job.successiveFailures + 1,
    ...(successiveOutages === 0 ? {} : { successiveOutages }),
  };
  if (quarantine === undefined && !(isOfTarget(error) && quarantinesAtOnce(error, successiveOutages))) return failed;
  // What is held back waits for a decision (cycle.md 7.11): an outage meanwhile is none.
  if (quarantine !== undefined && (!isOfTarget(error) || quarantine.reason === 'TooManyDeletes'))
    return inQuarantine(failed, postpone(quarantine, now), now);
  const description = { code: error.code, message: error.message, tenantActionable: true };
  return inQuarantine(failed, imposeQuarantine(quarantine, 'EncounteredQuarantineException', description, now), now);
}

/** Quarantine is about the target: a source that fails, or a URL that was changed, neither imposes nor renews it. */
const NOT_OF_TARGET: ReadonlySet<string> = new Set([
  'DirectoryUnreadable',
  'DirectoryEmpty',
  'ApplicationMissing',
  'TargetChanged',
]);

function isOfTarget(error: EngineError): boolean {
  return !NOT_OF_TARGET.has(error.code);
}

function inQuarantine(job: JobRecord, quarantine: Quarantine, now: Instant): JobRecord {
  return {
    ...job,
    status: 'Quarantine',
    quarantine,
    scheduleState: quarantineExpired(quarantine, now) ? 'Disabled' : job.scheduleState,
  };
}

/**
 * `after` with what somebody asked for while the cycle ran: a pause takes effect when the cycle ends (cycle.md 1g), a start
 * asks for another cycle. What was asked for before it began is answered.
 */
export function keepRequests(after: JobRecord, before: JobRecord, present: JobRecord | undefined): JobRecord {
  const { requestedAt: _answered, ...answered } = after;
  if (present === undefined) return answered;
  const { requestedAt, scheduleState } = present;
  const asked =
    requestedAt === undefined || requestedAt === before.requestedAt ? answered : { ...answered, requestedAt };
  if (scheduleState === before.scheduleState) return asked;
  return { ...asked, scheduleState, status: scheduleState === 'Paused' ? 'Paused' : asked.status };
}

/** Steady: a cycle that found nothing to do (cycle.md 1.26). */
function steadyState(job: JobRecord, cycle: CycleRecord, now: Instant): Partial<JobRecord> {
  const { created, updated, disabled, deleted, failed } = cycle.counts;
  if (created + updated + disabled + deleted + failed > 0) return {};
  return {
    steadyStateFirstAchievedAt: job.steadyStateFirstAchievedAt ?? now,
    steadyStateLastAchievedAt: now,
  };
}
