/** A plan as a short text, by which one that was shown can be told from any other (`sync --expect`). */
import { createHash } from 'node:crypto';
import type { Operation } from '../plan/plan.ts';

/** The same for the same requests about the same objects in the same order; reasons and log records do not count. */
export function planChecksum(operations: readonly Operation[]): string {
  const plan = operations
    .filter(({ requests }) => requests.length > 0)
    .map(({ source, action, requests }) => [source.type, source.id, action, requests]);
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, 12);
}
