/** Opens the engine a command works on, or says why it cannot. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type FirstOpenOptions, openEngine, type RunningEngine } from '../compose.ts';
import type { Engine } from '../engine.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { EngineError } from '../model/engine-error.ts';
import type { Io } from './io.ts';
import { type NextCommand, nextCommand } from './next-command.ts';
import { diagnosticsHuman, plural } from './views/diagnostics-human.ts';

export type ConfigOption = {
  readonly config: string;
  /** File that every HTTP exchange with a target is recorded in. */
  readonly har?: string;
};

/** The engine of the configuration file. @throws EngineError `configuration` when there is no file or it has errors */
export async function open(io: Io, options: ConfigOption): Promise<RunningEngine> {
  return opened(io, options, {});
}

/** The same for a command that only looks: it writes nothing anywhere, not even an empty state. @throws as `open` */
export async function openToLook(io: Io, options: ConfigOption): Promise<RunningEngine> {
  return opened(io, options, { looksOnly: true });
}

async function opened(
  io: Io,
  options: ConfigOption,
  kind: Pick<FirstOpenOptions, 'looksOnly'>,
): Promise<RunningEngine> {
  const path = configPath(io, options);
  const har = options.har === undefined ? {} : { har: resolve(io.cwd, options.har) };
  const { diagnostics, ...running } = await openEngine(path, { env: io.env, ...har, ...kind });
  if (running.engine !== undefined) {
    if (kind.looksOnly !== true) io.err(warned(diagnostics, nextCommand(options.config)));
    return running;
  }
  throw new EngineError(diagnosticsHuman(diagnostics, io), {
    category: 'configuration',
    code: 'bad-configuration',
    remedy: 'mend these and run again; `scimulate validate` lists them too',
  });
}

/** Whoever writes to a target should know that something about the configuration is odd. */
function warned(diagnostics: readonly Diagnostic[], next: NextCommand): string {
  if (diagnostics.length === 0) return '';
  return `${plural(diagnostics.length, 'warning')} about the configuration. See: ${next('validate')}\n`;
}

/** Absolute path of the configuration. @throws EngineError `configuration` when there is no such file */
export function configPath(io: Io, options: ConfigOption): string {
  const path = resolve(io.cwd, options.config);
  if (existsSync(path)) return path;
  throw new EngineError(`there is no ${options.config} here`, {
    category: 'configuration',
    code: 'no-configuration',
    remedy: 'name one with -c FILE, or write one with: scimulate init',
  });
}

/** The named job, or all of them in order. */
export function chosenJobs(engine: Engine, job: string | undefined): readonly string[] {
  return job === undefined ? engine.jobNames : [job];
}
