/** Whether a request is repeated within the cycle, and after how long (ruling R8, scim-wire.md 9.3). Pure: time is an argument. */

/** `honour`: Retry-After pauses the job. `ignore`: a throttled request fails at once and comes back with its escrow. */
export type ThrottleMode = 'honour' | 'ignore';

export type Attempt = {
  readonly method: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Status of the answer; undefined when there was none. */
  readonly status?: number;
  /** The Retry-After header as received. */
  readonly retryAfter?: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly throttleMode: ThrottleMode;
};

export type Wait = {
  readonly milliseconds: number;
  /** The target asked to be left alone: nothing of the job starts meanwhile. Otherwise only this request waits. */
  readonly pauses: 'job' | 'request';
};

const THROTTLE_REPEATS = 3;
const READ_REPEATS = 2;
const LONGEST_WAIT_MS = 300_000;
const READ_WAIT_MS = 500;

/** How long to wait before the next try, or undefined to give up. */
export function retryDelay(attempt: Attempt): Wait | undefined {
  if (attempt.throttleMode === 'honour' && (attempt.status === 429 || attempt.status === 503)) {
    const wait = parseRetryAfter(attempt.retryAfter, attempt.now);
    if (wait !== undefined) {
      const milliseconds = Math.min(wait, LONGEST_WAIT_MS);
      return attempt.attempt <= THROTTLE_REPEATS ? { milliseconds, pauses: 'job' } : undefined;
    }
  }
  const failed = attempt.status === undefined || attempt.status >= 500;
  if (attempt.method !== 'GET' || !failed || attempt.attempt > READ_REPEATS) return undefined;
  return { milliseconds: READ_WAIT_MS * attempt.attempt, pauses: 'request' };
}

/** The three forms of an HTTP date (RFC 9110 5.6.7): IMF-fixdate, RFC 850, asctime. `Date.parse` alone reads far more. */
const HTTP_DATE = /^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? .*\d{2}:\d{2}:\d{2}/i;

/** Milliseconds that a Retry-After of seconds or an HTTP date asks for; undefined when it says nothing. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (!HTTP_DATE.test(text)) return undefined;
  const date = Date.parse(/gmt$/i.test(text) ? text : `${text} GMT`);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
