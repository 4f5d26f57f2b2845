/** A directory in a file, with a change feed like Graph's delta query: every state of an object has a sequence number (DESIGN 3.3). */
import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { UNKNOWN_APPLICATION } from '../model/application.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { EngineError } from '../model/engine-error.ts';
import { everyPage } from '../model/rows.ts';
import type { DirectoryPage, ObjectType, SourceChange, SourceId, SourceObject } from '../model/source-object.ts';
import { suggest } from '../model/suggest.ts';
import type { Directory, FeedEntry, FeedState, FeedStore, Watermark } from '../ports.ts';
import type { DirectoryContent, ObjectSet } from './build-objects.ts';
import { isSettled } from './file-times.ts';
import { directoryFingerprint, missingApplication, type Reading, readDirectoryFile } from './read-content.ts';

export type FileDirectoryContext = {
  /** Whose assignments count. */
  readonly application: string | undefined;
  /** Nobody is in scope without an assignment: that nobody has one is worth saying. */
  readonly needsAssignments?: boolean;
  /** Default: a file that held objects and holds none fails the cycle. */
  readonly mayBeEmpty?: boolean;
  readonly feeds: FeedStore;
  /** Hash of the file; default: by reading it. */
  readonly fingerprintOf?: (path: string) => string;
  /** Name of the feed in the store; one per directory and application. */
  readonly feed: string;
};

const ENTRIES_PER_LOOK = 500;
const ENTRIES_PER_COMMIT = 5000;
/** What is told and remembered of a broken file must not grow with it. */
const MOST_PROBLEMS = 1000;

