/** Free-form text → instant, as `DateTime.Parse` in the invariant culture with a UTC host does for the forms of expressions.md 6.4. */
import { indexOfName, MONTHS, WEEKDAYS } from './date-names.ts';
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

const MONTH = '(?<name>[A-Za-z]{3,9})';
const WEEKDAY = '(?:(?<weekday>[A-Za-z]{3,9}), *)?';
const TIME =
  '(?<hour>\\d{1,2}):(?<minute>\\d{1,2})(?::(?<second>\\d{1,2})(?:\\.(?<fraction>\\d{1,7}))?)?(?: *(?<half>AM|PM))?';
const OFFSET = ' *(?<offset>Z|GMT|[+-]\\d{1,2}(?::\\d{2})?|[+-]\\d{4})';
const FORMS: readonly RegExp[] = [
  '(?<year>\\d{4})([-/])(?<month>\\d{1,2})\\2(?<day>\\d{1,2})',
  '(?<month>\\d{1,2})/(?<day>\\d{1,2})/(?<year>\\d{4})',
  `${WEEKDAY}(?<day>\\d{1,2}) +${MONTH},? +(?<year>\\d{4})`,
  `${WEEKDAY}${MONTH} +(?<day>\\d{1,2}),? +(?<year>\\d{4})`,
].map((date) => new RegExp(`^${date}(?:(?:T| +)${TIME})?(?:${OFFSET})?$`, 'i'));
const LONGEST_DATE = 80;

/**
 * The instant `text` names; without an offset it is UTC, without a time it is midnight.
 * @throws ExpressionError `InvalidDate`
 */
export function parseDate(text: string): DateTimeValue {
  const trimmed = text.length > LONGEST_DATE * 2 ? text : text.trim();
  if (trimmed.length > LONGEST_DATE) return notADate(text);
  for (const form of FORMS) {
    const match = form.exec(trimmed);
    if (match?.groups !== undefined) return fromGroups(match.groups, text);
  }
  return notADate(text);
}

function fromGroups(groups: Readonly<Record<string, string | undefined>>, text: string): DateTimeValue {
  const { name, weekday } = groups;
  const month = name === undefined ? Number(groups.month) : indexOfName(MONTHS, name) + 1;
  const date: CalendarDate = { year: Number(groups.year), month, day: Number(groups.day) };
  if (weekday !== undefined && partsOf(dateTimeOf(date, 0n)).weekday !== indexOfName(WEEKDAYS, weekday)) notADate(text);
  const local = dateTimeOf(date, timeTicks(groups, text));
  return dateTime(local.ticks - offsetTicks(groups.offset ?? 'Z', text));
}

function timeTicks(groups: Readonly<Record<string, string | undefined>>, text: string): bigint {
  const hour = hourOfDay(Number(groups.hour ?? 0), groups.half);
  const minute = Number(groups.minute ?? 0);
  const second = Number(groups.second ?? 0);
  if (hour === undefined || minute > 59 || second > 59) return notADate(text);
  return (
    BigInt(hour) * TICKS_PER_HOUR +
    BigInt(minute) * TICKS_PER_MINUTE +
    BigInt(second) * TICKS_PER_SECOND +
    BigInt((groups.fraction ?? '').padEnd(7, '0'))
  );
}

/**
 * The hour on the 24-hour clock, or undefined when there is no such hour.
 * @param half `AM` or `PM` in any case, undefined on the 24-hour clock. Hours up to 23 go with PM, as in .NET.
 */
export function hourOfDay(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour > 23 ? undefined : hour;
  if (half.toUpperCase() === 'AM') return hour > 12 ? undefined : hour % 12;
  if (hour > 23) return undefined;
  return hour < 12 ? hour + 12 : hour;
}

/** Ticks of an offset such as `Z`, `+02:00`, `-0700`, `+1`. */
function offsetTicks(offset: string, text: string): bigint {
  if (/^(?:z|gmt)$/i.test(offset)) return 0n;
  const digits = offset.slice(1).replace(':', '');
  const hours = digits.length > 2 ? digits.slice(0, -2) : digits;
  const minutes = digits.length > 2 ? digits.slice(-2) : '0';
  return signedOffset(offset.startsWith('-'), Number(hours), Number(minutes)) ?? notADate(text);
}

/** Ticks of an offset of at most 14 hours, the limit of .NET; undefined beyond it. */
export function signedOffset(negative: boolean, hours: number, minutes: number): bigint | undefined {
  if (minutes > 59 || hours * 60 + minutes > 14 * 60) return undefined;
  const ticks = BigInt(hours) * TICKS_PER_HOUR + BigInt(minutes) * TICKS_PER_MINUTE;
  return negative ? -ticks : ticks;
}

function notADate(text: string): never {
  throw new ExpressionError('InvalidDate', `"${text.slice(0, LONGEST_DATE)}" is not a date and time`);
}
