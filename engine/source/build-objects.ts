/** A directory as written → source objects as one application sees them, all in memory. */
import type { Diagnostic } from '../model/diagnostic.ts';
import type { MemberReference, ObjectType, SourceId, SourceObject } from '../model/source-object.ts';
import type { RawDirectory, RawObject, Say } from './raw-directory.ts';
import {
  assignmentsOf,
  isDoubtful,
  type Lookup,
  namesOf,
  resolveManager,
  resolveMembers,
} from './resolve-references.ts';
import { sourceObject } from './source-object.ts';

/** What a directory needs of its objects; a Map is one. */
export type ObjectSet = Pick<ReadonlyMap<SourceId, SourceObject>, 'size' | 'has' | 'get' | 'keys' | 'values'>;

export type DirectoryContent = {
  readonly objects: ObjectSet;
  readonly counts: Readonly<Record<ObjectType, number>>;
  /** Ids of objects that keep their last known state; complete once all of them were read. */
  readonly doubtful: ReadonlySet<SourceId>;
  /** An object could not be identified: nothing may be taken for purged. */
  readonly incomplete: boolean;
  /** False when the file could not be understood at all. */
  readonly readable: boolean;
  /** Names of the applications in it. */
  readonly applications: readonly string[];
  /** Findings so far. */
  readonly problems: readonly Diagnostic[];
};

/** The objects, with the assignments of `application` (undefined: none). */
export function buildObjects(
  directory: RawDirectory,
  application: string | undefined,
  needsAssignments = true,
): DirectoryContent {
  const { report } = directory;
  const problems: Diagnostic[] = [...directory.problems];
  const say: Say = (...finding) => problems.push(report(...finding));
  const { find, raw } = index(directory.objects);
  const members = new Map<SourceId, readonly MemberReference[]>();
  for (const object of directory.objects) {
    if (object.type === 'Group') members.set(object.id, resolveMembers(object, find, say));
  }
  const lookup: Lookup = { find, raw, membersOf: (group) => members.get(group) ?? [] };
  const { incomplete, readable, unclearApplications } = directory;
  const assigned = assignmentsOf(directory.applications, application, unclearApplications, lookup, say);
  const broken = new Set(directory.objects.filter((object) => object.broken).map((object) => object.id));
  const doubtful = new Set<SourceId>();
  const objects = directory.objects.map((object): readonly [SourceId, SourceObject] => {
    const relations = {
      assignments: assigned.assignments.get(object.id) ?? [],
      manager: resolveManager(object, find, say),
      members: members.get(object.id),
    };
    if (isDoubtful(object, relations, { incomplete, broken, assigned, needsAssignments })) doubtful.add(object.id);
    return [object.id, sourceObject(object, relations)];
  });
  const applications = directory.applications.map(({ name }) => name);
  const counts = countTypes(directory.objects);
  return { objects: new Map(objects), counts, doubtful, incomplete, readable, applications, problems };
}

/** How many of each type there are. */
export function countTypes(objects: Iterable<{ readonly type: ObjectType }>): DirectoryContent['counts'] {
  const counts = { User: 0, Group: 0 };
  for (const { type } of objects) counts[type] += 1;
  return counts;
}

function index(objects: readonly RawObject[]): Pick<Lookup, 'find' | 'raw'> {
  const byId = new Map(objects.map((object) => [object.id, object]));
  const byName = new Map<string, RawObject[]>();
  for (const object of objects) {
    for (const name of namesOf(object)) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [object]);
      else known.push(object);
    }
  }
  return {
    raw: (id) => byId.get(id),
    find: (reference, type) =>
      byName.get(reference.toLowerCase())?.find((object) => type === undefined || object.type === type),
  };
}
