import type { Job } from '../cycle/job.ts';
import type { JobRecord } from '../model/job-state.ts';
import { scopeModeNotice } from '../record/scope-mode.ts';
import { targetNotice } from '../record/target-address.ts';

/** What people should know of the job besides its last cycle. */
export function noticesOf(record: JobRecord | undefined, job: Job): readonly string[] {
  const notices = [scopeModeNotice(record, job.rules.scopeMode), targetNotice(record, job.targetAddress)];
  return notices.filter((notice) => notice !== undefined);
}
