/** A job as Graph's `synchronizationJob` (graph-api.md 4, 6.2 to 6.8). */
import { formatDuration } from '../../model/instant.ts';
import type { CycleRecord, JobRecord } from '../../model/job-state.ts';
import type { Progress } from './graph-request.ts';

export type JobFacts = {
  readonly jobId: string;
  readonly templateId: string;
  readonly intervalMs: number;
  /** A job of the file that nobody paused: its first cycle comes by itself. */
  readonly startsByItself: boolean;
  /** The file says that the schedule does not run. */
  readonly switchedOff: boolean;
  /** More deprovisions than this quarantine a cycle. */
  readonly deleteThreshold: number;
  /** Undefined: the daemon has not got to it yet. */
  readonly record: JobRecord | undefined;
  /** The newest successful cycle that wrote something. */
  readonly lastWithExports: CycleRecord | undefined;
  /** Accounts and groups that are linked and not deprovisioned, by target object. */
  readonly linked: readonly { readonly key: string; readonly value: number }[];
  readonly progress: Progress | undefined;
};

const NEVER = '0001-01-01T00:00:00Z';

export function jobView(facts: JobFacts): Readonly<Record<string, unknown>> {
  const { record } = facts;
  return {
    id: facts.jobId,
    templateId: facts.templateId,
    schedule: { expiration: null, interval: formatDuration(facts.intervalMs), state: scheduleState(facts) },
    status: {
      code: statusCode(facts),
      countSuccessiveCompleteFailures: record?.successiveFailures ?? 0,
      escrowsPruned: record?.escrowsPruned ?? false,
      steadyStateFirstAchievedTime: record?.steadyStateFirstAchievedAt ?? NEVER,
      steadyStateLastAchievedTime: record?.steadyStateLastAchievedAt ?? NEVER,
      quarantine: record?.quarantine ?? null,
      troubleshootingUrl: record?.requestedAt === undefined && record?.lastCycle === undefined ? null : '',
      lastExecution: lastExecution(record),
      lastSuccessfulExecution: record?.lastSuccessfulCycle === undefined ? null : execution(record.lastSuccessfulCycle),
      lastSuccessfulExecutionWithExports: facts.lastWithExports === undefined ? null : execution(facts.lastWithExports),
      progress: progressOf(facts.progress),
      synchronizedEntryCountByType: record?.lastCycle === undefined ? [] : facts.linked,
    },
    synchronizationJobSettings: [{ name: 'QuarantineTooManyDeletesThreshold', value: String(facts.deleteThreshold) }],
  };
}

/** Paused jobs show `Disabled` (graph-api.md 6.5). */
function scheduleState({ record, switchedOff, startsByItself }: JobFacts): string {
  if (switchedOff) return 'Disabled';
  return startsByItself || record?.scheduleState === 'Active' ? 'Active' : 'Disabled';
}

function statusCode({ record, switchedOff, startsByItself }: JobFacts): string {
  if (switchedOff) return 'Paused';
  if (startsByItself) return 'NotRun';
  // After four weeks in quarantine the job is switched off (graph-api.md 6.7).
  if (record?.quarantine !== undefined && record.scheduleState !== 'Active') return 'Paused';
  return record?.status ?? 'NotConfigured';
}

/** Started and not through its first cycle: a placeholder that claims failure, as observed (graph-api.md 6.4). */
function lastExecution(record: JobRecord | undefined): unknown {
  const cycle = record?.lastCycle;
  if (cycle?.endedAt !== undefined) return execution(cycle);
  // A cycle runs: the one before it is the last that was executed.
  if (record?.lastSuccessfulCycle !== undefined) return execution(record.lastSuccessfulCycle);
  const waits = record !== undefined && record.scheduleState === 'Active';
  return waits ? placeholder() : null;
}

const COUNTS = {
  countEntitled: 0,
  countEntitledForProvisioning: 0,
  countEscrowed: 0,
  countEscrowedRaw: 0,
  countExported: 0,
  countExports: 0,
  countImported: 0,
  countImportedDeltas: 0,
  countImportedReferenceDeltas: 0,
};

function placeholder(): unknown {
  return {
    activityIdentifier: null,
    ...COUNTS,
    state: 'Failed',
    error: { code: 'None', message: '', tenantActionable: false },
    timeBegan: NEVER,
    timeEnded: NEVER,
  };
}

/** Objects that were written or failed to be are those entitled; skipped ones were in step, or not. */
function execution(cycle: CycleRecord): unknown {
  const { created, updated, disabled, deleted, skipped, failed } = cycle.counts;
  const exported = created + updated + disabled + deleted;
  const imported = exported + failed + skipped;
  const entitled = created + updated + failed;
  const isDelta = cycle.kind === 'incremental';
  return {
    activityIdentifier: cycle.cycleId,
    ...COUNTS,
    countEntitled: entitled,
    countEntitledForProvisioning: entitled,
    countEscrowed: failed,
    countEscrowedRaw: failed,
    countExported: exported,
    countExports: exported + failed,
    countImported: isDelta ? 0 : imported,
    countImportedDeltas: isDelta ? imported : 0,
    countImportedReferenceDeltas: isDelta ? cycle.references.managers + cycle.references.members : 0,
    state: cycle.state ?? 'Failed',
    error: cycle.error === undefined ? null : { ...cycle.error, tenantActionable: true },
    timeBegan: cycle.startedAt,
    timeEnded: cycle.endedAt ?? NEVER,
  };
}

function progressOf(progress: Progress | undefined): readonly unknown[] {
  if (progress === undefined) return [];
  const { completed, total, at } = progress;
  return [{ completedUnits: completed, totalUnits: total, units: 'pages', progressObservationDateTime: at }];
}

/** Whether the cycle wrote something (`lastSuccessfulExecutionWithExports`). */
export function hasExports({ state, counts }: CycleRecord): boolean {
  return state === 'Succeeded' && counts.created + counts.updated + counts.disabled + counts.deleted > 0;
}
