/** A directory in a file, with a change feed like Graph's delta query (DESIGN 3.3). */
import { accessSync, constants } from 'node:fs';
import { UNKNOWN_APPLICATION } from '../model/application.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { EngineError } from '../model/engine-error.ts';
import type { SourceId, SourceObject } from '../model/source-object.ts';
import { suggest } from '../model/suggest.ts';
import type { Directory, FeedState, FeedStore } from '../ports.ts';
import type { DirectoryContent } from './build-objects.ts';
import { changedPages, type Feed, forgetSeen, notice } from './change-feed.ts';
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

/** What is told and remembered of a broken file must not grow with it. */
const MOST_PROBLEMS = 1000;

/** Opens nothing yet: the file is read at `refresh`. */
export function openFileDirectory(path: string, context: FileDirectoryContext): Directory {
  const { application, fingerprintOf = directoryFingerprint } = context;
  const feed: Feed = { store: context.feeds, name: context.feed };
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
      return ofThisJob((await feed.store.feedState(feed.name))?.problems ?? []);
    },
    refresh: async (signal) => {
      for (;;) {
        const before = await feed.store.feedState(feed.name);
        const { fingerprint } = look().reading;
        signal.throwIfAborted();
        if (before?.fingerprint === fingerprint) return String(before.sequence);
        const now = content();
        if (context.mayBeEmpty !== true && before !== undefined) await refuseEmptied(now, before, feed, path);
        const noticed = await notice({ ...now, fingerprint, problemsOf }, before, feed);
        if (noticed !== undefined) return noticed;
      }
    },
    isChanged: async () => {
      const before = await feed.store.feedState(feed.name);
      return isReadable(path) && fingerprintOf(path) !== before?.fingerprint;
    },
    isSettled: async () => isSettled(path),
    changes: (range) => changedPages(content, range, feed),
    uncertain: async (ids) => new Set(ids.filter((id) => isUncertain(content(), id))),
    objects: async (ids) => {
      if (ids.length === 0) return new Map();
      const found = ids.flatMap((id): readonly (readonly [SourceId, SourceObject])[] => {
        const object = objects().get(id);
        return object === undefined ? [] : [[id, object]];
      });
      return new Map(found);
    },
    touched: (touched) => forgetSeen(touched, feed),
    find: async (reference) => [...objects().values()].filter((object) => answersTo(object, reference)),
    nearest: async (reference) => suggest(reference, everyName(objects().values())),
    count: async () => content().counts,
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

/** A few are purged like any others, though they were all there were of their type. */
const ALWAYS_PLAUSIBLE = 2;

/** An export that went wrong must not deprovision everybody, nor every group, nor take all members away. */
async function refuseEmptied(now: DirectoryContent, before: FeedState, feed: Feed, path: string): Promise<void> {
  if (now.objects.size === 0 && before.objects > 0) throw emptied(`is empty, and held ${before.objects} objects`, path);
  // Nothing is taken for purged then, and no group loses a member.
  if (now.incomplete) return;
  for (const type of ['User', 'Group'] as const) {
    const held = now.counts[type] > 0 ? 0 : await feed.store.countFeedPresent(feed.name, type);
    const noun = type.toLowerCase();
    if (held > ALWAYS_PLAUSIBLE) throw emptied(`has no ${noun} any more, and held ${held} ${noun}s`, path);
  }
}

function emptied(what: string, path: string): EngineError {
  return new EngineError(`the directory file ${path} ${what} before`, {
    category: 'job',
    code: 'DirectoryEmpty',
    remedy: 'restore the file; nothing was changed in the target. If it is meant, set directory.mayBeEmpty: true',
  });
}

/** Known once the object was read. */
function isUncertain({ objects, doubtful, incomplete }: DirectoryContent, id: SourceId): boolean {
  return objects.get(id) === undefined ? incomplete : doubtful.has(id);
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
