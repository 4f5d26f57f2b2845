/** Start, pause and restart: the transitions of a job between cycles (cycle.md 1b, 1g and its table of reset flags). */
import type { AuditActivity } from '../model/audit.ts';
import { EngineError } from '../model/engine-error.ts';
import type { Instant } from '../model/instant.ts';
import type { JobRecord } from '../model/job-state.ts';
import { suggest } from '../model/suggest.ts';
import type { StateChange } from './state-change.ts';

/** `criteria.resetScope` of Graph's restart. */
export const RESET_FLAGS = [
  'None',
  'ConnectorDataStore',
  'Escrows',
  'Watermark',
  'QuarantineState',
  'Full',
  'ForceDeletes',
] as const;
export type ResetFlag = (typeof RESET_FLAGS)[number];

/** What "Restart provisioning" in the portal resets, and a restart without criteria (cycle.md 1.15). */
export const PORTAL_RESTART: readonly ResetFlag[] = ['QuarantineState', 'Watermark', 'Escrows'];

/** "All of the options", but not `ForceDeletes`, which must be named (D-04). */
const FULL: readonly ResetFlag[] = ['ConnectorDataStore', ...PORTAL_RESTART];

/** The flags of a comma-separated list, in any case. @throws EngineError `configuration` for an unknown one */
export function parseResetFlags(text: string): readonly ResetFlag[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.map((name) => {
    const flag = RESET_FLAGS.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    if (flag !== undefined) return flag;
    const near = suggest(name, RESET_FLAGS);
    throw new EngineError(`there is no reset flag "${name}"`, {
      category: 'configuration',
      code: 'unknown-reset-flag',
      remedy: near === undefined ? `flags: ${RESET_FLAGS.join(', ')}` : `did you mean ${near}?`,
    });
  });
}

/** A job that exists and was never tried (cycle.md 1g, first row). */
export function createdJob({ jobId, name }: Pick<JobRecord, 'jobId' | 'name'>): JobRecord {
  return { jobId, name, status: 'NotConfigured', scheduleState: 'Disabled', successiveFailures: 0 };
}

/** What people are told of a job: one without a record was never tried. */
export function statusOf(job: JobRecord | undefined): Pick<JobRecord, 'status' | 'scheduleState'> {
  return job ?? { status: 'NotConfigured', scheduleState: 'Disabled' };
}

/** Whether nobody has started the job yet; the schedule of the configuration then stands for the first start. */
export function neverStarted(job: JobRecord): boolean {
  return job.scheduleState === 'Disabled' && (job.status === 'NotConfigured' || job.status === 'NotRun');
}

/** Test Connection was answered well (cycle.md 1g, second row); anything but a new job stays as it is. */
export function credentialsValidated(job: JobRecord, now: Instant): readonly StateChange[] {
  if (job.status !== 'NotConfigured') return [];
  return [
    { kind: 'job', job: { ...job, status: 'NotRun' } },
    audit(job, 'Update provisioning setting or credentials', 'credentials validated by Test Connection', now),
  ];
}

/**
 * The job as its cycle begins: the first cycle of a job that nobody started starts it.
 * @param targetAddress where links of this cycle will lead, unless there are some already
 */
export function beginCycle(job: JobRecord, targetAddress: string): JobRecord {
  const begun: JobRecord = { targetAddress, ...job };
  return neverStarted(job) ? { ...begun, status: 'NotRun', scheduleState: 'Active' } : begun;
}

/** Continues from where the job stands; lifts a quarantine (cycle.md 1.12). */
export function startJob(job: JobRecord, now: Instant): readonly StateChange[] {
  return [
    { kind: 'job', job: started(withoutQuarantine(job), now) },
    audit(job, 'Enable/start provisioning configuration', 'started from where it stood', now),
  ];
}

/** Suppresses future cycles; a `running` one is allowed to finish, and only then the job is paused (cycle.md 1.10, 1g). */
export function pauseJob(job: JobRecord, now: Instant, running = false): readonly StateChange[] {
  return [
    { kind: 'job', job: { ...job, scheduleState: 'Paused', status: running ? job.status : 'Paused' } },
    audit(job, 'Disable/pause provisioning configuration', 'no further cycles; links and position are kept', now),
  ];
}

/**
 * Forgets what `flags` name and runs again; data in the target is never touched (cycle.md 1.14, 1.15).
 * @param linked how many objects are linked: whose link is forgotten while out of scope is never deprovisioned (D-23)
 */
export function restartJob(
  job: JobRecord,
  flags: readonly ResetFlag[],
  now: Instant,
  linked = 0,
): readonly StateChange[] {
  const wanted = new Set(flags.length === 0 ? PORTAL_RESTART : flags);
  if (wanted.has('Full')) for (const flag of FULL) wanted.add(flag);
  const { watermark, ...unmarked } = job;
  // Without links every object is matched again, those that do not change as well (cycle.md 1b).
  const fromTheStart = wanted.has('Watermark') || wanted.has('ConnectorDataStore');
  let next: JobRecord = fromTheStart || watermark === undefined ? unmarked : job;
  const held = job.quarantine?.reason === 'TooManyDeletes' && wanted.has('ForceDeletes');
  if (wanted.has('QuarantineState') || wanted.has('None') || held) next = withoutQuarantine(next);
  if (wanted.has('ForceDeletes')) next = { ...next, forceDeletes: true };
  if (wanted.has('ConnectorDataStore')) next = withoutTargetAddress(next);
  const forget: StateChange[] = [];
  if (wanted.has('ConnectorDataStore'))
    forget.push({ kind: 'forget', what: 'links' }, { kind: 'forget', what: 'references' });
  if (wanted.has('Escrows')) forget.push({ kind: 'forget', what: 'escrows' });
  // Everything is evaluated again, so what was held is staged anew if it still leaves (cycle.md 7.12). Without links
  // nobody knows any more whose account was to go.
  const anew = wanted.has('Watermark') && !wanted.has('ForceDeletes');
  if (anew || wanted.has('ConnectorDataStore')) forget.push({ kind: 'forget', what: 'staged' });
  const orphans =
    wanted.has('ConnectorDataStore') && linked > 0
      ? `; ${linked} links forgotten: accounts of people out of scope are orphaned by the link reset, nobody will disable them`
      : '';
  return [
    ...forget,
    { kind: 'job', job: started(next, now) },
    audit(job, 'Enable/restart provisioning configuration', `reset ${[...wanted].join(', ')}${orphans}`, now),
  ];
}

function started(job: JobRecord, now: Instant): JobRecord {
  const status = job.quarantine !== undefined ? 'Quarantine' : job.lastCycle === undefined ? 'NotRun' : 'Active';
  return { ...job, scheduleState: 'Active', status, requestedAt: now };
}

function withoutQuarantine(job: JobRecord): JobRecord {
  const { quarantine: _lifted, successiveOutages: _over, ...rest } = job;
  return { ...rest, successiveFailures: 0 };
}

function withoutTargetAddress(job: JobRecord): JobRecord {
  const { targetAddress: _forgotten, ...rest } = job;
  return rest;
}

/** An audit record of `job` as a change to commit. */
export function audit(
  job: Pick<JobRecord, 'jobId'>,
  activity: AuditActivity,
  detail: string,
  at: Instant,
): StateChange {
  return { kind: 'audit', record: { at, jobId: job.jobId, activity, detail } };
}
