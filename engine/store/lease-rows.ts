/** Leases: who may run a job. Tokens only ever rise, so that a replaced holder can be told by its number. */
import type { Kysely } from 'kysely';
import { EngineError } from '../model/engine-error.ts';
import { addMilliseconds } from '../model/instant.ts';
import type { Lease } from '../model/lease.ts';
import type { LeaseRequest } from '../ports.ts';
import type { Database, Statement } from './database.ts';
import type { LeaseTable, Tables } from './schema.ts';

const NEVER = '0001-01-01T00:00:00.000Z';

/** The lease, or who has it. */
export async function acquireLease(
  db: Kysely<Tables>,
  database: Database,
  request: LeaseRequest,
): Promise<Lease | { readonly heldBy: string }> {
  const { jobId, holder, now, ttlMs } = request;
  for (;;) {
    const row = await db.selectFrom('leases').selectAll().where('job_id', '=', jobId).executeTakeFirst();
    const taken = row !== undefined && row.holder !== holder && row.expires_at > now;
    if (taken && !request.isGone(row.holder)) return { heldBy: row.holder };
    const lease = { jobId, holder, token: (row?.token ?? 0) + 1, expiresAt: addMilliseconds(now, ttlMs) };
    const { token, expiresAt } = lease;
    const acquired = db.replaceInto('leases').values({ job_id: jobId, holder, token, expires_at: expiresAt });
    // Somebody else may have been faster; then there is another row to look at.
    if (await database.transaction([stillSo(jobId, row), acquired.compile()])) return lease;
  }
}

/** Guards a transaction: the lease is as it was read. */
function stillSo(jobId: string, row: LeaseTable | undefined): Statement {
  if (row === undefined) {
    const sql = 'select 1 where not exists (select 1 from leases where job_id = ?)';
    return { sql, parameters: [jobId], guards: true };
  }
  const sql = 'select 1 from leases where job_id = ? and token = ? and expires_at = ?';
  return { sql, parameters: [jobId, row.token, row.expires_at], guards: true };
}

/** True when the lease was still ours and lasts until `expiresAt` now. */
export async function extendLease(db: Kysely<Tables>, lease: Lease, expiresAt: string): Promise<boolean> {
  const result = await db
    .updateTable('leases')
    .set({ expires_at: expiresAt })
    .where('job_id', '=', lease.jobId)
    .where('token', '=', lease.token)
    .executeTakeFirst();
  return Number(result.numUpdatedRows) === 1;
}

/** Takes the lease from whoever has it: its next commit is refused. */
export function brokenLease(db: Kysely<Tables>, jobId: string) {
  return db
    .updateTable('leases')
    .set((expression) => ({ token: expression('token', '+', 1), expires_at: NEVER }))
    .where('job_id', '=', jobId);
}

/** Guards a transaction: the lease with `token` is the job's. */
export function leaseHeld(jobId: string, token: number): Statement {
  return { sql: 'select 1 from leases where job_id = ? and token = ?', parameters: [jobId, token], guards: true };
}

/** The holder of a lease was replaced, by another process or by a restart. */
export function leaseLost(): EngineError {
  return new EngineError('the job was restarted, or taken over by another process, while this cycle ran', {
    category: 'job',
    code: 'LeaseLost',
    remedy: 'nothing is lost: the next cycle finds what this one did and goes on from there',
  });
}
