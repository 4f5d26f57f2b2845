/** A directory in a file, with a change feed like Graph's delta query: every state of an object has a sequence number (DESIGN 3.3). */
import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync } from 'node:fs';
import type { Diagnostic } from '../model/diagnostic.ts';
import { EngineError } from '../model/engine-error.ts';
import type { DirectoryPage, ObjectType, SourceChange, SourceId, SourceObject } from '../model/source-object.ts';
import { suggest } from '../model/suggest.ts';
import type { Directory, FeedEntry, FeedState, FeedStore, Watermark } from '../ports.ts';
import { type BuiltDirectory, buildObjects } from './build-objects.ts';
import { type ParsedDirectory, parseDirectory } from './parse-directory.ts';

export type FileDirectoryContext = {
  /** Whose assignments count. */
  readonly application: string | undefined;
  readonly feeds: FeedStore;
  /** Name of the feed in the store; one per directory and application. */
  readonly feed: string;
};

type Parsed = { readonly parsed: ParsedDirectory; readonly built: BuiltDirectory };

/** One state of the file. It is parsed when its objects are asked for: an unchanged file costs a hash. */
type Reading = {
  readonly fingerprint: string;
  readonly content: () => Parsed;
  /** Findings, once the content was asked for. */
  readonly problems: () => readonly Diagnostic[];
};

const ENTRIES_PER_LOOK = 500;

/** Opens nothing yet: the file is read at `refresh`. */
export function openFileDirectory(path: string, context: FileDirectoryContext): Directory {
  const { feeds, feed, application } = context;
  let reading: Reading | undefined;

  const read = (): Reading => {
    const text = readText(path);
    const fingerprint = hash(text);
    if (reading?.fingerprint === fingerprint) return reading;
    let parsed: Parsed | undefined;
    reading = {
      fingerprint,
      content: () => {
        parsed ??= parse(path, text, application);
        return parsed;
      },
      problems: () => (parsed === undefined ? [] : [...parsed.parsed.problems, ...parsed.built.problems]),
    };
    return reading;
  };
  /** One cycle sees one state of the file, whatever is written to it meanwhile. */
  const seen = (): Reading => reading ?? read();
  const objects = () => seen().content().built.objects;

  return {
    problems: () => reading?.problems() ?? [],
    refresh: async (signal) => {
      const before = await feeds.feedState(feed);
      const now = read();
      signal.throwIfAborted();
      if (before?.fingerprint === now.fingerprint) return String(before.sequence);
      return notice({ fingerprint: now.fingerprint, ...now.content() }, before, feeds, feed, path);
    },
    isChanged: async () => {
      const before = await feeds.feedState(feed);
      return isReadable(path) && hash(readText(path)) !== before?.fingerprint;
    },
    changes: (range) => pages(objects, range, feeds, feed),
    objects: async (ids) => {
      if (ids.length === 0) return new Map();
      const found = ids.flatMap((id): readonly (readonly [SourceId, SourceObject])[] => {
        const object = objects().get(id);
        return object === undefined ? [] : [[id, object]];
      });
      return new Map(found);
    },
    find: async (reference) => [...objects().values()].filter((object) => answersTo(object, reference)),
    nearest: async (reference) => suggest(reference, [...objects().values()].flatMap(namesOf)),
    count: async () => {
      const users = [...objects().values()].filter((object) => object.type === 'User').length;
      return { User: users, Group: objects().size - users };
    },
  };
}

/** @throws EngineError `job`, `DirectoryUnreadable` */
function parse(path: string, text: string, application: string | undefined): Parsed {
  const parsed = parseDirectory(path, text);
  if (!parsed.readable) throw unreadable(parsed.problems[0], path);
  return { parsed, built: buildObjects(parsed, application) };
}

