/** The conversions between kinds of values (expressions.md 5.2 to 5.4), here and nowhere else. */
import type { ComparisonOperator } from './ast.ts';
import { isControl } from './control.ts';
import type { DateTimeValue } from './date-time.ts';
import { ExpressionError } from './expression-error.ts';
import { assertTextLength } from './limits.ts';
import { parseDate } from './parse-date.ts';
import { isList, listOrNull, type RecordValue, scalarToText, type Value } from './value.ts';

type Scalar = null | string | boolean | bigint | DateTimeValue;

const INTEGER = /^[+-]?[0-9]{1,40}$/;
const DECIMAL = /^([+-]?)0*([0-9]*)(?:\.([0-9]*))?$/;
const MIN_INTEGER = -(2n ** 63n);
const MAX_INTEGER = 2n ** 63n - 1n;

/**
 * `value` where a single value is needed; a list of one item is that item.
 * @throws ExpressionError `InvalidArgument` for a longer list, a list of objects, or a control value
 */
function toScalar(value: Value | undefined): Scalar {
  if (value === undefined) return null;
  if (isControl(value)) return refuse(`${value.name} is not a text`);
  if (!isList(value)) return value;
  const [only] = value;
  if (value.length > 1 || only === undefined) {
    return refuse(`a list of ${value.length} values is given where a single value is needed`);
  }
  return typeof only === 'string' ? only : refuse('a list of objects is given where a text is needed');
}

/** Text form of `value`, null for null. @throws ExpressionError `InvalidArgument` as `toScalar` */
export function toTextOrNull(value: Value | undefined): string | null {
  if (typeof value === 'string') return value;
  const scalar = toScalar(value);
  return scalar === null ? null : scalarToText(scalar);
}

/** Text form of `value`, `""` for null. @throws ExpressionError `InvalidArgument` as `toScalar` */
export function toText(value: Value | undefined): string {
  return toTextOrNull(value) ?? '';
}

/** `value` as a 64-bit integer. @throws ExpressionError `InvalidNumber`, also for null */
export function toInteger(value: Value | undefined): bigint {
  const scalar = toScalar(value);
  const text = scalar === null ? '' : scalarToText(scalar).trim();
  if (!INTEGER.test(text)) return refuseNumber(scalar, text);
  const number = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return number < MIN_INTEGER || number > MAX_INTEGER ? refuseNumber(scalar, text) : number;
}

/** As `toInteger`, but digits after a decimal point are cut off. */
export function toTruncatedInteger(value: Value | undefined): bigint {
  const scalar = toScalar(value);
  return toInteger(typeof scalar === 'string' ? scalar.trim().replace(/^([+-]?[0-9]+)\.[0-9]+$/, '$1') : scalar);
}

/** An integer for a position or length: values beyond ±2147483647 are clamped. */
export function toPosition(value: Value | undefined): number {
  const digits = typeof value === 'string' ? smallNumber(value) : -1;
  if (digits >= 0) return digits;
  const number = toInteger(value);
  const limit = 2_147_483_647n;
  return Number(number > limit ? limit : number < -limit ? -limit : number);
}

/** The number of up to six digits; -1 for other text. Most positions in expressions are such constants. */
function smallNumber(text: string): number {
  if (text.length === 0 || text.length > 6) return -1;
  let number = 0;
  for (let index = 0; index < text.length; index += 1) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

function refuseNumber(scalar: Scalar, text: string): never {
  const shown = scalar === null ? 'no value' : `"${text.slice(0, 40)}"`;
  throw new ExpressionError('InvalidNumber', `${shown} is not a whole number of 64 bits`);
}

/**
 * `value` as a condition: `true` and `false` in any case, numbers by being other than zero, null and `""` are false.
 * Undefined when it is none of these.
 */
export function toBoolean(value: Value | undefined): boolean | undefined {
  const scalar = toScalar(value);
  if (scalar === null || scalar === '') return false;
  if (typeof scalar === 'boolean') return scalar;
  const text = scalarToText(scalar).trim();
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  return isNumeric(text) ? compareNumbers(text, '0') !== 0 : undefined;
}

/** `value` as a condition. @throws ExpressionError `InvalidArgument` when it is neither true nor false */
export function toCondition(value: Value | undefined): boolean {
  return toBoolean(value) ?? refuse(`"${toText(value).slice(0, 40)}" is neither true nor false`);
}

/** `value` as an instant. @throws ExpressionError `InvalidDate`, also for null and `""` */
export function toDateTime(value: Value | undefined): DateTimeValue {
  const scalar = toScalar(value);
  if (typeof scalar === 'object' && scalar !== null) return scalar;
  const text = scalar === null ? '' : scalarToText(scalar);
  if (text === '') throw new ExpressionError('InvalidDate', 'there is no value where a date is needed');
  return parseDate(text);
}

/** Whether `value` is an instant already, as opposed to text that could be read as one. */
export function isDateTime(value: Value | undefined): value is DateTimeValue {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'dateTime';
}

/** The texts of a value: null has none, a single value one. @throws ExpressionError `InvalidArgument` for objects */
export function toTexts(value: Value | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value === undefined || value === null) return [];
  if (isList(value))
    return value.map((item) => (typeof item === 'string' ? item : refuse('a list of objects is not text')));
  const scalar = toScalar(value);
  return scalar === null ? [] : [scalarToText(scalar)];
}

