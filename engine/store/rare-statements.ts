/** One rare state change → the statements that make it; frequent ones go in batches (`change-statements.ts`). */
import type { Kysely } from 'kysely';
import type { StateChange } from '../record/state-change.ts';
import type { Statement } from './database.ts';
import { insertRows } from './insert-rows.ts';
import { brokenLease } from './lease-rows.ts';
import { managedJobRow } from './managed-rows.ts';
import { anyOf } from './query-parts.ts';
import type { STATE_TABLES, Tables } from './schema.ts';

const FORGOTTEN: Readonly<
  Record<Extract<StateChange, { kind: 'forget' }>['what'], readonly (typeof STATE_TABLES)[number][]>
> = {
  links: ['links', 'memberships'],
  escrows: ['escrows'],
  references: ['pending_references'],
  staged: ['staged_deprovisions'],
  job: ['jobs', 'cycles'],
};

/** What no object brings along by itself. */
export type RareChange = Extract<
  StateChange,
  { kind: 'job' | 'cycle' | 'unlink' | 'members' | 'audit' | 'forget' | 'lease-broken' | 'managed' | 'unmanaged' }
>;

/** The statements that make `change` in the job's rows, in order. */
export function rareStatements(db: Kysely<Tables>, jobId: string, change: RareChange): readonly Statement[] {
  switch (change.kind) {
    case 'job': {
      const row = { job_id: jobId, name: change.job.name, record: JSON.stringify(change.job) };
      return [db.replaceInto('jobs').values(row).compile()];
    }
    case 'cycle': {
      const { cycleId, startedAt } = change.cycle;
      const row = { job_id: jobId, cycle_id: cycleId, started_at: startedAt, record: JSON.stringify(change.cycle) };
      return [db.replaceInto('cycles').values(row).compile()];
    }
    case 'unlink':
      return [
        db.deleteFrom('links').where('job_id', '=', jobId).where('source_id', '=', change.sourceId).compile(),
        db.deleteFrom('memberships').where('job_id', '=', jobId).where('group_id', '=', change.sourceId).compile(),
      ];
    case 'members':
      return memberStatements(db, jobId, change);
    case 'audit': {
      const row = { job_id: jobId, at: change.record.at, record: JSON.stringify(change.record) };
      return [db.insertInto('audits').values(row).compile()];
    }
    case 'managed':
      return [managedJobRow(db, change.job).compile()];
    case 'unmanaged':
      return [db.deleteFrom('managed_jobs').where('job_id', '=', jobId).compile()];
    case 'lease-broken':
      return [brokenLease(db, jobId).compile()];
    case 'forget':
      return FORGOTTEN[change.what].map((table) => db.deleteFrom(table).where('job_id', '=', jobId).compile());
  }
}

function memberStatements(
  db: Kysely<Tables>,
  jobId: string,
  change: Extract<StateChange, { kind: 'members' }>,
): readonly Statement[] {
  const rows = (ids: readonly string[], uncertain: number) =>
    ids.map((id) => ({ job_id: jobId, group_id: change.groupId, target_id: id, uncertain }));
  const held = db.deleteFrom('memberships').where('job_id', '=', jobId).where('group_id', '=', change.groupId);
  return [
    ...(change.removed.length === 0 ? [] : [held.where('target_id', 'in', anyOf(change.removed)).compile()]),
    ...insertRows('insert or replace', 'memberships', [...rows(change.added, 0), ...rows(change.uncertain ?? [], 1)]),
  ];
}
