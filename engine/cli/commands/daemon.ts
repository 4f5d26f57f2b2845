/** `daemon`: cycles on schedule until stopped. */
import { serveApp } from '../../../fixtures/targets/serve-app.ts';
import { createDaemonApp } from '../../api/daemon-app.ts';
import type { Progress } from '../../api/graph/graph-request.ts';
import { openGraph } from '../../api/open-graph.ts';
import type { DaemonConfiguration } from '../../config/configuration.ts';
import type { Engine, SyncResult } from '../../engine.ts';
import { systemClock } from '../../host/clock.ts';
import { EngineError } from '../../model/engine-error.ts';
import { statusOf } from '../../record/job-lifecycle.ts';
import { followFiles, type Look } from '../../reload.ts';
import { createDaemon, type DaemonObserver, type Runner } from '../../schedule/daemon.ts';
import { type DaemonLog, fromLevel, jsonLog, type LogLevel, textLog } from '../../schedule/daemon-log.ts';
import { createMetrics, type Metrics } from '../../schedule/metrics.ts';
import { everySecond } from '../../schedule/ticks.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { type ConfigOption, open } from '../open.ts';
import { diagnosticsHuman } from '../views/diagnostics-human.ts';

export type DaemonOptions = ConfigOption & { readonly logFormat: 'text' | 'json'; readonly logLevel: LogLevel };

export async function daemon(io: Io, options: DaemonOptions): Promise<ExitCode> {
  const opened = await open(io, options);
  const { engine, configuration, record } = opened;
  const whole = options.logFormat === 'json' ? jsonLog(io.out) : textLog(io.out, systemClock.now);
  const log = fromLevel(whole, options.logLevel);
  const metrics = createMetrics();
  const openOptions = { env: io.env, ...(record === undefined ? {} : { record }) };
  const files = followFiles(opened, openOptions);
  let look: Look = { ...opened, reloaded: false };
  // The API looks between the ticks; what it finds is told at the next one.
  let untold: Pick<Look, 'reloaded' | 'refused'> = { reloaded: false };
  const lookAgain = async (): Promise<Look> => {
    look = await files.look();
    const { reloaded, refused = untold.refused } = look;
    untold = { reloaded: reloaded || untold.reloaded, ...(refused === undefined ? {} : { refused }) };
    return look;
  };
  const progress = new Map<string, Progress>();
  let lastTick = Date.now();
  const work = createDaemon<SyncResult>({
    clock: systemClock,
    logRetentionMs: configuration.daemon.logRetentionMs,
    observer: observe(log, metrics),
    current: async () => {
      const { engine: present } = await lookAgain();
      const { reloaded, refused } = untold;
      untold = { reloaded: false };
      return {
        runner: withProgress(present, progress),
        ...(reloaded ? { note: 'configuration reloaded' } : {}),
        ...(refused === undefined ? {} : { refusal: diagnosticsHuman(refused, io) }),
      };
    },
  });
  const server = await listen(configuration.daemon, log, {
    jobs: () => health(look),
    metrics: async () => ({ text: await metrics.text(), contentType: metrics.contentType }),
    lastTick: () => lastTick,
    now: Date.now,
    graph: openGraph(opened, {
      ...openOptions,
      look: lookAgain,
      progress: (job) => progress.get(job),
      note: (message, fields) => log.info(message, fields),
      warn: (message, fields) => log.warn(message, fields),
    }),
  });
  log.info('daemon started', { jobs: engine.jobNames.join(', '), listen: server?.url ?? 'off' });
  const stopTicks = everySecond(async () => {
    lastTick = Date.now();
    await work.tick();
  });
  try {
    await aborted(io.signal);
  } finally {
    await stopTicks();
    const clean = await work.stop(configuration.daemon.shutdownMs);
    await server?.close();
    await engine.close();
    log.info(clean ? 'daemon stopped' : 'daemon stopped with requests in flight; the next cycle goes on from there');
  }
  return EXIT.fine;
}

