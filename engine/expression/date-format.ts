/** .NET date and time format strings of the invariant culture: format → items, and instant → text (expressions.md 6.4). */
import { abbreviate, MONTHS, WEEKDAYS } from './date-names.ts';
import { type DateTimeParts, type DateTimeValue, partsOf } from './date-time.ts';
import { ExpressionError } from './expression-error.ts';

export type FormatItem =
  | { readonly kind: 'literal'; readonly text: string }
  /** `letter` repeated `count` times, such as `yyyy`. */
  | { readonly kind: 'field'; readonly letter: string; readonly count: number };

const FIELD_LETTERS = 'dfFghHKmMstyz';

/** A format of exactly one letter stands for one of these. */
const STANDARD_FORMATS: ReadonlyMap<string, string> = new Map([
  ['d', 'MM/dd/yyyy'],
  ['D', 'dddd, dd MMMM yyyy'],
  ['t', 'HH:mm'],
  ['T', 'HH:mm:ss'],
  ['f', 'dddd, dd MMMM yyyy HH:mm'],
  ['F', 'dddd, dd MMMM yyyy HH:mm:ss'],
  ['g', 'MM/dd/yyyy HH:mm'],
  ['G', 'MM/dd/yyyy HH:mm:ss'],
  ['m', 'MMMM dd'],
  ['M', 'MMMM dd'],
  ['y', 'yyyy MMMM'],
  ['Y', 'yyyy MMMM'],
  ['s', "yyyy-MM-dd'T'HH:mm:ss"],
  ['u', "yyyy-MM-dd HH:mm:ss'Z'"],
  ['U', 'dddd, dd MMMM yyyy HH:mm:ss'],
  ['r', "ddd, dd MMM yyyy HH:mm:ss 'GMT'"],
  ['R', "ddd, dd MMM yyyy HH:mm:ss 'GMT'"],
  ['o', "yyyy-MM-dd'T'HH:mm:ss.fffffffK"],
  ['O', "yyyy-MM-dd'T'HH:mm:ss.fffffffK"],
]);

/**
 * The items of `format`, standard formats expanded. `''` is the general format `G`.
 * @throws ExpressionError `InvalidArgument` for a single letter that is no standard format, or an unfinished quote or escape
 */
export function parseDateFormat(format: string): readonly FormatItem[] {
  const standard = STANDARD_FORMATS.get(format === '' ? 'G' : format);
  if (standard === undefined && format.length === 1) {
    throw new ExpressionError('InvalidArgument', `"${format}" is not one of the standard date formats`);
  }
  const text = standard ?? format;
  const items: FormatItem[] = [];
  for (let position = 0; position < text.length; ) position = readItem(text, position, items);
  return items;
}

/** Appends the item at `position`, and returns where the next one starts. */
function readItem(format: string, position: number, items: FormatItem[]): number {
  const letter = format.charAt(position);
  if (letter === '%') return position + 1;
  if (letter === '\\') {
    if (position + 1 >= format.length) unfinished(format);
    items.push({ kind: 'literal', text: format.charAt(position + 1) });
    return position + 2;
  }
  if (letter === "'" || letter === '"') {
    const end = format.indexOf(letter, position + 1);
    if (end < 0) unfinished(format);
    items.push({ kind: 'literal', text: format.slice(position + 1, end) });
    return end + 1;
  }
  if (!FIELD_LETTERS.includes(letter)) {
    items.push({ kind: 'literal', text: letter });
    return position + 1;
  }
  let end = position + 1;
  while (format.charAt(end) === letter) end += 1;
  items.push({ kind: 'field', letter, count: end - position });
  return end;
}

function unfinished(format: string): never {
  throw new ExpressionError('InvalidArgument', `the date format "${format}" ends inside a quotation or escape`);
}

/**
 * `value` written with `format`.
 * @param withOffset whether the value was read from a text with an offset, which `K` shows as `Z`
 */
export function formatDate(value: DateTimeValue, format: string, withOffset: boolean): string {
  const parts = partsOf(value);
  let text = '';
  for (const item of parseDateFormat(format)) {
    if (item.kind === 'literal') text += item.text;
    else if (item.letter === 'F' && parts.fraction === 0 && text.endsWith('.')) text = text.slice(0, -1);
    else text += formatField(parts, item.letter, item.count, withOffset);
  }
  return text;
}

function formatField(parts: DateTimeParts, letter: string, count: number, withOffset: boolean): string {
  switch (letter) {
    case 'd':
      return count > 2 ? name(WEEKDAYS, parts.weekday, count) : pad(parts.day, count);
    case 'M':
      return count > 2 ? name(MONTHS, parts.month - 1, count) : pad(parts.month, count);
    case 'y':
      return count > 2 ? String(parts.year).padStart(count, '0') : pad(parts.year % 100, count);
    case 'h':
      return pad(parts.hour % 12 === 0 ? 12 : parts.hour % 12, count);
    case 'H':
      return pad(parts.hour, count);
    case 'm':
      return pad(parts.minute, count);
    case 's':
      return pad(parts.second, count);
    case 't':
      return (parts.hour < 12 ? 'AM' : 'PM').slice(0, count === 1 ? 1 : 2);
    case 'f':
    case 'F':
      return formatFraction(parts.fraction, letter, count);
    case 'g':
      return 'A.D.';
    case 'K':
      return (withOffset ? 'Z' : '').repeat(count);
    default:
      return count === 1 ? '+0' : count === 2 ? '+00' : '+00:00';
  }
}

function formatFraction(ticks: number, letter: string, count: number): string {
  if (count > 7) throw new ExpressionError('InvalidArgument', 'a date format has at most seven digits of a second');
  const digits = String(ticks).padStart(7, '0').slice(0, count);
  return letter === 'F' ? digits.replace(/0+$/, '') : digits;
}

function name(names: readonly string[], index: number, count: number): string {
  const full = names[index] ?? '';
  return count === 3 ? abbreviate(full) : full;
}

function pad(number: number, count: number): string {
  return count === 1 ? String(number) : String(number).padStart(2, '0');
}
