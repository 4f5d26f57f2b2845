#!/usr/bin/env node
/** The command line: arguments → one call → a view. Commands are loaded when they are called, so that help is quick. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { EngineError } from '../model/engine-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';

type Values = Readonly<Record<string, unknown>>;
type Load = (io: Io, values: never) => Promise<ExitCode>;

/** Runs `argv` (without node and script) and returns the exit code. */
export async function runCli(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = EXIT.fine;
  const program = buildProgram(io, (done) => {
    code = done;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return report(io, error);
  }
}

function buildProgram(io: Io, finish: (code: ExitCode) => void): Command {
  const program = new Command('scimulate')
    .description('The Microsoft Entra provisioning cycle on your own machine.')
    .version('0.1.0', '-V, --version')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err });
  const add = (
    name: string,
    summary: string,
    load: () => Promise<Load>,
    toOptions: (values: Values, names: readonly string[]) => Values,
    parent = program,
  ) =>
    parent
      .command(name)
      .description(summary)
      .exitOverride()
      .action(async (...parameters: unknown[]) => {
        const command = parameters.at(-1) as Command;
        const run = await load();
        finish(await run(io, toOptions(command.opts(), command.args) as never));
      });
  const config = () => new Option('-c, --config <file>', 'configuration file').default('config.yaml');
  const json = () => new Option('--json', 'print one JSON document').default(false);
  const job = () => new Option('--job <name>', 'only this job');
  const plain = (values: Values) => values;

  add('sync', 'one cycle now per job', async () => (await import('./commands/sync.ts')).sync, plain)
    .addOption(config())
    .addOption(job())
    .addOption(new Option('--cycles <n>', 'how many cycles').default(1).argParser(positive))
    .addOption(new Option('--allow-deletions <n>', 'let so many deprovisions through this once').argParser(positive))
    .addOption(json());
  add('daemon', 'cycles on schedule until stopped', async () => (await import('./commands/daemon.ts')).daemon, plain)
    .addOption(config())
    .addOption(new Option('--log-format <format>', 'text or json').choices(['text', 'json']).default('text'));
  add('start', 'go on with a paused job', async () => (await import('./commands/lifecycle.ts')).start, plain)
    .addOption(config())
    .addOption(job())
    .addOption(json());
  add('pause', 'no further cycles', async () => (await import('./commands/lifecycle.ts')).pause, plain)
    .addOption(config())
    .addOption(job())
    .addOption(json());
  add('restart', 'forget and begin again', async () => (await import('./commands/lifecycle.ts')).restart, plain)
    .addOption(config())
    .addOption(job())
    .addOption(new Option('--reset <flags>', 'what to forget, e.g. Watermark,Escrows; default as in the portal'))
    .addOption(new Option('--yes', 'do not ask').default(false))
    .addOption(json());
  add(
    'preview',
    'what the next cycle would send; sends nothing',
    async () => (await import('./commands/preview.ts')).preview,
    plain,
  )
    .addOption(config())
    .addOption(job())
    .addOption(
      new Option('--object <ref>', 'only this object, step by step; may be repeated').default([]).argParser(collect),
    )
    .addOption(new Option('--offline', 'do not contact the target').default(false))
    .addOption(json())
    .addOption(new Option('--detailed-exitcode', 'exit 10 when there are changes').default(false));
  add(
    'validate',
    'every finding about configuration and mappings',
    async () => (await import('./commands/validate.ts')).validate,
    plain,
  )
    .addOption(config())
    .addOption(new Option('--connect', 'run Test Connection').default(false))
    .addOption(new Option('--effective', 'print the configuration with defaults, secrets masked').default(false))
    .addOption(json());
  add(
    'explain',
    'parse tree and value of every sub-expression',
    async () => (await import('./commands/explain.ts')).explain,
    (values, names) => ({
      ...values,
      expression: names[0] ?? '',
    }),
  )
    .argument('<expression>', 'the expression')
    .addOption(config())
    .addOption(job())
    .addOption(new Option('--input <json>', 'source attributes as JSON, or @file'))
    .addOption(new Option('--object <ref>', 'a user or group of the directory'))
    .addOption(json());
  add('logs', 'provisioning logs', async () => (await import('./commands/logs.ts')).logs, plain)
    .addOption(config())
    .addOption(job())
    .addOption(new Option('--cycle <id>', 'only this cycle'))
    .addOption(new Option('--object <ref>', 'only this object'))
    .addOption(
      new Option('--status <status>', 'only this status').choices(['success', 'failure', 'skipped', 'warning']),
    )
    .addOption(
      new Option('--action <action>', 'only this action').choices([
        'create',
        'update',
        'delete',
        'disable',
        'stageddelete',
        'other',
      ]),
    )
    .addOption(new Option('--limit <n>', 'the newest so many').argParser(positive))
    .addOption(new Option('--follow', 'wait for more').default(false))
    .addOption(json());
  add(
    'status',
    'state, last cycle, escrows, quarantine',
    async () => (await import('./commands/status.ts')).status,
    plain,
  )
    .addOption(config())
    .addOption(job())
    .addOption(json());
  add(
    'provision',
    'one object through the whole pipeline, now',
    async () => (await import('./commands/provision.ts')).provision,
    (values, names) => ({ ...values, reference: names[0] ?? '' }),
  )
    .argument('<ref>', 'object id, userPrincipalName, mail or display name')
    .addOption(config())
    .addOption(job())
    .addOption(new Option('--member <ref>', 'of a group, up to five; may be repeated').default([]).argParser(collect))
    .addOption(json());
  add(
    'why',
    'one object: scope, link, attempts, retry, what comes next',
    async () => (await import('./commands/why.ts')).why,
    (values, names) => ({ ...values, reference: names[0] ?? '' }),
  )
    .argument('<ref>', 'object id, userPrincipalName, mail or display name')
    .addOption(config())
    .addOption(job())
    .addOption(new Option('--offline', 'do not contact the target').default(false))
    .addOption(json());
  add(
    'simulate',
    'play a timeline in virtual time and check what it expects',
    async () => (await import('./commands/simulate.ts')).simulate,
    (values, names) => ({ ...values, scenarios: names }),
  )
    .argument('<scenario...>', 'scenario files')
    .addOption(new Option('--junit <file>', 'write the results as JUnit XML'))
    .addOption(json());
  add(
    'target',
    'serve a simulated application',
    async () => (await import('./commands/target.ts')).target,
    (values, names) => ({
      ...values,
      profile: names[0] ?? '',
    }),
  )
    .argument('<profile>', 'e.g. scim')
    .addOption(new Option('--port <n>', 'port; 0 for any free one').default(8801).argParser(port))
    .addOption(new Option('--host <address>', 'address to listen on').default('127.0.0.1'))
    .addOption(new Option('--token <text>', 'bearer token it asks for'));
  add(
    'functions',
    'the expression functions',
    async () => (await import('./commands/functions.ts')).functions,
    (values, names) => ({
      ...values,
      ...(names[0] === undefined ? {} : { name: names[0] }),
    }),
  )
    .argument('[name]', 'one function, with examples')
    .addOption(json());
  const schema = program.command('schema').description("Graph's synchronizationSchema JSON and mapping files");
  add(
    'import',
    'exported JSON → a mapping file',
    async () => (await import('./commands/schema.ts')).schemaImport,
    (values, names) => ({ ...values, file: names[0] ?? '' }),
    schema,
  )
    .argument('<file>', 'the JSON file')
    .addOption(new Option('--out <file>', 'the mapping file to write; printed without it'))
    .addOption(new Option('--lenient', 'keep values that are not documented').default(false));
  add(
    'export',
    'a mapping file → the JSON',
    async () => (await import('./commands/schema.ts')).schemaExport,
    (values, names) => ({ ...values, ...(names[0] === undefined ? {} : { mapping: names[0] }) }),
    schema,
  )
    .argument('[mapping]', 'the mapping file; without it that of the job')
    .addOption(config())
    .addOption(new Option('--job <name>', 'write the id of this job'))
    .addOption(new Option('--out <file>', 'the JSON file to write; printed without it'));
  add(
    'demo',
    'the tour: a directory, an app, a cycle, a day of changes',
    async () => (await import('./commands/demo.ts')).demo,
    plain,
  ).addOption(new Option('--keep <folder>', 'where its files stay').default('.scimulate/demo'));
  return program;
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('give a whole number of 1 or more');
  return number;
}

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65535)
    throw new InvalidArgumentError('give a port, 0 to 65535');
  return number;
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

