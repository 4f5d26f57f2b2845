/** When people are told: on entry to quarantine, and again only when its reason changes (cycle.md 6.13, D-34). */
import type { Instant } from '../model/instant.ts';
import type { JobRecord, QuarantineReason } from '../model/job-state.ts';

export type NotifySettings = {
  readonly email?: string;
  readonly webhook?: string;
  /** The check box of the portal; without it nobody is told. */
  readonly onFailure: boolean;
};

export type News = {
  readonly job: string;
  readonly jobId: string;
  readonly at: Instant;
  readonly reason: QuarantineReason;
  readonly message: string;
  readonly nextAttempt: Instant;
  readonly email?: string;
  readonly webhook?: string;
};

/** The news of what a cycle did to the job; undefined when there is none, or nobody to tell. */
export function decideNotification(
  before: JobRecord | undefined,
  after: JobRecord,
  settings: NotifySettings,
  now: Instant,
): News | undefined {
  const { quarantine } = after;
  if (quarantine === undefined || quarantine.reason === before?.quarantine?.reason) return undefined;
  const { email, webhook, onFailure } = settings;
  if (!onFailure || (email === undefined && webhook === undefined)) return undefined;
  return {
    job: after.name,
    jobId: after.jobId,
    at: now,
    reason: quarantine.reason,
    message: quarantine.error.message,
    nextAttempt: quarantine.nextAttempt,
    ...(email === undefined ? {} : { email }),
    ...(webhook === undefined ? {} : { webhook }),
  };
}