/** The engine, telling the API how far each cycle is. */
function withProgress(engine: Engine, progress: Map<string, Progress>): Runner<SyncResult> {
  return {
    jobNames: engine.jobNames,
    isDue: async (job) => (await engine.isDue(job)) && !(await engine.waitsForDirectory(job)),
    prune: (milliseconds) => engine.prune(milliseconds),
    syncIfDue: async (job, options) => {
      const onProgress = (completed: number, total: number) =>
        progress.set(job, { completed, total, at: systemClock.now() });
      try {
        return await engine.syncIfDue(job, { ...options, onProgress });
      } finally {
        progress.delete(job);
      }
    },
  };
}

/** As many findings about a directory are told after each cycle. */
const LOGGED_FINDINGS = 5;

function observe(log: DaemonLog, metrics: Metrics): DaemonObserver<SyncResult> {
  return {
    cycleFinished: (job, result) => {
      const { cycle, error, durationMs, escrows } = result;
      const figures = {
        job,
        kind: cycle.kind,
        ...cycle.counts,
        escrows: escrows.objects + escrows.references,
        durationMs,
      };
      metrics.cycleFinished(job, {
        kind: cycle.kind,
        state: cycle.state ?? 'Failed',
        counts: cycle.counts,
        durationMs,
        escrows: escrows.objects + escrows.references,
        directoryErrors: result.problems.filter(({ severity }) => severity === 'error').length,
        job: result.job,
      });
      if (error === undefined) log.info('cycle finished', figures);
      else
        log.error('cycle failed', {
          job,
          kind: cycle.kind,
          code: error.code,
          reason: error.message,
          remedy: error.remedy,
        });
      const { quarantine } = result.job;
      if (quarantine !== undefined)
        log.warn('job in quarantine', { job, reason: quarantine.reason, next: quarantine.nextAttempt });
      for (const { severity, code, summary, at } of result.problems.slice(0, LOGGED_FINDINGS))
        log[severity === 'error' ? 'error' : 'warn']('directory', { job, at: `${at.file}:${at.line}`, code, summary });
      if (result.problems.length > LOGGED_FINDINGS)
        log.warn('directory', { job, findings: result.problems.length, all: 'scimulate validate' });
      for (const notice of result.notices) log.warn('settings', { job, notice });
      if (result.undelivered !== undefined)
        log.warn('notification not sent', { job, reason: result.undelivered.message });
    },
    cycleBroken: (job, error) => {
      if (error instanceof EngineError && error.code === 'LeaseLost')
        return log.warn('cycle cut off', { job, reason: error.message, remedy: error.remedy });
      metrics.cycleBroken(job);
      const known = error instanceof EngineError && error.category !== 'bug';
      const reason = error instanceof Error ? error.message : String(error);
      const stack = known || !(error instanceof Error) ? undefined : error.stack;
      log.error('cycle broken off', { job, reason, stack, remedy: known ? error.remedy : undefined });
    },
    reloaded: (message) => log.info(message),
    reloadRefused: (message) => log.error('configuration not taken over', { findings: message }),
    pruned: (records) => log.info('old log records removed', { records }),
  };
}

/** Longest request to the API: several times the largest schema. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** A port that is taken is no reason not to provision. */
async function listen(
  settings: DaemonConfiguration,
  log: DaemonLog,
  facts: Parameters<typeof createDaemonApp>[0],
): Promise<Awaited<ReturnType<typeof serveApp>> | undefined> {
  if (settings.listen === 'off') return undefined;
  const [, host = '127.0.0.1', port = '0'] = /^(.+):(\d+)$/.exec(settings.listen) ?? [];
  try {
    return await serveApp(createDaemonApp(facts), { host, port: Number(port), maxBodyBytes: MAX_BODY_BYTES });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const remedy = 'another daemon may run here; name another address in daemon.listen, or "off"';
    log.warn('health, metrics and API are off', { reason: error.message, remedy });
    return undefined;
  }
}

async function health({ engine }: Look): ReturnType<Parameters<typeof createDaemonApp>[0]['jobs']> {
  return Promise.all(
    engine.jobNames.map(async (name) => {
      const { record } = await engine.status(name);
      return {
        name,
        status: statusOf(record).status,
        quarantine: record?.quarantine?.reason ?? null,
        lastCycleEnded: record?.lastCycle?.endedAt ?? null,
        nextStart: (await engine.nextStart(name)) ?? null,
      };
    }),
  );
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
