/** Date arithmetic of the Visual Basic library, behind DateAdd and DateDiff (expressions.md 8.3). */
import {
  type DateTimeValue,
  dateTime,
  dateTimeOf,
  daysInMonth,
  partsOf,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
} from './date-time.ts';
import { ExpressionError } from './expression-error.ts';

export type DateInterval = 'yyyy' | 'm' | 'd' | 'ww' | 'h' | 'n' | 's';

const TICKS: ReadonlyMap<DateInterval, bigint> = new Map([
  ['d', TICKS_PER_DAY],
  ['ww', 7n * TICKS_PER_DAY],
  ['h', TICKS_PER_HOUR],
  ['n', TICKS_PER_MINUTE],
  ['s', TICKS_PER_SECOND],
]);

/** The interval `text` names, case aside. @throws ExpressionError `InvalidInterval` */
export function parseDateInterval(text: string): DateInterval {
  const lower = text.toLowerCase();
  switch (lower) {
    case 'yyyy':
    case 'm':
    case 'd':
    case 'ww':
    case 'h':
    case 'n':
    case 's':
      return lower;
    default:
      throw new ExpressionError(
        'InvalidInterval',
        `"${text.slice(0, 40)}" is not an interval; use yyyy, m (month), d, ww (week), h, n (minute) or s`,
      );
  }
}

/** `amount` intervals after `from`. Months and years keep the day, or the last one of a shorter month. @throws ExpressionError `InvalidDate` */
export function addInterval(interval: DateInterval, amount: bigint, from: DateTimeValue): DateTimeValue {
  const ticks = TICKS.get(interval);
  if (ticks !== undefined) return dateTime(from.ticks + amount * ticks);
  const { year, month, day } = partsOf(from);
  const months = BigInt(year * 12 + month - 1) + amount * (interval === 'yyyy' ? 12n : 1n);
  if (months < 12n || months >= 120_000n) return dateTime(-1n);
  const newYear = Number(months / 12n);
  const newMonth = Number(months % 12n) + 1;
  const date = { year: newYear, month: newMonth, day: Math.min(day, daysInMonth(newYear, newMonth)) };
  return dateTimeOf(date, from.ticks % TICKS_PER_DAY);
}

/** How many intervals lie between two instants, positive when `later` is later. Weeks count the Sundays passed. */
export function countIntervals(interval: DateInterval, earlier: DateTimeValue, later: DateTimeValue): bigint {
  const from = partsOf(earlier);
  const to = partsOf(later);
  switch (interval) {
    case 'yyyy':
      return BigInt(to.year - from.year);
    case 'm':
      return BigInt(12 * (to.year - from.year) + to.month - from.month);
    case 'ww': {
      const sundays = BigInt(to.weekday - from.weekday) * TICKS_PER_DAY;
      return (later.ticks - earlier.ticks - sundays) / TICKS_PER_DAY / 7n;
    }
    default:
      return (later.ticks - earlier.ticks) / (TICKS.get(interval) ?? 1n);
  }
}
