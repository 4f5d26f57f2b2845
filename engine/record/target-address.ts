/** Links lead to the application they were made at; another URL of the job does not change them (cycle.md 1.21). */
import type { JobRecord } from '../model/job-state.ts';

/** What to tell people while the job has another URL than its links; undefined when it has the same. */
export function targetNotice(job: JobRecord | undefined, present: string): string | undefined {
  const before = job?.targetAddress;
  if (job?.watermark === undefined || before === undefined || before === present || present === '') return undefined;
  return (
    `the target changed from ${before} to ${present}: who is linked counts as present there and is not looked for. ` +
    'To match everybody anew: scimulate restart --reset Full'
  );
}
