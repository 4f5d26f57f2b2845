/** `validate`: every finding about configuration, mappings and directory; `--connect` runs Test Connection. */
import { checkConfiguration } from '../../compose.ts';
import { maskSecrets } from '../../config/secrets.ts';
import { EngineError } from '../../model/engine-error.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { type ConfigOption, configPath, open } from '../open.ts';
import { diagnosticsHuman, diagnosticsTotal } from '../views/diagnostics-human.ts';

export type ValidateOptions = ConfigOption & {
  readonly connect: boolean;
  readonly effective: boolean;
  readonly json: boolean;
};

export async function validate(io: Io, options: ValidateOptions): Promise<ExitCode> {
  if (options.har !== undefined && !options.connect) throw nothingToRecord();
  const diagnostics = await checkConfiguration(configPath(io, options), { env: io.env });
  const broken = diagnostics.some((diagnostic) => diagnostic.severity === 'error');
  if (options.json) io.out(`${JSON.stringify({ formatVersion: 1, diagnostics }, null, 2)}\n`);
  else {
    if (diagnostics.length > 0) io.out(`${diagnosticsHuman(diagnostics, io.cwd)}\n\n`);
    io.out(`${diagnosticsTotal(diagnostics)}\n`);
  }
  if (broken) return EXIT.usage;
  if (options.effective) await printEffective(io, options);
  return options.connect ? connect(io, options) : EXIT.fine;
}

async function printEffective(io: Io, options: ValidateOptions): Promise<void> {
  const { engine, configuration } = await open(io, { config: options.config });
  await engine.close();
  const withoutMappings = (key: string, value: unknown) => (key === 'mapping' ? undefined : value);
  io.out(`${JSON.stringify(maskSecrets(configuration), withoutMappings, 2)}\n`);
}

function nothingToRecord(): EngineError {
  return new EngineError('--har has nothing to record: validate contacts the target only with --connect', {
    category: 'configuration',
    code: 'nothing-to-record',
    remedy: 'add --connect, or leave out --har',
  });
}

async function connect(io: Io, options: ValidateOptions): Promise<ExitCode> {
  const { engine } = await open(io, options);
  let code: ExitCode = EXIT.fine;
  try {
    for (const job of engine.jobNames) {
      try {
        await engine.testConnection(job, io.signal);
        io.out(`✓ ${job}: the target answers as it should\n`);
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        io.out(`✗ ${job}: ${error.message}${error.remedy === undefined ? '' : `\n  ${error.remedy}`}\n`);
        code = EXIT.jobFailed;
      }
    }
  } finally {
    await engine.close();
  }
  return code;
}
