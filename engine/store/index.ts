/** The store on SQLite: rows, one transaction per commit. */
import { CompiledQuery, Kysely } from 'kysely';
import { EngineError } from '../model/engine-error.ts';
import type { CycleRecord, JobRecord } from '../model/job-state.ts';
import type { Store } from '../ports.ts';
import { applyChanges } from './apply-changes.ts';
import {
  commitFeed,
  countFeedChanges,
  feedChanges,
  feedEntries,
  feedPresent,
  feedState,
  latestFeedSequence,
} from './feed-rows.ts';
import { acquireLease, assertLease, breakLease, extendLease } from './lease-rows.ts';
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
import { sqliteDialect, stateUnwritable } from './sqlite-dialect.ts';
import {
  countEscrows,
  countStaged,
  dueEscrows,
  escrowsOf,
  pendingReference,
  pendingReferences,
  stagedDeprovisions,
} from './work-rows.ts';

/** Rows copied by one statement. */
const ROWS_PER_COPY = 100;

/**
 * Opens the state at `location`: a file path (made when missing), or `memory`.
 * @throws EngineError `configuration` when the file is not a state file, damaged, read-only or from a newer version
 */
export async function openStore(location: string): Promise<Store> {
  const db = new Kysely<Tables>({ dialect: sqliteDialect(location) });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error instanceof EngineError ? error : unusable(location, error);
  }
  return storeOn(db);
}

function storeOn(db: Kysely<Tables>): Store {
  return {
    commit: async (jobId, changes, fence) => {
      if (changes.length === 0) return;
      await inTransaction(db, async (transaction) => {
        if (fence !== undefined) await assertLease(transaction, jobId, fence);
        await applyChanges(transaction, jobId, changes);
      });
    },
    job: async (jobId) => {
      const row = await db.selectFrom('jobs').select('record').where('job_id', '=', jobId).executeTakeFirst();
      return row === undefined ? undefined : (JSON.parse(row.record) as JobRecord);
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
    acquireLease: async (request) => inTransaction(db, (transaction) => acquireLease(transaction, request)),
    extendLease: (lease, expiresAt) => extendLease(db, lease, expiresAt),
    breakLease: (jobId) => breakLease(db, jobId),
    logs: (query) => logRecords(db, query),
    audits: (jobId, limit) => auditRecords(db, jobId, limit),
    prune: (before) => prune(db, before),
    managedJobs: () => managedJobs(db),
    feedState: (feed) => feedState(db, feed),
    latestFeedSequence: () => latestFeedSequence(db),
    feedEntries: (feed, ids) => feedEntries(db, feed, ids),
    feedPresent: (feed, after, limit) => feedPresent(db, feed, after, limit),
    feedChanges: (feed, range, after, limit) => feedChanges(db, feed, range, after, limit),
    countFeedChanges: (feed, range) => countFeedChanges(db, feed, range),
    commitFeed: (feed, state, entries) => commitFeed(db, feed, state, entries),
    copy: () => copyOf(db),
    close: () => db.destroy(),
  };
}

const BEGIN = CompiledQuery.raw('begin immediate');
const COMMIT = CompiledQuery.raw('commit');
const ROLLBACK = CompiledQuery.raw('rollback');

/**
 * IMMEDIATE: a second process waits at the start instead of failing in the middle.
 * @throws EngineError `job`, `state-unwritable`, when the database refuses: then nothing more may be sent to the target
 */
async function inTransaction<T>(db: Kysely<Tables>, work: (transaction: Kysely<Tables>) => Promise<T>): Promise<T> {
  return db.connection().execute(async (connection) => {
    try {
      await connection.executeQuery(BEGIN);
    } catch (error) {
      throw stateUnwritable(error);
    }
    try {
      const result = await work(connection);
      await connection.executeQuery(COMMIT);
      return result;
    } catch (error) {
      // A full disk may have rolled back by itself; the first error is the one to tell.
      await connection.executeQuery(ROLLBACK).catch(() => undefined);
      throw error instanceof EngineError ? error : stateUnwritable(error);
    }
  });
}

/** The state without its log, in memory. */
async function copyOf(db: Kysely<Tables>): Promise<Store> {
  const copy = new Kysely<Tables>({ dialect: sqliteDialect('memory') });
  await migrate(copy);
  await inTransaction(copy, async (transaction) => {
    for (const table of STATE_TABLES) {
      let waiting: Record<string, unknown>[] = [];
      const flush = async () => {
        if (waiting.length > 0)
          await transaction
            .insertInto(table)
            .values(waiting as never)
            .execute();
        waiting = [];
      };
      for (const row of await db.selectFrom(table).selectAll().execute()) {
        waiting.push(row);
        if (waiting.length === ROWS_PER_COPY) await flush();
      }
      await flush();
    }
  });
  return storeOn(copy);
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
