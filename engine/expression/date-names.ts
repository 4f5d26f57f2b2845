/** Month and weekday names of the invariant culture. */

export const MONTHS: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export const WEEKDAYS: readonly string[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
];

/** The three-letter form of a month or weekday name. */
export function abbreviate(name: string): string {
  return name.slice(0, 3);
}

/** Index of `name` in `names`, full or abbreviated, case aside; -1 when it is none. */
export function indexOfName(names: readonly string[], name: string): number {
  const lower = name.toLowerCase();
  return names.findIndex((full) => full.toLowerCase() === lower || abbreviate(full).toLowerCase() === lower);
}
