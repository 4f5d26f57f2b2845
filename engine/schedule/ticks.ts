/**
 * One tick a second, from node-cron. The tick only asks; the interval decides.
 *
 * node-cron counts on a clock that runs evenly. After a jump forward it goes through every second it missed, one by one: two days
 * of a sleeping laptop take it half a minute, during which nothing else happens. After a jump back it waits until the old time has
 * come again. So the clock is looked at just before each tick, and node-cron begins anew where it jumped.
 */
import { type Logger, schedule } from 'node-cron';

/** How long before the whole second, when node-cron looks, the clock is looked at. */
const LEAD_MS = 20;

/** What a busy machine may be late without the clock having jumped. */
const JUMP_MS = 2000;

/** It would tell a terminal, or a log of JSON lines, about ticks that do not matter. */
const SILENT: Logger = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} };

/** Calls `tick`, which never throws, every second, one call at a time, until the returned function is called. */
export function everySecond(tick: () => Promise<void>): () => Promise<void> {
  let busy = false;
  const task = schedule(
    '* * * * * *',
    async () => {
      if (busy) return;
      busy = true;
      try {
        await tick();
      } finally {
        busy = false;
      }
    },
    { logger: SILENT, suppressMissedWarning: true },
  );
  let watch: NodeJS.Timeout;
  let isStopped = false;
  const lookAtClock = () => {
    const now = Date.now();
    const due = Math.ceil((now + LEAD_MS + 1) / 1000) * 1000 - LEAD_MS;
    watch = setTimeout(async () => {
      if (Math.abs(Date.now() - due) > JUMP_MS) {
        await task.stop();
        if (!isStopped) await task.start();
      }
      if (!isStopped) lookAtClock();
    }, due - now);
  };
  lookAtClock();
  return async () => {
    isStopped = true;
    clearTimeout(watch);
    await task.destroy();
  };
}
