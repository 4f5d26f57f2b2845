// @ts-check
/**
 * The thread of a state file (`database.ts` starts it): answers each request in turn, so that the cycle goes on while
 * SQLite writes. JavaScript, as `sqlite-database.js` is.
 */
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { openSqlite } from './sqlite-database.js';

/** @typedef {import('./sqlite-database.js').Statement} Statement */

/**
 * @typedef {{ readonly kind: 'execute', readonly statement: Statement }
 *   | { readonly kind: 'transaction', readonly statements: readonly Statement[] }
 *   | { readonly kind: 'close' }} ThreadRequest
 */

/**
 * The answers come in the order of the requests, the first one says that the file is open.
 * @typedef {{ readonly value: unknown } | { readonly failure: string }} ThreadAnswer
 */

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);

/** @param {() => unknown} work */
function answer(work) {
  /** @type {ThreadAnswer} */
  let given;
  try {
    given = { value: work() };
  } catch (error) {
    given = { failure: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(given);
}

/** @type {ReturnType<typeof openSqlite> | undefined} */
let opened;

/** @param {ThreadRequest} request */
function serve(request) {
  if (opened === undefined) throw new Error('the state file is not open');
  if (request.kind === 'execute') return opened.execute(request.statement);
  if (request.kind === 'transaction') return opened.transaction(request.statements);
  return opened.close();
}

// Whoever waits for an answer goes first: on Linux the 0 is this thread, elsewhere it would be the whole process.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);

answer(() => {
  opened = openSqlite(workerData.location);
});
port.on('message', (request) => {
  answer(() => serve(request));
  if (request.kind === 'close') port.close();
});
