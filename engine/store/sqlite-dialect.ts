/** SQLite under Kysely, with statements prepared once. The choice of database is made here and nowhere else. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSyncInstance } from '@photostructure/sqlite';
import { type Dialect, SqliteDialect } from 'kysely';
import { EngineError } from '../model/engine-error.ts';

/** Prepared statements kept; beyond that a statement is prepared anew. */
const STATEMENT_LIMIT = 500;

/** Pages kept in memory: ids are random, so an initial cycle writes all over the indexes. */
const CACHE_KIB = 16_384;

/**
 * Pages in the write-ahead log before they move to the file (64 MB, SQLite's default is 4): a page written often moves once,
 * and a cycle seldom waits for the disk. Whoever opens the file after a crash reads the log.
 */
const PAGES_PER_CHECKPOINT = 16_000;

/** Milliseconds a writer waits for another process. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * A dialect on the file `location`, or on `memory`.
 * @throws EngineError `configuration` when the file cannot be opened as a state file
 */
export function sqliteDialect(location: string): Dialect {
  const database = open(location);
  const cache = new Map<string, ReturnType<typeof adapt>>();
  return new SqliteDialect({
    database: {
      prepare(sql: string) {
        const cached = cache.get(sql);
        if (cached !== undefined) return cached;
        const statement = adapt(reading(() => database.prepare(sql)));
        if (cache.size < STATEMENT_LIMIT) cache.set(sql, statement);
        return statement;
      },
      close: () => {
        cache.clear();
        settle(database);
        database.close();
      },
    },
  });
}

function adapt(statement: StatementSyncInstance) {
  const reader = statement.columns().length > 0;
  return {
    reader,
    all: (parameters: readonly unknown[]) => reading(() => statement.all(...(parameters as never[])) as unknown[]),
    run: (parameters: readonly unknown[]) => {
      const { changes, lastInsertRowid } = reading(() => statement.run(...(parameters as never[])));
      return { changes, lastInsertRowid };
    },
    iterate: (parameters: readonly unknown[]) =>
      statement.iterate(...(parameters as never[])) as IterableIterator<unknown>,
  };
}

/** Brings everything into the one file, so that it can be copied, and what lies beside it is no stale rest. */
function settle(database: InstanceType<typeof DatabaseSync>): void {
  try {
    database.exec('pragma wal_checkpoint(truncate)');
  } catch {
    // Another process is using it, or the disk is full: the write-ahead log stays, and the next one to open it reads it.
  }
}

/**
 * A damaged file shows when the damage is read; a disk that refuses is another matter: nothing is lost.
 * @throws EngineError `job`, `state-damaged`, `state-unwritable`
 */
function reading<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (/disk I\/O/i.test(error.message)) throw stateUnwritable(error);
    if (!/malformed|not a database/i.test(error.message)) throw error;
    throw new EngineError(`the state file is damaged: ${error.message}`, {
      category: 'job',
      code: 'state-damaged',
      remedy:
        'restore a backup of it; Scimulate never starts over by itself, so that nobody is deprovisioned by mistake',
      cause: error,
    });
  }
}

/** The disk refuses to keep the state: nothing more may be sent to the target. */
export function stateUnwritable(error: unknown): EngineError {
  return new EngineError(`the state cannot be written: ${error instanceof Error ? error.message : error}`, {
    category: 'job',
    code: 'state-unwritable',
    remedy: 'free disk space or mend the state file under "store", then run again; nothing more is sent until then',
    cause: error,
  });
}

function open(location: string): InstanceType<typeof DatabaseSync> {
  try {
    if (location !== 'memory') mkdirSync(dirname(location), { recursive: true });
    const database = new DatabaseSync(location === 'memory' ? ':memory:' : location);
    database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.exec('pragma journal_mode = WAL');
    database.exec('pragma synchronous = NORMAL');
    database.exec(`pragma cache_size = -${CACHE_KIB}`);
    database.exec(`pragma wal_autocheckpoint = ${PAGES_PER_CHECKPOINT}`);
    return database;
  } catch (error) {
    throw new EngineError(
      `the state file ${location} cannot be opened: ${error instanceof Error ? error.message : error}`,
      {
        category: 'configuration',
        code: 'state-unusable',
        remedy:
          'check that it is a Scimulate state file that can be written, restore a backup, or name another file under "store"',
        cause: error,
      },
    );
  }
}
