/** What waits: escrows, pending references, staged deprovisions. Records are JSON, keys are columns. */
import type { Kysely } from 'kysely';
import type { Instant } from '../model/instant.ts';
import type { Escrow } from '../model/job-state.ts';
import type { Rows } from '../model/rows.ts';
import type { ObjectType, SourceId } from '../model/source-object.ts';
import type { Operation, PendingReference } from '../plan/plan.ts';
import { compiledOnce } from './compiled-once.ts';
import { anyOf, byType, page } from './query-parts.ts';
import type { EscrowTable, ReferenceTable, StagedTable, Tables } from './schema.ts';

export function toEscrowRow(jobId: string, escrow: Escrow): EscrowTable {
  return {
    job_id: jobId,
    source_id: escrow.sourceId,
    next_attempt: escrow.nextAttempt,
    is_reference: escrow.isReference ? 1 : 0,
    record: JSON.stringify(escrow),
  };
}

export function toReferenceRow(jobId: string, reference: PendingReference): ReferenceTable {
  const { kind, source } = reference;
  return { job_id: jobId, kind, source_id: source.id, record: JSON.stringify(reference) };
}

export function toStagedRow(jobId: string, operation: Operation): StagedTable {
  const { id, type } = operation.source;
  return { job_id: jobId, source_id: id, type, operation: JSON.stringify(operation) };
}

export async function dueEscrows(
  db: Kysely<Tables>,
  jobId: string,
  now: Instant,
  after: string | undefined,
  limit: number,
): Promise<Rows<Escrow>> {
  const rows = await db
    .selectFrom('escrows')
    .select('record')
    .where('job_id', '=', jobId)
    .where('next_attempt', '<=', now)
    .where('source_id', '>', after ?? '')
    .orderBy('source_id')
    .limit(limit)
    .execute();
  return page(
    rows.map((row) => JSON.parse(row.record) as Escrow),
    limit,
    (escrow) => escrow.sourceId,
  );
}

const escrowRowsOf = compiledOnce<Pick<EscrowTable, 'source_id' | 'record'>, [jobId: string, ids: string]>((db) =>
  db.selectFrom('escrows').select(['source_id', 'record']).where('job_id', '=', '').where('source_id', 'in', anyOf([])),
);

export async function escrowsOf(
  db: Kysely<Tables>,
  jobId: string,
  ids: readonly SourceId[],
): Promise<ReadonlyMap<SourceId, Escrow>> {
  const escrows = new Map<SourceId, Escrow>();
  if (ids.length === 0) return escrows;
  for (const row of await escrowRowsOf(db, jobId, JSON.stringify(ids)))
    escrows.set(row.source_id, JSON.parse(row.record) as Escrow);
  return escrows;
}

export async function countEscrows(
  db: Kysely<Tables>,
  jobId: string,
): Promise<{ objects: number; references: number }> {
  const rows = await db
    .selectFrom('escrows')
    .select(['is_reference', (expression) => expression.fn.countAll<number>().as('count')])
    .where('job_id', '=', jobId)
    .groupBy('is_reference')
    .execute();
  const count = (flag: number) => Number(rows.find((row) => row.is_reference === flag)?.count ?? 0);
  return { objects: count(0), references: count(1) };
}

export async function pendingReferences(
  db: Kysely<Tables>,
  jobId: string,
  kind: PendingReference['kind'],
  after: string | undefined,
  limit: number,
): Promise<Rows<PendingReference>> {
  const rows = await db
    .selectFrom('pending_references')
    .select('record')
    .where('job_id', '=', jobId)
    .where('kind', '=', kind)
    .where('source_id', '>', after ?? '')
    .orderBy('source_id')
    .limit(limit)
    .execute();
  return page(
    rows.map((row) => JSON.parse(row.record) as PendingReference),
    limit,
    (pending) => pending.source.id,
  );
}

export async function pendingReference(
  db: Kysely<Tables>,
  jobId: string,
  kind: PendingReference['kind'],
  sourceId: SourceId,
): Promise<PendingReference | undefined> {
  const row = await db
    .selectFrom('pending_references')
    .select('record')
    .where('job_id', '=', jobId)
    .where('kind', '=', kind)
    .where('source_id', '=', sourceId)
    .executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.record) as PendingReference);
}

export async function stagedDeprovisions(
  db: Kysely<Tables>,
  jobId: string,
  after: string | undefined,
  limit: number,
): Promise<Rows<Operation>> {
  const rows = await db
    .selectFrom('staged_deprovisions')
    .select('operation')
    .where('job_id', '=', jobId)
    .where('source_id', '>', after ?? '')
    .orderBy('source_id')
    .limit(limit)
    .execute();
  return page(
    rows.map((row) => JSON.parse(row.operation) as Operation),
    limit,
    (operation) => operation.source.id,
  );
}

export async function countStaged(db: Kysely<Tables>, jobId: string): Promise<Readonly<Record<ObjectType, number>>> {
  const rows = await db
    .selectFrom('staged_deprovisions')
    .select(['type', (expression) => expression.fn.countAll<number>().as('count')])
    .where('job_id', '=', jobId)
    .groupBy('type')
    .execute();
  return byType(rows);
}
