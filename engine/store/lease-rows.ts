/** Leases: who may run a job. Tokens only ever rise, so that a replaced holder can be told by its number. */
import type { Kysely } from 'kysely';
import { EngineError } from '../model/engine-error.ts';
import { addMilliseconds } from '../model/instant.ts';
import type { Lease } from '../model/lease.ts';
import type { LeaseRequest } from '../ports.ts';
import { compiledOnce } from './compiled-once.ts';
import type { Tables } from './schema.ts';

const NEVER = '0001-01-01T00:00:00.000Z';

/** The lease, or who has it. Runs in a transaction of its caller. */
export async function acquireLease(
  db: Kysely<Tables>,
  request: LeaseRequest,
): Promise<Lease | { readonly heldBy: string }> {
  const { jobId, holder, now, ttlMs } = request;
  const row = await db.selectFrom('leases').selectAll().where('job_id', '=', jobId).executeTakeFirst();
  const taken = row !== undefined && row.holder !== holder && row.expires_at > now;
  if (taken && !request.isGone(row.holder)) return { heldBy: row.holder };
  const lease = { jobId, holder, token: (row?.token ?? 0) + 1, expiresAt: addMilliseconds(now, ttlMs) };
  const { token, expiresAt } = lease;
  await db.replaceInto('leases').values({ job_id: jobId, holder, token, expires_at: expiresAt }).execute();
  return lease;
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
export async function breakLease(db: Kysely<Tables>, jobId: string): Promise<void> {
  await db
    .updateTable('leases')
    .set((expression) => ({ token: expression('token', '+', 1), expires_at: NEVER }))
    .where('job_id', '=', jobId)
    .execute();
}

const tokenOf = compiledOnce<{ readonly token: number }, [jobId: string]>((db) =>
  db.selectFrom('leases').select('token').where('job_id', '=', ''),
);

/** @throws EngineError `job`, `LeaseLost`, when another holder, or a restart, has replaced the one with `token` */
export async function assertLease(db: Kysely<Tables>, jobId: string, token: number): Promise<void> {
  const [row] = await tokenOf(db, jobId);
  if (row?.token === token) return;
  throw new EngineError('the job was restarted, or taken over by another process, while this cycle ran', {
    category: 'job',
    code: 'LeaseLost',
    remedy: 'nothing is lost: the next cycle finds what this one did and goes on from there',
  });
}
