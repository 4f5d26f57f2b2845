/** Target paths as mappings spell them: `userName`, `name.givenName`, `emails[type eq "work"].value`, `urn:…:User:department` (mappings-and-scoping.md 3.1). */
import { EngineError } from '../model/engine-error.ts';
import type { JsonValue, ScimResource } from '../model/scim-message.ts';

export type AttributePath = {
  /** As written. */
  readonly text: string;
  /** Schema URN before the attribute, when there is one. */
  readonly urn?: string;
  readonly attribute: string;
  readonly filter?: { readonly attribute: string; readonly value: string | boolean };
  readonly sub?: string;
};

export type PathProblem = { readonly message: string; readonly offset: number };

/**
 * Schema URNs after which a dot may stand in place of the colon: documents write `…:enterprise:1.0.manager`.
 * A dot inside `1.0` is never a separator (gallery.md 0.6). Longer ones first.
 */
const DOTTED_URNS: readonly string[] = [
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  'urn:ietf:params:scim:schemas:core:2.0:Group',
  'urn:ietf:params:scim:schemas:core:2.0:User',
  'urn:scim:schemas:extension:facebook:accountstatusdetails:1.0',
  'urn:scim:schemas:extension:facebook:starttermdates:1.0',
  'urn:scim:schemas:extension:facebook:auth_method:1.0',
  'urn:scim:schemas:extension:facebook:frontline:1.0',
  'urn:scim:schemas:extension:enterprise:1.0',
  'urn:scim:schemas:core:1.0',
];

const NAME = String.raw`[A-Za-z$][\w$-]*`;
const PATH = new RegExp(
  String.raw`^(?:(urn:.+):)?(${NAME})(?:\[\s*(${NAME})\s+eq\s+(?:"((?:[^"\\]|\\.)*)"|(true|false))\s*\])?(?:\.(${NAME}))?$`,
  'i',
);

/** Paths parsed before: a cycle meets the few of its mapping again for every object. */
const parsed = new Map<string, AttributePath>();
const MOST_PARSED = 2000;

/** The parsed path. @throws EngineError `configuration`, code `bad-path`, with the position and the remedy */
export function parseAttributePath(text: string): AttributePath {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const path = parse(text);
  if (parsed.size < MOST_PARSED) parsed.set(text, path);
  return path;
}

function parse(text: string): AttributePath {
  const match = PATH.exec(withColon(text));
  if (match === null) {
    const problem = describeProblem(text);
    throw new EngineError(`"${text}" is not a target path: ${problem.message} (character ${problem.offset + 1})`, {
      category: 'configuration',
      code: 'bad-path',
      remedy: 'write it like userName, name.givenName, emails[type eq "work"].value or urn:…:User:department',
    });
  }
  const [, urn, attribute = '', filterAttribute, filterText, filterLiteral, sub] = match;
  return {
    text,
    attribute,
    ...(urn === undefined ? {} : { urn }),
    ...(filterAttribute === undefined ? {} : { filter: toFilter(filterAttribute, filterText, filterLiteral) }),
    ...(sub === undefined ? {} : { sub }),
  };
}

/** The path that a mapping row writes to: an element of a list without a part stands for its value. */
export function parseWrittenPath(text: string): AttributePath {
  const path = parseAttributePath(text);
  return path.filter === undefined || path.sub !== undefined ? path : parseAttributePath(`${text}.value`);
}

/** What is wrong with `text` as a target path, with the 0-based offset, or undefined when it is one. */
export function checkAttributePath(text: string): PathProblem | undefined {
  return PATH.test(withColon(text)) ? undefined : describeProblem(text);
}

/** The path with a colon after the URN. */
function withColon(text: string): string {
  if (!/^urn:/i.test(text)) return text;
  const lower = text.toLowerCase();
  const urn = DOTTED_URNS.find((known) => lower.startsWith(`${known.toLowerCase()}.`));
  return urn === undefined ? text : `${text.slice(0, urn.length)}:${text.slice(urn.length + 1)}`;
}

/** The same for every spelling of one target path: case, blanks, the core URN, a dot after a URN, and an omitted `.value` aside. */
export function pathKey(text: string): string {
  if (checkAttributePath(text) !== undefined) return text.replace(/\s+/g, ' ').toLowerCase();
  const { urn, attribute, filter, sub } = parseWrittenPath(text);
  const schema = urn === undefined || isCoreUrn(urn) ? '' : `${urn}:`;
  const element = filter === undefined ? '' : `[${filter.attribute} eq ${JSON.stringify(String(filter.value))}]`;
  return `${schema}${attribute}${element}${sub === undefined ? '' : `.${sub}`}`.toLowerCase();
}

/** The path without its URN, for people; other text as it is. */
export function shortPath(text: string): string {
  const urn = checkAttributePath(text) === undefined ? parseAttributePath(text).urn : undefined;
  return urn === undefined ? text : text.slice(urn.length + 1);
}

