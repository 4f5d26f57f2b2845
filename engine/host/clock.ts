/** The system's clock. Everything else takes time from this port, so that it can be virtual. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../ports.ts';

/** The present millisecond, and its text. */
let present = { milliseconds: 0, text: '' };

export const systemClock: Clock = {
  now: () => {
    const milliseconds = Date.now();
    if (milliseconds !== present.milliseconds) present = { milliseconds, text: new Date(milliseconds).toISOString() };
    return present.text;
  },
  wait: async (milliseconds, signal) => {
    await delay(milliseconds, undefined, { signal });
  },
};
