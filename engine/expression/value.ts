/** What an expression computes with (expressions.md 1), and how a source attribute becomes a value and a value a result. */
import { type ControlValue, isControl } from './control.ts';
import { type DateTimeValue, dateTimeToText } from './date-time.ts';

/** Items of a list of objects, such as `appRoleAssignments`. */
export type RecordValue = Readonly<Record<string, unknown>>;

/** Numbers are 64-bit integers. An empty list is null, so lists have at least one item. */
export type Value =
  | null
  | string
  | boolean
  | bigint
  | DateTimeValue
  | readonly string[]
  | readonly RecordValue[]
  | ControlValue;

/** The own property `name` of `source` as a value: absent, null and the empty list are null. Nothing inherited is seen. */
export function readAttribute(source: unknown, name: string): Value {
  if (typeof source !== 'object' || source === null || !Object.hasOwn(source, name)) return null;
  const held = (source as Readonly<Record<string, unknown>>)[name]; // an own property, just looked up
  if (typeof held === 'string') return held;
  return Array.isArray(held) ? toList(held) : toScalar(held);
}

function toScalar(held: unknown): string | boolean | bigint | null {
  switch (typeof held) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return held;
    case 'number':
      return Number.isSafeInteger(held) ? BigInt(held) : String(held);
    default:
      return null;
  }
}

function toList(items: readonly unknown[]): Value {
  const records = items.filter(isRecord);
  if (records.length > 0) return records;
  const texts = items.map(toScalar).filter((item) => item !== null);
  return listOrNull(texts.map((item) => scalarToText(item)));
}

function isRecord(item: unknown): item is RecordValue {
  return typeof item === 'object' && item !== null && !Array.isArray(item);
}

/** `texts`, or null when there are none. */
export function listOrNull<T extends string | RecordValue>(texts: readonly T[]): readonly T[] | null {
  return texts.length === 0 ? null : texts;
}

/** Whether `value` is multi-valued. */
export function isList(value: Value): value is readonly string[] | readonly RecordValue[] {
  return Array.isArray(value);
}

/** Text form of a single value: `True` and `False`, decimal digits, `M/d/yyyy h:mm:ss tt`. */
export function scalarToText(value: string | boolean | bigint | DateTimeValue): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return value ? 'True' : 'False';
    case 'bigint':
      return value.toString();
    default:
      return dateTimeToText(value);
  }
}

/** What leaves the evaluator: text, a list of texts, a list of role objects, null, or a control value. */
export type ExpressionResult = null | string | readonly string[] | readonly RecordValue[] | ControlValue;

/** `value` in text form. */
export function toResult(value: Value): ExpressionResult {
  if (value === null || isControl(value) || isList(value)) return value;
  return scalarToText(value);
}
