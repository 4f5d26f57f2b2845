/** `start`, `pause`, `restart`: the life of a job between cycles. */
import type { Engine } from '../../engine.ts';
import { EngineError } from '../../model/engine-error.ts';
import { PORTAL_RESTART, parseResetFlags, type ResetFlag, statusOf } from '../../record/job-lifecycle.ts';
import { badUsage } from '../bad-usage.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../json-document.ts';
import { hints, type NextCommand, nextCommand } from '../next-command.ts';
import { type ConfigOption, chosenJobs, open } from '../open.ts';

export type LifecycleOptions = ConfigOption & { readonly job?: string; readonly json: boolean };
export type RestartOptions = LifecycleOptions & { readonly reset?: string; readonly yes: boolean };

export async function start(io: Io, options: LifecycleOptions): Promise<ExitCode> {
  return change(io, options, (engine, job) => engine.start(job), 'started; the next cycle continues where it stood');
}

const PAUSED = 'paused; a running cycle finishes, no other begins';

export async function pause(io: Io, options: LifecycleOptions): Promise<ExitCode> {
  return change(io, options, (engine, job) => engine.pause(job), PAUSED);
}

export async function restart(io: Io, options: RestartOptions): Promise<ExitCode> {
  const flags = options.reset === undefined ? PORTAL_RESTART : parseResetFlags(options.reset);
  if (flags.length === 0) throw badUsage('--reset names no flag', 'leave it out for a restart as in the portal');
  const danger = dangerOf(flags);
  if (danger !== undefined && !options.yes) throw needsYes(flags, danger);
  const act = async (engine: Engine, job: string) => {
    const { escrows } = await engine.status(job);
    const failing = escrows.objects + escrows.references;
    await engine.restart(job, flags);
    if (failing > 0 && leavesFailuresAlone(flags)) io.err(failuresLeftAlone(job, failing, nextCommand(options.config)));
  };
  return change(io, options, act, `restarted; reset ${flags.join(', ')}`);
}

/** Their retries are forgotten, and nobody is looked at again (cycle.md table 1b). */
function leavesFailuresAlone(flags: readonly ResetFlag[]): boolean {
  const everybodyAgain: readonly ResetFlag[] = ['Watermark', 'Full', 'ConnectorDataStore'];
  return flags.includes('Escrows') && !flags.some((flag) => everybodyAgain.includes(flag));
}

function failuresLeftAlone(job: string, failing: number, next: NextCommand): string {
  const [what, are] = failing === 1 ? ['what failed', 'is'] : [`${failing} that failed`, 'are'];
  return `${job}: warning  ${what} ${are} not tried again before a change; everybody anew: ${next('restart', '--reset', 'Watermark')}\n`;
}

async function change(
  io: Io,
  options: LifecycleOptions,
  act: (engine: Engine, job: string) => Promise<void>,
  said: string,
): Promise<ExitCode> {
  const { engine } = await open(io, options);
  try {
    const jobs = chosenJobs(engine, options.job);
    for (const job of jobs) await act(engine, job);
    const states = await Promise.all(jobs.map((job) => engine.status(job)));
    if (options.json) {
      const shown = states.map(({ name, jobId, record }) => ({ name, jobId, status: statusOf(record).status }));
      io.out(jsonDocument({ jobs: shown }));
    } else {
      for (const { name } of states) io.out(`${name} · ${said}\n`);
      const next = nextCommand(options.config);
      // A job that is paused runs no cycle.
      const onwards = said === PAUSED ? `Go on: ${next('start')}` : `Run now: ${next('sync')}`;
      io.out(`${hints(io.width, [`See: ${next('status')}`, onwards])}\n`);
    }
    return EXIT.fine;
  } finally {
    await engine.close();
  }
}

/** What cannot be taken back, in words. */
function dangerOf(flags: readonly ResetFlag[]): string | undefined {
  if (flags.includes('ForceDeletes')) return 'every deprovision that is held will be carried out';
  if (flags.includes('Full') || flags.includes('ConnectorDataStore')) {
    return 'all links are forgotten: who left scope before will never be deprovisioned, everybody else is matched anew';
  }
  return undefined;
}

function needsYes(flags: readonly ResetFlag[], danger: string): EngineError {
  return new EngineError(`${flags.join(', ')}: ${danger}`, {
    category: 'configuration',
    code: 'needs-confirmation',
    remedy: 'if that is meant, say so with --yes',
  });
}
