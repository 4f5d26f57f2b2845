/** Version 4 UUIDs, random or counting. */
import { randomUUID } from 'node:crypto';
import type { Ids } from '../ports.ts';

export const randomIds: Ids = { next: () => randomUUID() };

/** `00000000-0000-4000-8000-000000000001` and so on: a simulation repeats exactly. */
export function countingIds(): Ids {
  let count = 0;
  return { next: () => `00000000-0000-4000-8000-${(++count).toString(16).padStart(12, '0')}` };
}
