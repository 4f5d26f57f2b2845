#!/usr/bin/env node
/** The command line: arguments → one call → a view. Commands are loaded when they are called, so that help is quick. */
import { Command, type Option } from 'commander';
import { PRODUCT } from '../model/product.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { failureJson, failureOf } from './failure.ts';
import type { Io } from './io.ts';
import { printable } from './printable.ts';
import { commandAdder } from './program/add-command.ts';
import { addCheckingCommands } from './program/checking-commands.ts';
import { refuseRepeats } from './program/given-once.ts';
import { addInspectingCommands } from './program/inspecting-commands.ts';
import { addMappingCommands } from './program/mapping-commands.ts';
import { addRunningCommands } from './program/running-commands.ts';
import { addSimulatingCommands } from './program/simulating-commands.ts';

/** Runs `argv` (without node and script) and returns the exit code. */
export async function runCli(argv: readonly string[], given: Io): Promise<ExitCode> {
  let isSilent = true;
  const io = {
    ...given,
    out: (text: string) => {
      isSilent = false;
      given.out(printable(text));
    },
    err: (text: string) => given.err(printable(text)),
  };
  let code: ExitCode = EXIT.fine;
  const program = buildProgram(io, (done) => {
    code = done;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    const failure = failureOf(io, error, { argv, command: commandIn(program, argv) });
    if (failure.text !== undefined) io.err(failure.text);
    // A program reads the one document that it asked for, also when there is nothing but the reason in it.
    if (isSilent && failure.exit !== EXIT.fine && argv.includes('--json')) io.out(failureJson(failure));
    return failure.exit;
  }
}

/** The command that `argv` names, with those above it: `scimulate schema import`. */
function commandIn(program: Command, [first, ...rest]: readonly string[]): string {
  const command = program.commands.find((one) => one.name() === first);
  return command === undefined ? program.name() : `${program.name()} ${commandIn(command, rest)}`;
}

function buildProgram(io: Io, finish: (code: ExitCode) => void): Command {
  const program = new Command('scimulate')
    .description('The Microsoft Entra provisioning cycle on your own machine.')
    .version(PRODUCT.version, '-V, --version')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      outputError: (text, write) => write(text.replace(/^error: /, 'error  ')),
    })
    .configureHelp({ optionDescription: describeOption });
  const add = commandAdder(program, io, finish);
  addRunningCommands(add);
  addInspectingCommands(add);
  addCheckingCommands(add);
  addMappingCommands(add);
  addSimulatingCommands(add);
  refuseRepeats(program);
  return program;
}

/** A switch is off and a list is empty unless it is given: nobody needs to be told. */
function describeOption(option: Option): string {
  const default_ = option.defaultValue as unknown;
  const said = default_ === undefined || default_ === false || (Array.isArray(default_) && default_.length === 0);
  const extra = [
    ...(option.argChoices === undefined ? [] : [`choices: ${option.argChoices.join(', ')}`]),
    ...(said ? [] : [`default: ${option.defaultValueDescription ?? String(default_)}`]),
  ];
  return extra.length === 0 ? option.description : `${option.description} (${extra.join('; ')})`;
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

/** The reader of a pipe went away, as `head` does; the terminal was closed. */
const CLOSED: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO']);

/**
 * Aborted when nobody reads the stream any more. What runs goes on to its end and its exit code: a closed pipe must not cut a
 * cycle, nor a closed terminal end a daemon.
 */
function closedSignal(stream: NodeJS.WriteStream): AbortSignal {
  const controller = new AbortController();
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!CLOSED.has(error.code)) throw error;
    controller.abort();
  });
  return controller.signal;
}

if (import.meta.filename === (await realPathOf(process.argv[1]))) {
  const closed = closedSignal(process.stdout);
  const isMute = closedSignal(process.stderr);
  process.exitCode = await runCli(process.argv.slice(2), {
    out: (text) => {
      if (!closed.aborted) process.stdout.write(text);
    },
    err: (text) => {
      if (!isMute.aborted) process.stderr.write(text);
    },
    env: process.env,
    cwd: process.cwd(),
    width: process.stdout.columns ?? 120,
    isTerminal: process.stderr.isTTY === true,
    isPiped: process.stdout.isTTY !== true,
    outputClosed: closed,
    signal: interruptSignal(),
    ...(process.stdin.isTTY && process.stderr.isTTY ? { ask: askPerson } : {}),
  });
}

/** On stderr, so that a redirected result stays clean. */
async function askPerson(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** The script as started, through the link that npm makes for a bin. */
async function realPathOf(script: string | undefined): Promise<string> {
  if (script === undefined) return '';
  const { realpath } = await import('node:fs/promises');
  return realpath(script).catch(() => script);
}
