/** The objects of an NDJSON file as one application sees them, each read from the file when it is asked for. */
import type { Diagnostic } from '../model/diagnostic.ts';
import { EngineError } from '../model/engine-error.ts';
import type { MemberReference, SourceId, SourceObject } from '../model/source-object.ts';
import { countTypes, type DirectoryContent, type ObjectSet } from './build-objects.ts';
import { type Entry, indexLines, readLine } from './index-lines.ts';
import { type Line, linesOf, readAt } from './line-file.ts';
import type { RawObject, Say } from './raw-directory.ts';
import { assignmentsOf, isDoubtful, resolveManager, resolveMembers } from './resolve-references.ts';
import { sourceObject } from './source-object.ts';

/** More findings than anybody reads are not kept. */
const KEPT_FINDINGS = 1000;

/** The content, with the assignments of `application` (undefined: none). */
export function readLineContent(
  path: string,
  application: string | undefined,
  needsAssignments = true,
): DirectoryContent {
  const { problems, say } = collector(path);
  const index = indexLines(path, say);
  const { entries, find } = index;
  const raw = (id: SourceId): RawObject | undefined => {
    const entry = entries.get(id);
    return entry === undefined ? undefined : load(path, id, entry);
  };
  const membersOf = (group: SourceId): readonly MemberReference[] => {
    const read = raw(group);
    return read === undefined ? [] : resolveMembers(read, find, say);
  };
  const { broken, incomplete, unclearApplications } = index;
  const lookup = { find, raw, membersOf };
  const assigned = assignmentsOf(index.applications, application, unclearApplications, lookup, say);
  const doubtful = new Set(broken);
  const toObject = (read: RawObject): SourceObject => {
    const relations = {
      assignments: assigned.assignments.get(read.id) ?? [],
      manager: resolveManager(read, find, say),
      members: read.type === 'Group' ? resolveMembers(read, find, say) : undefined,
    };
    if (isDoubtful(read, relations, { incomplete, broken, assigned, needsAssignments })) doubtful.add(read.id);
    return sourceObject(read, relations);
  };
  const objects: ObjectSet = {
    size: entries.size,
    has: (id) => entries.has(id),
    keys: () => entries.keys(),
    get: (id) => {
      const read = raw(id);
      return read === undefined ? undefined : toObject(read);
    },
    values: () => everyObject(path, entries, toObject),
  };
  const applications = index.applications.map(({ name }) => name);
  const counts = countTypes(entries.values());
  const readable = entries.size > 0 || problems.length === 0;
  return { objects, counts, doubtful, incomplete, readable, applications, problems };
}

/** In the order of the file, in one reading. */
function* everyObject(
  path: string,
  entries: ReadonlyMap<SourceId, Entry>,
  toObject: (read: RawObject) => SourceObject,
): Generator<SourceObject, undefined> {
  for (const line of linesOf(path)) {
    const read = objectOf(line);
    if (read !== undefined && entries.get(read.id)?.line === line.number) yield toObject(read);
  }
  return undefined;
}

/** @throws EngineError `job`, `DirectoryChanged` when somebody else stands there now */
function load(path: string, id: SourceId, { line, start, length }: Entry): RawObject {
  const read = objectOf({ number: line, start, length, text: readAt(path, start, length) });
  if (read?.id === id) return read;
  throw new EngineError(`the directory file ${path} was changed while it was read`, {
    category: 'job',
    code: 'DirectoryChanged',
    remedy: 'run again; write a new file and rename it, so that a cycle never sees half of one',
  });
}

/** What is wrong with the line was said when it was indexed. */
function objectOf(line: Line): RawObject | undefined {
  const read = readLine(line, () => undefined);
  return read === undefined || 'assignments' in read ? undefined : read;
}

/** Objects are read more than once; what is wrong with them is kept once. */
function collector(file: string): { readonly problems: readonly Diagnostic[]; readonly say: Say } {
  const problems: Diagnostic[] = [];
  const said = new Set<string>();
  return {
    problems,
    say: ([line], severity, code, summary) => {
      const key = `${line} ${summary}`;
      if (said.size >= KEPT_FINDINGS || said.has(key)) return;
      said.add(key);
      problems.push({ severity, code, summary, at: { file, line, column: 1, length: 1 } });
    },
  };
}