/** Every finding about a directory file. */
export async function checkDirectoryFile(path: string): Promise<readonly Diagnostic[]> {
  try {
    const parsed = parseDirectory(path, readFileSync(path, 'utf8'));
    return [...parsed.problems, ...parsed.applications.flatMap((app) => buildObjects(parsed, app.name).problems)];
  } catch (error) {
    const summary = `The directory file cannot be read: ${error instanceof Error ? error.message : error}`;
    return [
      { severity: 'error', code: 'directory-unreadable', summary, at: { file: path, line: 1, column: 1, length: 1 } },
    ];
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** Read at once: parsing blocks anyway, and handing small files to other threads costs more than reading them. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
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

function unreadable(problem: Diagnostic | undefined, path: string): EngineError {
  const place = problem === undefined ? path : `${problem.at.file}:${problem.at.line}:${problem.at.column}`;
  return new EngineError(`the directory file cannot be understood: ${place} ${problem?.summary ?? ''}`.trim(), {
    category: 'job',
    code: 'DirectoryUnreadable',
    remedy: 'mend the file and run again; nothing was changed in the target',
  });
}

/** Compares the reading with what the feed remembers, gives every difference the next sequence, and commits. */
async function notice(
  now: Parsed & { readonly fingerprint: string },
  before: FeedState | undefined,
  feeds: FeedStore,
  feed: string,
  path: string,
): Promise<Watermark> {
  const { objects, broken } = now.built;
  if (objects.size === 0 && (before?.objects ?? 0) > 0) {
    throw new EngineError(`the directory file ${path} is empty, and held ${before?.objects} objects before`, {
      category: 'job',
      code: 'DirectoryEmpty',
      remedy: 'restore the file; nothing was changed in the target. If it is really meant, leave one object in it',
    });
  }
  const sequence = (before?.sequence ?? 0) + 1;
  const changed: FeedEntry[] = [];
  const ids = [...objects.keys()].filter((id) => !broken.has(id));
  for (let start = 0; start < ids.length; start += ENTRIES_PER_LOOK) {
    const part = ids.slice(start, start + ENTRIES_PER_LOOK);
    const known = await feeds.feedEntries(feed, part);
    for (const id of part) {
      const object = objects.get(id);
      const entry = object === undefined ? undefined : changedEntry(object, known.get(id), sequence);
      if (entry !== undefined) changed.push(entry);
    }
  }
  // A file with an object that cannot be identified may have lost one: nothing is taken for purged then.
  if (!now.parsed.incomplete) changed.push(...(await purgedEntries(objects, feeds, feed, sequence)));
  const next = changed.length === 0 ? (before?.sequence ?? 0) : sequence;
  await feeds.commitFeed(feed, { sequence: next, fingerprint: now.fingerprint, objects: objects.size }, changed);
  return String(next);
}

function changedEntry(object: SourceObject, known: FeedEntry | undefined, sequence: number): FeedEntry | undefined {
  const content = contentHash(object);
  if (known !== undefined && !known.purged && known.hash === content) return undefined;
  return {
    id: object.id,
    type: object.type,
    displayName: nameOf(object),
    hash: content,
    sequence,
    firstSequence: known === undefined || known.purged ? sequence : known.firstSequence,
    purged: false,
  };
}

async function purgedEntries(
  objects: ReadonlyMap<SourceId, SourceObject>,
  feeds: FeedStore,
  feed: string,
  sequence: number,
): Promise<readonly FeedEntry[]> {
  const purged: FeedEntry[] = [];
  let after: string | undefined;
  do {
    const page = await feeds.feedPresent(feed, after, ENTRIES_PER_LOOK);
    for (const entry of page.rows)
      if (!objects.has(entry.id)) purged.push({ ...entry, sequence, hash: '', purged: true });
    after = page.next;
  } while (after !== undefined);
  return purged;
}

async function* pages(
  objects: () => BuiltDirectory['objects'],
  range: { readonly since?: Watermark; readonly until: Watermark; readonly pageSize: number },
  feeds: FeedStore,
  feed: string,
): AsyncGenerator<DirectoryPage> {
  const since = Number(range.since ?? 0);
  const until = Number(range.until);
  const counts = await Promise.all(
    (['User', 'Group'] as const).map((type) => feeds.countFeedChanges(feed, { type, since, until })),
  );
  const totalPages = counts.reduce((sum, count) => sum + Math.ceil(count / range.pageSize), 0);
  let completedPages = 0;
  for (const type of ['User', 'Group'] as const satisfies readonly ObjectType[]) {
    let after: string | undefined;
    do {
      const page = await feeds.feedChanges(feed, { type, since, until }, after, range.pageSize);
      if (page.rows.length === 0) break;
      completedPages += 1;
      yield { changes: page.rows.flatMap((entry) => toChange(entry, objects(), since)), completedPages, totalPages };
      after = page.next;
    } while (after !== undefined);
  }
}

function toChange(entry: FeedEntry, objects: BuiltDirectory['objects'], since: number): readonly SourceChange[] {
  if (entry.purged) return [{ kind: 'purged', type: entry.type, id: entry.id, displayName: entry.displayName }];
  const object = objects.get(entry.id);
  return object === undefined ? [] : [{ kind: 'present', object, known: entry.firstSequence <= since }];
}

function answersTo(object: SourceObject, reference: string): boolean {
  const lower = reference.toLowerCase();
  return object.id === reference || namesOf(object).some((name) => name.toLowerCase() === lower);
}

function namesOf(object: SourceObject): readonly string[] {
  const { userPrincipalName, originalUserPrincipalName, mail, displayName } = object.attributes;
  return [userPrincipalName, originalUserPrincipalName, mail, displayName].filter((name) => typeof name === 'string');
}

function nameOf(object: SourceObject): string {
  const { userPrincipalName, displayName } = object.attributes;
  return String(userPrincipalName ?? displayName ?? object.id);
}

/** What a job can see of the object. A renamed group does not change its members: the name of the assigning group is left out. */
function contentHash(object: SourceObject): string {
  return hash(JSON.stringify({ ...object, assignments: object.assignments.map(({ roleId }) => roleId) }));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