/** Opens nothing yet: the file is read at `refresh`. */
export function openFileDirectory(path: string, context: FileDirectoryContext): Directory {
  const { feeds, feed, application, fingerprintOf = directoryFingerprint } = context;
  let seen: { readonly reading: Reading; content?: DirectoryContent } | undefined;

  const look = () => {
    const reading = readDirectoryFile(path);
    if (seen?.reading.fingerprint !== reading.fingerprint) seen = { reading };
    return seen;
  };
  /** One cycle sees one state of the file, whatever is written to it meanwhile. It is parsed when its objects are asked for. */
  const content = (): DirectoryContent => {
    const now = seen ?? look();
    now.content ??= now.reading.content(application, context.needsAssignments);
    if (!now.content.readable) throw unreadable(now.content.problems[0], path);
    return now.content;
  };
  const objects = () => content().objects;
  const problemsOf = (known: DirectoryContent): readonly Diagnostic[] => {
    // An empty directory is another matter (`mayBeEmpty`).
    const wanted = known.readable && known.objects.size > 0 ? application : undefined;
    return [...missingApplication(path, known, wanted), ...known.problems].slice(0, MOST_PROBLEMS);
  };
  /** A job of the same application may have another scope, and this one may have had another before. */
  const ofThisJob = (problems: readonly Diagnostic[]) =>
    problems.filter(({ code }) => code !== UNKNOWN_APPLICATION || context.needsAssignments === true);

  return {
    problems: async () => {
      if (seen?.content !== undefined) return ofThisJob(problemsOf(seen.content));
      return ofThisJob((await feeds.feedState(feed))?.problems ?? []);
    },
    refresh: async (signal) => {
      for (;;) {
        const before = await feeds.feedState(feed);
        const { fingerprint } = look().reading;
        signal.throwIfAborted();
        if (before?.fingerprint === fingerprint) return String(before.sequence);
        const now = content();
        if (context.mayBeEmpty !== true) refuseEmptied(now.objects.size, before, path);
        const noticed = await notice({ ...now, fingerprint, problemsOf }, before, feeds, feed);
        if (noticed !== undefined) return noticed;
      }
    },
    isChanged: async () => {
      const before = await feeds.feedState(feed);
      return isReadable(path) && fingerprintOf(path) !== before?.fingerprint;
    },
    isSettled: async () => isSettled(path),
    changes: (range) => pages(content, range, feeds, feed),
    uncertain: async (ids) => new Set(ids.filter((id) => isUncertain(content(), id))),
    objects: async (ids) => {
      if (ids.length === 0) return new Map();
      const found = ids.flatMap((id): readonly (readonly [SourceId, SourceObject])[] => {
        const object = objects().get(id);
        return object === undefined ? [] : [[id, object]];
      });
      return new Map(found);
    },
    touched: (touched) => forgetSeen(touched, feeds, feed),
    find: async (reference) => [...objects().values()].filter((object) => answersTo(object, reference)),
    nearest: async (reference) => suggest(reference, everyName(objects().values())),
    count: async () => {
      const users = [...objects().values()].filter((object) => object.type === 'User').length;
      return { User: users, Group: objects().size - users };
    },
  };
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
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

/** An export that went wrong must not deprovision everybody. */
function refuseEmptied(objects: number, before: FeedState | undefined, path: string): void {
  if (objects > 0 || before === undefined || before.objects === 0) return;
  throw new EngineError(`the directory file ${path} is empty, and held ${before.objects} objects before`, {
    category: 'job',
    code: 'DirectoryEmpty',
    remedy: 'restore the file; nothing was changed in the target. If it is meant, set directory.mayBeEmpty: true',
  });
}

/**
 * Compares the reading with what the feed remembers and gives every difference the next sequence. Differences are committed in
 * batches, the new state last: after a break in between, the next look finds the same sequence begun and finishes it.
 * @returns undefined when another job of the application, or another process, noticed something meanwhile: what was compared
 * may be what it replaced, so that somebody has to look again
 */
async function notice(
  now: DirectoryContent & {
    readonly fingerprint: string;
    readonly problemsOf: (content: DirectoryContent) => readonly Diagnostic[];
  },
  before: FeedState | undefined,
  feeds: FeedStore,
  feed: string,
): Promise<Watermark | undefined> {
  const { objects, doubtful } = now;
  // A file that was moved, or an application that was renamed, begins a feed of its own. Its changes come after whatever
  // watermark the job holds from the feed before: otherwise they would be taken for seen.
  const nothing = { fingerprint: '', objects: 0, problems: [], revision: 0 };
  const latest = await feeds.latestFeedSequence();
  const last: FeedState = before ?? { sequence: latest, ...nothing };
  // The job may have followed another feed meanwhile, and come back with the watermark of that one.
  const sequence = Math.max(last.sequence, latest) + 1;
  let waiting: FeedEntry[] = [];
  let revision: number | undefined = last.revision;
  const commit = async (state: Omit<FeedState, 'revision'>) => {
    if (revision !== undefined) revision = await feeds.commitFeed(feed, { ...state, revision }, waiting);
    waiting = [];
  };
  const note = async (entries: readonly FeedEntry[]) => {
    waiting.push(...entries);
    if (waiting.length >= ENTRIES_PER_COMMIT) await commit(last);
  };
  for (const part of inBatches(objects.values(), ENTRIES_PER_LOOK)) {
    const known = await feeds.feedEntries(
      feed,
      part.map(({ id }) => id),
    );
    const sound = part.filter(({ id }) => !doubtful.has(id));
    await note(sound.flatMap((object) => changedEntry(object, known.get(object.id), sequence) ?? []));
  }
  // A file with an object that cannot be identified may have lost one: nothing is taken for purged then.
  if (!now.incomplete) for await (const gone of purgedEntries(objects, feeds, feed, sequence)) await note(gone);
  // The place is enough: a line of the file may hold what does not belong in the state.
  const problems = now.problemsOf(now).map(({ sourceLine: _line, ...finding }) => finding);
  const state = { sequence: last.sequence, fingerprint: now.fingerprint, objects: objects.size, problems };
  const range = { since: last.sequence, until: sequence };
  const begun =
    waiting.length +
    (await feeds.countFeedChanges(feed, { type: 'User', ...range })) +
    (await feeds.countFeedChanges(feed, { type: 'Group', ...range }));
  const next = begun === 0 ? last.sequence : sequence;
  await commit({ ...state, sequence: next });
  return revision === undefined ? undefined : String(next);
}

function* inBatches<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  let batch: T[] = [];
  for (const item of items) {
    if (batch.push(item) < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
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

async function* purgedEntries(
  objects: ObjectSet,
  feeds: FeedStore,
  feed: string,
  sequence: number,
): AsyncGenerator<readonly FeedEntry[]> {
  for await (const present of everyPage((after) => feeds.feedPresent(feed, after, ENTRIES_PER_LOOK))) {
    const gone = present.filter(({ id }) => !objects.has(id));
    yield gone.map((entry) => ({ ...entry, sequence, hash: '', purged: true }));
  }
}

/** Known once the object was read. */
function isUncertain({ objects, doubtful, incomplete }: DirectoryContent, id: SourceId): boolean {
  return objects.get(id) === undefined ? incomplete : doubtful.has(id);
}

async function* pages(
  content: () => DirectoryContent,
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
    const read = (after: string | undefined) => feeds.feedChanges(feed, { type, since, until }, after, range.pageSize);
    for await (const entries of everyPage(read)) {
      if (entries.length === 0) break;
      completedPages += 1;
      const { changes, passedBy } = toChanges(entries, content(), since);
      if (passedBy.length > 0) await passBy(passedBy, feeds, feed);
      yield { changes, completedPages, totalPages };
    }
  }
}

/** `passedBy`: present when they were noticed, and nobody can say what they are like now. */
function toChanges(
  entries: readonly FeedEntry[],
  { objects, doubtful }: DirectoryContent,
  since: number,
): { readonly changes: readonly SourceChange[]; readonly passedBy: readonly FeedEntry[] } {
  const changes: SourceChange[] = [];
  const passedBy: FeedEntry[] = [];
  for (const entry of entries) {
    const { id, type, displayName } = entry;
    const object = entry.purged ? undefined : objects.get(id);
    if (entry.purged) changes.push({ kind: 'purged', type, id, displayName });
    else if (object === undefined || doubtful.has(id)) passedBy.push(entry);
    else changes.push({ kind: 'present', object, known: entry.firstSequence <= since });
  }
  return { changes, passedBy };
}

/** Forgets what they were like: they are handed out when they are certain again, though nothing else changed. */
async function passBy(entries: readonly FeedEntry[], feeds: FeedStore, feed: string): Promise<void> {
  const ids = entries.map(({ id }) => id);
  for (;;) {
    const state = await feeds.feedState(feed);
    if (state === undefined) return;
    const present = await feeds.feedEntries(feed, ids);
    // What somebody has noticed of one since is not to be forgotten.
    const same = entries.filter(({ id, sequence }) => present.get(id)?.sequence === sequence);
    const forgotten = same.map((entry) => ({ ...entry, hash: '' }));
    if ((await feeds.commitFeed(feed, state, forgotten)) !== undefined) return;
  }
}

/** What was seen of these counts no longer: the next look hands them out, or says that they are gone. */
async function forgetSeen(touched: readonly SourceObject[], feeds: FeedStore, feed: string): Promise<void> {
  const ids = touched.map(({ id }) => id);
  for (;;) {
    const state = await feeds.feedState(feed);
    // Nothing was seen of anybody yet.
    if (state === undefined) return;
    const { sequence } = state;
    const present = await feeds.feedEntries(feed, ids);
    const unseen = touched.map((object): FeedEntry => {
      const { id, type } = object;
      const fresh = { id, type, displayName: nameOf(object), sequence, firstSequence: sequence, purged: false };
      return { ...(present.get(id) ?? fresh), hash: '' };
    });
    // An undone change leaves the file as it was: it has to be compared all the same.
    if ((await feeds.commitFeed(feed, { ...state, fingerprint: '' }, unseen)) !== undefined) return;
  }
}

function answersTo(object: SourceObject, reference: string): boolean {
  const lower = reference.toLowerCase();
  return object.id === reference || namesOf(object).some((name) => name.toLowerCase() === lower);
}

function* everyName(objects: Iterable<SourceObject>): Generator<string> {
  for (const object of objects) yield* namesOf(object);
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
  const assignments = object.assignments.map(({ roleId, roleValue }) => [roleId, roleValue ?? '']);
  return hash(JSON.stringify({ ...object, assignments }));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
