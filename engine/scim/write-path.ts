/** Writes values at target paths into a resource under construction (scim-wire.md 5.1, rule 5). */
import type { JsonValue } from '../model/scim-message.ts';
import { type AttributePath, isCoreUrn } from './attribute-path.ts';

export type MutableObject = { [key: string]: JsonValue | MutableObject | MutableObject[] };

/** Puts `given` at `path`: core attributes into `core`, others into the object of their URN in `extensions`. */
export function writePath(core: MutableObject, extensions: MutableObject, path: AttributePath, given: JsonValue): void {
  // What follows may add to a list that is put here; the mapped value stays as it is.
  const value = typeof given === 'object' ? structuredClone(given) : given;
  const container = path.urn === undefined || isCoreUrn(path.urn) ? core : objectAt(extensions, path.urn);
  if (path.filter !== undefined) {
    elementFor(container, path, path.filter)[path.sub ?? 'value'] = value;
  } else if (path.sub !== undefined) {
    objectAt(container, path.attribute)[path.sub] = value;
  } else {
    container[keyIn(container, path.attribute)] = value;
  }
}

/** What an element of a list is called by (RFC 7643 section 2.4): with nothing else, it says nothing. */
const LABELS: readonly string[] = ['type', 'primary', 'display'];

/**
 * Takes the value at `path` away. Null stands for it, because a target that lays the body over what it has keeps what is
 * merely left out; a list goes out without it, for lists replace each other whole (gallery.md 1.2).
 */
export function clearPath(body: MutableObject, path: AttributePath): void {
  const { urn, filter } = path;
  if (filter === undefined) {
    writePath(body, body, path, null);
    return;
  }
  const container = urn === undefined || isCoreUrn(urn) ? body : objectAt(body, urn);
  const key = keyIn(container, path.attribute);
  const element = elementFor(container, path, filter);
  delete element[keyIn(element, path.sub ?? 'value')];
  const labels = new Set([...LABELS, filter.attribute.toLowerCase()]);
  const isEmpty = Object.keys(element).every((name) => labels.has(name.toLowerCase()));
  if (isEmpty) container[key] = (container[key] as MutableObject[]).filter((other) => other !== element);
}

/** In a body `active` and `primary` are booleans, whatever text the mapping expression gave (ruling R12). */
export function asBodyValue(path: AttributePath, value: JsonValue): JsonValue {
  const isText = typeof value === 'string' && value.length <= 5 && /^(true|false)$/i.test(value);
  return isText && /^(active|primary)$/i.test(path.sub ?? path.attribute) ? value.toLowerCase() === 'true' : value;
}

/** The element all paths with the same filter share. */
function elementFor(
  container: MutableObject,
  path: AttributePath,
  filter: NonNullable<AttributePath['filter']>,
): MutableObject {
  const key = keyIn(container, path.attribute);
  const present = container[key];
  const list = Array.isArray(present) ? (present as MutableObject[]) : [];
  container[key] = list;
  const found = list.find(
    (item) => String(item[keyIn(item, filter.attribute)]).toLowerCase() === String(filter.value).toLowerCase(),
  );
  if (found !== undefined) return found;
  const element: MutableObject = { [filter.attribute]: filter.value };
  if (path.attribute.toLowerCase() === 'roles' && filter.attribute.toLowerCase() === 'primary') {
    element.type = 'WindowsAzureActiveDirectoryRole';
  }
  list.push(element);
  return element;
}

function objectAt(container: MutableObject, name: string): MutableObject {
  const key = keyIn(container, name);
  const present = container[key];
  if (typeof present === 'object' && present !== null && !Array.isArray(present)) return present as MutableObject;
  const made: MutableObject = {};
  container[key] = made;
  return made;
}

/** The key already there under another spelling, else `name`: published tables vary in case (mappings-and-scoping.md 3.1). */
export function keyIn(container: MutableObject, name: string): string {
  if (Object.hasOwn(container, name)) return name;
  const lower = name.toLowerCase();
  // Lengths first: this is asked for every value of every resource.
  return Object.keys(container).find((key) => key.length === name.length && key.toLowerCase() === lower) ?? name;
}
