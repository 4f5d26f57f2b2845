/**
 * The database under the store: a file, with a thread of its own when there is much to write, or one in memory. The choice of
 * database is made here and in `sqlite-dialect.ts`, and nowhere else.
 */
import { Worker } from 'node:worker_threads';
import { EngineError } from '../model/engine-error.ts';
import { openSqlite, type Result, type Statement } from './sqlite-database.js';
import type { ThreadAnswer, ThreadRequest } from './sqlite-thread.js';

export type { Result, Statement } from './sqlite-database.js';

export interface Database {
  /** @throws EngineError `job`, `state-damaged`, `state-unwritable` */
  execute(statement: Statement): Promise<Result>;
  /**
   * All of the statements, or none; false when one that guards said no.
   * @throws EngineError `job`, `state-damaged`, `state-unwritable`: then nothing more may be sent to the target
   */
  transaction(statements: readonly Statement[]): Promise<boolean>;
  close(): Promise<void>;
}

export type DatabaseOptions = {
  /**
   * Values written in this thread, some twenty for a new user; whoever has more to write gets a thread for it, which takes
   * 50 ms to start. With 0 the file is opened there.
   */
  readonly valuesHere?: number;
};

/**
 * Opens the file `location`, or `memory`.
 * @throws EngineError `configuration` when the file cannot be opened as a state file
 */
export async function openDatabase(location: string, { valuesHere = 10_000 }: DatabaseOptions = {}): Promise<Database> {
  let ask = askHere(location);
  let moved: Promise<void> | undefined;
  let written = 0;
  let closed = false;
  /** A thread that ended by itself leaves its requests unanswered; the next one is answered here again. */
  const comeBack = () => {
    if (closed) return;
    ask = async (request) => {
      ask = askHere(location);
      return ask(request);
    };
  };
  /** Nothing is under way here, ever: what is asked in this thread is answered at once. */
  const move = async () => {
    const thread = await askThread(location, comeBack);
    void ask({ kind: 'close' });
    ask = thread;
  };
  if (valuesHere === 0) await move();
  return {
    execute: (statement) => ask<Result>({ kind: 'execute', statement }).catch(refused),
    transaction: (statements) => {
      for (const { parameters } of statements) written += parameters.length;
      // Without a thread it goes on here.
      if (written > valuesHere && location !== MEMORY) moved ??= move().catch(() => undefined);
      return ask<boolean>({ kind: 'transaction', statements }).catch((error: unknown) => {
        throw stateUnwritable(stateError(error));
      });
    },
    close: async () => {
      await moved;
      closed = true;
      await ask({ kind: 'close' });
    },
  };
}

const MEMORY = 'memory';

/** The answer to a request. */
type Ask = <T>(request: ThreadRequest) => Promise<T>;

/** @throws EngineError `configuration` */
function askHere(location: string): Ask {
  const sqlite = opened(location);
  const answer = (request: ThreadRequest): unknown => {
    if (request.kind === 'execute') return sqlite.execute(request.statement);
    return request.kind === 'transaction' ? sqlite.transaction(request.statements) : sqlite.close();
  };
  return async <T>(request: ThreadRequest) => answer(request) as T;
}

function opened(location: string): ReturnType<typeof openSqlite> {
  try {
    return openSqlite(location === MEMORY ? ':memory:' : location);
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

type Asked = { readonly resolve: (value: never) => void; readonly reject: (reason: Error) => void };

/**
 * SQLite in its own thread: a commit takes milliseconds, in which a cycle can do more than wait.
 * @param onEnd when an open thread is no more
 */
async function askThread(location: string, onEnd: () => void): Promise<Ask> {
  const worker = new Worker(new URL('./sqlite-thread.js', import.meta.url), { workerData: { location }, execArgv: [] });
  const waiting: Asked[] = [];
  let ended: Error | undefined;
  const waitForAnswer = <T>() =>
    new Promise<T>((resolve, reject) => {
      if (ended !== undefined) reject(ended);
      // An answer keeps the process alive, an open file does not.
      else if (waiting.push({ resolve, reject }) === 1) worker.ref();
    });
  const end = (reason: Error) => {
    ended ??= reason;
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  worker.on('message', (answer: ThreadAnswer) => {
    const asked = waiting.shift();
    if (waiting.length === 0) worker.unref();
    if ('failure' in answer) asked?.reject(new Error(answer.failure));
    else asked?.resolve(answer.value as never);
  });
  worker.once('error', end);
  worker.once('exit', () => end(new Error('the state file is closed')));
  try {
    await waitForAnswer();
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  worker.once('exit', onEnd);
  return async <T>(request: ThreadRequest) => {
    // First: what cannot be sent waits for no answer.
    worker.postMessage(request);
    return waitForAnswer<T>();
  };
}

function refused(error: unknown): never {
  throw stateError(error);
}

/** A damaged file shows when the damage is read; a disk that refuses is another matter: nothing is lost. */
function stateError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (/disk I\/O/i.test(error.message)) return stateUnwritable(error);
  if (!/malformed|not a database/i.test(error.message)) return error;
  return new EngineError(`the state file is damaged: ${error.message}`, {
    category: 'job',
    code: 'state-damaged',
    remedy: 'restore a backup of it; Scimulate never starts over by itself, so that nobody is deprovisioned by mistake',
    cause: error,
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
