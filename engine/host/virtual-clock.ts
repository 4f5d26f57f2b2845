/** A clock that a simulation turns: nothing waits, and thirty days pass in seconds (DESIGN 3.5). */
import { addMilliseconds, type Instant } from '../model/instant.ts';
import type { Clock } from '../ports.ts';

export type VirtualClock = Clock & {
  /** Moves to `instant`, never back. */
  readonly moveTo: (instant: Instant) => void;
};

/** Starts at `start`; `wait` moves time on at once, and waits that began together end together. */
export function virtualClock(start: Instant): VirtualClock {
  let now = start;
  const moveTo = (instant: Instant) => {
    if (instant > now) now = instant;
  };
  return {
    now: () => now,
    moveTo,
    wait: async (milliseconds, signal) => {
      signal.throwIfAborted();
      const end = addMilliseconds(now, milliseconds);
      await Promise.resolve();
      moveTo(end);
    },
  };
}
