/** Instants are ISO 8601 UTC strings with milliseconds, e.g. `2026-01-01T00:00:00.000Z`; they sort as text. */
export type Instant = string;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The instant `milliseconds` after `instant` (before it, when negative). */
export function addMilliseconds(instant: Instant, milliseconds: number): Instant {
  return new globalThis.Date(globalThis.Date.parse(instant) + milliseconds).toISOString();
}

/** Milliseconds from `earlier` to `later`. */
export function millisecondsBetween(earlier: Instant, later: Instant): number {
  return globalThis.Date.parse(later) - globalThis.Date.parse(earlier);
}

/** Milliseconds since 1970 of a date or time, or undefined when the text is none. JavaScript alone reads 30 February as 2 March. */
export function parseTime(text: string): number | undefined {
  const time = globalThis.Date.parse(text);
  const [day] = /^\d{4}-\d{2}-\d{2}/.exec(text) ?? [];
  const exists = day === undefined || isDay(day);
  return Number.isNaN(time) || !exists ? undefined : time;
}

/** Whether there is a day `2026-01-01`. */
export function isDay(day: string): boolean {
  const time = globalThis.Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new globalThis.Date(time).toISOString().startsWith(day);
}

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Milliseconds of an ISO 8601 duration of days to seconds (`PT40M`), or undefined when the text is none. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (match === null || text === 'P' || text.endsWith('T')) return undefined;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  return Number(days) * DAY + Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND;
}

/** The ISO 8601 duration of so many milliseconds, in whole seconds: `PT40M`, `P1D`, `PT1H30M`. */
export function formatDuration(milliseconds: number): string {
  const days = Math.floor(milliseconds / DAY);
  const time = (
    [
      ['H', HOUR, DAY],
      ['M', MINUTE, HOUR],
      ['S', SECOND, MINUTE],
    ] as const
  )
    .map(([letter, unit, larger]) => [letter, Math.floor((milliseconds % larger) / unit)] as const)
    .filter(([, count]) => count > 0)
    .map(([letter, count]) => `${count}${letter}`)
    .join('');
  if (days === 0 && time === '') return 'PT0S';
  return `P${days === 0 ? '' : `${days}D`}${time === '' ? '' : `T${time}`}`;
}

const OFFSET_UNITS: Readonly<Record<string, number>> = { d: DAY, h: HOUR, m: MINUTE, s: SECOND };

/** Milliseconds of an offset as people write it, `+1d6h30m` or `+0`; undefined when the text is none. */
export function parseOffset(text: string): number | undefined {
  if (!/^\+?(0|(\d+[dhms])+)$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)([dhms])/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (OFFSET_UNITS[unit] ?? 0),
    0,
  );
}