const BY_CATEGORY: Readonly<Record<EngineError['category'], ExitCode>> = {
  configuration: EXIT.usage,
  object: EXIT.objectsFailed,
  job: EXIT.jobFailed,
  transient: EXIT.jobFailed,
  bug: EXIT.bug,
};

function report(io: Io, error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  if (io.signal.aborted) {
    io.err('stopped; what was done is kept, the next cycle goes on from there\n');
    return EXIT.interrupted;
  }
  if (error instanceof EngineError && error.category !== 'bug') {
    io.err(`error  ${error.message}\n${error.remedy === undefined ? '' : `       ${error.remedy}\n`}`);
    return BY_CATEGORY[error.category];
  }
  io.err(
    `This is a bug in Scimulate; please report it with the lines below.\n${error instanceof Error ? error.stack : error}\n`,
  );
  return EXIT.bug;
}

/** Ctrl-C once: stop after the object in flight. Twice: leave at once. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    process.stderr.write('\nstopping after the requests in flight; Ctrl-C again leaves at once\n');
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}

if (import.meta.filename === (await realPathOf(process.argv[1]))) {
  process.exitCode = await runCli(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
    width: process.stdout.columns ?? 120,
    isTerminal: process.stderr.isTTY === true,
    signal: interruptSignal(),
  });
}

/** The script as started, through the link that npm makes for a bin. */
async function realPathOf(script: string | undefined): Promise<string> {
  if (script === undefined) return '';
  const { realpath } = await import('node:fs/promises');
  return realpath(script).catch(() => script);
}
