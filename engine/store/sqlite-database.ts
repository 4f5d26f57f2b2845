/** One SQLite database and its prepared statements. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';

/** A statement with its values. `guards`: the transaction it is part of goes back unless it finds, or changes, a row. */
export type Statement = {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly guards?: boolean;
};

/** What a statement found, or how many rows it changed and the number of the last one it inserted. */
export type Result = {
  readonly rows: unknown[];
  readonly changes?: number | bigint;
  readonly insertedRow?: number | bigint;
};

export interface Sqlite {
  execute(statement: Statement): Result;
  /**
   * All of the statements, or none. IMMEDIATE: a second process waits at the start instead of failing in the middle.
   * @returns false when one that guards said no: then nothing was done
   */
  transaction(statements: readonly Statement[]): boolean;
  /** Brings everything into the one file, so that it can be copied, and what lies beside it is no stale rest. */
  close(): void;
}

/** Prepared statements kept; beyond that a statement is prepared anew. */
const STATEMENT_LIMIT = 500;

/** Pages kept in memory: ids are random, so an initial cycle writes all over the indexes. */
const CACHE_KIB = 16_384;

/**
 * Pages in the write-ahead log before they move to the file (64 MB, SQLite's default is 4): a page written often moves once,
 * and a cycle seldom waits for the disk. Whoever opens the file after a crash reads the log.
 */
const PAGES_PER_CHECKPOINT = 8_000;

/** Bytes of a page in a new file: a log record fills more than half of SQLite's usual 4096, three of them fit into this. */
const PAGE_BYTES = 8192;

/** Milliseconds a writer waits for another process. */
export const BUSY_TIMEOUT_MS = 10_000;

/** Milliseconds between two attempts at what SQLite does not wait for itself. */
const ATTEMPT_EVERY_MS = 20;

/** Opens the database file, made when missing with the folders above it, or one in memory: a path, or `:memory:`. */
export function openSqlite(location: string): Sqlite {
  if (location !== ':memory:') mkdirSync(dirname(location), { recursive: true });
  const database = new DatabaseSync(location);
  database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
  database.exec(`pragma page_size = ${PAGE_BYTES}`);
  useWriteAheadLog(database);
  database.exec('pragma synchronous = NORMAL');
  database.exec(`pragma cache_size = -${CACHE_KIB}`);
  database.exec(`pragma wal_autocheckpoint = ${PAGES_PER_CHECKPOINT}`);
  const prepare = (sql: string) => {
    const statement = database.prepare(sql);
    return { statement, isReader: statement.columns().length > 0 };
  };
  const prepared = new Map<string, ReturnType<typeof prepare>>();
  const preparedOf = (sql: string) => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const made = prepare(sql);
    if (prepared.size < STATEMENT_LIMIT) prepared.set(sql, made);
    return made;
  };

  const execute = ({ sql, parameters }: Statement): Result => {
    const { statement, isReader } = preparedOf(sql);
    const values = parameters as never[];
    if (isReader) return { rows: statement.all(...values) };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], changes, insertedRow: lastInsertRowid };
  };

  /** A full disk may have rolled back by itself; the first error is the one to tell. */
  const undo = () => {
    try {
      database.exec('rollback');
    } catch {}
  };

  return {
    execute,
    transaction: (statements) => {
      database.exec('begin immediate');
      try {
        const allowed = statements.every((statement) => {
          const { rows, changes } = execute(statement);
          return statement.guards !== true || rows.length > 0 || Number(changes ?? 0) > 0;
        });
        database.exec(allowed ? 'commit' : 'rollback');
        return allowed;
      } catch (error) {
        undo();
        throw error;
      }
    },
    close: () => {
      prepared.clear();
      try {
        database.exec('pragma wal_checkpoint(truncate)');
      } catch {
        // Another process is using it, or the disk is full: the write-ahead log stays, and the next one to open it reads it.
      }
      database.close();
    },
  };
}

/** Whether another process had the file for too long. */
export function isLocked(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

const SQLITE_BUSY = 5;

/**
 * Turns a new file over to write-ahead logging: the one statement that SQLite refuses at once, whatever its busy timeout,
 * when two processes meet at a file. Afterwards the file is so, and the statement does nothing.
 */
function useWriteAheadLog(database: InstanceType<typeof DatabaseSync>): void {
  const deadline = Date.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      database.exec('pragma journal_mode = WAL');
      return;
    } catch (error) {
      if (!isLocked(error) || Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ATTEMPT_EVERY_MS);
    }
  }
}
