/**
 * Stops a regular expression that runs too long. The only file of the core that uses a Node built-in: JavaScript itself
 * cannot interrupt a backtracking match.
 */
import { type Context, createContext, Script } from 'node:vm';
import { ExpressionError } from './expression-error.ts';

/** Runs `task` for at most `timeoutMs`. @throws ExpressionError `RegexTimeout`, and whatever `task` throws */
export type RunBounded = <T>(task: () => T, timeoutMs: number) => T;

/** A runner with a script context of its own, made at the first use. */
export function createBoundedRun(): RunBounded {
  let prepared:
    | { readonly sandbox: Record<string, unknown>; readonly context: Context; readonly script: Script }
    | undefined;
  return (task, timeoutMs) => {
    prepared ??= prepare();
    const { sandbox, context, script } = prepared;
    const results: ReturnType<typeof task>[] = [];
    sandbox.task = () => {
      results.push(task());
    };
    try {
      script.runInContext(context, { timeout: Math.max(1, Math.floor(timeoutMs)) });
    } catch (cause) {
      throw isTimeout(cause) ? new ExpressionError('RegexTimeout', tooLong(timeoutMs), { position: -1, cause }) : cause;
    } finally {
      sandbox.task = undefined;
    }
    const [result] = results;
    return result as ReturnType<typeof task>; // one push per run, whatever T is
  };
}

function prepare(): { readonly sandbox: Record<string, unknown>; readonly context: Context; readonly script: Script } {
  const sandbox: Record<string, unknown> = Object.assign(Object.create(null), { task: undefined });
  return { sandbox, context: createContext(sandbox), script: new Script('task()') };
}

/** The error comes from the other script context, whose `Error` is another one. */
function isTimeout(cause: unknown): boolean {
  return (
    typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}

function tooLong(timeoutMs: number): string {
  return `the regular expression ran longer than ${timeoutMs} ms; avoid nested repetition such as (a+)+`;
}
