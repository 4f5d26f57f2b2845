/**
 * The change feed of a directory file: what the file holds is compared with what the store remembers of it, and every state of an
 * object has a sequence number (DESIGN 3.3).
 */
import { createHash } from 'node:crypto';
import type { Diagnostic } from '../model/diagnostic.ts';
import { everyPage } from '../model/rows.ts';
import type { DirectoryPage, ObjectType, SourceChange, SourceObject } from '../model/source-object.ts';
import type { FeedEntry, FeedState, FeedStore, Watermark } from '../ports.ts';
import type { DirectoryContent, ObjectSet } from './build-objects.ts';

/** One directory as one application sees it. */
export type Feed = { readonly store: FeedStore; readonly name: string };

const ENTRIES_PER_LOOK = 500;
const ENTRIES_PER_COMMIT = 5000;

/**
 * Compares the reading with what the feed remembers and gives every difference the next sequence. Differences are committed in
 * batches, the new state last: after a break in between, the next look finds the same sequence begun and finishes it.
 * @returns undefined when another job of the application, or another process, noticed something meanwhile: what was compared
 * may be what it replaced, so that somebody has to look again
 */
export async function notice(
  now: DirectoryContent & {
    readonly fingerprint: string;
    readonly problemsOf: (content: DirectoryContent) => readonly Diagnostic[];
  },
  before: FeedState | undefined,
  feed: Feed,
): Promise<Watermark | undefined> {
  const { objects, doubtful } = now;
  // A file that was moved, or an application that was renamed, begins a feed of its own. Its changes come after whatever
  // watermark the job holds from the feed before: otherwise they would be taken for seen.
  const nothing = { fingerprint: '', objects: 0, problems: [], revision: 0 };
  const latest = await feed.store.latestFeedSequence();
  const last: FeedState = before ?? { sequence: latest, ...nothing };
  // The job may have followed another feed meanwhile, and come back with the watermark of that one.
  const sequence = Math.max(last.sequence, latest) + 1;
  let waiting: FeedEntry[] = [];
  let revision: number | undefined = last.revision;
  const commit = async (state: Omit<FeedState, 'revision'>) => {
    if (revision !== undefined) revision = await feed.store.commitFeed(feed.name, { ...state, revision }, waiting);
    waiting = [];
  };
  const note = async (entries: readonly FeedEntry[]) => {
    waiting.push(...entries);
    if (waiting.length >= ENTRIES_PER_COMMIT) await commit(last);
  };
  for (const part of inBatches(objects.values(), ENTRIES_PER_LOOK)) {
    const known = await feed.store.feedEntries(
      feed.name,
      part.map(({ id }) => id),
    );
    const sound = part.filter(({ id }) => !doubtful.has(id));
    await note(sound.flatMap((object) => changedEntry(object, known.get(object.id), sequence) ?? []));
  }
  // A file with an object that cannot be identified may have lost one: nothing is taken for purged then.
  if (!now.incomplete) for await (const gone of purgedEntries(objects, feed, sequence)) await note(gone);
  // The place is enough: a line of the file may hold what does not belong in the state.
  const problems = now.problemsOf(now).map(({ sourceLine: _line, ...finding }) => finding);
  const state = { sequence: last.sequence, fingerprint: now.fingerprint, objects: objects.size, problems };
  const range = { since: last.sequence, until: sequence };
  const begun =
    waiting.length +
    (await feed.store.countFeedChanges(feed.name, { type: 'User', ...range })) +
    (await feed.store.countFeedChanges(feed.name, { type: 'Group', ...range }));
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

async function* purgedEntries(objects: ObjectSet, feed: Feed, sequence: number): AsyncGenerator<readonly FeedEntry[]> {
  for await (const present of everyPage((after) => feed.store.feedPresent(feed.name, after, ENTRIES_PER_LOOK))) {
    const gone = present.filter(({ id }) => !objects.has(id));
    yield gone.map((entry) => ({ ...entry, sequence, hash: '', purged: true }));
  }
}

export async function* changedPages(
  content: () => DirectoryContent,
  range: { readonly since?: Watermark; readonly until: Watermark; readonly pageSize: number },
  feed: Feed,
): AsyncGenerator<DirectoryPage> {
  const since = Number(range.since ?? 0);
  const until = Number(range.until);
  const counts = await Promise.all(
    (['User', 'Group'] as const).map((type) => feed.store.countFeedChanges(feed.name, { type, since, until })),
  );
  const totalPages = counts.reduce((sum, count) => sum + Math.ceil(count / range.pageSize), 0);
  let completedPages = 0;
  for (const type of ['User', 'Group'] as const satisfies readonly ObjectType[]) {
    const read = (after: string | undefined) =>
      feed.store.feedChanges(feed.name, { type, since, until }, after, range.pageSize);
    for await (const entries of everyPage(read)) {
      if (entries.length === 0) break;
      completedPages += 1;
      const { changes, passedBy } = toChanges(entries, content(), since);
      if (passedBy.length > 0) await passBy(passedBy, feed);
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
async function passBy(entries: readonly FeedEntry[], feed: Feed): Promise<void> {
  const ids = entries.map(({ id }) => id);
  for (;;) {
    const state = await feed.store.feedState(feed.name);
    if (state === undefined) return;
    const present = await feed.store.feedEntries(feed.name, ids);
    // What somebody has noticed of one since is not to be forgotten.
    const same = entries.filter(({ id, sequence }) => present.get(id)?.sequence === sequence);
    const forgotten = same.map((entry) => ({ ...entry, hash: '' }));
    if ((await feed.store.commitFeed(feed.name, state, forgotten)) !== undefined) return;
  }
}

/** What was seen of these counts no longer: the next look hands them out, or says that they are gone. */
export async function forgetSeen(touched: readonly SourceObject[], feed: Feed): Promise<void> {
  const ids = touched.map(({ id }) => id);
  for (;;) {
    const state = await feed.store.feedState(feed.name);
    // Nothing was seen of anybody yet.
    if (state === undefined) return;
    const { sequence } = state;
    const present = await feed.store.feedEntries(feed.name, ids);
    const unseen = touched.map((object): FeedEntry => {
      const { id, type } = object;
      const fresh = { id, type, displayName: nameOf(object), sequence, firstSequence: sequence, purged: false };
      return { ...(present.get(id) ?? fresh), hash: '' };
    });
    // An undone change leaves the file as it was: it has to be compared all the same.
    if ((await feed.store.commitFeed(feed.name, { ...state, fingerprint: '' }, unseen)) !== undefined) return;
  }
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
