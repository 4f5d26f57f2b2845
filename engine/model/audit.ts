/** What an administrator, or the service on its own, did to a job (cycle.md 1e). Names are Entra's audit activities. */
import type { Instant } from './instant.ts';

export type AuditActivity =
  | 'Add provisioning configuration'
  | 'Delete provisioning configuration'
  | 'Enable/start provisioning configuration'
  | 'Disable/pause provisioning configuration'
  | 'Enable/restart provisioning configuration'
  | 'Update attribute mappings or scope'
  | 'Update provisioning setting or credentials'
  | 'Quarantine';

export type AuditRecord = {
  readonly at: Instant;
  readonly jobId: string;
  readonly activity: AuditActivity;
  /** One sentence: flags, reason, what changed. Never a secret. */
  readonly detail: string;
};
