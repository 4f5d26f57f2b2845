/**
 * The programmatic engine behind the command line: open a configuration, run cycles, preview them, read logs.
 * Each verb is a file of `operate/`; this is their one face.
 */

import { isRunning } from './cycle/hold-lease.ts';
import type { EvaluationContext } from './expression/function-definition.ts';
import type { SourceAttributes } from './map/compile-mapping.ts';
import type { AuditRecord } from './model/audit.ts';
import type { Diagnostic } from './model/diagnostic.ts';
import { addMilliseconds, type Instant } from './model/instant.ts';
import type { Escrow, JobRecord } from './model/job-state.ts';
import type { Link } from './model/link.ts';
import type { MappingDocument } from './model/mapping.ts';
import { everyPage } from './model/rows.ts';
import type { SourceId, SourceObject } from './model/source-object.ts';
import { chooseObject } from './operate/choose-object.ts';
import { type CompareOptions, type Comparison, compareMappings } from './operate/compare-mappings.ts';
import { type Discovery, discoverSchema } from './operate/discover-schema.ts';
import {
  type ExplainOptions,
  explainObject,
  type ObjectExplanation,
  readAttributes,
} from './operate/explain-object.ts';
import {
  chooseJob,
  type EnginePorts,
  type JobStatus,
  neverAborted,
  type Preview,
  type SyncOptions,
  type SyncResult,
} from './operate/job-ports.ts';
import { isJobDue, nextStartOf, waitsForDirectory } from './operate/next-start.ts';
import { noticesOf } from './operate/notices.ts';
import { type PreviewOptions, previewJob } from './operate/preview-job.ts';
import { type ProvisionOptions, type ProvisionResult, provisionObject } from './operate/provision-object.ts';
import { type Accounts, readAccounts } from './operate/read-accounts.ts';
import { syncJob, syncJobIfDue } from './operate/sync-job.ts';
import { type Verification, type VerifyOptions, verifyJob } from './operate/verify-job.ts';
import { type WhyResult, whyObject } from './operate/why-object.ts';
import type { LogQuery, StoredLogRecord } from './ports.ts';
import {
  createdJob,
  credentialsValidated,
  pauseJob,
  type ResetFlag,
  restartJob,
  startJob,
} from './record/job-lifecycle.ts';
import type { StateChange } from './record/state-change.ts';

export type { Discovery } from './operate/discover-schema.ts';
export type {
  EnginePorts,
  JobPorts,
  JobStatus,
  Preview,
  SyncOptions,
  SyncResult,
} from './operate/job-ports.ts';
export type { Accounts } from './operate/read-accounts.ts';
export { type Divergence, isConverged, type Verification } from './operate/verify-job.ts';

/** Methods that take a job's name @throws EngineError `configuration`, `unknown-job`. */
export class Engine {
  readonly #ports: EnginePorts;

  constructor(ports: EnginePorts) {
    this.#ports = ports;
  }

  /** Names of the configured jobs, in order. */
  get jobNames(): readonly string[] {
    return this.#ports.jobs.map(({ job }) => job.name);
  }