function toFilter(
  attribute: string,
  text: string | undefined,
  literal: string | undefined,
): NonNullable<AttributePath['filter']> {
  const value = text === undefined ? literal?.toLowerCase() === 'true' : text.replace(/\\(.)/g, '$1');
  // Entra writes roles[primary eq "True"]: the text stands for the boolean.
  const isBoolean = attribute.toLowerCase() === 'primary' && typeof value === 'string' && /^(true|false)$/i.test(value);
  return { attribute, value: isBoolean ? value.toLowerCase() === 'true' : value };
}

function describeProblem(text: string): PathProblem {
  if (text.trim() === '') return { message: 'it is empty', offset: 0 };
  const open = text.indexOf('[');
  const close = text.indexOf(']');
  if (open >= 0 && close < open) return { message: 'the "[" is never closed', offset: open };
  if (open < 0 && close >= 0) return { message: 'there is a "]" without a "["', offset: close };
  if (open >= 0 && !/^\[\s*[\w$-]+\s+eq\s+("[^"]*"|true|false)\s*\]/i.test(text.slice(open))) {
    return { message: 'between the brackets belongs one comparison such as type eq "work"', offset: open + 1 };
  }
  if (open === 0) return { message: 'the attribute before the "[" is missing', offset: 0 };
  if (/[.:]$/.test(text)) return { message: 'a name is missing at the end', offset: text.length };
  const space = /\s/.exec(open >= 0 ? text.slice(0, open) : text);
  if (space !== null) return { message: 'a name has no spaces', offset: space.index };
  if (/\.[^.[\]]*\.[^.[\]]*$/.test(text) && !/^urn:/i.test(text)) {
    return { message: 'attributes have at most two levels', offset: text.lastIndexOf('.') };
  }
  return { message: 'it does not follow the form attribute[filter].subattribute', offset: 0 };
}

/**
 * The value of `path` in a resource; undefined when it is missing: absent, null, empty text or empty list,
 * which SCIM holds for the same state (RFC 7643 section 2.5, scim-wire.md 6.2). Attribute names ignore case.
 * A manager object is read as its `value`, or its `managerId` in SCIM 1.1.
 */
export function readPath(resource: ScimResource, path: AttributePath): JsonValue | undefined {
  const container = path.urn === undefined || isCoreUrn(path.urn) ? resource : asObject(member(resource, path.urn));
  if (container === undefined) return undefined;
  const whole = member(container, path.attribute);
  const element = path.filter === undefined ? whole : findElement(whole, path.filter);
  if (path.sub !== undefined) return present(subValue(element, path.sub));
  if (path.filter === undefined && isReferenceObject(path, element))
    return present(member(element, 'value') ?? member(element, 'managerId'));
  return present(element);
}

/** True for the core User and Group schemas, whose attributes stand at the top of a resource. */
export function isCoreUrn(urn: string): boolean {
  return /^urn:(ietf:params:)?scim:schemas:core:/i.test(urn);
}

/** Whether `text` is the core attribute `active`, under its own name or with the URN before it. */
export function isActivePath(text: string): boolean {
  const { urn, attribute, filter, sub } = parseAttributePath(text);
  const isWhole = filter === undefined && sub === undefined;
  return isWhole && attribute.toLowerCase() === 'active' && (urn === undefined || isCoreUrn(urn));
}

/** The element of a multi-valued attribute that the filter picks: the first whose sub-attribute equals the value, case aside. */
function findElement(list: JsonValue | undefined, filter: NonNullable<AttributePath['filter']>): JsonValue | undefined {
  if (!Array.isArray(list)) return undefined;
  return list.find((item: JsonValue) => {
    const object = asObject(item);
    const actual = object === undefined ? undefined : member(object, filter.attribute);
    // An object may bring a toString of its own, which is no function.
    if (typeof actual === 'object' && actual !== null) return false;
    return String(actual ?? '').toLowerCase() === String(filter.value).toLowerCase();
  });
}

function isReferenceObject(
  path: AttributePath,
  value: JsonValue | undefined,
): value is { readonly [key: string]: JsonValue } {
  return path.attribute.toLowerCase() === 'manager' && asObject(value) !== undefined;
}

function subValue(value: JsonValue | undefined, name: string): JsonValue | undefined {
  const object = asObject(value);
  return object === undefined ? undefined : member(object, name);
}

function asObject(value: JsonValue | undefined): ScimResource | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ScimResource) : undefined;
}

function member(object: ScimResource, name: string): JsonValue | undefined {
  if (Object.hasOwn(object, name)) return object[name];
  const lower = name.toLowerCase();
  const key = Object.keys(object).find((candidate) => candidate.toLowerCase() === lower);
  return key === undefined ? undefined : object[key];
}

function present(value: JsonValue | undefined): JsonValue | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return Array.isArray(value) && value.length === 0 ? undefined : value;
}
