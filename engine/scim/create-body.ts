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
    /** False leaves custom extension URNs out of `schemas`; they are listed by default (ruling R20). */
    readonly listExtensionSchemas?: boolean;
  };
};

/** Keys that lead an object inside the body, as in the example; the others follow in mapping order. */
const LEADING_SUBS: Readonly<Record<string, readonly string[]>> = {
  emails: ['primary', 'type', 'value'],
  name: ['formatted', 'familyName', 'givenName'],
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
  markPrimaryMail(core, input);
  const schemas = schemasOf(input, Object.keys(extensions));
  return { schemas, ...ordered(core), meta: { resourceType: input.resourceType }, ...extensions } as JsonValue;
}

function schemasOf(input: CreateBodyInput, urns: readonly string[]): readonly string[] {
  const listed = input.options.listExtensionSchemas === false ? [] : urns;
  if (input.resourceType === 'User') {
    const custom = listed.filter((urn) => urn.toLowerCase() !== ENTERPRISE_URN.toLowerCase());
    return [USER_URN, ENTERPRISE_URN, ...custom];
  }
  return [GROUP_URN, ...(input.options.legacyGroupSchema === true ? [LEGACY_GROUP_URN] : []), ...listed];
}

function write(container: MutableObject, path: AttributePath, value: JsonValue, input: CreateBodyInput): void {
  const typed = toBodyValue(path, value, input);
  if (path.filter !== undefined) {
    elementFor(container, path, path.filter)[path.sub ?? 'value'] = typed;
  } else if (path.sub !== undefined) {
    objectAt(container, path.attribute)[path.sub] = typed;
  } else {
    container[keyIn(container, path.attribute)] = typed;
  }
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
    (item) => String(item[filter.attribute]).toLowerCase() === String(filter.value).toLowerCase(),
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
function keyIn(container: MutableObject, name: string): string {
  if (Object.hasOwn(container, name)) return name;
  const lower = name.toLowerCase();
  return Object.keys(container).find((key) => key.toLowerCase() === lower) ?? name;
}

/** The work address is the primary one unless a `.primary` path is mapped (scim-wire.md 5.1, rule 6). */
function markPrimaryMail(core: MutableObject, input: CreateBodyInput): void {
  const mails = core[keyIn(core, 'emails')];
  if (!Array.isArray(mails)) return;
  const elements = mails as MutableObject[];
  if (elements.some((mail) => mail[keyIn(mail, 'primary')] !== undefined)) return;
  const work = elements.find((mail) => String(mail[keyIn(mail, 'type')]).toLowerCase() === 'work');
  if (work !== undefined) work.primary = input.options.postBooleanStrings === true ? 'True' : true;
}

function toBodyValue(path: AttributePath, value: JsonValue, input: CreateBodyInput): JsonValue {
  const name = path.sub ?? path.attribute;
  const isBooleanText = typeof value === 'string' && /^(true|false)$/i.test(value) && /^(active|primary)$/i.test(name);
  const typed = isBooleanText ? value.toLowerCase() === 'true' : value;
  if (typeof typed === 'boolean' && input.options.postBooleanStrings === true) return typed ? 'True' : 'False';
  return typed;
}

function ordered(core: MutableObject): MutableObject {
  const body = leadBy(LEADING, core);
  for (const [name, leading] of Object.entries(LEADING_SUBS)) {
    const key = keyIn(body, name);
    const value = body[key];
    if (Array.isArray(value)) body[key] = (value as MutableObject[]).map((element) => leadElement(leading, element));
    else if (value !== undefined) body[key] = leadElement(leading, value);
  }
  return body;
}

function leadElement<T extends MutableObject[string]>(leading: readonly string[], value: T): T | MutableObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? leadBy(leading, value as MutableObject)
    : value;
}

function leadBy(leading: readonly string[], object: MutableObject): MutableObject {
  const result: MutableObject = {};
  for (const key of [...leading.map((name) => keyIn(object, name)), ...Object.keys(object)]) {
    const value = object[key];
    if (value !== undefined) result[key] = value;
  }
  return result;
}

function isEmpty(value: JsonValue): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
