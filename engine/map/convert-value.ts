/** A mapped value → what the definition of the target attribute takes (mappings-and-scoping.md 2.5, 7.4). */
import { EngineError } from '../model/engine-error.ts';
import type { JsonValue } from '../model/scim-message.ts';
import type { AttributeDefinition, TargetAttribute } from '../model/target-attribute.ts';
import type { CompiledRow } from './compile-mapping.ts';
import type { MappingPurpose } from './flow-rules.ts';

/** Whether the attribute is written at all: a read-only one never, an immutable one with the create alone. */
export function isWritable({ attribute }: CompiledRow, purpose: MappingPurpose): boolean {
  const access = attribute?.definition?.access;
  return access !== 'ro' && (access !== 'immutable' || purpose === 'create');
}

/**
 * The value as the attribute takes it: as the mapping file defines it, else as RFC 7643 does. Where only an application's profile
 * knows it, a text that is no such value goes out for the target to judge.
 * @throws EngineError `object`: `SchemaPropertyCanOnlyAcceptValue` for several values of a single-valued attribute,
 * `AttributeMappingFailed` for a text that is no boolean or integer, and for a map where RFC 7643 has a single value
 */
export function convertValue(value: JsonValue, row: CompiledRow): JsonValue {
  if (isMultiValued(row) === true) return asList(value).map((item) => asItem(item, row));
  return asItem(singleValue(value, row), row);
}

/**
 * The one value of a list for an attribute that takes one; other values as they are.
 * @throws EngineError `object`, code `SchemaPropertyCanOnlyAcceptValue`
 */
export function singleValue(value: JsonValue, row: CompiledRow): JsonValue {
  if (!Array.isArray(value) || isMultiValued(row) !== false) return value;
  const [first] = value;
  if (value.length > 1) throw severalValues(row, value.length);
  return first ?? value;
}

/** Undefined: nobody says. */
function isMultiValued({ attribute, core }: CompiledRow): boolean | undefined {
  return (attribute?.definition ?? core)?.multi;
}

function asList(value: JsonValue): readonly JsonValue[] {
  return Array.isArray(value) ? value : [value];
}

function asItem(value: JsonValue, row: CompiledRow): JsonValue {
  const { attribute, core } = row;
  if (attribute?.definition !== undefined) return asDefined(value, attribute.definition, row);
  if (core?.complex === false && typeof value === 'object' && value !== null)
    throw wrongType(value, row, core.type ?? 'string', 'one value');
  if (core?.type === 'boolean') return asType(asCoreBoolean(value, row), attribute?.type);
  return asType(value, attribute?.type ?? core?.type);
}

/** True and False stay the texts they are until a dialect writes them (ruling R12; scim-wire.md 6.4). */
function asCoreBoolean(value: JsonValue, row: CompiledRow): JsonValue {
  // An empty text is no value: nothing flows (scim-wire.md 6.2).
  if (typeof value === 'object' || value === '' || /^(true|false)$/i.test(String(value))) return value;
  return toText(asBoolean(value, row));
}

/** The texts of expressions as JSON values. */
function asType(value: JsonValue, type: TargetAttribute['type']): JsonValue {
  if (typeof value !== 'string') return type === 'string' && typeof value !== 'object' ? toText(value) : value;
  if (type === 'boolean' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  return type === 'integer' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}

function asDefined(value: JsonValue, definition: AttributeDefinition, row: CompiledRow): JsonValue {
  const { type } = definition;
  // App roles and references are objects, whatever the definition calls them.
  if (typeof value === 'object') return value;
  if (type === 'boolean') return asBoolean(value, row);
  if (type !== 'integer') return asText(value, definition, row);
  if (!/^-?\d+$/.test(String(value))) throw wrongType(value, row, 'integer', 'digits');
  // Longer ones would lose digits as a JSON number.
  return asType(String(value), 'integer');
}

function asBoolean(value: string | number | boolean, row: CompiledRow): boolean {
  const text = String(value).toLowerCase();
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw wrongType(value, row, 'boolean', 'True, False, 1 or 0');
}

/** A text that is too long fails: cutting it would make a value that nobody has (mappings-and-scoping.md 2.5). */
function asText(value: JsonValue, { maximumLength }: AttributeDefinition, { path }: CompiledRow): JsonValue {
  const text = asType(value, 'string');
  if (maximumLength === undefined || typeof text !== 'string' || text.length <= maximumLength) return text;
  throw new EngineError(
    `the mapping of ${path.text} failed: the value has ${text.length} characters, and the attribute is defined with ${maximumLength}`,
    {
      category: 'object',
      code: 'AttributeMappingFailed',
      remedy:
        'shorten it in the mapping, e.g. with Mid, or correct the definition of the attribute in the mapping file',
    },
  );
}

function toText(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

function wrongType(value: JsonValue, row: CompiledRow, type: string, form: string): EngineError {
  const { path, redacted, attribute } = row;
  const shown = redacted === true ? 'its value' : JSON.stringify(value);
  return new EngineError(
    `the mapping of ${path.text} failed: the attribute is defined as ${type}, and ${shown} is none`,
    {
      category: 'object',
      code: 'AttributeMappingFailed',
      remedy: `map ${form}${attribute?.definition === undefined ? '' : ', or correct the definition of the attribute in the mapping file'}`,
    },
  );
}

function severalValues({ path }: CompiledRow, count: number): EngineError {
  return new EngineError(`the mapping of ${path.text} gives ${count} values, and the attribute is defined with one`, {
    category: 'object',
    code: 'SchemaPropertyCanOnlyAcceptValue',
    remedy: 'map one of them, e.g. with Item, or define the attribute with multi: true',
  });
}
