/** Provisioning log records: compact, with what queries ask for as columns. */
import type { Kysely } from 'kysely';
import type { AuditRecord } from '../model/audit.ts';
import type { Instant } from '../model/instant.ts';
import type { ProvisioningLogRecord } from '../model/provisioning-log.ts';
import type { LogQuery, StoredLogRecord } from '../ports.ts';
import { compactRecord, expandRecord, frameOf, type LogFrame, shareFrame } from './compact-log.ts';
import { compiledOnce } from './compiled-once.ts';
import { insertRows } from './insert-rows.ts';
import type { LogTable, Tables } from './schema.ts';

/** Adds `records`, in order. */
export async function insertLog(db: Kysely<Tables>, records: readonly ProvisioningLogRecord[]): Promise<void> {
  const rows: Omit<LogTable, 'position'>[] = [];
  let last: { readonly record: ProvisioningLogRecord; readonly frame: number } | undefined;
  for (const record of records) {
    const frame = last !== undefined && shareFrame(last.record, record) ? last.frame : await frameRow(db, record);
    last = { record, frame };
    rows.push(toLogRow(record, frame));
  }
  await insertRows(db, 'insert', 'log_records', rows);
}

const framesLike = compiledOnce<{ readonly frame: number }, [jobId: string, cycleId: string, shared: string]>((db) =>
  db
    .selectFrom('log_frames')
    .select('frame')
    .where('job_id', '=', '')
    .where('cycle_id', '=', '')
    .where('shared', '=', ''),
);

/** The number of the record's frame, which is made when it is the first of its cycle. */
async function frameRow(db: Kysely<Tables>, record: ProvisioningLogRecord): Promise<number> {
  const row = { job_id: record.jobId, cycle_id: record.cycleId, shared: JSON.stringify(frameOf(record)) };
  const [known] = await framesLike(db, row.job_id, row.cycle_id, row.shared);
  if (known !== undefined) return known.frame;
  return (await db.insertInto('log_frames').values(row).returning('frame').executeTakeFirstOrThrow()).frame;
}

function toLogRow(record: ProvisioningLogRecord, frame: number): Omit<LogTable, 'position'> {
  return {
    frame,
    activity: record.activityDateTime,
    source_id: record.sourceIdentity.id,
    target_id: record.targetIdentity.id,
    display_name: record.sourceIdentity.displayName.toLowerCase(),
    principal_name: (record.sourceIdentity.details.UserPrincipalName ?? '').toLowerCase(),
    status: record.provisioningStatusInfo.status,
    action: record.provisioningAction,
    record: compactRecord(record),
  };
}

/** The newest (or oldest) `limit` records that fit, oldest first. */
export async function logRecords(db: Kysely<Tables>, query: LogQuery): Promise<readonly StoredLogRecord[]> {
  const columns = ['position', 'frame', 'activity', 'source_id', 'target_id', 'status', 'action', 'record'] as const;
  let select = db.selectFrom('log_records').select(columns);
  if (query.jobId !== undefined || query.cycleId !== undefined)
    select = select.where('frame', 'in', framesFor(db, query).select('frame'));
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
  const frames = await framesBy(db, new Set(rows.map(({ frame }) => frame)));
  return (fromOldest ? rows : rows.reverse()).flatMap((row) => {
    const frame = frames.get(row.frame);
    return frame === undefined ? [] : { position: Number(row.position), record: expandRecord(row.record, row, frame) };
  });
}

function framesFor(db: Kysely<Tables>, { jobId, cycleId }: LogQuery) {
  let frames = db.selectFrom('log_frames');
  if (jobId !== undefined) frames = frames.where('job_id', '=', jobId);
  if (cycleId !== undefined) frames = frames.where('cycle_id', '=', cycleId);
  return frames;
}

async function framesBy(db: Kysely<Tables>, numbers: ReadonlySet<number>): Promise<ReadonlyMap<number, LogFrame>> {
  const frames = new Map<number, LogFrame>();
  for (const number of numbers) {
    const row = await db.selectFrom('log_frames').select('shared').where('frame', '=', number).executeTakeFirst();
    if (row !== undefined) frames.set(number, JSON.parse(row.shared) as LogFrame);
  }
  return frames;
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
  const used = db.selectFrom('log_records').select('frame');
  await db.deleteFrom('log_frames').where('frame', 'not in', used).execute();
  await db.deleteFrom('cycles').where('started_at', '<', before).execute();
  return Number(result.numDeletedRows);
}
