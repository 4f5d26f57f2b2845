/** The store on SQLite: rows, one transaction per commit. */
import { Kysely } from 'kysely';
import { EngineError } from '../model/engine-error.ts';
import type { CycleRecord, JobRecord } from '../model/job-state.ts';
import type { Store } from '../ports.ts';
import { statementsOf } from './change-statements.ts';
import { type Database, openDatabase, type Statement } from './database.ts';
import {
  countFeedChanges,
  countFeedPresent,
  feedChanges,
  feedEntries,
  feedPresent,
  feedState,
  feedStatements,
  latestFeedSequence,
} from './feed-rows.ts';
import { insertRows } from './insert-rows.ts';
import { acquireLease, extendLease, leaseHeld, leaseLost } from './lease-rows.ts';
import {
  countHealthyLinks,
  countLinks,
  groupsHolding,
  linkEndsOf,
  linkPage,
  linksOf,
  linksTo,
  membersOf,
} from './link-rows.ts';
import { auditRecords, logRecords, prune } from './log-rows.ts';
import { managedJobs } from './managed-rows.ts';
import { migrate } from './migrations.ts';
import { STATE_TABLES, type Tables } from './schema.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import {
  countEscrows,
  countStaged,
  dueEscrows,
  escrowsOf,
  pendingReference,
  pendingReferences,
  stagedDeprovisions,
} from './work-rows.ts';

/**
 * Opens the state at `location`: a file path (made when missing), or `memory`.
 * @throws EngineError `configuration` when the file is not a state file, damaged, read-only or from a newer version
 */
export async function openStore(location: string): Promise<Store> {
  const database = openDatabase(location);
  const db = new Kysely<Tables>({ dialect: sqliteDialect(database) });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error instanceof EngineError ? error : unusable(location, error);
  }
  return storeOn(database, db);
}

function storeOn(database: Database, db: Kysely<Tables>): Store {
  return {
    commit: async (jobId, changes, fence) => {
      if (changes.length === 0) return;
      const statements = statementsOf(db, jobId, changes);
      const guard = fence === undefined ? [] : [leaseHeld(jobId, fence)];
      if (!(await database.transaction([...guard, ...statements]))) throw leaseLost();
    },
    changeJob: async (jobId, decide, fence) => {
      const guard = fence === undefined ? [] : [leaseHeld(jobId, fence)];
      for (;;) {
        const record = await recordOf(db, jobId);
        const { changes, result } = decide(record === undefined ? undefined : (JSON.parse(record) as JobRecord));
        if (changes.length === 0) return result;
        const statements = [...guard, recordIs(jobId, record), ...statementsOf(db, jobId, changes)];
        if (await database.transaction(statements)) return result;
        if (guard.length > 0 && !(await database.transaction(guard))) throw leaseLost();
      }
    },
    job: async (jobId) => {
      const record = await recordOf(db, jobId);
      return record === undefined ? undefined : (JSON.parse(record) as JobRecord);
    },
    jobs: async () => {
      const rows = await db.selectFrom('jobs').select('record').orderBy('name').execute();
      return rows.map((row) => JSON.parse(row.record) as JobRecord);
    },
    cycles: async (jobId, limit) => {
      const query = db.selectFrom('cycles').select('record').where('job_id', '=', jobId);
      const rows = await query.orderBy('started_at', 'desc').limit(limit).execute();
      return rows.map((row) => JSON.parse(row.record) as CycleRecord);
    },
    linksOf: (jobId, ids) => linksOf(db, jobId, ids),
    linkEndsOf: (jobId, ids) => linkEndsOf(db, jobId, ids),
    linksTo: (jobId, ids) => linksTo(db, jobId, ids),
    links: (jobId, after, limit) => linkPage(db, jobId, after, limit),
    countLinks: (jobId) => countLinks(db, jobId),
    countHealthyLinks: (jobId) => countHealthyLinks(db, jobId),
    membersOf: (jobId, groupId) => membersOf(db, jobId, groupId),
    dueEscrows: (jobId, now, after, limit) => dueEscrows(db, jobId, now, after, limit),
    escrowsOf: (jobId, ids) => escrowsOf(db, jobId, ids),
    countEscrows: (jobId) => countEscrows(db, jobId),
    pendingReferences: (jobId, kind, after, limit) => pendingReferences(db, jobId, kind, after, limit),
    pendingReference: (jobId, kind, id) => pendingReference(db, jobId, kind, id),
    groupsHolding: (jobId, member) => groupsHolding(db, jobId, member),
    stagedDeprovisions: (jobId, after, limit) => stagedDeprovisions(db, jobId, after, limit),
    countStagedDeprovisions: (jobId) => countStaged(db, jobId),
    acquireLease: (request) => acquireLease(db, database, request),
    extendLease: (lease, expiresAt) => extendLease(db, lease, expiresAt),
    logs: (query) => logRecords(db, query),
    audits: (jobId, limit) => auditRecords(db, jobId, limit),
    prune: (before) => prune(db, before),
    managedJobs: () => managedJobs(db),
    feedState: (feed) => feedState(db, feed),
    latestFeedSequence: () => latestFeedSequence(db),
    feedEntries: (feed, ids) => feedEntries(db, feed, ids),
    countFeedPresent: (feed, type) => countFeedPresent(db, feed, type),
    feedPresent: (feed, after, limit) => feedPresent(db, feed, after, limit),
    feedChanges: (feed, range, after, limit) => feedChanges(db, feed, range, after, limit),
    countFeedChanges: (feed, range) => countFeedChanges(db, feed, range),
    commitFeed: async (feed, state, entries) => {
      const done = await database.transaction(feedStatements(db, feed, state, entries));
      return done ? state.revision + 1 : undefined;
    },
    copy: () => copyOf(db),
    close: () => db.destroy(),
  };
}

/** The job's record as it is written. */
async function recordOf(db: Kysely<Tables>, jobId: string): Promise<string | undefined> {
  const row = await db.selectFrom('jobs').select('record').where('job_id', '=', jobId).executeTakeFirst();
  return row?.record;
}

/** Guards a transaction: the job's record is as it was read. */
function recordIs(jobId: string, record: string | undefined): Statement {
  const sql = 'select 1 where (select record from jobs where job_id = ?) is ?';
  return { sql, parameters: [jobId, record ?? null], guards: true };
}

/** The state without its log, in memory. */
async function copyOf(db: Kysely<Tables>): Promise<Store> {
  const database = openDatabase('memory');
  const copy = new Kysely<Tables>({ dialect: sqliteDialect(database) });
  await migrate(copy);
  for (const table of STATE_TABLES) {
    const rows = await db.selectFrom(table).selectAll().execute();
    await database.transaction(insertRows('insert', table, rows));
  }
  return storeOn(database, copy);
}

function unusable(location: string, error: unknown): EngineError {
  return new EngineError(
    `the state file ${location} cannot be used: ${error instanceof Error ? error.message : error}`,
    {
      category: 'configuration',
      code: 'state-unusable',
      remedy: 'restore a backup of it, or name another file under "store"; Scimulate never starts over by itself',
      cause: error,
    },
  );
}