/** Applies `change` to a text, or to every text of a list; null stays null. */
export function mapTexts(value: Value | undefined, change: (text: string) => string | null): Value {
  if (typeof value === 'string') return change(value);
  if (value === undefined || value === null) return null;
  if (!isList(value)) return change(toText(value));
  const changed = toTexts(value).map(change);
  return listOrNull(changed.filter((text) => text !== null));
}

/** `texts` with `separator` between neighbours. @throws ExpressionError `LimitExceeded` */
export function joinTexts(texts: readonly string[], separator: string): string {
  const gaps = Math.max(0, texts.length - 1) * separator.length;
  assertTextLength(texts.reduce((length, text) => length + text.length, gaps));
  return texts.join(separator);
}

/** The role assignments of `appRoleAssignments`; a text is the name of a role, null has none. @throws ExpressionError `InvalidArgument` */
export function toRecords(value: Value | undefined): readonly RecordValue[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return value === '' ? [] : [{ displayName: value, value }];
  if (!isList(value)) return refuse('a list of role assignments is needed');
  return value.map((item) => (typeof item === 'string' ? { displayName: item, value: item } : item));
}

/** Whether `value` is null or `""`. */
export function isNullOrEmpty(value: Value | undefined): boolean {
  return value === undefined || value === null || value === '';
}

/**
 * Negative, zero or positive as `left` is less than, equal to or greater than `right`: as numbers when both are numeric
 * text, as instants when either is one, else by UTF-16 code units (expressions.md 5.3). Null is `""`.
 */
function compareValues(left: Value, right: Value): number {
  if (isDateTime(left) || isDateTime(right)) {
    const difference = toDateTime(left).ticks - toDateTime(right).ticks;
    return difference < 0n ? -1 : Number(difference > 0n);
  }
  const [a, b] = [toText(left), toText(right)];
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b);
  return a < b ? -1 : Number(a > b);
}

/** The verdict of a comparison operator. @throws ExpressionError `InvalidArgument`, `InvalidDate` */
export function compareBy(operator: ComparisonOperator, left: Value, right: Value): boolean {
  const order = compareValues(left, right);
  switch (operator) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
  }
}

function isNumeric(text: string): boolean {
  return /^[+-]?[0-9]+(?:\.[0-9]+)?$/.test(text);
}

/** Compares decimals of any length digit by digit, so that none is rounded. */
function compareNumbers(left: string, right: string): number {
  const [a, b] = [normalise(left), normalise(right)];
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  const sign = a.negative ? -1 : 1;
  if (a.whole.length !== b.whole.length) return a.whole.length < b.whole.length ? -sign : sign;
  const [x, y] = [`${a.whole}.${a.fraction}`, `${b.whole}.${b.fraction}`];
  return x === y ? 0 : x < y ? -sign : sign;
}

function normalise(text: string): { readonly negative: boolean; readonly whole: string; readonly fraction: string } {
  const [, sign = '', whole = '', digits = ''] = DECIMAL.exec(text) ?? [];
  const fraction = withoutTrailingZeros(digits);
  return { negative: sign === '-' && (whole !== '' || fraction !== ''), whole, fraction };
}

function refuse(message: string): never {
  throw new ExpressionError('InvalidArgument', message);
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charAt(end - 1) === '0') end -= 1;
  return digits.slice(0, end);
}
