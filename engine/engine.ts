/**
 * The programmatic engine behind the command line: open a configuration, run cycles, preview them, read logs.
 * It knows ports only; `compose.ts` builds them from a configuration.
 */
import { applyOperations } from './apply/apply-operations.ts';
import { assumeOperations } from './cycle/assume-operations.ts';
import { chooseCycle } from './cycle/choose-cycle.ts';
import type { CyclePorts } from './cycle/cycle.ts';
import { type CycleResult, newJob } from './cycle/end-cycle.ts';
import { type LeaseSettings, underLease } from './cycle/hold-lease.ts';
import type { Job } from './cycle/job.ts';
import { runCycle } from './cycle/run-cycle.ts';
import type { EvaluationContext } from './expression/function-definition.ts';
import type { AuditRecord } from './model/audit.ts';
import type { Diagnostic } from './model/diagnostic.ts';
import { EngineError } from './model/engine-error.ts';
import { addMilliseconds, type Instant } from './model/instant.ts';
import type { CycleKind, JobRecord } from './model/job-state.ts';
import type { Link, TargetId } from './model/link.ts';
import type { ObjectType, SourceObject } from './model/source-object.ts';
import { suggest } from './model/suggest.ts';
import type { Operation, Outcome } from './plan/plan.ts';
import type {
  Clock,
  Directory,
  Ids,
  LogQuery,
  Notifier,
  Store,
  StoredLogRecord,
  TargetReader,
  TargetWriter,
} from './ports.ts';
import { pauseJob, type ResetFlag, restartJob, startJob } from './record/job-lifecycle.ts';
import { decideNotification, type News, type NotifySettings } from './record/notification.ts';
import type { StateChange } from './record/state-change.ts';
import { nextStart } from './schedule/due.ts';

/** A target under both of its halves, with a life time. */
export interface Target extends TargetReader, TargetWriter {
  /** Requests sent so far, retries included. */
  requestCount(): number;
  close(): Promise<void>;
}

/** A job of the configuration with what it takes to run it. */
export type JobPorts = {
  readonly job: Job;
  /** Where the target is, for views: the tenant URL and, when they differ, where the bytes go. */
  readonly address: { readonly tenantUrl: string; readonly override?: string };
  readonly intervalMs: number;
  /** The directory as this job sees it, remembering what it handed out in `store`. */
  readonly openDirectory: (store: Store) => Promise<Directory>;
  readonly openTarget: () => Promise<Target>;
  /** Reads what the store believes the target holds; finds nothing by matching. */
  readonly openHeldTarget: (store: Store) => TargetReader;
  readonly context: EvaluationContext;
  /** Who is told about a quarantine. */
  readonly notify: NotifySettings;
  /** The configuration says that the schedule does not run. */
  readonly paused: boolean;
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
  readonly onProgress?: (completedPages: number, totalPages: number) => void;
};

export type SyncResult = CycleResult & {
  readonly name: string;
  /** What is wrong with single objects of the directory. */
  readonly problems: readonly Diagnostic[];
  /** Why people could not be told about the quarantine. */
  readonly undelivered?: EngineError;
  readonly escrows: { readonly objects: number; readonly references: number };
  readonly durationMs: number;
};

export type Preview = CycleResult & {
  readonly name: string;
  readonly kind: CycleKind;
  readonly why: string;
  /** End of the cycle this one starts from. */
  readonly since?: string;
  /** In the order in which sync sends them. */
  readonly operations: readonly Operation[];
  /** Requests sent to the target to find this out. */
  readonly reads: number;
  readonly directory: Readonly<Record<ObjectType, number>>;
  /** Target id → name of the source object linked to it, for the ids that references name. */
  readonly names: ReadonlyMap<TargetId, string>;
};

export type JobStatus = {
  readonly name: string;
  readonly jobId: string;
  readonly address: JobPorts['address'];
  readonly intervalMs: number;
  /** Undefined before the first cycle. */
  readonly record: JobRecord | undefined;
  readonly links: Readonly<Record<ObjectType, number>>;
  readonly escrows: { readonly objects: number; readonly references: number };
  readonly stagedDeprovisions: number;
};

export class Engine {
  readonly #ports: EnginePorts;

  constructor(ports: EnginePorts) {
    this.#ports = ports;
  }

  /** Names of the configured jobs, in order. */
  get jobNames(): readonly string[] {
    return this.#ports.jobs.map(({ job }) => job.name);
  }

  /**
   * One cycle now: initial without a watermark, else incremental.
   * @throws EngineError `configuration` for an unknown job; `job`: `job-paused`, `job-busy`, `LeaseLost`
   */
  async sync(name: string, options: SyncOptions = {}): Promise<SyncResult> {
    const ports = this.#job(name);
    const signal = options.signal ?? new AbortController().signal;
    return underLease(this.#ports, ports.job.jobId, signal, (store, held) =>
      this.#syncUnderLease(ports, store, { ...options, signal: held }),
    );
  }

