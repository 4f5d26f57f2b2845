/**
 * The long-running process: ticks ask which job is due, cycles run side by side, one at a time per job.
 * A failing cycle never ends it; a stop waits a bounded time (DESIGN 3.8, cycle.md D-01).
 */
import { setMaxListeners } from 'node:events';
import { EngineError } from '../model/engine-error.ts';
import { HOUR } from '../model/instant.ts';
import type { Clock } from '../ports.ts';

/** What the daemon needs of an engine. */
export interface Runner<Result> {
  readonly jobNames: readonly string[];
  isDue(job: string): Promise<boolean>;
  /** The cycle's result; undefined when another process was first. */
  syncIfDue(job: string, options: { readonly signal: AbortSignal }): Promise<Result | undefined>;
  prune(olderThanMs: number): Promise<number>;
}

/** What happened, for logs and metrics. Never throws, never waits. */
export interface DaemonObserver<Result> {
  cycleFinished(job: string, result: Result): void;
  /** The cycle could not run, or broke; the next one comes at its time. */
  cycleBroken(job: string, error: unknown): void;
  reloaded(message: string): void;
  reloadRefused(message: string): void;
  pruned(records: number): void;
}

export type DaemonPorts<Result> = {
  /** The engine on the present configuration: a new one when files changed, with `note` saying so. */
  readonly current: () => Promise<{
    readonly runner: Runner<Result>;
    readonly note?: string;
    readonly refusal?: string;
  }>;
  readonly observer: DaemonObserver<Result>;
  readonly clock: Clock;
  readonly logRetentionMs: number;
};

export interface Daemon {
  /** Starts what is due. Never throws; overlapping calls do no harm. */
  tick(): Promise<void>;
  /** Resolves when no cycle runs. */
  idle(): Promise<void>;
  /** Starts nothing more, cuts running cycles at the next object; resolves when they ended, or after `withinMs`. */
  stop(withinMs: number): Promise<boolean>;
}

const PRUNE_EVERY_MS = HOUR;

export function createDaemon<Result>(ports: DaemonPorts<Result>): Daemon {
  const { observer, clock } = ports;
  const running = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  // Every running job listens: more than ten of them are no leak.
  setMaxListeners(0, stopping.signal);
  let prunedAt = 0;

  const run = async (runner: Runner<Result>, job: string): Promise<void> => {
    try {
      const result = await runner.syncIfDue(job, { signal: stopping.signal });
      if (result !== undefined) observer.cycleFinished(job, result);
    } catch (error) {
      if (stopping.signal.aborted && !(error instanceof EngineError)) return;
      if (error instanceof EngineError && error.code === 'job-busy') return;
      observer.cycleBroken(job, error);
    } finally {
      running.delete(job);
    }
  };

  const prune = async (runner: Runner<Result>): Promise<void> => {
    const now = Date.parse(clock.now());
    if (now - prunedAt < PRUNE_EVERY_MS) return;
    prunedAt = now;
    const records = await runner.prune(ports.logRetentionMs);
    if (records > 0) observer.pruned(records);
  };

  const look = async (): Promise<void> => {
    const { runner, note, refusal } = await ports.current();
    if (note !== undefined) observer.reloaded(note);
    if (refusal !== undefined) observer.reloadRefused(refusal);
    for (const job of runner.jobNames) {
      if (stopping.signal.aborted || running.has(job) || !(await runner.isDue(job))) continue;
      running.set(job, run(runner, job));
    }
    await prune(runner);
  };

  return {
    tick: async () => {
      if (stopping.signal.aborted) return;
      try {
        await look();
      } catch (error) {
        observer.cycleBroken('', error);
      }
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running.values());
    },
    stop: async (withinMs) => {
      stopping.abort();
      const timer = new AbortController();
      const all = Promise.all(running.values()).then(() => true);
      const late = clock.wait(withinMs, timer.signal).then(
        () => false,
        () => true,
      );
      const clean = await Promise.race([all, late]);
      timer.abort();
      return clean;
    },
  };
}
