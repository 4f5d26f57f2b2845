/** References of a directory → source ids: managers, members, and who is assigned to an application (cycle.md 4.1-4.4). */
import type { Assignment, MemberReference, ObjectType, SourceId } from '../model/source-object.ts';
import { suggest } from '../model/suggest.ts';
import { type RawApplication, type RawObject, type RawRole, referenceOf, type Say } from './raw-directory.ts';
import type { Relations } from './source-object.ts';

export type Known = { readonly id: SourceId; readonly type: ObjectType };

export type Lookup = {
  /** The object with this id, userPrincipalName, mail or display name. */
  readonly find: (reference: string, type?: ObjectType) => Known | undefined;
  readonly raw: (id: SourceId) => RawObject | undefined;
  readonly membersOf: (group: SourceId) => readonly MemberReference[];
};

const DEFAULT_ACCESS = { id: '00000000-0000-0000-0000-000000000000', name: 'Default Access' };

export function resolveManager(raw: RawObject, find: Lookup['find'], say: Say): SourceId | undefined {
  const reference = referenceOf(raw.attributes.manager);
  if (raw.type !== 'User' || typeof reference !== 'string' || reference === '') return undefined;
  const found = find(reference, 'User');
  if (found === undefined) {
    const summary = `The manager "${reference}" is not in the directory; the reference is left out.`;
    say(raw.referenceAt('manager'), 'warning', 'unknown-reference', summary);
  }
  return found?.id;
}

export function resolveMembers(group: RawObject, find: Lookup['find'], say: Say): readonly MemberReference[] {
  return group.members.flatMap((member, index): readonly MemberReference[] => {
    const reference = String(referenceOf(member));
    const found = find(reference);
    if (found !== undefined) return [{ id: found.id, type: found.type }];
    const name = String(group.attributes.displayName ?? group.id);
    const summary = `The member "${reference}" of ${name} is not in the directory; it is left out.`;
    say(group.referenceAt(index), 'warning', 'unknown-reference', summary);
    return [];
  });
}

export type Assigned = {
  readonly assignments: ReadonlyMap<SourceId, readonly Assignment[]>;
  /** Somebody assigned could not be found, or whom an assigned group holds is not known for certain. */
  readonly isPartial: boolean;
  /** Something is wrong with the application itself: who has no assignment may have one. */
  readonly isUnclear: boolean;
};

/**
 * The assignments of the application `name` (undefined: none).
 * @param unclear an application could not be read: where the wanted one is missing, it may be that
 */
export function assignmentsOf(
  applications: readonly RawApplication[],
  name: string | undefined,
  unclear: boolean,
  lookup: Lookup,
  say: Say,
): Assigned {
  const application = applicationNamed(applications, name);
  if (application !== undefined) {
    return { ...resolveAssignments(application, lookup, say), isUnclear: application.broken };
  }
  return { assignments: new Map(), isPartial: false, isUnclear: unclear && name !== undefined };
}

