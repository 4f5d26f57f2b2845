/** One cycle at a time per job, however many processes share the store: a lease with a fencing token (DESIGN 3.8, D-01). */
import { EngineError } from '../model/engine-error.ts';
import { addMilliseconds } from '../model/instant.ts';
import type { Clock, Store } from '../ports.ts';

export type LeaseSettings = {
  /** Who asks; unique per process. */
  readonly holder: string;
  /** A holder that does not renew for so long has lost the job. */
  readonly ttlMs: number;
  readonly isGone: (holder: string) => boolean;
  /** Calls `beat` every so many milliseconds until the returned function is called. */
  readonly heartbeat: (beat: () => void, everyMs: number) => () => void;
};

export type LeasePorts = { readonly store: Store; readonly clock: Clock; readonly lease: LeaseSettings };

/**
 * Runs `work` with a store whose commits carry the lease. The signal aborts when `signal` does or the lease is lost.
 * @throws EngineError `job`: `job-busy` when another process has the job, `LeaseLost` when it was taken away meanwhile
 */
export async function underLease<T>(
  ports: LeasePorts,
  jobId: string,
  signal: AbortSignal,
  work: (store: Store, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { store, clock, lease: settings } = ports;
  const { holder, ttlMs, isGone } = settings;
  const lease = await store.acquireLease({ jobId, holder, ttlMs, isGone, now: clock.now() });
  if ('heldBy' in lease) throw busy(lease.heldBy);
  const ended = new AbortController();
  let lost: EngineError | undefined;
  // Not AbortSignal.any: what listens to such a signal is kept until it fires, and the daemon's fires once, at the end.
  const follow = () => ended.abort(signal.reason);
  if (signal.aborted) follow();
  else signal.addEventListener('abort', follow, { once: true });
  const extend = async () => {
    if (await store.extendLease(lease, addMilliseconds(clock.now(), ttlMs))) return;
    lost = leaseLost();
    ended.abort(lost);
  };
  const stop = settings.heartbeat(() => {
    // A store that cannot be written fails the cycle's own commit with a better message.
    extend().catch(() => undefined);
  }, ttlMs / 3);
  try {
    const fenced: Store = {
      ...store,
      commit: (id, changes) => store.commit(id, changes, lease.token),
      changeJob: (id, decide) => store.changeJob(id, decide, lease.token),
    };
    return await work(fenced, ended.signal);
  } catch (error) {
    throw lost !== undefined && !signal.aborted ? lost : error;
  } finally {
    stop();
    signal.removeEventListener('abort', follow);
    await store.extendLease(lease, clock.now()).catch(() => undefined);
  }
}

/** Whether a cycle of the job runs now, in this process or another. */
export async function isRunning(ports: LeasePorts, jobId: string): Promise<boolean> {
  const { store, clock, lease } = ports;
  const { ttlMs, isGone } = lease;
  // Under another name, or this process would be given what it holds already.
  const asked = await store.acquireLease({ jobId, holder: `${lease.holder}?`, ttlMs, isGone, now: clock.now() });
  if ('heldBy' in asked) return true;
  await store.extendLease(asked, clock.now());
  return false;
}

function busy(holder: string): EngineError {
  return new EngineError(`another process is running a cycle of this job (${holder})`, {
    category: 'job',
    code: 'job-busy',
    remedy: 'wait until it is done, or stop it; two cycles of one job never run at once',
  });
}

function leaseLost(): EngineError {
  return new EngineError('the job was taken over by another process while this cycle ran', {
    category: 'job',
    code: 'LeaseLost',
    remedy: 'nothing is lost: the cycle that took over finds what this one did',
  });
}
