/** A changed scope mode holds for objects that change; everybody else waits for a restart (cycle.md 1.20, 13.7, D-05). */
import type { JobRecord, ScopeMode } from '../model/job-state.ts';

/** What to tell people while the scope mode is not in full effect; undefined when it is. */
export function scopeModeNotice(job: JobRecord | undefined, present: ScopeMode): string | undefined {
  const before = job?.scopeMode;
  if (job?.watermark === undefined || before === undefined || before === present) return undefined;
  return (
    `scope changed from ${before} to ${present}: until a restart it holds only for objects that change. ` +
    'For everybody at once: scimulate restart'
  );
}
