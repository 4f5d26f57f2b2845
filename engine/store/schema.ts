/** The tables, as Kysely sees them. JSON columns hold text; booleans are 0 and 1, so that the same rows fit PostgreSQL. */
import type { Generated } from 'kysely';

type JobTable = { job_id: string; name: string; record: string };
type CycleTable = { job_id: string; cycle_id: string; started_at: string; record: string };
export type LinkTable = {
  job_id: string;
  source_id: string;
  type: string;
  target_id: string;
  display_name: string;
  managed: number;
  disabled: number;
  manager: string | null;
  held: string | null;
  linked_at: string;
};
type MembershipTable = { job_id: string; group_id: string; target_id: string; uncertain: number };
export type EscrowTable = {
  job_id: string;
  source_id: string;
  next_attempt: string;
  is_reference: number;
  record: string;
};
export type ReferenceTable = { job_id: string; kind: string; source_id: string; record: string };
export type StagedTable = { job_id: string; source_id: string; type: string; operation: string };
type LogFrameTable = { frame: Generated<number>; job_id: string; cycle_id: string; shared: string };
export type LogTable = {
  position: Generated<number>;
  frame: number;
  activity: string;
  source_id: string;
  target_id: string;
  display_name: string;
  principal_name: string;
  status: string;
  action: string;
  record: string;
};
type FeedTable = {
  feed: string;
  sequence: number;
  fingerprint: string;
  objects: number;
  problems: string;
  revision: number;
};
export type FeedEntryTable = {
  feed: string;
  id: string;
  type: string;
  display_name: string;
  hash: string;
  sequence: number;
  first_sequence: number;
  purged: number;
};
export type LeaseTable = { job_id: string; holder: string; token: number; expires_at: string };
type AuditTable = { position: Generated<number>; job_id: string; at: string; record: string };
type ManagedJobTable = { job_id: string; position: number; record: string };
type MetaTable = { key: string; value: string };

export type Tables = {
  jobs: JobTable;
  cycles: CycleTable;
  links: LinkTable;
  memberships: MembershipTable;
  escrows: EscrowTable;
  pending_references: ReferenceTable;
  staged_deprovisions: StagedTable;
  log_frames: LogFrameTable;
  log_records: LogTable;
  feeds: FeedTable;
  feed_entries: FeedEntryTable;
  leases: LeaseTable;
  audits: AuditTable;
  managed_jobs: ManagedJobTable;
  meta: MetaTable;
};

/** Tables a copy of the state takes along: everything but the log. */
export const STATE_TABLES = [
  'jobs',
  'cycles',
  'links',
  'memberships',
  'escrows',
  'pending_references',
  'staged_deprovisions',
  'feeds',
  'feed_entries',
  'managed_jobs',
] as const satisfies readonly (keyof Tables)[];
