/** Instants as .NET ticks, and the proleptic Gregorian calendar (expressions.md 6.4). No zone but UTC, no JavaScript Date. */
import { ExpressionError } from './expression-error.ts';

/** UTC instant in 100-nanosecond ticks since 0001-01-01T00:00Z. */
export type DateTimeValue = { readonly kind: 'dateTime'; readonly ticks: bigint };

export type CalendarDate = {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
};

export type DateTimeParts = CalendarDate & {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Fraction of the second in ticks, 0 to 9999999. */
  readonly fraction: number;
  /** 0 is Sunday. */
  readonly weekday: number;
};

export const TICKS_PER_SECOND = 10_000_000n;
export const TICKS_PER_MINUTE = 60n * TICKS_PER_SECOND;
export const TICKS_PER_HOUR = 60n * TICKS_PER_MINUTE;
export const TICKS_PER_DAY = 24n * TICKS_PER_HOUR;

/** 9999-12-31T23:59:59.9999999Z. */
const MAX_TICKS = 3_652_059n * TICKS_PER_DAY - 1n;

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;

/** The instant at `ticks`. @throws ExpressionError `InvalidDate` outside of the years 1 to 9999 */
export function dateTime(ticks: bigint): DateTimeValue {
  if (ticks < 0n || ticks > MAX_TICKS) {
    throw new ExpressionError('InvalidDate', 'the date is outside of 0001-01-01 to 9999-12-31 (UTC)');
  }
  return { kind: 'dateTime', ticks };
}

/** The instant of a date and a time of day. @throws ExpressionError `InvalidDate` when there is no such date or time */
export function dateTimeOf(date: CalendarDate, timeTicks: bigint): DateTimeValue {
  return dateTime(BigInt(dayNumber(date)) * TICKS_PER_DAY + timeTicks);
}

/** Days since 0001-01-01. @throws ExpressionError `InvalidDate` */
function dayNumber({ year, month, day }: CalendarDate): number {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
    throw new ExpressionError('InvalidDate', `there is no date ${year}-${month}-${day}`);
  }
  return daysBeforeYear(year) + daysBeforeMonth(year, month) + day - 1;
}

/** Date, time of day and weekday of an instant, in UTC. */
export function partsOf({ ticks }: DateTimeValue): DateTimeParts {
  const days = Number(ticks / TICKS_PER_DAY);
  const ofDay = ticks % TICKS_PER_DAY;
  const seconds = Number(ofDay / TICKS_PER_SECOND);
  return {
    ...calendarDate(days),
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    fraction: Number(ofDay % TICKS_PER_SECOND),
    weekday: (days + 1) % 7,
  };
}

function calendarDate(days: number): CalendarDate {
  let year = Math.min(9999, Math.max(1, Math.floor(days / 365.2425) + 1));
  while (daysBeforeYear(year) > days) year -= 1;
  while (year < 9999 && daysBeforeYear(year + 1) <= days) year += 1;
  const ofYear = days - daysBeforeYear(year);
  let month = 12;
  while (daysBeforeMonth(year, month) > ofYear) month -= 1;
  return { year, month, day: ofYear - daysBeforeMonth(year, month) + 1 };
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysBeforeYear(year: number): number {
  const before = year - 1;
  return before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
}

function daysBeforeMonth(year: number, month: number): number {
  return (DAYS_BEFORE_MONTH[month - 1] ?? 0) + (month > 2 && isLeap(year) ? 1 : 0);
}

/** Text form of an instant, `M/d/yyyy h:mm:ss tt` in the invariant culture. */
export function dateTimeToText(value: DateTimeValue): string {
  const { year, month, day, hour, minute, second } = partsOf(value);
  const two = (number: number) => String(number).padStart(2, '0');
  const clock = `${hour % 12 === 0 ? 12 : hour % 12}:${two(minute)}:${two(second)} ${hour < 12 ? 'AM' : 'PM'}`;
  return `${month}/${day}/${String(year).padStart(4, '0')} ${clock}`;
}
