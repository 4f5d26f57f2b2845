/** `sync`: one cycle now per job. */
import { untilWritten } from '../../compose.ts';
import { type Engine, isConverged, type SyncResult, type Verification } from '../../engine.ts';
import { systemClock } from '../../host/clock.ts';
import { EngineError } from '../../model/engine-error.ts';
import { badUsage } from '../bad-usage.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../json-document.ts';
import { nextCommand } from '../next-command.ts';
import { type ConfigOption, chosenJobs, open } from '../open.ts';
import { directoryFindings } from '../views/diagnostics-human.ts';
import { progressBar } from '../views/progress.ts';
import { failed, remarkable, syncHuman } from '../views/sync-human.ts';
import { syncJson } from '../views/sync-json.ts';
import { verifyHuman } from '../views/verify-human.ts';

export type SyncOptions = ConfigOption & {
  readonly job?: string;
  readonly cycles: number;
  readonly allowDeletions?: number;
  readonly verify: boolean;
  /** Checksum of the plan that may be carried out. */
  readonly expect?: string;
  readonly json: boolean;
};

export async function sync(io: Io, options: SyncOptions): Promise<ExitCode> {
  const { engine, configuration } = await open(io, options);
  const results: Synced[] = [];
  try {
    await untilWritten(configuration.directory.path, systemClock, io.signal, () =>
      io.err('somebody is writing to the directory file: waiting for the rest of it\n'),
    );
    if (options.expect !== undefined) await assertPlan(io, engine, options, options.expect);
    for (let cycle = 0; cycle < options.cycles; cycle += 1) {
      for (const job of chosenJobs(engine, options.job)) {
        const remarks = remarkable();
        const bar = progressBar(io, job, options.json);
        const result = await engine
          .sync(job, {
            signal: io.signal,
            onProgress: bar.update,
            ...(options.allowDeletions === undefined ? {} : { allowDeletions: options.allowDeletions }),
            onOutcome: remarks.note,
          })
          .finally(bar.clear);
        io.err(directoryFindings(result.problems, io, nextCommand(options.config)));
        for (const notice of result.notices) io.err(`${job}: warning  ${notice}\n`);
        io.err(untold(result));
        if (!options.json) {
          const escrows = await engine.escrowsOf(job, failed(remarks));
          io.out(`${syncHuman(result, remarks, io.width, nextCommand(options.config), escrows)}\n`);
        }
        const readBack = options.verify && result.error === undefined ? await verified(io, engine, job, options) : {};
        results.push({ ...result, ...readBack });
      }
    }
  } finally {
    await engine.close();
  }
  if (options.json) io.out(jsonDocument(syncJson(results)));
  return exitCodeOf(results);
}

/** That nobody learnt of a quarantine is said where somebody looks. */
function untold({ name, undelivered }: SyncResult): string {
  if (undelivered === undefined) return '';
  const { message, remedy } = undelivered;
  return `${name}: warning  ${message}\n${remedy === undefined ? '' : `       ${remedy}\n`}`;
}

/** Makes the plan once more, and refuses any but the expected one. @throws EngineError `job`, `PlanChanged` */
async function assertPlan(io: Io, engine: Engine, options: SyncOptions, expected: string): Promise<void> {
  const [job, another] = chosenJobs(engine, options.job);
  if (job === undefined || another !== undefined) {
    throw badUsage('--expect is the plan of one job, and there are several', 'name the one: --job NAME');
  }
  if (options.cycles > 1) throw badUsage('--expect is the plan of one cycle', 'leave out --cycles');
  const { checksum, error } = await engine.preview(job, { signal: io.signal });
  if (error !== undefined) throw error;
  if (checksum === expected) return;
  throw new EngineError(`the plan of "${job}" is ${checksum} now, not ${expected}: nothing was sent`, {
    category: 'job',
    code: 'PlanChanged',
    remedy: `look at it: ${nextCommand(options.config)('preview')}`,
  });
}

/** What a cycle came to, and whether the target holds it. */
export type Synced = SyncResult & ReadBack;

export type ReadBack = {
  readonly verification?: Verification;
  /** Why it could not be found out; what the cycle did is done all the same. */
  readonly unverified?: EngineError;
};

async function verified(io: Io, engine: Engine, job: string, options: SyncOptions): Promise<ReadBack> {
  const bar = progressBar(io, job, options.json, 'objects');
  try {
    const verification = await engine.verify(job, { signal: io.signal, onProgress: bar.update });
    bar.clear();
    if (!options.json) io.out(`${verifyHuman(verification, io.width, nextCommand(options.config))}\n`);
    return { verification };
  } catch (error) {
    bar.clear();
    if (!(error instanceof EngineError) || error.category === 'bug') throw error;
    io.err(`${job}: not verified  ${error.message}\n`);
    return { unverified: error };
  }
}

/** The gravest of what the last cycles came to. */
function exitCodeOf(results: readonly Synced[]): ExitCode {
  // A cycle that broke off refused nothing, whatever an earlier one holds back.
  const held = results.some(({ error, job }) => error === undefined && job.quarantine?.reason === 'TooManyDeletes');
  if (held) return EXIT.deletionsHeld;
  if (results.some((result) => result.error?.category === 'configuration')) return EXIT.usage;
  const failedAsWhole = results.some(
    ({ error, unverified, job }) => (error ?? unverified) !== undefined || job.quarantine !== undefined,
  );
  if (failedAsWhole) return EXIT.jobFailed;
  const failed = results.some(({ cycle, problems, verification }) => {
    // Whoever is in the directory with an error is not kept in step.
    if (problems.some(({ severity }) => severity === 'error')) return true;
    return cycle.counts.failed > 0 || (verification !== undefined && !isConverged(verification));
  });
  return failed ? EXIT.objectsFailed : EXIT.fine;
}
