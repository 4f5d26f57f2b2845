/** What a null, a default and a control value do to a row (mappings-and-scoping.md 2.3, 2.7; cycle.md 2.13). */
import { IgnoreAttributeFlow, IgnoreObjectFlow } from '../expression/control.ts';
import type { AttributeMapping } from '../model/mapping.ts';
import type { JsonValue } from '../model/scim-message.ts';

export type MappingPurpose = 'create' | 'update';

export type Flow =
  | { readonly kind: 'value'; readonly value: JsonValue }
  /** Neither written nor cleared. */
  | { readonly kind: 'nothing' }
  /** The source has no value. Entra sends nothing; fidelity `sane` clears what the target has. */
  | { readonly kind: 'empty' }
  /** `IgnoreObjectFlow`: the object is not created. */
  | { readonly kind: 'ignore-object' };

const NOTHING: Flow = { kind: 'nothing' };

/**
 * What one row sends for an evaluated `value`.
 * @param targetIsEmpty whether the target attribute has no value now; a row of kind `none` fills only empty attributes
 */
export function decideFlow(
  row: AttributeMapping,
  value: unknown,
  purpose: MappingPurpose,
  targetIsEmpty: boolean,
): Flow {
  if (value === IgnoreAttributeFlow) return NOTHING;
  if (value === IgnoreObjectFlow) return purpose === 'create' ? { kind: 'ignore-object' } : NOTHING;
  const json = toJson(value);
  if (json !== undefined) return { kind: 'value', value: json };
  if (row.defaultValue === undefined) return row.source.kind === 'none' ? NOTHING : { kind: 'empty' };
  if (purpose === 'create' || (row.source.kind === 'none' && targetIsEmpty)) {
    return { kind: 'value', value: row.defaultValue };
  }
  return NOTHING;
}

/** Null, absent and the empty list are one: nothing to send. Other values as JSON. */
function toJson(value: unknown): JsonValue | undefined {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? undefined : objectToJson(value);
    default:
      return undefined;
  }
}

function objectToJson(value: object): JsonValue | undefined {
  if (Array.isArray(value)) {
    const items = value.map(toJson).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  const entries = Object.entries(value).map(([key, item]) => [key, toJson(item) ?? null] as const);
  return Object.fromEntries(entries);
}
