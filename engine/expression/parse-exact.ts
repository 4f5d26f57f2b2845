/** Text → instant by a .NET format string, as `DateTime.ParseExact` does (expressions.md 6.4). */
import { type FormatItem, parseDateFormat } from './date-format.ts';
import { abbreviate, MONTHS, WEEKDAYS } from './date-names.ts';
import {
  type CalendarDate,
  type DateTimeValue,
  dateTime,
  dateTimeOf,
  partsOf,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
} from './date-time.ts';
import { ExpressionError } from './expression-error.ts';
import { hourOfDay, signedOffset } from './parse-date.ts';

/** Names of the .NET enumeration DateTimeStyles. */
export type DateTimeStyles = ReadonlySet<string>;

export type ExactDate = {
  readonly value: DateTimeValue;
  /** Whether the text carried an offset or a `Z`. */
  readonly withOffset: boolean;
};

type Reading = {
  readonly text: string;
  readonly styles: DateTimeStyles;
  position: number;
  /** Letter of the field (`y`, `M`, `d`, `H`, `h`, `m`, `s`, `f`, `t`, `w`eekday) → what was read. */
  readonly fields: Map<string, number>;
  offset: bigint | undefined;
};

const WHITE_SPACE = /\s/;

/**
 * `text` read with `format`; the whole text must be used up, apart from white space that `styles` allow.
 * @param now the engine clock, for a missing year or date
 * @throws ExpressionError `InvalidDate` when the text does not fit, `InvalidArgument` for a bad format
 */
export function parseExact(
  text: string,
  format: string,
  options: { readonly styles: DateTimeStyles; readonly now: () => DateTimeValue },
): ExactDate {
  const { styles, now } = options;
  const reading: Reading = { text, styles, position: 0, fields: new Map(), offset: undefined };
  if (allows(styles, 'AllowLeadingWhite')) skipWhite(reading);
  const items = format === '' ? [] : parseDateFormat(format);
  const fits = items.every((item, index) => readItem(reading, item, items[index + 1]));
  if (allows(styles, 'AllowTrailingWhite')) skipWhite(reading);
  if (items.length === 0 || !fits || reading.position < text.length) return mismatch(text, format);
  const local = assemble(reading, now) ?? mismatch(text, format);
  const value = dateTime(local.ticks - (reading.offset ?? 0n));
  return { value, withOffset: reading.offset !== undefined };
}

function mismatch(text: string, format: string): never {
  throw new ExpressionError('InvalidDate', `"${text.slice(0, 80)}" does not fit the format "${format.slice(0, 80)}"`);
}

function allows(styles: DateTimeStyles, style: string): boolean {
  return styles.has(style) || styles.has('AllowWhiteSpaces');
}

function skipWhite(reading: Reading): void {
  while (WHITE_SPACE.test(reading.text.charAt(reading.position))) reading.position += 1;
}

function readItem(reading: Reading, item: FormatItem, following: FormatItem | undefined): boolean {
  if (allows(reading.styles, 'AllowInnerWhite')) skipWhite(reading);
  if (item.kind === 'field') return readField(reading, item.letter, item.count);
  if (item.text === 'Z') return readZulu(reading);
  if (allows(reading.styles, 'AllowInnerWhite') && item.text.trim() === '') return true;
  if (reading.text.startsWith(item.text, reading.position)) {
    reading.position += item.text.length;
    return true;
  }
  // A point before an optional fraction may be missing together with it.
  return item.text === '.' && following?.kind === 'field' && following.letter === 'F';
}

/** A literal `Z` also accepts `GMT`, and marks the value as UTC. */
function readZulu(reading: Reading): boolean {
  const match = matchHere(reading, /Z|GMT/y);
  if (match === undefined) return false;
  return setOffset(reading, 0n);
}

function readField(reading: Reading, letter: string, count: number): boolean {
  switch (letter) {
    case 'y':
      return count <= 2 ? readTwoDigitYear(reading, count) : readDigits(reading, 'y', count, count);
    case 'M':
      return count <= 2
        ? readDigits(reading, 'M', count, 2)
        : readName(reading, 'M', { names: MONTHS, count, first: 1 });
    case 'd':
      if (count <= 2) return readDigits(reading, 'd', count, 2);
      return readName(reading, 'w', { names: WEEKDAYS, count, first: 0 });
    case 'f':
    case 'F':
      return readFraction(reading, letter, count);
    case 't':
      return readHalf(reading, count);
    case 'g':
      return matchHere(reading, /A\.?D\.?/iy) !== undefined;
    case 'K':
    case 'z':
      return readOffset(reading, letter, count);
    default:
      return readDigits(reading, letter, Math.min(count, 2), 2);
  }
}

function readDigits(reading: Reading, letter: string, minimum: number, maximum: number): boolean {
  const match = matchHere(reading, new RegExp(`\\d{${minimum},${Math.max(minimum, maximum)}}`, 'y'));
  return match !== undefined && set(reading, letter, Number(match));
}

