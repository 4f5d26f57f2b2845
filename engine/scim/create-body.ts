/** Mapped values → the body of a create, with the key order of Microsoft's example (scim-wire.md 5.1, 8.1). */
import type { JsonValue, ResourceType } from '../model/scim-message.ts';
import { type AttributePath, parseAttributePath } from './attribute-path.ts';
import { areShapeless, fill, markOf, type PlainValue, type Shape, shapeOf } from './body-shape.ts';
import { CLIENT_PROFILES, type ClientProfile } from './client-profile.ts';
import { asBodyValue, keyIn, type MutableObject, writePath } from './write-path.ts';

export const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const CORE_1_URN = 'urn:scim:schemas:core:1.0';
const LEGACY_GROUP_URN = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';

/** What a body depends on besides its values. */
export type CreateBodySettings = {
  readonly resourceType: ResourceType;
  /** Whose body it is; Entra's by default. */
  readonly client?: ClientProfile;
  /** Multi-valued attributes whose work element is the primary one; `emails` by default. */
  readonly primaryWork?: readonly string[];
  readonly options: {
    /** Booleans as "True" and "False", as the service did in 2020. */
    readonly postBooleanStrings?: boolean;
    readonly legacyGroupSchema?: boolean;
    /** False leaves custom extension URNs out of `schemas`; they are listed by default (ruling R20). */
    readonly listExtensionSchemas?: boolean;
  };
};

export type CreateBodyInput = CreateBodySettings & {
  /** Target path → value, in mapping order. */
  readonly values: ReadonlyMap<string, JsonValue>;
};

/** Keys that lead an object inside the body, as in the example; the others follow in mapping order. */
const LEADING_SUBS: Readonly<Record<string, readonly string[]>> = {
  emails: ['primary', 'type', 'value'],
  name: ['formatted', 'familyName', 'givenName'],
};

/** The same for the enterprise extension. */
const LEADING_ENTERPRISE = ['department', 'employeeNumber'];

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
  const values = new Map<string, JsonValue>();
  for (const [text, value] of input.values)
    if (!isEmpty(value)) values.set(text, toBodyValue(parseAttributePath(text), value, input));
  return compose(input, values);
}

/** Shapes kept for the objects of a mapping: one for each set of attributes that somebody lacks. */
const MOST_SHAPES = 2000;

/** Paths that one body has after those of another; `shape`: of the body that has no more, null when it has none. */
type Turn = { readonly paths: readonly string[]; readonly next: Map<string, Turn>; shape?: Shape | null };

/** `buildCreateBody` for many objects of one mapping. */
export function createBodies(settings: CreateBodySettings): (values: ReadonlyMap<string, JsonValue>) => JsonValue {
  const start: Turn = { paths: [], next: new Map() };
  let turns = 0;
  const turnAfter = (turn: Turn, path: string): Turn | undefined => {
    const known = turn.next.get(path);
    if (known !== undefined || turns === MOST_SHAPES) return known;
    const made: Turn = { paths: [...turn.paths, path], next: new Map() };
    turn.next.set(path, made);
    turns += 1;
    return made;
  };
  return (values) => {
    let turn: Turn | undefined = start;
    const given: PlainValue[] = [];
    for (const [text, value] of values) {
      if (isEmpty(value)) continue;
      turn = turnAfter(turn, text);
      if (turn === undefined || typeof value === 'object') return buildCreateBody({ ...settings, values });
      given.push(toBodyValue(parseAttributePath(text), value, settings) as PlainValue);
    }
    turn.shape ??= areShapeless(turn.paths) ? null : shapeOf(compose(settings, new Map(turn.paths.map(marked))));
    return turn.shape === null ? buildCreateBody({ ...settings, values }) : fill(turn.shape, given);
  };
}

function marked(path: string, index: number): readonly [string, string] {
  return [path, markOf(index)];
}

/** The body of these values, none of them empty, as they go out. */
function compose(settings: CreateBodySettings, values: ReadonlyMap<string, JsonValue>): JsonValue {
  const client = settings.client ?? CLIENT_PROFILES.entra;
  const core: MutableObject = {};
  const extensions: MutableObject = {};
  for (const [text, value] of values) {
    const path = parseAttributePath(text);
    if (path.urn === undefined && path.attribute.toLowerCase() === 'id') continue;
    writePath(core, extensions, path, value);
  }
  const primary = settings.options.postBooleanStrings === true ? 'True' : true;
  for (const attribute of settings.primaryWork ?? ['emails']) markPrimaryWork(core, attribute, primary);
  const schemas = schemasOf(settings, client, Object.keys(extensions));
  const meta = client.create.meta ? { meta: { resourceType: settings.resourceType } } : {};
  const lists = client.create.emptyLists ? { [settings.resourceType === 'User' ? 'groups' : 'members']: [] } : {};
  const enterprise = extensions[ENTERPRISE_URN];
  if (enterprise !== undefined) extensions[ENTERPRISE_URN] = leadElement(LEADING_ENTERPRISE, enterprise);
  return { schemas, ...ordered(core), ...lists, ...meta, ...extensions } as JsonValue;
}

function schemasOf(input: CreateBodySettings, client: ClientProfile, urns: readonly string[]): readonly string[] {
  const listed = input.options.listExtensionSchemas === false ? [] : urns;
  if (client.protocol === 'scim1') return [CORE_1_URN, ...listed];
  if (input.resourceType === 'User') {
    if (!client.create.enterpriseUrnAlways) return [USER_URN, ...listed];
    const custom = listed.filter((urn) => urn.toLowerCase() !== ENTERPRISE_URN.toLowerCase());
    return [USER_URN, ENTERPRISE_URN, ...custom];
  }
  return [GROUP_URN, ...(input.options.legacyGroupSchema === true ? [LEGACY_GROUP_URN] : []), ...listed];
}

/** The work element is the primary one unless a `.primary` path is mapped (scim-wire.md 5.1, rule 6; gallery.md 1.3). */
export function markPrimaryWork(core: MutableObject, attribute: string, primary: JsonValue): void {
  const list = core[keyIn(core, attribute)];
  if (!Array.isArray(list)) return;
  const elements = list as MutableObject[];
  if (elements.some((element) => element[keyIn(element, 'primary')] !== undefined)) return;
  const work = elements.find((element) => String(element[keyIn(element, 'type')]).toLowerCase() === 'work');
  if (work !== undefined) work.primary = primary;
}

function toBodyValue(path: AttributePath, value: JsonValue, input: CreateBodySettings): JsonValue {
  const typed = asBodyValue(path, value);
  if (typeof typed === 'boolean' && input.options.postBooleanStrings === true) return typed ? 'True' : 'False';
  return typed;
}

function ordered(core: MutableObject): MutableObject {
  const body = leadBy(LEADING, core);
  for (const name in LEADING_SUBS) {
    const leading = LEADING_SUBS[name] ?? [];
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
  const put = (key: string) => {
    const value = object[key];
    if (value !== undefined) result[key] = value;
  };
  for (const name of leading) put(keyIn(object, name));
  for (const key in object) put(key);
  return result;
}

function isEmpty(value: JsonValue): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
