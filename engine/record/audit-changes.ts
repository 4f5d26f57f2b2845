/** Audit records that a cycle itself brings about (cycle.md 1e). */
import type { Instant } from '../model/instant.ts';
import type { JobRecord } from '../model/job-state.ts';
import { audit, neverStarted } from './job-lifecycle.ts';
import type { StateChange } from './state-change.ts';

type Hashes = { readonly rulesHash: string; readonly settingsHash: string };

/** What an administrator changed since the last cycle. */
export function settingsAudits(before: JobRecord, present: Hashes, now: Instant): readonly StateChange[] {
  const rules = before.rulesHash !== undefined && before.rulesHash !== present.rulesHash;
  const settings = before.settingsHash !== undefined && before.settingsHash !== present.settingsHash;
  const first = neverStarted(before);
  return [
    ...(first ? [audit(before, 'Enable/start provisioning configuration', 'started by its first cycle', now)] : []),
    ...(rules ? [audit(before, 'Update attribute mappings or scope', 'this cycle is an initial one', now)] : []),
    ...(settings
      ? [audit(before, 'Update provisioning setting or credentials', 'effective from this cycle on', now)]
      : []),
  ];
}

/** That the job went into quarantine, came out of it, or is in it for another reason. */
export function quarantineAudits(before: JobRecord, after: JobRecord, now: Instant): readonly StateChange[] {
  const was = before.quarantine?.reason;
  const is = after.quarantine?.reason;
  if (was === is) return [];
  return [audit(after, 'Quarantine', is === undefined ? `lifted (it was ${was})` : `imposed: ${is}`, now)];
}
