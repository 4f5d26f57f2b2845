/** Provisioning log records: compact, with what queries ask for as columns. */
import type { Kysely } from 'kysely';
import type { AuditRecord } from '../model/audit.ts';
import type { Instant } from '../model/instant.ts';
import type { ProvisioningLogRecord } from '../model/provisioning-log.ts';
import type { LogQuery, StoredLogRecord } from '../ports.ts';
import { compactRecord, expandRecord, frameOf, type LogFrame, shareFrame } from './compact-log.ts';
import type { Statement } from './database.ts';
import { insertInto } from './insert-rows.ts';
import type { LogTable, Tables } from './schema.ts';

type LogRow = Omit<LogTable, 'position' | 'frame'>;

/** The number of a frame that is there. */
const FRAME = 'select frame from log_frames where job_id = ? and cycle_id = ? and shared = ?';

/** Statements that add `records`, in order, and their frames where they are the first of their cycle. */
export function insertLog(records: readonly ProvisioningLogRecord[]): readonly Statement[] {
  return runs(records).flatMap(([first, ...others]) => {
    const frame = [first.jobId, first.cycleId, JSON.stringify(frameOf(first))];
    const frameRow: Statement = {
      sql: `insert into log_frames (job_id, cycle_id, shared) select ?, ?, ? where not exists (${FRAME})`,
      parameters: [...frame, ...frame],
    };
    const lookedUp = { column: 'frame', query: FRAME, parameters: frame };
    return [frameRow, ...insertInto('insert into log_records', [first, ...others].map(toLogRow), lookedUp)];
  });
}

/** `records` in parts that share a frame. */
function runs(records: readonly ProvisioningLogRecord[]): readonly Run[] {
  const parts: Run[] = [];
  for (const record of records) {
    const part = parts.at(-1);
    if (part !== undefined && shareFrame(part[0], record)) part.push(record);
    else parts.push([record]);
  }
  return parts;
}

type Run = [ProvisioningLogRecord, ...ProvisioningLogRecord[]];

function toLogRow(record: ProvisioningLogRecord): LogRow {
  return {
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
