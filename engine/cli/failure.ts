/** What a call that came to nothing says, to a person and to a program, and its exit code. */
import { CommanderError } from 'commander';
import { EngineError } from '../model/engine-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import { jsonDocument } from './json-document.ts';

const BY_CATEGORY: Readonly<Record<EngineError['category'], ExitCode>> = {
  configuration: EXIT.usage,
  object: EXIT.objectsFailed,
  job: EXIT.jobFailed,
  transient: EXIT.jobFailed,
  bug: EXIT.bug,
};

/** Errors whose message is a list of findings, which say themselves that they are errors. */
const FINDINGS: ReadonlySet<string> = new Set(['bad-configuration', 'bad-scenario', 'bad-mapping']);

/** What the machine says when a folder or disk does not let us write: no bug, and no stack. */
const NOT_OURS: ReadonlySet<string> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'EDQUOT',
  'EISDIR',
  'ENOTDIR',
  'EEXIST',
]);

type Call = {
  /** Without node and script. */
  readonly argv: readonly string[];
  /** As one would write it to ask for help: `scimulate schema import`. */
  readonly command: string;
};

export type Failure = {
  readonly exit: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly remedy?: string | undefined;
  /** For a person; undefined: commander has said it. */
  readonly text?: string;
};

/** What `error` says of the call `given`. */
export function failureOf(io: Io, error: unknown, given: Call): Failure {
  if (error instanceof CommanderError) {
    const exit = error.exitCode === 0 ? EXIT.fine : EXIT.usage;
    const remedy = exit === EXIT.fine ? undefined : usageHint(error, given);
    const text = remedy === undefined ? {} : { text: `       ${remedy}\n` };
    return { exit, code: 'bad-usage', message: error.message.replace(/^error: /, ''), remedy, ...text };
  }
  if (io.signal.aborted) {
    const message = 'stopped; what was done is kept, the next cycle goes on from there';
    return { exit: EXIT.interrupted, code: 'interrupted', message, text: `${message}\n` };
  }
  if (error instanceof EngineError && error.category !== 'bug') {
    const { code, message, remedy } = error;
    const exit = BY_CATEGORY[error.category];
    return { exit, code, message, remedy, text: said(FINDINGS.has(code) ? message : `error  ${message}`, remedy) };
  }
  const trouble = fileTrouble(error);
  if (trouble !== undefined) {
    const remedy = 'choose a folder that is yours and has room';
    return {
      exit: EXIT.usage,
      code: 'file-trouble',
      message: trouble,
      remedy,
      text: said(`error  ${trouble}`, remedy),
    };
  }
  const message = `${error instanceof Error ? error.stack : error}`;
  const text = `This is a bug in Scimulate; please report it with the lines below.\n${message}\n`;
  return { exit: EXIT.bug, code: 'bug', message, text };
}

function said(message: string, remedy: string | undefined): string {
  return `${message}\n${remedy === undefined ? '' : `       ${remedy}\n`}`;
}

/** The document that a program gets in place of the result. */
export function failureJson({ code, message, remedy }: Failure): string {
  return jsonDocument({ error: { code, message, remedy: remedy ?? null } });
}

function fileTrouble(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path, message }: NodeJS.ErrnoException = error;
  if (code === undefined || path === undefined || !NOT_OURS.has(code)) return undefined;
  return code === 'EEXIST' ? `${path} is a file, where a folder is wanted` : message;
}

/** What to write instead, where commander does not know. */
function usageHint({ code, message }: CommanderError, { argv, command }: Call): string | undefined {
  const [first = ''] = argv;
  // Commander has named the option, or shown the help already.
  if (message.includes('Did you mean') || code === 'commander.help') return undefined;
  if (code === 'commander.unknownOption' && first.startsWith('-'))
    return 'options stand behind the command: scimulate sync -c config.yaml';
  if (code === 'commander.excessArguments' && (first === 'preview' || first === 'logs'))
    return `one object: scimulate ${first} --object REF`;
  return `see: ${command} --help`;
}
