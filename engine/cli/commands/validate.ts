/** `validate`: every finding about configuration, mappings and directory; `--connect` runs Test Connection. */
import { checkConfiguration } from '../../compose.ts';
import { maskSecrets } from '../../config/secrets.ts';
import { EngineError } from '../../model/engine-error.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../json-document.ts';
import { type ConfigOption, configPath, openToLook } from '../open.ts';
import { diagnosticsHuman, diagnosticsTotal } from '../views/diagnostics-human.ts';
import { diagnosticsJson } from '../views/diagnostics-json.ts';

export type ValidateOptions = ConfigOption & {
  readonly connect: boolean;
  readonly effective: boolean;
  readonly json: boolean;
};

/** Test Connection of one job. */
type Connection = {
  readonly job: string;
  readonly ok: boolean;
  readonly error: { readonly code: string; readonly message: string; readonly remedy?: string } | null;
};

export async function validate(io: Io, options: ValidateOptions): Promise<ExitCode> {
  if (options.har !== undefined && !options.connect) throw nothingToRecord();
  const diagnostics = await checkConfiguration(configPath(io, options), { env: io.env });
  const broken = diagnostics.some((diagnostic) => diagnostic.severity === 'error');
  if (!options.json) {
    // With --effective the output is the configuration alone.
    const say = options.effective ? io.err : io.out;
    if (diagnostics.length > 0) say(`${diagnosticsHuman(diagnostics, io)}\n\n`);
    say(`${diagnosticsTotal(diagnostics)}\n`);
  }
  const effective = options.effective && !broken ? await effectiveConfiguration(io, options) : undefined;
  if (effective !== undefined && !options.json) io.out(`${JSON.stringify(effective, null, 2)}\n`);
  const connections = options.connect && !broken ? await connect(io, options) : [];
  if (options.json) {
    const configuration = effective === undefined ? {} : { configuration: effective };
    const tried = options.connect ? { connections } : {};
    io.out(jsonDocument({ diagnostics: diagnosticsJson(diagnostics), ...configuration, ...tried }));
  }
  if (broken) return EXIT.usage;
  return connections.every(({ ok }) => ok) ? EXIT.fine : EXIT.jobFailed;
}

/** What holds, defaults filled in and secrets masked; mappings are files of their own. */
async function effectiveConfiguration(io: Io, options: ValidateOptions): Promise<unknown> {
  const { engine, configuration } = await openToLook(io, { config: options.config });
  await engine.close();
  const withoutMappings = (key: string, value: unknown) => (key === 'mapping' ? undefined : value);
  return JSON.parse(JSON.stringify(maskSecrets(configuration), withoutMappings));
}

function nothingToRecord(): EngineError {
  return new EngineError('--har has nothing to record: validate contacts the target only with --connect', {
    category: 'configuration',
    code: 'nothing-to-record',
    remedy: 'add --connect, or leave out --har',
  });
}

async function connect(io: Io, options: ValidateOptions): Promise<readonly Connection[]> {
  const { engine } = await openToLook(io, options);
  const connections: Connection[] = [];
  try {
    for (const job of engine.jobNames) {
      const connection = await tryConnection(job, () => engine.testConnection(job, io.signal));
      connections.push(connection);
      if (options.json) continue;
      // With --effective the output is the configuration alone.
      (options.effective ? io.err : io.out)(connectionHuman(connection));
    }
  } finally {
    await engine.close();
  }
  return connections;
}

async function tryConnection(job: string, attempt: () => Promise<unknown>): Promise<Connection> {
  try {
    await attempt();
    return { job, ok: true, error: null };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { code, message, remedy } = error;
    return { job, ok: false, error: { code, message, ...(remedy === undefined ? {} : { remedy }) } };
  }
}

function connectionHuman({ job, error }: Connection): string {
  if (error === null) return `✓ ${job}: the target answers as it should\n`;
  return `✗ ${job}: ${error.message}${error.remedy === undefined ? '' : `\n  ${error.remedy}`}\n`;
}
