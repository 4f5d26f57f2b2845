/** One state change → the statement that makes it. */
import type { Kysely } from 'kysely';
import type { StateChange } from '../record/state-change.ts';
import { parts, toLinkRow } from './link-rows.ts';
import { toLogRow } from './log-rows.ts';
import type { STATE_TABLES, Tables } from './schema.ts';

const FORGOTTEN: Readonly<
  Record<Extract<StateChange, { kind: 'forget' }>['what'], readonly (typeof STATE_TABLES)[number][]>
> = {
  links: ['links', 'memberships'],
  escrows: ['escrows'],
  references: ['pending_references'],
  staged: ['staged_deprovisions'],
};

/** Makes `change` in the job's rows. */
export async function applyChange(db: Kysely<Tables>, jobId: string, change: StateChange): Promise<void> {
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
    case 'link':
      await db.replaceInto('links').values(toLinkRow(jobId, change.link)).execute();
      return;
    case 'unlink':
      await db.deleteFrom('links').where('job_id', '=', jobId).where('source_id', '=', change.sourceId).execute();
      await db.deleteFrom('memberships').where('job_id', '=', jobId).where('group_id', '=', change.sourceId).execute();
      return;
    case 'members':
      await applyMembers(db, jobId, change);
      return;
    case 'log':
      await db
        .insertInto('log_records')
        .values(toLogRow(change.record) as never)
        .execute();
      return;
    case 'audit': {
      const row = { job_id: jobId, at: change.record.at, record: JSON.stringify(change.record) };
      await db
        .insertInto('audits')
        .values(row as never)
        .execute();
      return;
    }
    case 'forget':
      for (const table of FORGOTTEN[change.what]) await db.deleteFrom(table).where('job_id', '=', jobId).execute();
      return;
    default:
      await applyWork(db, jobId, change);
  }
}

type WorkChange = Extract<
  StateChange,
  { kind: 'escrow' | 'escrow-cleared' | 'reference' | 'reference-settled' | 'stage' | 'unstage' }
>;

async function applyWork(db: Kysely<Tables>, jobId: string, change: WorkChange): Promise<void> {
  switch (change.kind) {
    case 'escrow': {
      const { escrow } = change;
      const row = {
        job_id: jobId,
        source_id: escrow.sourceId,
        next_attempt: escrow.nextAttempt,
        is_reference: escrow.isReference ? 1 : 0,
        record: JSON.stringify(escrow),
      };
      await db.replaceInto('escrows').values(row).execute();
      return;
    }
    case 'escrow-cleared':
      await db.deleteFrom('escrows').where('job_id', '=', jobId).where('source_id', '=', change.sourceId).execute();
      return;
    case 'reference': {
      const { kind, source } = change.reference;
      const row = { job_id: jobId, kind, source_id: source.id, record: JSON.stringify(change.reference) };
      await db.replaceInto('pending_references').values(row).execute();
      return;
    }
    case 'reference-settled':
      await db
        .deleteFrom('pending_references')
        .where('job_id', '=', jobId)
        .where('kind', '=', change.referenceKind)
        .where('source_id', '=', change.sourceId)
        .execute();
      return;
    case 'stage': {
      const { operation } = change;
      const row = {
        job_id: jobId,
        source_id: operation.source.id,
        type: operation.source.type,
        operation: JSON.stringify(operation),
      };
      await db.replaceInto('staged_deprovisions').values(row).execute();
      return;
    }
    case 'unstage':
      await db
        .deleteFrom('staged_deprovisions')
        .where('job_id', '=', jobId)
        .where('source_id', '=', change.sourceId)
        .execute();
      return;
  }
}

async function applyMembers(
  db: Kysely<Tables>,
  jobId: string,
  change: Extract<StateChange, { kind: 'members' }>,
): Promise<void> {
  for (const ids of parts(change.removed)) {
    await db
      .deleteFrom('memberships')
      .where('job_id', '=', jobId)
      .where('group_id', '=', change.groupId)
      .where('target_id', 'in', ids)
      .execute();
  }
  const write = async (ids: readonly string[], uncertain: number) => {
    const rows = ids.map((id) => ({ job_id: jobId, group_id: change.groupId, target_id: id, uncertain }));
    await db.replaceInto('memberships').values(rows).execute();
  };
  for (const ids of parts(change.added)) await write(ids, 0);
  for (const ids of parts(change.uncertain ?? [])) await write(ids, 1);
}
