/** One tick a second, from node-cron. The tick only asks; the interval decides. */
import { schedule } from 'node-cron';

/** Calls `tick` every second, one call at a time, until the returned function is called. */
export function everySecond(tick: () => Promise<void>): () => Promise<void> {
  const task = schedule('* * * * * *', tick, { noOverlap: true });
  return async () => {
    await task.destroy();
  };
}
