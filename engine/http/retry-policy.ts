/** Whether a request is repeated within the cycle, and after how long (ruling R8, scim-wire.md 9.3). Pure: time is an argument. */

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
};

const THROTTLE_ATTEMPTS = 3;
const READ_REPEATS = 2;
const LONGEST_WAIT_MS = 300_000;
const READ_WAIT_MS = 500;

/** Milliseconds to wait before the next try, or undefined to give up. */
export function retryDelay(attempt: Attempt): number | undefined {
  if (attempt.status === 429 || attempt.status === 503) {
    const wait = parseRetryAfter(attempt.retryAfter, attempt.now);
    if (wait !== undefined) return attempt.attempt <= THROTTLE_ATTEMPTS ? Math.min(wait, LONGEST_WAIT_MS) : undefined;
  }
  const failed = attempt.status === undefined || attempt.status >= 500;
  if (attempt.method !== 'GET' || !failed || attempt.attempt > READ_REPEATS) return undefined;
  return READ_WAIT_MS * attempt.attempt;
}

/** Milliseconds that a Retry-After of seconds or an HTTP date asks for; undefined when it says nothing. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
