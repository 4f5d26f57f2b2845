/** When a job's next cycle starts: the interval decides, ticks only ask (cycle.md 1.6, 6.10, D-01, D-17). */
import { addMilliseconds, type Instant } from '../model/instant.ts';
import type { JobRecord } from '../model/job-state.ts';
import { neverStarted } from '../record/job-lifecycle.ts';

/**
 * The instant of the next start, in the past when it is overdue; undefined: not until somebody starts the job.
 * Starts missed while the machine slept coalesce into one; a clock set back makes the job due at once.
 */
export function nextStart(job: JobRecord | undefined, intervalMs: number, now: Instant): Instant | undefined {
  if (job === undefined) return now;
  if (neverStarted(job)) return now;
  if (job.scheduleState !== 'Active') return undefined;
  const last = job.lastCycle;
  if (last === undefined || last.startedAt > now) return now;
  if (job.requestedAt !== undefined && job.requestedAt >= last.startedAt) return job.requestedAt;
  // Killed in the middle: the replay need not wait (D-02).
  if (last.endedAt === undefined) return now;
  if (job.quarantine !== undefined) return job.quarantine.nextAttempt;
  const regular = addMilliseconds(last.startedAt, intervalMs);
  return last.endedAt > regular ? last.endedAt : regular;
}
