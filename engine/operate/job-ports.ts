/** What an engine is made of, and what its verbs return. `compose.ts` builds these from a configuration. */
import type { CyclePorts } from '../cycle/cycle.ts';
import type { CycleResult } from '../cycle/end-cycle.ts';
import type { LeaseSettings } from '../cycle/hold-lease.ts';
import type { Job } from '../cycle/job.ts';
import type { EvaluationContext } from '../expression/function-definition.ts';
import type { CompiledObjectMapping } from '../map/compile-mapping.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { EngineError } from '../model/engine-error.ts';
import type { Instant } from '../model/instant.ts';
import type { CycleKind, JobRecord } from '../model/job-state.ts';
import type { TargetId } from '../model/link.ts';
import type { MappingDocument } from '../model/mapping.ts';
import type { ObjectType } from '../model/source-object.ts';
import { suggest } from '../model/suggest.ts';
import type { Operation, Outcome } from '../plan/plan.ts';
import type { Clock, Directory, Ids, Notifier, Store, Target, TargetReader } from '../ports.ts';
import type { NotifySettings } from '../record/notification.ts';

/** A job of the configuration with what it takes to run it. */
export type JobPorts = {
  readonly job: Job;
  /** Where the target is, for views: the tenant URL and, when they differ, where the bytes go. */
  readonly address: { readonly tenantUrl: string; readonly override?: string };
  readonly intervalMs: number;
  /** That of Entra for this application. */
  readonly usualIntervalMs: number;
  /** A change of the directory starts a cycle at once, as in Okta; the interval still runs. */
  readonly startsOnChange: boolean;
  /** The directory as this job sees it, remembering what it handed out in `store`. */
  readonly openDirectory: (store: Store) => Promise<Directory>;
  readonly openTarget: () => Promise<Target>;
  /** Reads what the store believes the target holds; finds nothing by matching. */
  readonly openHeldTarget: (store: Store) => TargetReader;
  readonly context: EvaluationContext;
  /** Makes a mapping ready to run with what the job knows of its target. */
  readonly compile: (document: MappingDocument) => readonly CompiledObjectMapping[];
  /** Who is told about a quarantine. */
  readonly notify: NotifySettings;
  /** The configuration says that the schedule does not run. */
  readonly paused: boolean;
  /** The job runs no cycle before somebody starts it: one that the management API created. */
  readonly waitsForStart: boolean;
  /** False once the management API removed the job: an engine that was composed before must not run it again. */
  readonly exists: (store: Store) => Promise<boolean>;
};

export type EnginePorts = {
  readonly jobs: readonly JobPorts[];
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly lease: LeaseSettings;
  readonly notifier: Notifier;
};

export type SyncOptions = {
  /** Lets so many deprovisions through in this cycle, instead of the threshold. */
  readonly allowDeletions?: number;
  readonly signal?: AbortSignal;
  readonly onOutcome?: (outcome: Outcome) => void;
  readonly onProgress?: (completedPages: number, totalPages: number, kind: CycleKind) => void;
};

export type SyncResult = CycleResult & {
  readonly name: string;
  /** What is wrong with single objects of the directory, which keep their last known state. */
  readonly problems: readonly Diagnostic[];
  /** What Entra does not say aloud and an administrator should know. */
  readonly notices: readonly string[];
  /** Why people could not be told about the quarantine. */
  readonly undelivered?: EngineError;
  readonly escrows: { readonly objects: number; readonly references: number };
  readonly durationMs: number;
  /** When the schedule runs the job again, unless it is in quarantine. */
  readonly nextCycle: Instant;
};

export type Preview = CycleResult & {
  readonly name: string;
  readonly kind: CycleKind;
  readonly why: string;
  /** End of the cycle this one starts from. */
  readonly since?: string;
  /** Tells this plan from any other: `planChecksum`. */
  readonly checksum: string;
  /** In the order in which sync sends them. */
  readonly operations: readonly Operation[];
  /** Requests sent to the target to find this out. */
  readonly reads: number;
  readonly directory: Readonly<Record<ObjectType, number>>;
  /** What is wrong with single objects of the directory, which keep their last known state. */
  readonly problems: readonly Diagnostic[];
  /** Target id → name of the source object linked to it, for the ids that references name. */
  readonly names: ReadonlyMap<TargetId, string>;
  /** What Entra does not say aloud and an administrator should know. */
  readonly notices: readonly string[];
};

export type JobStatus = {
  readonly name: string;
  readonly jobId: string;
  readonly address: JobPorts['address'];
  readonly intervalMs: number;
  /** That of Entra for this application. */
  readonly usualIntervalMs: number;
  /** The API created it: its first cycle waits until somebody starts it. */
  readonly waitsForStart: boolean;
  /** Undefined before the first cycle. */
  readonly record: JobRecord | undefined;
  readonly links: Readonly<Record<ObjectType, number>>;
  readonly escrows: { readonly objects: number; readonly references: number };
  readonly stagedDeprovisions: number;
  /** What was wrong with the directory when a cycle last read it. */
  readonly problems: readonly Diagnostic[];
  readonly notices: readonly string[];
};

/** The job of that name. @throws EngineError `configuration`, `unknown-job` */
export function chooseJob(ports: EnginePorts, name: string): JobPorts {
  const found = ports.jobs.find(({ job }) => job.name === name);
  if (found !== undefined) return found;
  const names = ports.jobs.map(({ job }) => job.name);
  const near = suggest(name, names);
  throw new EngineError(`there is no job "${name}" in the configuration`, {
    category: 'configuration',
    code: 'unknown-job',
    remedy: near === undefined ? `jobs: ${names.join(', ')}` : `did you mean "${near}"?`,
  });
}

/** Ports of one cycle of `job` on `store`, all but the way operations are carried out. */
export async function openCycle(
  ports: EnginePorts,
  job: JobPorts,
  opened: { readonly store: Store; readonly reader: TargetReader; readonly signal: AbortSignal },
): Promise<Omit<CyclePorts, 'carryOut'>> {
  const directory = await job.openDirectory(opened.store);
  return { ...opened, directory, clock: ports.clock, ids: ports.ids, context: job.context };
}

/** The end of a running cycle; `onOutcome` is told each outcome on the way. */
export async function drain<T>(
  cycle: AsyncGenerator<Outcome, T>,
  onOutcome: ((outcome: Outcome) => void) | undefined,
): Promise<T> {
  for (;;) {
    const step = await cycle.next();
    if (step.done === true) return step.value;
    onOutcome?.(step.value);
  }
}

/** A signal that nobody aborts. */
export function neverAborted(): AbortSignal {
  return new AbortController().signal;
}
