/** What a job remembers between cycles. Names follow Graph's synchronizationStatus (cycle.md 1a, 6.9, 11). */
import type { Instant } from './instant.ts';
import type { ObjectType, SourceId } from './source-object.ts';

type JobStatusCode = 'NotConfigured' | 'NotRun' | 'Active' | 'Paused' | 'Quarantine';
export type ScopeMode = 'assigned' | 'all';

/**
 * Whether assignments without an app role count (ruling R6). `skip-if-roles`: only where the application defines no other
 * role (MN-10).
 */
export type DefaultAccess = 'provision' | 'skip' | 'skip-if-roles';
export type CycleKind = 'initial' | 'incremental';
/** Graph `lastExecution.state` (cycle.md 1.3, 11.8). */
export type ExecutionState = 'Succeeded' | 'Failed' | 'EntryLevelErrors';

export type QuarantineReason =
  | 'EncounteredBaseEscrowThreshold'
  | 'EncounteredTotalEscrowThreshold'
  | 'EncounteredEscrowProportionThreshold'
  | 'EncounteredQuarantineException'
  | 'TooManyDeletes'
  | 'QuarantinedOnDemand'
  | 'IngestionInterrupted'
  | 'Unknown';

export type Quarantine = {
  readonly reason: QuarantineReason;
  readonly seriesBegan: Instant;
  readonly currentBegan: Instant;
  readonly nextAttempt: Instant;
  /** Times it was evaluated again and left in force. */
  readonly seriesCount: number;
  readonly error: { readonly code: string; readonly message: string; readonly tenantActionable: boolean };
};

/** Counts by main action; an object counts once (DESIGN 2.2). */
export type CycleCounts = {
  readonly created: number;
  readonly updated: number;
  readonly disabled: number;
  readonly deleted: number;
  readonly skipped: number;
  readonly failed: number;
  readonly warnings: number;
};

export type CycleRecord = {
  readonly cycleId: string;
  readonly kind: CycleKind;
  readonly startedAt: Instant;
  readonly endedAt?: Instant;
  /** Undefined while the cycle runs, or when it was killed. */
  readonly state?: ExecutionState;
  readonly counts: CycleCounts;
  /** Reference writes that succeeded: managers set or cleared, members added and removed. */
  readonly references: { readonly managers: number; readonly members: number };
  readonly error?: { readonly code: string; readonly message: string };
};

export type JobRecord = {
  readonly jobId: string;
  /** The job's name in the configuration. */
  readonly name: string;
  readonly status: JobStatusCode;
  readonly scheduleState: 'Active' | 'Paused' | 'Disabled';
  /** Undefined: the next cycle is initial. */
  readonly watermark?: string;
  /** Content hash of mapping and scope; a different one makes the next cycle initial (cycle.md 1.18). */
  readonly rulesHash?: string;
  readonly quarantine?: Quarantine;
  readonly lastCycle?: CycleRecord;
  readonly lastSuccessfulCycle?: CycleRecord;
  /** Failed cycles in a row, `countSuccessiveCompleteFailures`. */
  readonly successiveFailures: number;
  /** Those among them that the target is to blame for; undefined: none. */
  readonly successiveOutages?: number;
  /** When somebody last started or restarted the job: a cycle is due at once if none began since. */
  readonly requestedAt?: Instant;
  /** The next cycle carries out held deprovisions whatever their number (restart with `ForceDeletes`). */
  readonly forceDeletes?: boolean;
  /** Errors of an initial cycle were dropped to let it finish; the job is paused until somebody looks (cycle.md 2.22). */
  readonly escrowsPruned?: boolean;
  /** Scope mode of the last initial cycle: another one takes full effect with a restart only (cycle.md 1.20, D-05). */
  readonly scopeMode?: ScopeMode;
  /** Hash of the settings besides mapping and filters, to tell when an administrator changed them. */
  readonly settingsHash?: string;
  /** SCIM base of the target that the links lead to. */
  readonly targetAddress?: string;
  readonly steadyStateFirstAchievedAt?: Instant;
  readonly steadyStateLastAchievedAt?: Instant;
};

/** A failed object kept for retry (cycle.md 5). */
export type Escrow = {
  readonly sourceId: SourceId;
  readonly type: ObjectType;
  readonly modificationType: 'Add' | 'Update' | 'Delete';
  readonly createdAt: Instant;
  readonly nextAttempt: Instant;
  /** Retries already done. */
  readonly retryCount: number;
  /** The failed write was a manager or members reference. */
  readonly isReference: boolean;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly displayName: string;
  /** The answer to a create got lost: the resource may exist, and would be found by this query. */
  readonly mayExist?: { readonly path: string; readonly value: string };
};
