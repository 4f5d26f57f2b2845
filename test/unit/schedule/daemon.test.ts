/** The daemon's loop without a clock of its own: what it starts, survives, and how it stops. */
import { expect, test } from 'vitest';
import { EngineError } from '../../../engine/model/engine-error.ts';
import { createDaemon, type DaemonObserver, type Runner } from '../../../engine/schedule/daemon.ts';
import { fixedClock } from '../../support/fixed-clock.ts';

type Told = { finished: string[]; broken: unknown[]; pruned: number };

function observe(): { told: Told; observer: DaemonObserver<string> } {
  const told: Told = { finished: [], broken: [], pruned: 0 };
  const observer: DaemonObserver<string> = {
    cycleFinished: (job, result) => told.finished.push(`${job}:${result}`),
    cycleBroken: (_job, error) => told.broken.push(error),
    reloaded: () => undefined,
    reloadRefused: () => undefined,
    pruned: (records) => {
      told.pruned += records;
    },
  };
  return { told, observer };
}

function runner(sync: Runner<string>['syncIfDue'], jobs = ['a', 'b']): Runner<string> {
  return { jobNames: jobs, isDue: async () => true, syncIfDue: sync, prune: async () => 7 };
}

function daemonOf(one: Runner<string>) {
  const { told, observer } = observe();
  const clock = fixedClock();
  const daemon = createDaemon({ current: async () => ({ runner: one }), observer, clock, logRetentionMs: 1000 });
  return { daemon, told, clock };
}

test('runs several jobs side by side, each once at a time', async () => {
  let release: () => void = () => undefined;
  const gate = new Promise<void>((open) => {
    release = open;
  });
  const started: string[] = [];
  const { daemon, told } = daemonOf(
    runner(async (job) => {
      started.push(job);
      await gate;
      return 'done';
    }),
  );
  await daemon.tick();
  await daemon.tick();
  expect(started).toEqual(['a', 'b']);
  release();
  await daemon.idle();
  expect(told.finished).toEqual(['a:done', 'b:done']);
});

test('twenty jobs at once are no leak of listeners', async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error) => warnings.push(warning);
  process.on('warning', warn);
  const jobs = Array.from({ length: 20 }, (_, index) => `job ${index}`);
  const { daemon, told } = daemonOf(
    runner(async (_job, { signal }) => {
      signal.addEventListener('abort', () => undefined);
      return 'done';
    }, jobs),
  );
  await daemon.tick();
  await daemon.idle();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', warn);
  expect(told.finished).toHaveLength(20);
  expect(warnings).toEqual([]);
});

test('a failing cycle, and a bug, end neither the daemon nor other jobs', async () => {
  const { daemon, told } = daemonOf(
    runner(async (job) => {
      if (job === 'a') throw new Error('bug');
      return 'done';
    }),
  );
  await daemon.tick();
  await daemon.idle();
  expect(told.finished).toEqual(['b:done']);
  expect(told.broken).toHaveLength(1);
  await daemon.tick();
  await daemon.idle();
  expect(told.finished).toHaveLength(2);
});

test('a job that another process runs is no news', async () => {
  const busy = new EngineError('busy', { category: 'job', code: 'job-busy' });
  const { daemon, told } = daemonOf(
    runner(async () => {
      throw busy;
    }),
  );
  await daemon.tick();
  await daemon.idle();
  expect(told).toMatchObject({ finished: [], broken: [] });
});

test('prunes old logs once an hour', async () => {
  const { daemon, told, clock } = daemonOf(runner(async () => undefined));
  await daemon.tick();
  await daemon.tick();
  expect(told.pruned).toBe(7);
  clock.advance(3_600_000);
  await daemon.tick();
  expect(told.pruned).toBe(14);
});

test('a stop aborts what runs and starts nothing more', async () => {
  const { daemon, told } = daemonOf(
    runner(
      (_job, { signal }) =>
        new Promise((_done, fail) => signal.addEventListener('abort', () => fail(new Error('aborted')))),
    ),
  );
  await daemon.tick();
  await daemon.stop(1000);
  await daemon.idle();
  await daemon.tick();
  expect(told).toMatchObject({ finished: [], broken: [] });
});
