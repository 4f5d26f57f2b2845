/**
 * Requests under way, each with the same time to come back. One timer and one listener serve them all: one of each per request
 * would cost a tenth of the request.
 */
import { performance } from 'node:perf_hooks';
import { timeout } from './deadline.ts';

/** One request under way. */
export type Attempt = {
  readonly signal: AbortSignal;
  /** Gives up on it. */
  readonly stop: (reason: Error) => void;
};

type Group = { readonly attempts: Set<Attempt>; readonly onAbort: () => void };

export class InFlight {
  readonly #timeoutMs: number;
  /** With the moment at which each is stopped; the first to begin is the first to be stopped. */
  readonly #until = new Map<Attempt, number>();
  readonly #groups = new Map<AbortSignal, Group>();
  #timer: NodeJS.Timeout | undefined;

  /** @param timeoutMs from the call of `begin` to that of `end` */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** From here on `attempt` is stopped when its signal aborts or its time is over. */
  begin(attempt: Attempt): void {
    this.#until.set(attempt, performance.now() + this.#timeoutMs);
    this.#timer ??= setTimeout(() => this.#stopLate(), this.#timeoutMs).unref();
    const { signal } = attempt;
    const group = this.#groups.get(signal);
    if (group === undefined) this.#open(signal).attempts.add(attempt);
    else group.attempts.add(attempt);
  }

  end(attempt: Attempt): void {
    this.#until.delete(attempt);
    const group = this.#groups.get(attempt.signal);
    if (group === undefined || !group.attempts.delete(attempt) || group.attempts.size > 0) return;
    attempt.signal.removeEventListener('abort', group.onAbort);
    this.#groups.delete(attempt.signal);
  }

  #open(signal: AbortSignal): Group {
    const attempts = new Set<Attempt>();
    const onAbort = () => {
      for (const attempt of [...attempts]) attempt.stop(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const group = { attempts, onAbort };
    this.#groups.set(signal, group);
    return group;
  }

  /** The timer is set for the oldest attempt only; what began after it is looked at when it rings. */
  #stopLate(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const [attempt, until] of this.#until) {
      if (until > now) {
        this.#timer = setTimeout(() => this.#stopLate(), until - now).unref();
        return;
      }
      attempt.stop(timeout());
    }
  }
}
