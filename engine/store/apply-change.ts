/** One rare state change → the statements that make it; frequent ones go in batches (`apply-changes.ts`). */
import type { Kysely } from 'kysely';
import type { StateChange } from '../record/state-change.ts';
import { insertRows } from './insert-rows.ts';
import { breakLease } from './lease-rows.ts';
import { anyOf } from './link-rows.ts';
import { putManagedJob } from './managed-rows.ts';
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
  { kind: 'job' | 'cycle' | 'unlink' | 'members' | 'audit' | 'forget' | 'managed' | 'unmanaged' }
>;

/** Makes `change` in the job's rows. */
export async function applyChange(db: Kysely<Tables>, jobId: string, change: RareChange): Promise<void> {
  switch (change.kind) {
    case 'job': {
      const row = { job_id: jobId, name: change.job.name, record: JSON.stringify(change.job) };
      await db.replaceInto('jobs').values(row).execute();
      return;
    }
    case 'cycle': {
      const { cycleId, startedAt } = change.cycle;
      const row = { job_id: jobId, cycle_id: cycleId, started_at: startedAt, record: JSON.stringify(change.cycle) };
      await db.replaceInto('cycles').values(row).execute();
      return;
    }
    case 'unlink':
      await db.deleteFrom('links').where('job_id', '=', jobId).where('source_id', '=', change.sourceId).execute();
      await db.deleteFrom('memberships').where('job_id', '=', jobId).where('group_id', '=', change.sourceId).execute();
      return;
    case 'members':
      await applyMembers(db, jobId, change);
      return;
    case 'audit': {
      const row = { job_id: jobId, at: change.record.at, record: JSON.stringify(change.record) };
      await db.insertInto('audits').values(row).execute();
      return;
    }
    case 'managed':
      await putManagedJob(db, change.job);
      return;
    case 'unmanaged':
      await db.deleteFrom('managed_jobs').where('job_id', '=', jobId).execute();
      return;
    case 'forget':
      // In the same transaction: a cycle that runs can commit nothing more.
      if (change.what === 'job') await breakLease(db, jobId);
      for (const table of FORGOTTEN[change.what]) await db.deleteFrom(table).where('job_id', '=', jobId).execute();
      return;
  }
}

async function applyMembers(
  db: Kysely<Tables>,
  jobId: string,
  change: Extract<StateChange, { kind: 'members' }>,
): Promise<void> {
  if (change.removed.length > 0) {
    const held = db.deleteFrom('memberships').where('job_id', '=', jobId).where('group_id', '=', change.groupId);
    await held.where('target_id', 'in', anyOf(change.removed)).execute();
  }
  const write = (ids: readonly string[], uncertain: number) => {
    const rows = ids.map((id) => ({ job_id: jobId, group_id: change.groupId, target_id: id, uncertain }));
    return insertRows(db, 'insert or replace', 'memberships', rows);
  };
  await write(change.added, 0);
  await write(change.uncertain ?? [], 1);
}
