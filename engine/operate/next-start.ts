/** When a job's next cycle starts: by its interval, and at once after a change of the directory where the job listens to that. */
import type { Instant } from '../model/instant.ts';
import { isDue, nextStart } from '../schedule/due.ts';
import type { EnginePorts, JobPorts } from './job-ports.ts';

type Ports = Pick<EnginePorts, 'store' | 'clock'>;

/** Undefined: not until somebody starts it. */
export async function nextStartOf(ports: Ports, job: JobPorts): Promise<Instant | undefined> {
  if (job.paused) return undefined;
  const now = ports.clock.now();
  const record = await ports.store.job(job.job.jobId);
  const regular = nextStart(record, job.intervalMs, now);
  // After a failure the regular rhythm decides: what cannot be read is not tried over and over.
  const listens = job.startsOnChange && record?.quarantine === undefined && record?.lastCycle?.state !== 'Failed';
  if (!listens || regular === undefined || regular <= now) return regular;
  const directory = await job.openDirectory(ports.store);
  return (await directory.isChanged()) ? now : regular;
}

export async function isJobDue(ports: Ports, job: JobPorts): Promise<boolean> {
  if (job.paused) return false;
  if (!job.startsOnChange) return isDue(await ports.store.job(job.job.jobId), job.intervalMs, ports.clock.now());
  const start = await nextStartOf(ports, job);
  return start !== undefined && start <= ports.clock.now();
}