  /** One cycle now. @throws EngineError as `syncJob` */
  async sync(name: string, options: SyncOptions = {}): Promise<SyncResult> {
    return syncJob(this.#ports, chooseJob(this.#ports, name), options);
  }

  /** The job's cycle if it is due; undefined when it is not, or another process was first. */
  async syncIfDue(name: string, options: SyncOptions = {}): Promise<SyncResult | undefined> {
    return syncJobIfDue(this.#ports, chooseJob(this.#ports, name), options);
  }

  /** What the next cycle would send. Reads the target unless `offline`; writes nothing anywhere. */
  async preview(name: string, options: PreviewOptions = {}): Promise<Preview> {
    return previewJob(this.#ports, chooseJob(this.#ports, name), options);
  }

  /** One object through the whole pipeline, now. @throws EngineError as `provisionObject` */
  async provision(name: string, reference: string, options: ProvisionOptions = {}): Promise<ProvisionResult> {
    return provisionObject(this.#ports, chooseJob(this.#ports, name), reference, options);
  }

  /** Whether the target holds what it was sent. @throws EngineError as `verifyJob` */
  async verify(name: string, options: VerifyOptions = {}): Promise<Verification> {
    return verifyJob(this.#ports, chooseJob(this.#ports, name), options);
  }

  /** Everything there is to say about one object. @throws EngineError as `whyObject` */
  async why(
    name: string,
    reference: string,
    options: { readonly offline?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<WhyResult> {
    const { signal = neverAborted(), ...rest } = options;
    return whyObject(this.#ports, chooseJob(this.#ports, name), reference, { ...rest, signal });
  }

  /** Every mapping row for one object beside what the target holds. @throws EngineError as `explainObject` */
  async explain(name: string, reference: string, options: ExplainOptions = {}): Promise<ObjectExplanation> {
    return explainObject(this.#ports, chooseJob(this.#ports, name), reference, options);
  }

  /** What mappings may read of one object: its attributes, and those worked out for the job. */
  async attributes(name: string, reference: string): Promise<SourceAttributes> {
    return readAttributes(this.#ports, chooseJob(this.#ports, name), reference);
  }

  /** What the target says of itself, beside the mapping. @throws EngineError as `discoverSchema` */
  async discover(name: string, options: { readonly signal?: AbortSignal } = {}): Promise<Discovery> {
    return discoverSchema(chooseJob(this.#ports, name), options);
  }

  /** Every account of the target beside the directory. @throws EngineError as `readAccounts` */
  async accounts(name: string, options: { readonly signal?: AbortSignal } = {}): Promise<Accounts> {
    return readAccounts(this.#ports, chooseJob(this.#ports, name), options);
  }

  /** What changes when `other` replaces the mapping of the job. @throws EngineError as `compareMappings` */
  async compare(name: string, other: MappingDocument, options: CompareOptions = {}): Promise<Comparison> {
    return compareMappings(this.#ports, chooseJob(this.#ports, name), other, options);
  }

  /** Continues a paused job, or lifts a quarantine. `by`: who asked, for the audit. */
  async start(name: string, by?: string): Promise<void> {
    await this.#change(name, startJob, by);
  }

  /** No further cycles; a running one is allowed to finish. */
  async pause(name: string, by?: string): Promise<void> {
    const running = await isRunning(this.#ports, chooseJob(this.#ports, name).job.jobId);
    await this.#change(name, (job, now) => pauseJob(job, now, running), by);
  }

  /** Forgets what `flags` name (the portal's restart when empty); a running cycle is cut at its next commit (D-38). */
  async restart(name: string, flags: readonly ResetFlag[] = [], by?: string): Promise<void> {
    const { jobId } = chooseJob(this.#ports, name).job;
    const links = await this.#ports.store.countLinks(jobId);
    const cut: StateChange = { kind: 'lease-broken' };
    await this.#change(name, (job, now) => [cut, ...restartJob(job, flags, now, links.User + links.Group)], by);
  }

  /** The job's next regular start; undefined: not until somebody starts it. */
  async nextStart(name: string): Promise<Instant | undefined> {
    return nextStartOf(this.#ports, chooseJob(this.#ports, name));
  }

  /** Whether a cycle should start now. */
  async isDue(name: string): Promise<boolean> {
    return isJobDue(this.#ports, chooseJob(this.#ports, name));
  }

  /** Whether a job that is due had better wait, because somebody is writing to the directory just now. */
  async waitsForDirectory(name: string): Promise<boolean> {
    return waitsForDirectory(this.#ports, chooseJob(this.#ports, name));
  }

  /** Test Connection for users and groups; a good answer makes a new job `NotRun`. @throws EngineError `job` with the verdict */
  async testConnection(name: string, signal: AbortSignal = neverAborted()): Promise<void> {
    await this.probe(name, signal);
    await this.#change(name, credentialsValidated);
  }

  /** The same without a trace, for credentials that are not saved. @throws EngineError `job` with the verdict */
  async probe(name: string, signal: AbortSignal): Promise<void> {
    const ports = chooseJob(this.#ports, name);
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
    const { job, address, intervalMs, usualIntervalMs, waitsForStart, openDirectory } = chooseJob(this.#ports, name);
    const staged = await store.countStagedDeprovisions(job.jobId);
    const record = await store.job(job.jobId);
    return {
      name,
      jobId: job.jobId,
      address,
      intervalMs,
      usualIntervalMs,
      waitsForStart,
      record,
      links: await store.countLinks(job.jobId),
      escrows: await store.countEscrows(job.jobId),
      stagedDeprovisions: staged.User + staged.Group,
      problems: await (await openDirectory(store)).problems(),
      notices: await noticesOf(this.#ports, job, record, record),
    };
  }

  /** Provisioning log records, oldest first. */
  async logs(query: LogQuery): Promise<readonly StoredLogRecord[]> {
    return this.#ports.store.logs(query);
  }

  /** The newest audit records of the job, oldest first. */
  async audits(name: string, limit = 100): Promise<readonly AuditRecord[]> {
    return this.#ports.store.audits(chooseJob(this.#ports, name).job.jobId, limit);
  }

  /** Forgets logs and cycles older than `milliseconds`. Returns how many log records. */
  async prune(milliseconds: number): Promise<number> {
    return this.#ports.store.prune(addMilliseconds(this.#ports.clock.now(), -milliseconds));
  }

  /** Directory objects with this id, userPrincipalName, mail or display name, as the job sees them. */
  async find(name: string, reference: string): Promise<readonly SourceObject[]> {
    const directory = await chooseJob(this.#ports, name).openDirectory(this.#ports.store);
    return directory.find(reference);
  }

  /** The one directory object of that name. @throws EngineError as `chooseObject` */
  async findOne(name: string, reference: string): Promise<SourceObject> {
    return chooseObject(await chooseJob(this.#ports, name).openDirectory(this.#ports.store), reference);
  }

  /** What is wrong with the directory, as the job sees it. */
  async directoryProblems(name: string): Promise<readonly Diagnostic[]> {
    const directory = await chooseJob(this.#ports, name).openDirectory(this.#ports.store);
    await directory.count();
    return directory.problems();
  }

  /** What expressions of the job are evaluated with. */
  contextOf(name: string): EvaluationContext {
    return chooseJob(this.#ports, name).context;
  }

  /** What is known of those of these objects that failed, and when they are tried again. */
  async escrowsOf(name: string, ids: readonly SourceId[]): Promise<ReadonlyMap<SourceId, Escrow>> {
    return this.#ports.store.escrowsOf(chooseJob(this.#ports, name).job.jobId, ids);
  }

  /** Every link of the job. */
  async *links(name: string): AsyncGenerator<Link> {
    const { jobId } = chooseJob(this.#ports, name).job;
    for await (const links of everyPage((after) => this.#ports.store.links(jobId, after, 500))) yield* links;
  }

  async close(): Promise<void> {
    await this.#ports.store.close();
  }

  async #change(
    name: string,
    transition: (job: JobRecord, now: Instant) => readonly StateChange[],
    by?: string,
  ): Promise<void> {
    const { store, clock } = this.#ports;
    const { job } = chooseJob(this.#ports, name);
    await store.changeJob(job.jobId, (present = createdJob(job)) => ({
      changes: transition(present, clock.now()).map((change) => auditedAs(change, by)),
      result: undefined,
    }));
  }
}

/** An audit record that names who asked. */
function auditedAs(change: StateChange, by: string | undefined): StateChange {
  if (change.kind !== 'audit' || by === undefined) return change;
  return { ...change, record: { ...change.record, detail: `${change.record.detail}, by ${by}` } };
}