  /** The job's cycle if it is due once the lease is held: however many processes ask, one runs it. */
  async syncIfDue(name: string, options: SyncOptions = {}): Promise<SyncResult | undefined> {
    const ports = this.#job(name);
    if (!(await this.isDue(name))) return undefined;
    const signal = options.signal ?? new AbortController().signal;
    return underLease(this.#ports, ports.job.jobId, signal, async (store, held) =>
      (await this.isDue(name)) ? this.#syncUnderLease(ports, store, { ...options, signal: held }) : undefined,
    );
  }

  async #syncUnderLease(
    ports: JobPorts,
    store: Store,
    options: SyncOptions & { readonly signal: AbortSignal },
  ): Promise<SyncResult> {
    const { clock, notifier } = this.#ports;
    const { signal } = options;
    const job = withAllowance(ports.job, options.allowDeletions);
    const before = await store.job(job.jobId);
    if (before?.scheduleState === 'Paused') throw paused(job.name);
    const target = await ports.openTarget();
    const started = Date.now();
    try {
      const cycle = await this.#cyclePorts(ports, store, target, signal, options);
      const carryOut = (operations: readonly Operation[]) =>
        applyOperations(operations, { writer: target, clock, signal });
      const result = await drain(runCycle(job, { ...cycle, carryOut }), options.onOutcome);
      const escrows = await store.countEscrows(job.jobId);
      const news = decideNotification(before, result.job, ports.notify, clock.now());
      const undelivered = news === undefined ? undefined : await deliver(notifier, news);
      return {
        ...result,
        name: job.name,
        escrows,
        durationMs: Date.now() - started,
        problems: cycle.directory.problems(),
        ...(undelivered === undefined ? {} : { undelivered }),
      };
    } finally {
      await target.close();
    }
  }

  /** Continues a paused job, or lifts a quarantine. @throws EngineError `configuration` for an unknown job */
  async start(name: string): Promise<void> {
    await this.#change(name, startJob);
  }

  /** No further cycles; a running one is allowed to finish. */
  async pause(name: string): Promise<void> {
    await this.#change(name, pauseJob);
  }

  /** Forgets what `flags` name (the portal's restart when empty); a running cycle is cut at its next commit (D-38). */
  async restart(name: string, flags: readonly ResetFlag[] = []): Promise<void> {
    await this.#ports.store.breakLease(this.#job(name).job.jobId);
    await this.#change(name, (job, now) => restartJob(job, flags, now));
  }

  async #change(name: string, transition: (job: JobRecord, now: Instant) => readonly StateChange[]): Promise<void> {
    const { store, clock } = this.#ports;
    const { job } = this.#job(name);
    const present = (await store.job(job.jobId)) ?? newJob(job);
    await store.commit(job.jobId, transition(present, clock.now()));
  }

  /** The job's next regular start; undefined: not until somebody starts it. */
  async nextStart(name: string): Promise<Instant | undefined> {
    const { store, clock } = this.#ports;
    const { job, intervalMs, paused: off } = this.#job(name);
    return off ? undefined : nextStart(await store.job(job.jobId), intervalMs, clock.now());
  }

  /** Whether a cycle should start now. */
  async isDue(name: string): Promise<boolean> {
    const start = await this.nextStart(name);
    return start !== undefined && start <= this.#ports.clock.now();
  }

  /** Forgets logs and cycles older than `milliseconds`. Returns how many log records. */
  async prune(milliseconds: number): Promise<number> {
    return this.#ports.store.prune(addMilliseconds(this.#ports.clock.now(), -milliseconds));
  }

  /** The newest audit records of the job, oldest first. */
  async audits(name: string, limit = 100): Promise<readonly AuditRecord[]> {
    return this.#ports.store.audits(this.#job(name).job.jobId, limit);
  }

  /** What the next cycle would send. Reads the target unless `offline`; writes nothing anywhere. */
  async preview(
    name: string,
    options: { readonly offline?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<Preview> {
    const ports = this.#job(name);
    const signal = options.signal ?? new AbortController().signal;
    const before = await this.#ports.store.job(ports.job.jobId);
    const choice = chooseCycle(before, ports.job.rulesHash);
    const store = await this.#ports.store.copy();
    const target = options.offline === true ? undefined : await ports.openTarget();
    try {
      const reader = target ?? ports.openHeldTarget(store);
      const cycle = await this.#cyclePorts(ports, store, reader, signal, {});
      const operations: Operation[] = [];
      const result = await drain(runCycle(ports.job, { ...cycle, carryOut: assumeOperations }), (outcome) => {
        if (!(outcome.operation.isReference && outcome.status === 'skipped')) operations.push(outcome.operation);
      });
      return {
        ...result,
        name,
        kind: choice.kind,
        why: choice.reason,
        ...(before?.lastCycle?.endedAt === undefined ? {} : { since: before.lastCycle.endedAt }),
        operations,
        reads: target?.requestCount() ?? 0,
        directory: result.error === undefined ? await cycle.directory.count() : { User: 0, Group: 0 },
        names: await namesOf(store, ports.job.jobId, operations),
      };
    } finally {
      await target?.close();
      await store.close();
    }
  }

  /** Test Connection for users and groups. @throws EngineError `job` with the verdict */
  async testConnection(name: string, signal: AbortSignal = new AbortController().signal): Promise<void> {
    const ports = this.#job(name);
    const target = await ports.openTarget();
    try {
      for (const mapping of ports.job.mappings) {
        const path = mapping.matching[0]?.path.text;
        if (path !== undefined) await target.probe(mapping.resourceType, path, this.#ports.ids.next(), signal);
      }
    } finally {
      await target.close();
    }
  }

  async status(name: string): Promise<JobStatus> {
    const { store } = this.#ports;
    const { job, address, intervalMs } = this.#job(name);
    const staged = await store.countStagedDeprovisions(job.jobId);
    return {
      name,
      jobId: job.jobId,
      address,
      intervalMs,
      record: await store.job(job.jobId),
      links: await store.countLinks(job.jobId),
      escrows: await store.countEscrows(job.jobId),
      stagedDeprovisions: staged.User + staged.Group,
    };
  }

  /** Provisioning log records, oldest first. */
  async logs(query: LogQuery): Promise<readonly StoredLogRecord[]> {
    return this.#ports.store.logs(query);
  }

  /** Directory objects with this id, userPrincipalName, mail or display name, as the job sees them. */
  async find(name: string, reference: string): Promise<readonly SourceObject[]> {
    const directory = await this.#job(name).openDirectory(await this.#ports.store.copy());
    return directory.find(reference);
  }

  /** Every link of the job. */
  async *links(name: string): AsyncGenerator<Link> {
    const { jobId } = this.#job(name).job;
    let after: string | undefined;
    do {
      const page = await this.#ports.store.links(jobId, after, 500);
      yield* page.rows;
      after = page.next;
    } while (after !== undefined);
  }

  async close(): Promise<void> {
    await this.#ports.store.close();
  }

  async #cyclePorts(
    ports: JobPorts,
    store: Store,
    reader: TargetReader,
    signal: AbortSignal,
    options: SyncOptions,
  ): Promise<Omit<CyclePorts, 'carryOut'>> {
    return {
      directory: await ports.openDirectory(store),
      reader,
      store,
      clock: this.#ports.clock,
      ids: this.#ports.ids,
      context: ports.context,
      signal,
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    };
  }

  #job(name: string): JobPorts {
    const found = this.#ports.jobs.find(({ job }) => job.name === name);
    if (found !== undefined) return found;
    const near = suggest(name, this.jobNames);
    throw new EngineError(`there is no job "${name}" in the configuration`, {
      category: 'configuration',
      code: 'unknown-job',
      remedy: near === undefined ? `jobs: ${this.jobNames.join(', ')}` : `did you mean "${near}"?`,
    });
  }
}

