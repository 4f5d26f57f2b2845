/** One cycle of a job: under its lease, with what is told about it afterwards. */

import { applyOperations } from '../apply/apply-operations.ts';
import type { CarryOut } from '../cycle/cycle.ts';
import { underLease } from '../cycle/hold-lease.ts';
import type { Job } from '../cycle/job.ts';
import { runCycle } from '../cycle/run-cycle.ts';
import { EngineError } from '../model/engine-error.ts';
import { addMilliseconds } from '../model/instant.ts';
import type { Notifier, Store } from '../ports.ts';
import { decideNotification, type News } from '../record/notification.ts';
import {
  drain,
  type EnginePorts,
  type JobPorts,
  neverAborted,
  openCycle,
  type SyncOptions,
  type SyncResult,
} from './job-ports.ts';
import { isJobDue, isWaiting } from './next-start.ts';
import { noticesOf } from './notices.ts';

/**
 * A cycle now: initial without a watermark, else incremental.
 * @throws EngineError `job`: `job-paused`, `job-busy`, `LeaseLost`, `state-unwritable`
 */
export async function syncJob(ports: EnginePorts, job: JobPorts, options: SyncOptions): Promise<SyncResult> {
  return underLease(ports, job.job.jobId, options.signal ?? neverAborted(), (store, signal) =>
    runUnderLease(ports, job, store, { ...options, signal }),
  );
}

/** A cycle if it is due once the lease is held: however many processes ask, one runs it. */
export async function syncJobIfDue(
  ports: EnginePorts,
  job: JobPorts,
  options: SyncOptions,
): Promise<SyncResult | undefined> {
  const due = async () => (await isJobDue(ports, job)) && (await job.exists(ports.store));
  if (!(await due())) return undefined;
  return underLease(ports, job.job.jobId, options.signal ?? neverAborted(), async (store, signal) =>
    (await due()) ? runUnderLease(ports, job, store, { ...options, signal }) : undefined,
  );
}

async function runUnderLease(
  ports: EnginePorts,
  { job: configured, ...opened }: JobPorts,
  store: Store,
  options: SyncOptions & { readonly signal: AbortSignal },
): Promise<SyncResult> {
  const { clock, notifier } = ports;
  const { signal, onProgress } = options;
  const job = withAllowance(configured, options.allowDeletions);
  const before = await store.job(job.jobId);
  if (!(await opened.exists(store))) throw removed(job.name);
  if (before?.scheduleState === 'Paused' || isWaiting(opened, before)) throw paused(job.name);
  const target = await opened.openTarget();
  const started = Date.now();
  try {
    const cycle = await openCycle(ports, { job, ...opened }, { store, reader: target, signal });
    const carryOut: CarryOut = (operations, until) =>
      applyOperations(operations, { writer: target, clock, signal: until });
    const progress = onProgress === undefined ? {} : { onProgress };
    const result = await drain(runCycle(job, { ...cycle, ...progress, carryOut }), options.onOutcome);
    const escrows = await store.countEscrows(job.jobId);
    const news = decideNotification(before, result.job, opened.notify, clock.now());
    const undelivered = news === undefined ? undefined : await deliver(notifier, news);
    return {
      ...result,
      name: job.name,
      escrows,
      durationMs: Date.now() - started,
      nextCycle: addMilliseconds(result.cycle.startedAt, opened.intervalMs),
      problems: await cycle.directory.problems(),
      notices: await noticesOf(ports, job, result.job, before),
      ...(undelivered === undefined ? {} : { undelivered }),
    };
  } finally {
    await target.close();
  }
}

/** The job with its deletion guard raised to `allowed`. */
function withAllowance(job: Job, allowed: number | undefined): Job {
  if (allowed === undefined) return job;
  const { percent: _lifted, ...guard } = job.guard;
  return { ...job, guard: { ...guard, threshold: allowed, trigger: 'gt', allowed: true } };
}

/** News that cannot be delivered, for whatever reason, never fails a cycle: what it did is done, and others wait for their turn. */
async function deliver(notifier: Notifier, news: News): Promise<EngineError | undefined> {
  try {
    await notifier.notify(news);
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error;
    const why = error instanceof Error ? error.message : String(error);
    return new EngineError(`the news of the quarantine could not be sent: ${why}`, {
      category: 'job',
      code: 'notification-failed',
      remedy: 'check notify and mail in the configuration',
      cause: error,
    });
  }
}

function removed(name: string): EngineError {
  return new EngineError(`the job "${name}" was removed through the API; nothing was sent`, {
    category: 'job',
    code: 'job-removed',
    remedy: 'list what there is: scimulate status',
  });
}

function paused(name: string): EngineError {
  return new EngineError(`the job "${name}" is paused; nothing was sent`, {
    category: 'job',
    code: 'job-paused',
    remedy: `go on with: scimulate start --job ${name}`,
  });
}