/** Direct assignments, and for each assigned security group one for every immediate member. */
function resolveAssignments(application: RawApplication, lookup: Lookup, say: Say): Omit<Assigned, 'isUnclear'> {
  let isPartial = false;
  const assignments = new Map<SourceId, readonly Assignment[]>();
  // Members of one group share the list until they get a second assignment: most never do.
  const add = (id: SourceId, only: readonly Assignment[]) => {
    const known = assignments.get(id);
    assignments.set(id, known === undefined ? only : [...known, ...only]);
  };
  for (const row of application.assignments) {
    const principal = lookup.find(row.principal, row.type);
    if (principal === undefined) {
      const summary = `"${row.principal}" is assigned to ${application.name} but is not in the directory; it is left out.`;
      say(row.at, 'warning', 'unknown-reference', summary);
      isPartial = true;
      continue;
    }
    const role = roleOf(application, row.role);
    if (!isKnownRole(application, role)) {
      const names = application.roles.map(({ name }) => name);
      const near = suggest(role.name, names);
      const hint = near === undefined ? `Roles: ${names.join(', ')}.` : `Did you mean "${near}"?`;
      say(row.at, 'warning', 'unknown-role', `${application.name} has no role "${role.name}". ${hint}`);
    }
    const assigned = {
      role: role.name,
      roleId: role.id,
      ...(role.value === undefined ? {} : { roleValue: role.value }),
      ...(role.name === DEFAULT_ACCESS.name && application.roles.length === 0 ? { isOnlyRole: true } : {}),
    };
    const direct = [assigned];
    if (principal.type === 'User') {
      add(principal.id, direct);
      continue;
    }
    const group = lookup.raw(principal.id);
    const { securityEnabled, displayName } = group?.attributes ?? {};
    if (securityEnabled === false) {
      const summary = `The group "${row.principal}" is not a security group; Entra ignores its assignment.`;
      say(row.at, 'warning', 'not-a-security-group', summary);
      continue;
    }
    add(principal.id, direct);
    const inherited = [{ ...assigned, throughGroup: String(displayName ?? principal.id) }];
    // Nested groups are not expanded: a member group gets no assignment (cycle.md 4.3).
    const members = lookup.membersOf(principal.id);
    for (const member of members) if (member.type === 'User') add(member.id, inherited);
    if (group?.broken === true || members.length < (group?.members.length ?? 0)) isPartial = true;
  }
  return { assignments, isPartial };
}

/**
 * Whether the object keeps its last known state: something in it is wrong, or, in a directory where an object could not be
 * identified, something it refers to was not found. One broken line must not take memberships or assignments from others.
 */
export function isDoubtful(
  raw: RawObject,
  relations: Relations,
  directory: {
    readonly incomplete: boolean;
    readonly broken: ReadonlySet<SourceId>;
    readonly assigned: Assigned;
    /** False: everybody is in scope without an assignment. */
    readonly needsAssignments: boolean;
  },
): boolean {
  const { incomplete, broken, assigned, needsAssignments } = directory;
  if (raw.broken || broken.has(raw.id)) return true;
  const mayLack = assigned.isUnclear || (assigned.isPartial && (incomplete || broken.size > 0));
  if (needsAssignments && mayLack && relations.assignments.length === 0) return true;
  if (!incomplete) return false;
  if (raw.type === 'Group') return (relations.members?.length ?? 0) < raw.members.length;
  return relations.manager === undefined && typeof referenceOf(raw.attributes.manager) === 'string';
}

function roleOf(application: RawApplication, name: string | undefined): RawRole {
  if (name === undefined) return DEFAULT_ACCESS;
  const lower = name.toLowerCase();
  const { roles } = application;
  const isNamed = (role: RawRole) => role.name.toLowerCase() === lower || role.id.toLowerCase() === lower;
  // One role may have the name of another one as its value.
  const known = roles.find(isNamed) ?? roles.find(({ value }) => value?.toLowerCase() === lower);
  return known ?? { id: name, name };
}

/** An application that lists no roles has any. */
function isKnownRole({ roles }: RawApplication, { id, name }: { readonly id: string; readonly name: string }): boolean {
  return roles.length === 0 || name === DEFAULT_ACCESS.name || roles.some((role) => role.id === id);
}

/** The application that a job takes its assignments from; case does not matter. */
function applicationNamed(
  applications: readonly RawApplication[],
  name: string | undefined,
): RawApplication | undefined {
  return applications.find((one) => one.name.toLowerCase() === name?.toLowerCase());
}

/** The names somebody may be referred to by, in lower case. */
export function namesOf({ id, attributes }: RawObject): ReadonlySet<string> {
  const { userPrincipalName, mail, displayName } = attributes;
  const names = [id, userPrincipalName, mail, displayName].filter((name) => typeof name === 'string');
  return new Set(names.map((name) => name.toLowerCase()));
}