/** The job with its deletion guard raised to `allowed`. */
function withAllowance(job: Job, allowed: number | undefined): Job {
  if (allowed === undefined) return job;
  const { percent: _lifted, ...guard } = job.guard;
  return { ...job, guard: { ...guard, threshold: allowed, trigger: 'gt' } };
}

/** News that cannot be delivered never fails a cycle. */
async function deliver(notifier: Notifier, news: News): Promise<EngineError | undefined> {
  try {
    await notifier.notify(news);
    return undefined;
  } catch (error) {
    if (error instanceof EngineError && error.category !== 'bug') return error;
    throw error;
  }
}

function paused(name: string): EngineError {
  return new EngineError(`the job "${name}" is paused; nothing was sent`, {
    category: 'job',
    code: 'job-paused',
    remedy: `go on with: scimulate start --job ${name}`,
  });
}

async function namesOf(
  store: Store,
  jobId: string,
  operations: readonly Operation[],
): Promise<ReadonlyMap<TargetId, string>> {
  const ids = operations
    .filter((operation) => operation.isReference)
    .flatMap(({ modifiedProperties }) => modifiedProperties.flatMap(({ oldValue, newValue }) => [oldValue, newValue]))
    .filter((id) => id !== null);
  const links = await store.linksTo(jobId, [...new Set(ids)]);
  return new Map(links.map((link) => [link.targetId, link.displayName]));
}

async function drain<T>(
  cycle: AsyncGenerator<Outcome, T>,
  onOutcome: ((outcome: Outcome) => void) | undefined,
): Promise<T> {
  for (;;) {
    const step = await cycle.next();
    if (step.done === true) return step.value;
    onOutcome?.(step.value);
  }
}
