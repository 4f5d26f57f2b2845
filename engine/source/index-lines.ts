/**
 * NDJSON: an object per line, `{"type":"user",…}`, `{"type":"group",…}` or `{"type":"application",…}` (DESIGN 2.4).
 * Only where each object stands is kept in memory; its content is read when it is asked for.
 */
import type { ObjectType, SourceId } from '../model/source-object.ts';
import { type Line, linesOf } from './line-file.ts';
import {
  duplicateOf,
  type RawApplication,
  type RawObject,
  readRawApplication,
  readRawObject,
  referenceOf,
  type Say,
  uniqueApplications,
} from './raw-directory.ts';
import { type Known, namesOf } from './resolve-references.ts';

/** Where an object stands. */
export type Entry = {
  readonly type: ObjectType;
  readonly line: number;
  readonly start: number;
  readonly length: number;
};

export type LineIndex = {
  readonly entries: ReadonlyMap<SourceId, Entry>;
  readonly broken: ReadonlySet<SourceId>;
  readonly applications: readonly RawApplication[];
  /** A line that could not be read may be any application that is missing. */
  readonly unclearApplications: boolean;
  readonly incomplete: boolean;
  /** The object with this id, or that other objects refer to by this name. */
  readonly find: (reference: string, type?: ObjectType) => Known | undefined;
};

/** What stands for bytes that are no UTF-8. */
const REPLACEMENT = '\uFFFD';
const TYPES = ['user', 'group', 'application'];

/** What is where, in one reading; a second one when objects refer to each other by names that are no ids. */
export function indexLines(path: string, say: Say): LineIndex {
  const entries = new Map<SourceId, Entry>();
  const broken = new Set<SourceId>();
  const applications: RawApplication[] = [];
  const wanted = new Set<string>();
  let incomplete = false;
  let unclearApplications = false;
  for (const line of linesOf(path)) {
    const read = readLine(line, say);
    if (read === undefined) {
      incomplete = true;
      unclearApplications ||= line.text.includes('"application"');
    } else if ('assignments' in read) {
      applications.push(read);
      for (const { principal } of read.assignments) want(principal);
    } else if (entries.has(read.id)) {
      say(read.at, 'error', 'duplicate-id', duplicateOf(read.id));
      broken.add(read.id);
      incomplete = true;
    } else {
      entries.set(read.id, { type: read.type, line: line.number, start: line.start, length: line.length });
      if (read.broken) broken.add(read.id);
      want(referenceOf(read.attributes.manager));
      for (const member of read.members) want(referenceOf(member));
    }
  }
  return {
    entries,
    broken,
    applications: uniqueApplications(applications, say),
    unclearApplications,
    incomplete,
    find: finder(entries, namesIn(path, wanted, entries)),
  };

  function want(reference: unknown): void {
    if (typeof reference === 'string' && reference !== '' && !entries.has(reference)) wanted.add(reference);
  }
}

/** The object or application of one line; undefined when it cannot be identified, which is said. */
export function readLine(line: Line, say: Say): RawObject | RawApplication | undefined {
  const at = [line.number, line.number] as const;
  const places = { at, placeOf: () => at };
  if (line.text.includes(REPLACEMENT)) {
    say(at, 'error', 'not-utf-8', 'This line is not UTF-8 text. Save the file as UTF-8.');
    return undefined;
  }
  const value = parseJson(line.text);
  if (value === undefined) {
    say(at, 'error', 'malformed-json', 'This line is not a JSON object. A line holds one, with no comma behind it.');
    return undefined;
  }
  const { type = 'user', ...attributes } = value;
  const kind = String(type).toLowerCase();
  if (kind === 'application') return readRawApplication(attributes, places, say);
  if (kind === 'user' || kind === 'group') {
    return readRawObject(attributes, kind === 'user' ? 'User' : 'Group', places, say);
  }
  say(at, 'error', 'unknown-type', `"type" is one of ${TYPES.join(', ')}, not "${String(type)}".`);
  return undefined;
}

function parseJson(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Readonly<Record<string, unknown>>;
  } catch {
    // Said by the caller: JavaScript's own message names no place that helps here.
  }
  return undefined;
}

/** Who answers to the wanted names, among them ids that came after the reference or are spelt in another case. */
function namesIn(
  path: string,
  wanted: ReadonlySet<string>,
  entries: LineIndex['entries'],
): ReadonlyMap<string, readonly Known[]> {
  const open = new Set([...wanted].filter((name) => !entries.has(name)).map((name) => name.toLowerCase()));
  const found = new Map<string, Known[]>();
  if (open.size === 0) return found;
  for (const line of linesOf(path)) {
    const read = readLine(line, () => undefined);
    if (read === undefined || 'assignments' in read || entries.get(read.id)?.line !== line.number) continue;
    for (const name of namesOf(read)) {
      if (!open.has(name)) continue;
      const known = { id: read.id, type: read.type };
      const others = found.get(name);
      if (others === undefined) found.set(name, [known]);
      else others.push(known);
    }
  }
  return found;
}

function finder(entries: LineIndex['entries'], names: ReadonlyMap<string, readonly Known[]>): LineIndex['find'] {
  return (reference, type) => {
    const entry = entries.get(reference);
    if (entry !== undefined && (type === undefined || entry.type === type)) return { id: reference, type: entry.type };
    return names.get(reference.toLowerCase())?.find((known) => type === undefined || known.type === type);
  };
}
