/** Parsed file → source objects as one application sees them: references resolved, assignments worked out (cycle.md 4.1-4.4). */
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Assignment, MemberReference, ObjectType, SourceId, SourceObject } from '../model/source-object.ts';
import type { ParsedDirectory, RawApplication, RawObject } from './parse-directory.ts';
import { sourceObject } from './source-object.ts';

export type BuiltDirectory = {
  readonly objects: ReadonlyMap<SourceId, SourceObject>;
  /** Ids of objects with an error: they keep their last known state. */
  readonly broken: ReadonlySet<SourceId>;
  readonly problems: readonly Diagnostic[];
};

const DEFAULT_ACCESS = { id: '00000000-0000-0000-0000-000000000000', name: 'Default Access' };

/** The objects, with the assignments of `application` (undefined: none). */
export function buildObjects(parsed: ParsedDirectory, application: string | undefined): BuiltDirectory {
  const problems: Diagnostic[] = [];
  const index = indexByName(parsed.objects);
  const find = (reference: string, type?: ObjectType): RawObject | undefined =>
    index.get(reference.toLowerCase())?.find((object) => type === undefined || object.type === type);
  const app = parsed.applications.find((one) => one.name.toLowerCase() === application?.toLowerCase());
  const membersByGroup = new Map<SourceId, readonly MemberReference[]>();
  for (const object of parsed.objects) {
    if (object.type === 'Group') membersByGroup.set(object.id, resolveMembers(object, find, parsed, problems));
  }
  const assignments =
    app === undefined ? new Map<SourceId, Assignment[]>() : assign(app, find, membersByGroup, parsed, problems);
  const objects = new Map<SourceId, SourceObject>();
  for (const raw of parsed.objects) {
    objects.set(
      raw.id,
      toSourceObject(raw, membersByGroup.get(raw.id), assignments.get(raw.id) ?? [], find, parsed, problems),
    );
  }
  return {
    objects,
    broken: new Set(parsed.objects.filter((object) => object.broken).map((object) => object.id)),
    problems,
  };
}

type Find = (reference: string, type?: ObjectType) => RawObject | undefined;

function indexByName(objects: readonly RawObject[]): ReadonlyMap<string, readonly RawObject[]> {
  const index = new Map<string, RawObject[]>();
  for (const object of objects) {
    const { userPrincipalName, mail, displayName } = object.attributes;
    const names = [object.id, userPrincipalName, mail, displayName].filter((name) => typeof name === 'string');
    for (const name of new Set(names.map((one) => one.toLowerCase()))) {
      const known = index.get(name);
      if (known === undefined) index.set(name, [object]);
      else known.push(object);
    }
  }
  return index;
}

function toSourceObject(
  raw: RawObject,
  members: readonly MemberReference[] | undefined,
  assignments: readonly Assignment[],
  find: Find,
  parsed: ParsedDirectory,
  problems: Diagnostic[],
): SourceObject {
  const manager = resolveManager(raw, raw.attributes.manager, find, parsed, problems);
  return sourceObject(raw, { assignments, manager, members });
}

function resolveManager(
  raw: RawObject,
  manager: unknown,
  find: Find,
  parsed: ParsedDirectory,
  problems: Diagnostic[],
): SourceId | undefined {
  const reference = typeof manager === 'object' && manager !== null ? (manager as { id?: unknown }).id : manager;
  if (typeof reference !== 'string' || reference === '') return undefined;
  const found = find(reference, 'User');
  if (found === undefined) {
    const summary = `The manager "${reference}" is not in the directory; the reference is left out.`;
    problems.push(parsed.report(raw.node, 'warning', 'unknown-reference', summary));
  }
  return found?.id;
}

function resolveMembers(
  group: RawObject,
  find: Find,
  parsed: ParsedDirectory,
  problems: Diagnostic[],
): readonly MemberReference[] {
  return group.members.flatMap((member): readonly MemberReference[] => {
    const reference = typeof member === 'object' && member !== null ? (member as { id?: unknown }).id : member;
    const found = find(String(reference));
    if (found !== undefined) return [{ id: found.id, type: found.type }];
    const name = String(group.attributes.displayName ?? group.id);
    const summary = `The member "${String(reference)}" of ${name} is not in the directory; it is left out.`;
    problems.push(parsed.report(group.node, 'warning', 'unknown-reference', summary));
    return [];
  });
}

/** Direct assignments, and for each assigned security group one for every immediate member. */
function assign(
  application: RawApplication,
  find: Find,
  membersByGroup: ReadonlyMap<SourceId, readonly MemberReference[]>,
  parsed: ParsedDirectory,
  problems: Diagnostic[],
): Map<SourceId, Assignment[]> {
  const assignments = new Map<SourceId, Assignment[]>();
  const add = (id: SourceId, assignment: Assignment) => {
    const known = assignments.get(id);
    if (known === undefined) assignments.set(id, [assignment]);
    else known.push(assignment);
  };
  for (const row of application.assignments) {
    const principal = find(row.principal, row.type);
    if (principal === undefined) {
      const summary = `"${row.principal}" is assigned to ${application.name} but is not in the directory; it is left out.`;
      problems.push(parsed.report(row.node, 'warning', 'unknown-reference', summary));
      continue;
    }
    const role = roleOf(application, row.role);
    if (principal.type === 'Group' && principal.attributes.securityEnabled === false) {
      const summary = `The group "${row.principal}" is not a security group; Entra ignores its assignment.`;
      problems.push(parsed.report(row.node, 'warning', 'not-a-security-group', summary));
      continue;
    }
    add(principal.id, { role: role.name, roleId: role.id });
    const throughGroup = String(principal.attributes.displayName ?? principal.id);
    for (const member of principal.type === 'Group' ? (membersByGroup.get(principal.id) ?? []) : []) {
      // Nested groups are not expanded: a member group gets no assignment (cycle.md 4.3).
      if (member.type === 'User') add(member.id, { role: role.name, roleId: role.id, throughGroup });
    }
  }
  return assignments;
}

function roleOf(application: RawApplication, name: string | undefined): { readonly id: string; readonly name: string } {
  if (name === undefined) return DEFAULT_ACCESS;
  const lower = name.toLowerCase();
  const known = application.roles.find((role) => role.name.toLowerCase() === lower || role.id.toLowerCase() === lower);
  return known ?? { id: name, name };
}
