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

/** Continues from where the job stands; lifts a quarantine (cycle.md 1.12). */
export function startJob(job: JobRecord, now: Instant): readonly StateChange[] {
  return [
    { kind: 'job', job: started(withoutQuarantine(job), now) },
    audit(job, 'Enable/start provisioning configuration', 'started from where it stood', now),
  ];
}

/** Suppresses future cycles; a running one is allowed to finish (cycle.md 1.10). */
export function pauseJob(job: JobRecord, now: Instant): readonly StateChange[] {
  return [
    { kind: 'job', job: { ...job, scheduleState: 'Paused', status: 'Paused' } },
    audit(job, 'Disable/pause provisioning configuration', 'no further cycles; links and position are kept', now),
  ];
}

/** Forgets what `flags` name and runs again; data in the target is never touched (cycle.md 1.14, 1.15). */
export function restartJob(job: JobRecord, flags: readonly ResetFlag[], now: Instant): readonly StateChange[] {
  const wanted = new Set(flags.length === 0 ? PORTAL_RESTART : flags);
  if (wanted.has('Full')) for (const flag of FULL) wanted.add(flag);
  const { watermark, ...unmarked } = job;
  let next: JobRecord = wanted.has('Watermark') || watermark === undefined ? unmarked : job;
  const held = job.quarantine?.reason === 'TooManyDeletes' && wanted.has('ForceDeletes');
  if (wanted.has('QuarantineState') || wanted.has('None') || held) next = withoutQuarantine(next);
  if (wanted.has('ForceDeletes')) next = { ...next, forceDeletes: true };
  const forget: StateChange[] = [];
  if (wanted.has('ConnectorDataStore'))
    forget.push({ kind: 'forget', what: 'links' }, { kind: 'forget', what: 'references' });
  if (wanted.has('Escrows')) forget.push({ kind: 'forget', what: 'escrows' });
  // Everything is evaluated again, so what was held is staged anew if it still leaves (cycle.md 7.12).
  if (wanted.has('Watermark') && !wanted.has('ForceDeletes')) forget.push({ kind: 'forget', what: 'staged' });
  return [
    ...forget,
    { kind: 'job', job: started(next, now) },
    audit(job, 'Enable/restart provisioning configuration', `reset ${[...wanted].join(', ')}`, now),
  ];
}

function started(job: JobRecord, now: Instant): JobRecord {
  const status = job.quarantine !== undefined ? 'Quarantine' : job.lastCycle === undefined ? 'NotRun' : 'Active';
  return { ...job, scheduleState: 'Active', status, requestedAt: now };
}

function withoutQuarantine(job: JobRecord): JobRecord {
  const { quarantine: _lifted, ...rest } = job;
  return { ...rest, successiveFailures: 0 };
}

/** An audit record of `job` as a change to commit. */
export function audit(job: JobRecord, activity: AuditActivity, detail: string, at: Instant): StateChange {
  return { kind: 'audit', record: { at, jobId: job.jobId, activity, detail } };
}
