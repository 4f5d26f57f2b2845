/** How many requests are in flight and how fast they go: bounded here and nowhere else (DESIGN 3.4, ruling R4). */
import type { Clock } from '../ports.ts';

export type Limits = {
  /** Requests in flight at most. */
  readonly concurrency: number;
  /** Requests started per second at most; undefined: as fast as they go. */
  readonly perSecond?: number;
};

/** Runs tasks within the limits, first come first served. */
export class Limiter {
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #nextStart = 0;
  #pausedUntil = 0;

  constructor(limits: Limits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** The result of `task`, started when there is room. @throws what the task throws, or the abort reason */
  async run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#running >= this.#limits.concurrency) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      await this.#waitForTurn(signal);
      signal.throwIfAborted();
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  /** Nothing starts before `milliseconds` have passed: a throttled target is left alone by every request. */
  pause(milliseconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, Date.parse(this.#clock.now()) + milliseconds);
  }

  async #waitForTurn(signal: AbortSignal): Promise<void> {
    const now = Date.parse(this.#clock.now());
    let start = Math.max(now, this.#pausedUntil);
    if (this.#limits.perSecond !== undefined) {
      start = Math.max(start, this.#nextStart);
      this.#nextStart = start + 1000 / this.#limits.perSecond;
    }
    if (start > now) await this.#clock.wait(start - now, signal);
  }
}
