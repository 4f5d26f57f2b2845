/** Provisioning log records: the record as JSON, what queries ask for as columns. */
import type { Kysely } from 'kysely';
import type { AuditRecord } from '../model/audit.ts';
import type { Instant } from '../model/instant.ts';
import type { ProvisioningLogRecord } from '../model/provisioning-log.ts';
import type { LogQuery, StoredLogRecord } from '../ports.ts';
import type { LogTable, Tables } from './schema.ts';

export function toLogRow(record: ProvisioningLogRecord): Omit<LogTable, 'position'> {
  return {
    job_id: record.jobId,
    cycle_id: record.cycleId,
    activity: record.activityDateTime,
    source_id: record.sourceIdentity.id,
    target_id: record.targetIdentity.id,
    display_name: record.sourceIdentity.displayName.toLowerCase(),
    principal_name: (record.sourceIdentity.details.UserPrincipalName ?? '').toLowerCase(),
    status: record.provisioningStatusInfo.status,
    action: record.provisioningAction,
    record: JSON.stringify(record),
  };
}

/** The newest (or oldest) `limit` records that fit, oldest first. */
export async function logRecords(db: Kysely<Tables>, query: LogQuery): Promise<readonly StoredLogRecord[]> {
  let select = db.selectFrom('log_records').select(['position', 'record']);
  if (query.jobId !== undefined) select = select.where('job_id', '=', query.jobId);
  if (query.cycleId !== undefined) select = select.where('cycle_id', '=', query.cycleId);
  if (query.status !== undefined) select = select.where('status', '=', query.status);
  if (query.action !== undefined) select = select.where('action', '=', query.action);
  if (query.after !== undefined) select = select.where('position', '>', query.after);
  if (query.object !== undefined) {
    const { object } = query;
    const lower = object.toLowerCase();
    select = select.where((is) =>
      is.or([
        is('source_id', '=', object),
        is('target_id', '=', object),
        is('display_name', '=', lower),
        is('principal_name', '=', lower),
      ]),
    );
  }
  if (query.before !== undefined) select = select.where('position', '<', query.before);
  if (query.since !== undefined) select = select.where('activity', '>=', query.since);
  if (query.until !== undefined) select = select.where('activity', '<=', query.until);
  const fromOldest = query.from === 'oldest';
  select = select.orderBy('position', fromOldest ? 'asc' : 'desc');
  if (query.limit !== undefined) select = select.limit(query.limit);
  const rows = await select.execute();
  return (fromOldest ? rows : rows.reverse()).map((row) => ({
    position: Number(row.position),
    record: JSON.parse(row.record) as ProvisioningLogRecord,
  }));
}

/** The newest `limit` audit records, oldest first. */
export async function auditRecords(db: Kysely<Tables>, jobId: string, limit: number): Promise<readonly AuditRecord[]> {
  const query = db.selectFrom('audits').select('record').where('job_id', '=', jobId);
  const rows = await query.orderBy('position', 'desc').limit(limit).execute();
  return rows.reverse().map((row) => JSON.parse(row.record) as AuditRecord);
}

/** Forgets log records and cycles older than `before`; audits stay. Returns how many log records. */
export async function prune(db: Kysely<Tables>, before: Instant): Promise<number> {
  const result = await db.deleteFrom('log_records').where('activity', '<', before).executeTakeFirst();
  await db.deleteFrom('cycles').where('started_at', '<', before).execute();
  return Number(result.numDeletedRows);
}
