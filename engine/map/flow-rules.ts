/** What a null, a default and a control value do to a row (mappings-and-scoping.md 2.3, 2.7; cycle.md 2.13). */
import { IgnoreAttributeFlow, IgnoreObjectFlow } from '../expression/control.ts';
import type { AttributeMapping } from '../model/mapping.ts';
import type { JsonValue } from '../model/scim-message.ts';
import { missingValues } from '../scim/compare-values.ts';

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

export type FlowCircumstances = {
  readonly purpose: MappingPurpose;
  /** What the target attribute holds; undefined when it is empty. A row of kind `none` fills only empty attributes. */
  readonly current: JsonValue | undefined;
  /** Values of a list are added to those of the target. */
  readonly addsOnly: boolean;
};

/** What one row sends for an evaluated `value`. */
export function decideFlow(row: AttributeMapping, value: unknown, circumstances: FlowCircumstances): Flow {
  const { purpose, current, addsOnly } = circumstances;
  if (value === IgnoreAttributeFlow) return NOTHING;
  if (value === IgnoreObjectFlow) return purpose === 'create' ? { kind: 'ignore-object' } : NOTHING;
  const json = toJson(value);
  if (json !== undefined)
    return current === undefined ? { kind: 'value', value: json } : flowOver(row, json, current, addsOnly);
  if (row.defaultValue === undefined)
    return row.source.kind === 'none' || keeps(row, addsOnly) ? NOTHING : { kind: 'empty' };
  if (purpose === 'create' || (row.source.kind === 'none' && current === undefined)) {
    return { kind: 'value', value: row.defaultValue };
  }
  return NOTHING;
}

/** A value for an attribute that has one (graph-api.md 5: `flowType`). */
function flowOver({ apply }: AttributeMapping, value: JsonValue, current: JsonValue, addsOnly: boolean): Flow {
  if (apply === 'ifEmpty') return NOTHING;
  const isList = Array.isArray(current) || Array.isArray(value);
  if (!addsOnly || (!isList && apply !== 'addValues')) return { kind: 'value', value };
  // Nothing can be added to a single value.
  if (!isList) return NOTHING;
  return { kind: 'value', value: [...[current].flat(), ...missingValues(current, value)] };
}

/** Rows of which an empty source never clears the target. */
function keeps({ apply }: AttributeMapping, addsOnly: boolean): boolean {
  return addsOnly || apply === 'ifEmpty';
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
