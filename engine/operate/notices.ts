/** What people should know of a job besides its last cycle. */
import type { Job } from '../cycle/job.ts';
import type { JobRecord } from '../model/job-state.ts';
import { scopeModeNotice } from '../record/scope-mode.ts';
import { targetNotice } from '../record/target-address.ts';
import type { EnginePorts } from './job-ports.ts';

/** @param before the job before the cycle that is spoken of */
export async function noticesOf(
  ports: Pick<EnginePorts, 'jobs' | 'store'>,
  job: Job,
  record: JobRecord | undefined,
  before: JobRecord | undefined,
): Promise<readonly string[]> {
  const notices = [scopeModeNotice(record, job.rules.scopeMode), targetNotice(record, job.targetAddress)];
  const abandoned = before?.lastCycle === undefined ? await abandonedJobs(ports) : [];
  return [...notices.filter((notice) => notice !== undefined), ...abandoned.map(abandonedNotice)];
}

type Abandoned = { readonly name: string; readonly linked: number };

/** Jobs of the state that the configuration does not have: a renamed job begins anew, for links belong to the name. */
async function abandonedJobs({ jobs, store }: Pick<EnginePorts, 'jobs' | 'store'>): Promise<readonly Abandoned[]> {
  const configured = new Set(jobs.map(({ job }) => job.jobId));
  const found: Abandoned[] = [];
  for (const { jobId, name } of await store.jobs()) {
    if (configured.has(jobId)) continue;
    const links = await store.countLinks(jobId);
    if (links.User + links.Group > 0) found.push({ name, linked: links.User + links.Group });
  }
  return found;
}

function abandonedNotice({ name, linked }: Abandoned): string {
  return (
    `the state also holds the job "${name}", which the configuration does not have. If this job is that one renamed, ` +
    `give it the name back: otherwise nobody deprovisions the ${linked} accounts linked there when their owners leave`
  );
}
