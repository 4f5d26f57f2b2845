/** When a job's next cycle starts: by its interval, and at once after a change of the directory where the job listens to that. */
import { addMilliseconds, type Instant, MINUTE } from '../model/instant.ts';
import type { JobRecord } from '../model/job-state.ts';
import { neverStarted } from '../record/job-lifecycle.ts';
import { nextStart } from '../schedule/due.ts';
import type { EnginePorts, JobPorts } from './job-ports.ts';

type Ports = Pick<EnginePorts, 'store' | 'clock'>;

/** Undefined: not until somebody starts it. */
export async function nextStartOf(ports: Ports, job: JobPorts): Promise<Instant | undefined> {
  if (job.paused) return undefined;
  const now = ports.clock.now();
  const record = await ports.store.job(job.job.jobId);
  if (isWaiting(job, record)) return undefined;
  const regular = nextStart(record, job.intervalMs, now);
  // After a failure the regular rhythm decides: what cannot be read is not tried over and over.
  const listens = job.startsOnChange && record?.quarantine === undefined && record?.lastCycle?.state !== 'Failed';
  if (!listens || regular === undefined || regular <= now) return regular;
  const directory = await job.openDirectory(ports.store);
  return (await directory.isChanged()) ? now : regular;
}

export async function isJobDue(ports: Ports, job: JobPorts): Promise<boolean> {
  const start = await nextStartOf(ports, job);
  return start !== undefined && start <= ports.clock.now();
}

/** A directory that is written to without a pause does not keep a job from running. */
const WAITS_FOR_DIRECTORY_MS = MINUTE;

/**
 * Whether a job that is due had better wait, because somebody is writing to the directory just now: half of it would look as if
 * the rest had been deleted. A first cycle deletes nobody.
 */
export async function waitsForDirectory(ports: Ports, job: JobPorts): Promise<boolean> {
  const record = await ports.store.job(job.job.jobId);
  const start = await nextStartOf(ports, job);
  if (record?.lastCycle === undefined || start === undefined) return false;
  if (addMilliseconds(start, WAITS_FOR_DIRECTORY_MS) < ports.clock.now()) return false;
  const directory = await job.openDirectory(ports.store);
  return !(await directory.isSettled());
}

/** A job of the configuration starts with its first cycle; one of the API when somebody starts it. */
export function isWaiting({ waitsForStart }: Pick<JobPorts, 'waitsForStart'>, record: JobRecord | undefined): boolean {
  return waitsForStart && (record === undefined || neverStarted(record));
}
