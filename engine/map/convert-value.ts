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
 * The value in the attribute's type. Where only an application's profile knows it, a text that is no such value goes out for the
 * target to judge; a definition of the mapping file is kept.
 * @throws EngineError `object`: `SchemaPropertyCanOnlyAcceptValue` for several values of a single-valued attribute,
 * `AttributeMappingFailed` for a text that is no boolean or integer
 */
export function convertValue(value: JsonValue, row: CompiledRow): JsonValue {
  const definition = row.attribute?.definition;
  if (definition === undefined) return asType(value, row.attribute?.type);
  const items: readonly JsonValue[] = Array.isArray(value) ? value : [value];
  const [first, second] = items;
  if (!definition.multi && second !== undefined) throw severalValues(row, items.length);
  if (!definition.multi) return first === undefined ? value : asDefined(first, definition, row);
  return items.map((item) => asDefined(item, definition, row));
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
  if (type === 'boolean') {
    const text = String(value).toLowerCase();
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    throw wrongType(value, row, 'boolean', 'True, False, 1 or 0');
  }
  if (type !== 'integer') return asText(value, definition, row);
  if (!/^-?\d+$/.test(String(value))) throw wrongType(value, row, 'integer', 'digits');
  // Longer ones would lose digits as a JSON number.
  return asType(String(value), 'integer');
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

function wrongType(value: JsonValue, { path, redacted }: CompiledRow, type: string, form: string): EngineError {
  const shown = redacted === true ? 'its value' : JSON.stringify(value);
  return new EngineError(
    `the mapping of ${path.text} failed: the attribute is defined as ${type}, and ${shown} is none`,
    {
      category: 'object',
      code: 'AttributeMappingFailed',
      remedy: `map ${form}, or correct the definition of the attribute in the mapping file`,
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