/** 00 to 29 is 2000 to 2029, 30 to 99 is 1930 to 1999. */
function readTwoDigitYear(reading: Reading, minimum: number): boolean {
  const match = matchHere(reading, minimum === 1 ? /\d{1,2}/y : /\d{2}/y);
  if (match === undefined) return false;
  const year = Number(match);
  return set(reading, 'y', year + (year < 30 ? 2000 : 1900));
}

function readFraction(reading: Reading, letter: string, count: number): boolean {
  if (count > 7) return false;
  const match = matchHere(reading, new RegExp(`\\d{${letter === 'f' ? count : 0},${count}}`, 'y')) ?? '';
  return (letter === 'F' || match !== '') && set(reading, 'f', Number(match.padEnd(7, '0')));
}

type NameField = { readonly names: readonly string[]; readonly count: number; readonly first: number };

/** The longest name that fits, case aside. */
function readName(reading: Reading, letter: string, { names, count, first }: NameField): boolean {
  const rest = reading.text.slice(reading.position, reading.position + 9).toLowerCase();
  const index = names.findIndex((full) => rest.startsWith((count === 3 ? abbreviate(full) : full).toLowerCase()));
  const found = names[index];
  if (found === undefined) return false;
  reading.position += count === 3 ? 3 : found.length;
  return set(reading, letter, index + first);
}

function readHalf(reading: Reading, count: number): boolean {
  const match = matchHere(reading, count === 1 ? /[AP]/iy : /[AP]M/iy);
  return match !== undefined && set(reading, 't', match.toUpperCase().startsWith('P') ? 1 : 0);
}

function readOffset(reading: Reading, letter: string, count: number): boolean {
  if (letter === 'K') {
    if (matchHere(reading, /Z|GMT/y) !== undefined) return setOffset(reading, 0n);
    if (!/[+-]/.test(reading.text.charAt(reading.position))) return true;
  }
  const pattern = letter === 'K' || count > 2 ? /[+-]\d{1,2}:?\d{2}/y : count === 2 ? /[+-]\d{2}/y : /[+-]\d{1,2}/y;
  const match = matchHere(reading, pattern);
  if (match === undefined) return false;
  const digits = match.slice(1).replace(':', '');
  const withMinutes = letter === 'K' || count > 2;
  const hours = Number(withMinutes ? digits.slice(0, -2) : digits);
  const offset = signedOffset(match.startsWith('-'), hours, withMinutes ? Number(digits.slice(-2)) : 0);
  return offset !== undefined && setOffset(reading, offset);
}

/** The text the sticky `pattern` matches here, after stepping over it. */
function matchHere(reading: Reading, pattern: RegExp): string | undefined {
  pattern.lastIndex = reading.position;
  const match = pattern.exec(reading.text)?.[0];
  reading.position += match?.length ?? 0;
  return match;
}

/** False when the field was read before with another value. */
function set(reading: Reading, letter: string, value: number): boolean {
  const known = reading.fields.get(letter);
  reading.fields.set(letter, value);
  return known === undefined || known === value;
}

function setOffset(reading: Reading, offset: bigint): boolean {
  const same = reading.offset === undefined || reading.offset === offset;
  reading.offset = offset;
  return same;
}

/** The fields as an instant, or undefined when they contradict each other. */
function assemble(reading: Reading, now: () => DateTimeValue): DateTimeValue | undefined {
  const { fields } = reading;
  const hour = assembleHour(fields);
  const minute = fields.get('m') ?? 0;
  const second = fields.get('s') ?? 0;
  if (hour === undefined || minute > 59 || second > 59) return undefined;
  const time =
    BigInt(hour) * TICKS_PER_HOUR +
    BigInt(minute) * TICKS_PER_MINUTE +
    BigInt(second) * TICKS_PER_SECOND +
    BigInt(fields.get('f') ?? 0);
  const value = dateTimeOf(assembleDate(reading, now), time);
  const weekday = fields.get('w');
  return weekday === undefined || partsOf(value).weekday === weekday ? value : undefined;
}

/** `h` without `tt` is before noon, as in .NET. */
function assembleHour(fields: ReadonlyMap<string, number>): number | undefined {
  const twelve = fields.get('h');
  const twentyFour = fields.get('H');
  const half = fields.get('t');
  if (twelve === undefined) {
    return twentyFour === undefined || half === undefined || (twentyFour < 12 ? 0 : 1) === half
      ? hourOfDay(twentyFour ?? (half === 1 ? 12 : 0), undefined)
      : undefined;
  }
  if (twelve > 12) return undefined;
  const hour = hourOfDay(twelve, half === 1 ? 'PM' : 'AM');
  return twentyFour === undefined || twentyFour === hour ? hour : undefined;
}

/** A missing year is the current one, a missing month or day the first; only a time means today. */
function assembleDate({ fields, styles }: Reading, now: () => DateTimeValue): CalendarDate {
  const year = fields.get('y');
  const month = fields.get('M');
  const day = fields.get('d');
  if (year !== undefined) return { year, month: month ?? 1, day: day ?? 1 };
  if (styles.has('NoCurrentDateDefault')) return { year: 1, month: month ?? 1, day: day ?? 1 };
  const today = partsOf(now());
  if (month === undefined && day === undefined) return today;
  return { year: today.year, month: month ?? 1, day: day ?? 1 };
}
