/** A directory as it is written, before references are resolved: what every file format is read into (DESIGN 2.4). */
import type { Application } from '../model/application.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { parseTime } from '../model/instant.ts';
import { holdsDigitsAsText, nearAttribute, typeOfAttribute } from '../model/source-attributes.ts';
import type { ObjectType } from '../model/source-object.ts';
import { suggest } from '../model/suggest.ts';

/** Where something is written, in terms that only the `Report` of the same file understands. */
export type Place = readonly [start: number, end: number];

/** A finding at a place of the file. */
export type Report = (at: Place, severity: Diagnostic['severity'], code: string, summary: string) => Diagnostic;

/** The same, handed on to whoever collects them. */
export type Say = (...finding: Parameters<Report>) => void;

export type RawObject = {
  readonly type: ObjectType;
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Groups: members as written. */
  readonly members: readonly unknown[];
  /** Something in it is wrong: it keeps its last known state. */
  readonly broken: boolean;
  readonly at: Place;
  readonly referenceAt: ReferenceAt;
};

/** Where the manager is named, or the member of this index. */
export type ReferenceAt = (reference: 'manager' | number) => Place;

type RawAssignment = {
  readonly principal: string;
  readonly type: ObjectType;
  readonly role?: string;
  readonly at: Place;
};
export type RawRole = Application['roles'][number];
export type RawApplication = {
  readonly name: string;
  readonly roles: readonly RawRole[];
  readonly assignments: readonly RawAssignment[];
  /** Something in it is wrong: who is assigned is not known for certain. */
  readonly broken: boolean;
  readonly at: Place;
};

export type RawDirectory = {
  readonly objects: readonly RawObject[];
  readonly applications: readonly RawApplication[];
  readonly problems: readonly Diagnostic[];
  /** An application that could not be read is among them: it may be any that is missing. */
  readonly unclearApplications: boolean;
  /** An object without an id, or with that of another, is among them: nothing may be taken for purged. */
  readonly incomplete: boolean;
  /** False when the text could not be read at all. */
  readonly readable: boolean;
  readonly report: Report;
};

/** Places inside one object or application; `key` is an attribute, or the index of an assignment. */
export type PlaceOf = (key: string | number) => Place;

/** The object that `value` describes, or undefined when it cannot be identified. What is wrong is said. */
export function readRawObject(
  value: unknown,
  type: ObjectType,
  places: { readonly at: Place; readonly placeOf: PlaceOf; readonly referenceAt?: ReferenceAt },
  say: Say,
): RawObject | undefined {
  const noun = type === 'User' ? 'user' : 'group';
  const { at, placeOf, referenceAt = () => at } = places;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    say(at, 'error', 'wrong-type', `A ${noun} is a map of attributes.`);
    return undefined;
  }
  const { members, ...attributes } = withDigitsAsText(value as Readonly<Record<string, unknown>>);
  const { id, accountEnabled, deletedDateTime } = attributes;
  if (typeof id !== 'string' || id === '') {
    const summary = `This ${noun} has no "id". Until it has one, nothing is taken for purged.`;
    say(at, 'error', 'missing-id', summary);
    return undefined;
  }
  let broken = false;
  const complain = (key: string, summary: string) => {
    say(placeOf(key), 'error', 'wrong-type', summary);
    broken = true;
  };
  if (accountEnabled !== undefined && typeof accountEnabled !== 'boolean') {
    complain('accountEnabled', '"accountEnabled" is true or false.');
  }
  if (deletedDateTime !== undefined && deletedDateTime !== null && !isTime(deletedDateTime)) {
    complain('deletedDateTime', '"deletedDateTime" is a time such as 2026-01-01T00:00:00Z.');
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (isMap(value) && typeOfAttribute(name) === 'String') complain(name, `"${name}" is a text.`);
  }
  const list: readonly unknown[] = Array.isArray(members) ? members : [];
  if ((members !== undefined && members !== null && !Array.isArray(members)) || !list.every(isReference)) {
    complain('members', '"members" is a list of users or groups: ids or names.');
  }
  if (type === 'User' && (attributes.manager ?? null) !== null && !isReference(attributes.manager)) {
    complain('manager', '"manager" is a user: an id or a name.');
  }
  for (const [right, wrong] of misspeltAttributes(attributes, { ...attributes, members }, type)) {
    complain(wrong, unknownKey(wrong, `a ${noun}`, [right]));
  }
  return { type, id, attributes, members: list, broken, at, referenceAt };
}

/** Attributes without which a misspelling would give access back, or take members away. */
const DECISIVE: Readonly<Record<ObjectType, readonly string[]>> = {
  User: ['accountEnabled', 'deletedDateTime'],
  Group: ['members', 'deletedDateTime'],
};

/** Name → what is probably meant by it, among the decisive ones; a directory has few names. */
const meant = new Map<string, string | undefined>();

function* misspeltAttributes(
  attributes: Readonly<Record<string, unknown>>,
  present: Readonly<Record<string, unknown>>,
  type: ObjectType,
): Generator<readonly [right: string, wrong: string]> {
  for (const key of Object.keys(attributes)) {
    if (!meant.has(key)) meant.set(key, nearAttribute(key));
    const right = meant.get(key);
    if (right !== undefined && DECISIVE[type].includes(right) && present[right] === undefined) yield [right, key];
  }
}

/** Nobody's postal code is a number: JSON and YAML let one be written so, and a target that wants a text would refuse it. */
function withDigitsAsText(attributes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let texts: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value !== 'number' || !holdsDigitsAsText(name)) continue;
    texts ??= { ...attributes };
    texts[name] = String(value);
  }
  return texts ?? attributes;
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A name, or a map with an `id`. */
function isReference(written: unknown): boolean {
  return typeof referenceOf(written) === 'string';
}

