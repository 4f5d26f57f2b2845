/**
 * The database under the store: a file, or one in memory. The choice of database is made here and in `sqlite-dialect.ts`, and
 * nowhere else. Its answers are promises, although SQLite gives them at once: another database would not.
 */
import { EngineError } from '../model/engine-error.ts';
import { BUSY_TIMEOUT_MS, isLocked, openSqlite, type Result, type Sqlite, type Statement } from './sqlite-database.ts';

export type { Statement } from './sqlite-database.ts';

export interface Database {
  /** @throws EngineError `job`: `state-damaged`, `state-locked`, `state-unwritable` */
  execute(statement: Statement): Promise<Result>;
  /**
   * All of the statements, or none; false when one that guards said no.
   * @throws EngineError `job`: `state-damaged`, `state-locked`, `state-unwritable`: then nothing more may be sent to the target
   */
  transaction(statements: readonly Statement[]): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens the file `location`, or `memory`.
 * @throws EngineError `configuration` when the file cannot be opened as a state file; `job`, `state-locked`
 */
export function openDatabase(location: string): Database {
  const sqlite = opened(location);
  return {
    execute: async (statement) => {
      try {
        return sqlite.execute(statement);
      } catch (error) {
        throw stateError(error);
      }
    },
    transaction: async (statements) => {
      try {
        return sqlite.transaction(statements);
      } catch (error) {
        throw stateUnwritable(stateError(error));
      }
    },
    close: async () => sqlite.close(),
  };
}

function opened(location: string): Sqlite {
  try {
    return openSqlite(location === 'memory' ? ':memory:' : location);
  } catch (error) {
    if (isLocked(error)) throw stateLocked(error);
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

/** A damaged file shows when the damage is read; a disk that refuses is another matter: nothing is lost. */
function stateError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (isLocked(error)) return stateLocked(error);
  if (/disk I\/O/i.test(error.message)) return stateUnwritable(error);
  if (!/malformed|not a database/i.test(error.message)) return error;
  return new EngineError(`the state file is damaged: ${error.message}`, {
    category: 'job',
    code: 'state-damaged',
    remedy: 'restore a backup of it; Scimulate never starts over by itself, so that nobody is deprovisioned by mistake',
    cause: error,
  });
}

/** Another process holds the file: the daemon bringing a large state up to date, a backup, a database browser. */
function stateLocked(cause: unknown): EngineError {
  return new EngineError(`another process has kept the state file for ${BUSY_TIMEOUT_MS / 1000} seconds`, {
    category: 'job',
    code: 'state-locked',
    remedy: 'wait until it is done, or end it; then run again: nothing is lost, and nothing more is sent until then',
    cause,
  });
}

/** The disk refuses to keep the state: nothing more may be sent to the target. */
function stateUnwritable(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  return new EngineError(`the state cannot be written: ${error instanceof Error ? error.message : error}`, {
    category: 'job',
    code: 'state-unwritable',
    remedy: 'free disk space or mend the state file under "store", then run again; nothing more is sent until then',
    cause: error,
  });
}
