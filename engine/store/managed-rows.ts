/** Jobs as the management API has them, in the order in which it first had to do with them. */
import { type Kysely, sql } from 'kysely';
import type { ManagedJob } from '../model/managed-job.ts';
import type { Tables } from './schema.ts';

export async function managedJobs(db: Kysely<Tables>): Promise<readonly ManagedJob[]> {
  const rows = await db.selectFrom('managed_jobs').select('record').orderBy('position').execute();
  return rows.map((row) => JSON.parse(row.record) as ManagedJob);
}

/** Inserts or replaces; a row that is replaced keeps its place. */
export function managedJobRow(db: Kysely<Tables>, job: ManagedJob) {
  const record = JSON.stringify(job);
  return db
    .insertInto('managed_jobs')
    .values({
      job_id: job.jobId,
      position: sql<number>`(select coalesce(max(position), 0) + 1 from managed_jobs)`,
      record,
    })
    .onConflict((conflict) => conflict.column('job_id').doUpdateSet({ record }));
}