/** A reference as written: a name, or a map with an `id`. */
export function referenceOf(written: unknown): unknown {
  return typeof written === 'object' && written !== null ? (written as { id?: unknown }).id : written;
}

/** An empty text stands for no value, as in a table. */
function isTime(value: unknown): boolean {
  return typeof value === 'string' && (value === '' || parseTime(value) !== undefined);
}

/** The application that `value` describes, or undefined when it has no name. What is wrong is said. */
export function readRawApplication(
  value: unknown,
  places: { readonly at: Place; readonly placeOf: PlaceOf },
  say: Say,
): RawApplication | undefined {
  const fields = (value ?? {}) as Readonly<Record<string, unknown>>;
  const { name, roles, assignments } = fields;
  if (typeof name !== 'string') {
    say(
      places.at,
      'error',
      'missing-name',
      'This application has no "name". Until it has one, nobody loses an assignment.',
    );
    return undefined;
  }
  let broken = false;
  const complain = (at: Place, code: string, summary: string) => {
    say(at, 'error', code, `${summary} Until it is mended, nobody loses an assignment to ${name}.`);
    broken = true;
  };
  for (const key of Object.keys(fields))
    if (!APPLICATION_KEYS.includes(key))
      complain(places.at, 'unknown-key', unknownKey(key, 'an application', APPLICATION_KEYS));
  const listOf = (written: unknown, key: string): readonly unknown[] => {
    if (Array.isArray(written)) return written;
    if (written !== undefined && written !== null) complain(places.at, 'wrong-type', `"${key}" is a list.`);
    return [];
  };
  const rows = listOf(assignments, 'assignments').flatMap((row, index) => {
    const read = readRawAssignment(row, places.placeOf(index));
    if (typeof read !== 'string') return [read];
    complain(places.placeOf(index), 'wrong-type', read);
    return [];
  });
  const read = listOf(roles, 'roles').map(readRole);
  if (read.includes(undefined))
    complain(places.at, 'wrong-type', 'A role is a name, or has a "displayName", a "value" or an "id".');
  return { name, roles: read.filter((role) => role !== undefined), assignments: rows, broken, at: places.at };
}

/** Of two with one name nobody knows whose assignments count. */
export function uniqueApplications(applications: readonly RawApplication[], say: Say): readonly RawApplication[] {
  return applications.map((application) => {
    const { name, at } = application;
    const alike = applications.filter((one) => one.name.toLowerCase() === name.toLowerCase());
    if (alike.length === 1) return application;
    if (alike[0] !== application) {
      const summary = `Another application above is named "${name}". Make one of the two; until then nobody loses an assignment.`;
      say(at, 'error', 'duplicate-application', summary);
    }
    return { ...application, broken: true };
  });
}

const APPLICATION_KEYS: readonly string[] = ['name', 'roles', 'assignments'];
const ASSIGNMENT_KEYS: readonly string[] = ['user', 'group', 'role'];

/** `"usr" is not a part of an assignment. Did you mean "user"?` */
export function unknownKey(key: string, whole: string, known: readonly string[]): string {
  const near = suggest(key, known);
  return `"${key}" is not a part of ${whole}. ${near === undefined ? `Its parts are ${known.join(', ')}.` : `Did you mean "${near}"?`}`;
}

/** The role, undefined when nothing names it. */
function readRole(role: unknown): RawRole | undefined {
  if (typeof role === 'string' || typeof role === 'number') return { id: String(role), name: String(role) };
  const { id, name, displayName, value } = (role ?? {}) as Readonly<Record<string, unknown>>;
  const text = name ?? displayName ?? value ?? id ?? undefined;
  if (text === undefined) return undefined;
  return { id: String(id ?? text), name: String(text), ...(typeof value === 'string' ? { value } : {}) };
}

/** The assignment, or what is wrong with it. */
function readRawAssignment(value: unknown, at: Place): RawAssignment | string {
  const fields = (typeof value === 'object' ? (value ?? {}) : {}) as Readonly<Record<string, unknown>>;
  const stranger = Object.keys(fields).find((key) => !ASSIGNMENT_KEYS.includes(key));
  if (stranger !== undefined) return unknownKey(stranger, 'an assignment', ASSIGNMENT_KEYS);
  const { user, group, role } = fields;
  const principal = user ?? group;
  const isOne = (user ?? undefined) === undefined || (group ?? undefined) === undefined;
  if (typeof principal !== 'string' || !isOne)
    return 'An assignment names a "user" or a "group", and perhaps a "role".';
  return {
    principal,
    type: (user ?? undefined) === undefined ? 'Group' : 'User',
    at,
    ...(typeof role === 'string' ? { role } : {}),
  };
}

/** Objects with one id each. Which of two is meant cannot be known: neither changes anything, and nothing is taken for purged. */
export function uniqueObjects(
  objects: readonly RawObject[],
  say: Say,
): { readonly objects: readonly RawObject[]; readonly incomplete: boolean } {
  const unique = new Map<string, RawObject>();
  let incomplete = false;
  for (const object of objects) {
    const first = unique.get(object.id);
    if (first === undefined) {
      unique.set(object.id, object);
      continue;
    }
    say(object.at, 'error', 'duplicate-id', duplicateOf(object.id));
    unique.set(object.id, { ...first, broken: true });
    incomplete = true;
  }
  return { objects: [...unique.values()], incomplete };
}

export function duplicateOf(id: string): string {
  return `Another object above has the id "${id}"; give each its own. Until then neither is touched, and nobody is taken for deleted.`;
}
