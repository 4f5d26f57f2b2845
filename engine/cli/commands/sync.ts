/** `sync`: one cycle now per job. */
import type { SyncResult } from '../../engine.ts';
import type { Outcome } from '../../plan/plan.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { type ConfigOption, chosenJobs, open } from '../open.ts';
import { diagnosticsHuman } from '../views/diagnostics-human.ts';
import { progressBar } from '../views/progress.ts';
import { syncHuman } from '../views/sync-human.ts';
import { syncJson } from '../views/sync-json.ts';

export type SyncOptions = ConfigOption & {
  readonly job?: string;
  readonly cycles: number;
  readonly allowDeletions?: number;
  readonly json: boolean;
};

export async function sync(io: Io, options: SyncOptions): Promise<ExitCode> {
  const { engine } = await open(io, options);
  const results: SyncResult[] = [];
  try {
    for (let cycle = 0; cycle < options.cycles; cycle += 1) {
      for (const job of chosenJobs(engine, options.job)) {
        const failures: Outcome[] = [];
        const bar = progressBar(io, job, options.json);
        const result = await engine.sync(job, {
          signal: io.signal,
          onProgress: bar.update,
          ...(options.allowDeletions === undefined ? {} : { allowDeletions: options.allowDeletions }),
          onOutcome: (outcome) => {
            if (outcome.failure !== undefined) failures.push(outcome);
          },
        });
        bar.clear();
        if (result.problems.length > 0) io.err(`${diagnosticsHuman(result.problems, io.cwd)}\n`);
        for (const notice of result.notices) io.err(`${job}: warning  ${notice}\n`);
        results.push(result);
        if (!options.json) io.out(`${syncHuman(result, failures, io.width)}\n`);
      }
    }
  } finally {
    await engine.close();
  }
  if (options.json) io.out(`${JSON.stringify(syncJson(results), null, 2)}\n`);
  return exitCodeOf(results);
}

/** The gravest of what the last cycles came to. */
function exitCodeOf(results: readonly SyncResult[]): ExitCode {
  const held = results.some((result) => result.job.quarantine?.reason === 'TooManyDeletes');
  if (held) return EXIT.deletionsHeld;
  if (results.some((result) => result.error?.category === 'configuration')) return EXIT.usage;
  if (results.some((result) => result.error !== undefined || result.job.quarantine !== undefined))
    return EXIT.jobFailed;
  return results.some((result) => result.cycle.counts.failed > 0) ? EXIT.objectsFailed : EXIT.fine;
}
