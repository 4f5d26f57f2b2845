/** Writes a file that an option names. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EngineError } from '../model/engine-error.ts';
import type { Io } from './io.ts';

/** What is written, and how an older one of it is told from anything else. */
const KINDS = {
  junit: { title: 'JUnit report', isOne: (text: string) => /^\s*(<\?xml[^>]*>\s*)?<testsuites?\b/.test(text) },
  mapping: { title: 'mapping file', isOne: (text: string) => /^objects:/m.test(text) },
  schema: {
    title: 'synchronization schema',
    isOne: (text: string) => /^\s*\{/.test(text) && text.includes('"synchronizationRules"'),
  },
} as const;

type Destination = {
  /** The one that named the file, e.g. `--junit`. */
  readonly option: string;
  readonly file: string;
  readonly kind: keyof typeof KINDS;
};

/** Where `--junit` wants its report; undefined without it. */
export function junitAt(file: string | undefined): Destination | undefined {
  return file === undefined ? undefined : { option: '--junit', file, kind: 'junit' };
}

/**
 * A slip such as `--out config.yaml` must not cost the configuration: only an older file of the same kind is replaced. What takes
 * long, or writes to a target, asks before it begins.
 * @throws EngineError `configuration`, `other-file` when the file is something else
 */
export async function assertReplaceable(io: Io, { option, file, kind }: Destination): Promise<void> {
  const { title, isOne } = KINDS[kind];
  const present = await textOf(resolve(io.cwd, file));
  if (present.trim() === '' || isOne(present)) return;
  throw new EngineError(`${file} exists and is no ${title}; it was left as it is`, {
    category: 'configuration',
    code: 'other-file',
    remedy: `give ${option} another name`,
  });
}

/** @throws EngineError `configuration`: `file-unwritable`, `other-file` */
export async function writeResult(io: Io, destination: Destination, text: string): Promise<void> {
  const { option, file } = destination;
  await assertReplaceable(io, destination);
  try {
    await writeFile(resolve(io.cwd, file), text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError(`${file} cannot be written: ${why}`, {
      category: 'configuration',
      code: 'file-unwritable',
      remedy: `give ${option} a file in a folder that exists and is yours`,
      cause,
    });
  }
}

/** Nothing of what is not there, cannot be read, or is no file but a pipe or a terminal: writing says what is wrong with it. */
async function textOf(path: string): Promise<string> {
  try {
    return (await stat(path)).isFile() ? await readFile(path, 'utf8') : '';
  } catch {
    return '';
  }
}
