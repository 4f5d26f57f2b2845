/** Mapped values → the body of a create, with the key order of Microsoft's example (scim-wire.md 5.1, 8.1). */
import type { JsonValue, ResourceType } from '../model/scim-message.ts';
import { type AttributePath, isCoreUrn, parseAttributePath } from './attribute-path.ts';

export const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const LEGACY_GROUP_URN = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';

export type CreateBodyInput = {
  readonly resourceType: ResourceType;
  /** Target path → value, in mapping order. */
  readonly values: ReadonlyMap<string, JsonValue>;
  readonly options: {
    /** Booleans as "True" and "False", as the service did in 2020. */
    readonly postBooleanStrings?: boolean;
    readonly legacyGroupSchema?: boolean;
    /** Lists custom extension URNs in `schemas` (ruling R20: not by default). */
    readonly listExtensionSchemas?: boolean;
  };
};

type MutableObject = { [key: string]: JsonValue | MutableObject | MutableObject[] };

/** Keys that lead the body, in this order; the others follow in mapping order, extensions last. */
const LEADING = [
  'externalId',
  'userName',
  'active',
  'displayName',
  'title',
  'emails',
  'phoneNumbers',
  'addresses',
  'name',
];

/** The body. Empty values are left out; `id` is never sent. */
export function buildCreateBody(input: CreateBodyInput): JsonValue {
  const core: MutableObject = {};
  const extensions: MutableObject = {};
  for (const [text, value] of input.values) {
    const path = parseAttributePath(text);
    if (isEmpty(value) || (path.urn === undefined && path.attribute.toLowerCase() === 'id')) continue;
    write(path.urn === undefined || isCoreUrn(path.urn) ? core : objectAt(extensions, path.urn), path, value, input);
  }
  markPrimaryMail(core);
  const schemas = schemasOf(input, Object.keys(extensions));
  return { schemas, ...ordered(core), meta: { resourceType: input.resourceType }, ...extensions } as JsonValue;
}

function schemasOf(input: CreateBodyInput, urns: readonly string[]): readonly string[] {
  const custom = input.options.listExtensionSchemas === true ? urns.filter((urn) => urn !== ENTERPRISE_URN) : [];
  if (input.resourceType === 'User') return [USER_URN, ENTERPRISE_URN, ...custom];
  return [GROUP_URN, ...(input.options.legacyGroupSchema === true ? [LEGACY_GROUP_URN] : []), ...custom];
}

function write(container: MutableObject, path: AttributePath, value: JsonValue, input: CreateBodyInput): void {
  const typed = toBodyValue(path, value, input);
  if (path.filter !== undefined) {
    elementFor(container, path, path.filter)[path.sub ?? 'value'] = typed;
  } else if (path.sub !== undefined) {
    objectAt(container, path.attribute)[path.sub] = typed;
  } else {
    container[path.attribute] = typed;
  }
}

/** The element all paths with the same filter share. */
function elementFor(
  container: MutableObject,
  path: AttributePath,
  filter: NonNullable<AttributePath['filter']>,
): MutableObject {
  const present = container[path.attribute];
  const list = Array.isArray(present) ? (present as MutableObject[]) : [];
  container[path.attribute] = list;
  const found = list.find(
    (item) => String(item[filter.attribute]).toLowerCase() === String(filter.value).toLowerCase(),
  );
  if (found !== undefined) return found;
  const element: MutableObject = { [filter.attribute]: filter.value };
  if (path.attribute.toLowerCase() === 'roles' && filter.attribute === 'primary') {
    element.type = 'WindowsAzureActiveDirectoryRole';
  }
  list.push(element);
  return element;
}

function objectAt(container: MutableObject, key: string): MutableObject {
  const present = container[key];
  if (typeof present === 'object' && present !== null && !Array.isArray(present)) return present as MutableObject;
  const made: MutableObject = {};
  container[key] = made;
  return made;
}

/** The work address is the primary one unless a `.primary` path is mapped (scim-wire.md 5.1, rule 6). */
function markPrimaryMail(core: MutableObject): void {
  const { emails } = core;
  if (!Array.isArray(emails)) return;
  const work = (emails as MutableObject[]).find((mail) => String(mail.type).toLowerCase() === 'work');
  if (work !== undefined && work.primary === undefined) work.primary = true;
}

function toBodyValue(path: AttributePath, value: JsonValue, input: CreateBodyInput): JsonValue {
  const name = path.sub ?? path.attribute;
  const isBooleanText = typeof value === 'string' && /^(true|false)$/i.test(value) && /^(active|primary)$/i.test(name);
  const typed = isBooleanText ? value.toLowerCase() === 'true' : value;
  if (typeof typed === 'boolean' && input.options.postBooleanStrings === true) return typed ? 'True' : 'False';
  return typed;
}

function ordered(core: MutableObject): MutableObject {
  const body: MutableObject = {};
  for (const key of [...LEADING, ...Object.keys(core)]) {
    const value = core[key];
    if (value !== undefined && !(key in body)) body[key] = value;
  }
  return body;
}

function isEmpty(value: JsonValue): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
