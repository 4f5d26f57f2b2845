/**
 * Work on a page comes in pieces of a few milliseconds. Between them answers are taken and the next requests sent: a target
 * that waits for the end of the whole page is a target that does nothing.
 */
import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** Comes back in the next turn of the event loop. */
export function letOthersRun(): Promise<void> {
  turn ??= new Promise((resolve) => {
    setImmediate(() => {
      turn = undefined;
      resolve();
    });
  });
  return turn;
}

/** The next turn of the event loop, for everybody who waits for it. */
let turn: Promise<void> | undefined;

/** The share of time in which this thread was at work, above which it is what everything waits for. */
const BUSY = 0.5;
const WINDOW_MS = 50;

/**
 * True when the thread has hardly rested of late. Then it does best to finish what it has begun: other work in between costs
 * more than the target gains.
 */
export function isBusy(): boolean {
  const now = performance.now();
  if (now - measured.at < WINDOW_MS) return measured.busy;
  const total = performance.eventLoopUtilization();
  const busy =
    measured.total !== undefined && performance.eventLoopUtilization(total, measured.total).utilization > BUSY;
  measured = { at: now, total, busy };
  return busy;
}

let measured: { readonly at: number; readonly total?: EventLoopUtilization; readonly busy: boolean } = {
  at: 0,
  busy: false,
};
