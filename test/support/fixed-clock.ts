/** A clock that stands still until it is moved: time in tests is an argument. */
import { addMilliseconds, type Instant, MINUTE } from '../../engine/model/instant.ts';
import type { Clock } from '../../engine/ports.ts';

export type TestClock = Clock & {
  /** Moves the clock forward. */
  readonly advance: (milliseconds: number) => void;
};

/** Starts at the reference instant; `wait` moves it at once. */
export function fixedClock(start: Instant = '2026-01-01T00:00:00.000Z'): TestClock {
  let now = start;
  const advance = (milliseconds: number) => {
    now = addMilliseconds(now, milliseconds);
  };
  return { now: () => now, advance, wait: async (milliseconds) => advance(milliseconds) };
}

/** The documented interval between two cycles. */
export const CYCLE_INTERVAL_MS = 40 * MINUTE;
