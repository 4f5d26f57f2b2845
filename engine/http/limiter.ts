/** How many requests are in flight and how fast they go: bounded here and nowhere else (DESIGN 3.4, ruling R4). */
import type { Clock } from '../ports.ts';

export type Limits = {
  /** Requests in flight at most. */
  readonly concurrency: number;
  /** Requests started per second in the long run; undefined: as fast as they go. */
  readonly perSecond?: number;
  /** Requests that may start at once after a rest; 1 by default, which spaces them evenly. */
  readonly burst?: number;
};

/** Lets requests start within the limits, first come first served. */
export class Limiter {
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** When the token bucket is full again, in milliseconds: every start moves it on by the time of one token. */
  #fullAt = 0;
  #pausedUntil = 0;
  #seen: number;
  #elapsed = 0;

  constructor(limits: Limits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#seen = Date.parse(clock.now());
  }

  /**
   * Waits until a request may start; undefined when it may at once. Each that came in has to `leave`.
   * @throws the abort reason: then it is not in
   */
  enter(signal: AbortSignal): Promise<void> | undefined {
    signal.throwIfAborted();
    const isFull = this.#running >= this.#limits.concurrency;
    if (!isFull) this.#running += 1;
    if (isFull || this.#limits.perSecond !== undefined || this.#pausedUntil > 0) return this.#await(isFull, signal);
    return undefined;
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }

  /** Nothing starts before `milliseconds` have passed: a throttled target is left alone by every request. */
  pause(milliseconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#now() + milliseconds);
  }

  async #await(isFull: boolean, signal: AbortSignal): Promise<void> {
    if (isFull) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      if (this.#limits.perSecond !== undefined || this.#pausedUntil > 0) await this.#waitForTurn(signal);
      signal.throwIfAborted();
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  async #waitForTurn(signal: AbortSignal): Promise<void> {
    const slot = this.#takeToken();
    // A pause may begin, or grow, while this request waits.
    for (;;) {
      const rest = Math.max(slot, this.#pausedUntil) - this.#now();
      if (rest <= 0) return;
      await this.#clock.wait(rest, signal);
      signal.throwIfAborted();
    }
  }

  /** When the next token is there. */
  #takeToken(): number {
    const { perSecond, burst = 1 } = this.#limits;
    const now = this.#now();
    if (perSecond === undefined) return now;
    const perToken = 1000 / perSecond;
    const slot = Math.max(now, this.#fullAt - (burst - 1) * perToken);
    this.#fullAt = Math.max(this.#fullAt, slot) + perToken;
    return slot;
  }

  /** Milliseconds since the start: a clock that is set back holds nobody up until its old time has come again. */
  #now(): number {
    const seen = Date.parse(this.#clock.now());
    this.#elapsed += Math.max(0, seen - this.#seen);
    this.#seen = seen;
    return this.#elapsed;
  }
}
