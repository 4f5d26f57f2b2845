/**
 * Requests under way, each with the same time to come back. One timer and one listener for each signal serve them all: one of
 * each per request would cost a tenth of the request. They stand in arrays, not in a Map: every now and then a Map moves to a
 * new table, the old one still points to it, and once a collection has kept that, everything that ever stood there is kept.
 */
import { timeout } from './deadline.ts';

/** One request under way. */
export type Attempt = {
  readonly signal: AbortSignal;
  /** Gives up on it. */
  readonly stop: (reason: Error) => void;
};

/** Where an attempt stands. */
export type Place = { readonly index: number; readonly group: Group };

type Group = { readonly signal: AbortSignal; readonly onAbort: () => void; attempts: number };

export class InFlight {
  readonly #timeoutMs: number;
  readonly #attempts: (Attempt | undefined)[] = [];
  /** When the attempt at the same place is stopped, in milliseconds. */
  readonly #until: number[] = [];
  readonly #free: number[] = [];
  #groups: Group[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param timeoutMs from the call of `begin` to that of `end` */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** From here on `attempt` is stopped when its signal aborts or its time is over. */
  begin(attempt: Attempt): Place {
    const index = this.#free.pop() ?? this.#attempts.length;
    this.#attempts[index] = attempt;
    this.#until[index] = performance.now() + this.#timeoutMs;
    this.#timer ??= setTimeout(() => this.#stopLate(), this.#timeoutMs).unref();
    const group = this.#groups.find(({ signal }) => signal === attempt.signal) ?? this.#open(attempt.signal);
    group.attempts += 1;
    return { index, group };
  }

  end({ index, group }: Place): void {
    this.#attempts[index] = undefined;
    this.#free.push(index);
    group.attempts -= 1;
  }

  /** Lets go of every signal: one may live longer than these requests. */
  close(): void {
    for (const { signal, onAbort } of this.#groups) signal.removeEventListener('abort', onAbort);
    this.#groups = [];
    clearTimeout(this.#timer);
  }

  /** Listens to `signal`, and no longer to those that nobody is under way with. */
  #open(signal: AbortSignal): Group {
    for (const idle of this.#groups) if (idle.attempts === 0) idle.signal.removeEventListener('abort', idle.onAbort);
    const onAbort = () => {
      for (const attempt of [...this.#attempts]) if (attempt?.signal === signal) attempt.stop(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const group = { signal, onAbort, attempts: 0 };
    this.#groups = [...this.#groups.filter(({ attempts }) => attempts > 0), group];
    return group;
  }

  /** The timer rings for the attempt that was the oldest when it was set; the others are looked at then. */
  #stopLate(): void {
    this.#timer = undefined;
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const [index, attempt] of [...this.#attempts].entries()) {
      const until = this.#until[index] ?? 0;
      if (attempt !== undefined && until <= now) attempt.stop(timeout());
      else if (attempt !== undefined) next = Math.min(next, until);
    }
    if (next < Number.POSITIVE_INFINITY)
      this.#timer = setTimeout(() => this.#stopLate(), Math.max(1, next - now)).unref();
  }
}
