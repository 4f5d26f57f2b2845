/** When a desired value and the target's current one are the same (scim-wire.md 6.2, ruling R17). */
import type { JsonValue } from '../model/scim-message.ts';

export type Comparison = {
  /** The attribute definition says `caseExact: false`: text is compared without case. */
  readonly ignoreCase?: boolean;
};

/** Text exactly, booleans and numbers after parsing their text, lists as sets, objects member by member. */
export function sameValue(current: JsonValue, desired: JsonValue, comparison: Comparison = {}): boolean {
  if (comparison.ignoreCase === true) return sameValue(foldCase(current), foldCase(desired));
  if (typeof current === 'boolean' || typeof desired === 'boolean') return toBoolean(current) === toBoolean(desired);
  if (typeof current === 'number' || typeof desired === 'number') {
    return !isStructure(current) && !isStructure(desired) && Number(current) === Number(desired);
  }
  if (Array.isArray(current) || Array.isArray(desired)) return sameList(asList(current), asList(desired));
  if (isStructure(current) && isStructure(desired)) return canonical(current) === canonical(desired);
  return current === desired;
}

/** The values of `desired` that `current` lacks. */
export function missingValues(current: JsonValue, desired: JsonValue): readonly JsonValue[] {
  const held = new Set(asList(current).map((item) => canonical(unwrap(item))));
  return asList(desired).filter((item) => !held.has(canonical(unwrap(item))));
}

function sameList(current: readonly JsonValue[], desired: readonly JsonValue[]): boolean {
  const texts = (list: readonly JsonValue[]) => new Set(list.map((item) => canonical(unwrap(item))));
  const [a, b] = [texts(current), texts(desired)];
  return a.size === b.size && [...a].every((text) => b.has(text));
}

function foldCase(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.toLowerCase();
  if (Array.isArray(value)) return value.map(foldCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, foldCase(item)]));
}

/** `{ "value": x }` and `x` are one item: SCIM writes simple multi-valued attributes either way. */
function unwrap(item: JsonValue): JsonValue {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  const entries = Object.entries(item as { readonly [key: string]: JsonValue });
  const [only] = entries;
  return entries.length === 1 && only?.[0] === 'value' ? only[1] : item;
}

function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${key}:${canonical(item)}`).join(',')}}`;
}

function asList(value: JsonValue): readonly JsonValue[] {
  return Array.isArray(value) ? value : [value];
}

function isStructure(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null;
}

/** `true`, `True`, `"True"`: one boolean; anything else stays what it is. */
function toBoolean(value: JsonValue): JsonValue {
  if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  return value;
}
