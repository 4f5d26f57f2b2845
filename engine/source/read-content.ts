/** A directory file in whatever format its name says → its content (DESIGN 2.4). An unread file costs a hash. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import uniqBy from 'lodash/uniqBy.js';
import { UNKNOWN_APPLICATION } from '../model/application.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { EngineError } from '../model/engine-error.ts';
import { nearAttribute } from '../model/source-attributes.ts';
import { suggest } from '../model/suggest.ts';
import { utf8Text } from '../model/utf8-text.ts';
import { buildObjects, type DirectoryContent } from './build-objects.ts';
import { readLineContent } from './line-content.ts';
import { hashFile } from './line-file.ts';
import { parseCsv } from './parse-csv.ts';
import { parseDirectory } from './parse-directory.ts';
import type { RawDirectory } from './raw-directory.ts';

/** One state of the file. */
export type Reading = {
  /** Hash of everything in it. */
  readonly fingerprint: string;
  /** As `application` sees it. `needsAssignments`: who may lack one keeps the last known state. */
  readonly content: (application: string | undefined, needsAssignments?: boolean) => DirectoryContent;
  /** Attributes that are probably misspelt; tables say so of their columns. */
  readonly misspelt?: () => readonly Diagnostic[];
};

/** @throws EngineError `job`, `DirectoryUnreadable` when there is no such file, or it may not be read */
export function readDirectoryFile(path: string): Reading {
  try {
    return /^\.(ndjson|jsonl)$/i.test(extname(path)) ? readLines(path) : readText(path);
  } catch (error) {
    throw new EngineError(
      `the directory file ${path} cannot be read: ${error instanceof Error ? error.message : error}`,
      {
        category: 'job',
        code: 'DirectoryUnreadable',
        remedy: 'check directory.path; nothing was changed in the target',
        cause: error,
      },
    );
  }
}

/** Of the file at `path`. @throws as `readDirectoryFile` */
export function directoryFingerprint(path: string): string {
  return readDirectoryFile(path).fingerprint;
}

function readLines(path: string): Reading {
  return {
    fingerprint: hashFile(path),
    content: (application, needsAssignments) => readLineContent(path, application, needsAssignments),
  };
}

/** Read at once: parsing blocks anyway, and handing small files to other threads costs more than reading them. */
function readText(path: string): Reading {
  const text = utf8Text(readFileSync(path));
  if (text === undefined) throw new Error('it is not UTF-8 text; save it as UTF-8');
  const isTable = extname(path).toLowerCase() === '.csv';
  let parsed: RawDirectory | undefined;
  const directory = () => {
    parsed ??= isTable ? parseCsv(path, text) : parseDirectory(path, text);
    return parsed;
  };
  return {
    fingerprint: createHash('sha256').update(text).digest('base64url'),
    content: (application, needsAssignments) => buildObjects(directory(), application, needsAssignments),
    ...(isTable ? {} : { misspelt: () => misspeltAttributes(directory()) }),
  };
}

/** Each name once, at the first object that has it: a directory may hold attributes that nobody else knows. */
function misspeltAttributes({ objects, report }: RawDirectory): readonly Diagnostic[] {
  const seen = new Set<string>();
  return objects.flatMap(({ attributes, at }) =>
    Object.keys(attributes).flatMap((name) => {
      if (seen.has(name)) return [];
      seen.add(name);
      const near = nearAttribute(name);
      if (near === undefined || near in attributes) return [];
      const summary = `"${name}" is no attribute that directories are known to have. Did you mean "${near}"?`;
      return [report(at, 'warning', 'unknown-attribute', summary)];
    }),
  );
}

/**
 * Every finding about a directory file.
 * @param wanted applications that jobs take their assignments from
 */
export function checkDirectoryFile(path: string, wanted: readonly string[] = []): readonly Diagnostic[] {
  const start = { file: path, line: 1, column: 1, length: 1 };
  try {
    const { content, misspelt = () => [] } = readDirectoryFile(path);
    const { applications, readable } = content(undefined);
    const all = [undefined, ...applications]
      .flatMap((application) => findingsOf(content(application)))
      .concat(misspelt());
    const missing = readable ? wanted.filter((name) => !applications.some((one) => isSame(one, name))) : [];
    const unknown = missing.map((name) => unknownApplication(path, name, applications));
    return [...uniqBy(all, ({ at, summary }) => `${at.line}:${at.column} ${summary}`), ...unknown];
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return [{ severity: 'error', code: 'directory-unreadable', summary: `${error.message}.`, at: start }];
  }
}

/** The warning that nobody is assigned to `name`, which is none of the `applications` of the file. */
function unknownApplication(file: string, name: string, applications: readonly string[]): Diagnostic {
  const summary = `No application "${name}" is here, and a job takes its assignments from it: nobody is assigned. ${hint(name, applications)}`;
  return { severity: 'warning', code: UNKNOWN_APPLICATION, summary, at: { file, line: 1, column: 1, length: 1 } };
}

/** What a job that takes the assignments of `wanted` should know of the content, besides its findings. */
export function missingApplication(
  file: string,
  { applications }: DirectoryContent,
  wanted: string | undefined,
): readonly Diagnostic[] {
  if (wanted === undefined || applications.some((one) => isSame(one, wanted))) return [];
  return [unknownApplication(file, wanted, applications)];
}

/** Findings about an object are known once it was read. */
function findingsOf({ objects, problems }: DirectoryContent): readonly Diagnostic[] {
  for (const _read of objects.values());
  return problems;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function hint(name: string, applications: readonly string[]): string {
  const near = suggest(name, applications);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return 'Add it under "applications", name another one in the job, or give the job scope: all.';
}
