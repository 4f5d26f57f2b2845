/** Patterns of scoping clauses: .NET regular expressions, searched unanchored, under a bound no pattern can pass (mappings-and-scoping.md 6.2). */
import { createRegexCache } from '../expression/regex.ts';
import { EngineError } from '../model/engine-error.ts';

/** A pattern → whether a text holds a match of it. @throws EngineError `configuration`, code `InvalidRegex` */
export type CompilePattern = (pattern: string) => (text: string) => boolean;

/** `regexTimeoutMs` of expressions.md 5.7. */
const TIMEOUT_MS = 1000;

/** A compiler that compiles each pattern once. What it returns @throws EngineError `object`, code `RegexTimeout` */
export function createPatternCompiler(timeoutMs: number = TIMEOUT_MS): CompilePattern {
  const compile = createRegexCache();
  return (pattern) => {
    const regex = attempt(
      () => compile(pattern),
      (cause) => (cause instanceof EngineError ? unreadable(pattern, cause) : cause),
    );
    return (text) =>
      attempt(
        () => regex.matches(text, { timeoutMs, limit: 1 }).length > 0,
        (cause) => (isTimeout(cause) ? tooSlow(pattern, timeoutMs, cause) : cause),
      );
  };
}

/** Why `pattern` cannot be read, or undefined when it can. */
export function patternProblem(pattern: string): string | undefined {
  try {
    createRegexCache()(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether the pattern says itself that it covers the whole value: `^…$` around everything, not around two alternatives. */
export function isAnchored(pattern: string): boolean {
  const body = pattern.replace(/^\(\?[imsnx]+\)/, '');
  // Escapes, then classes, then groups from the inside out: what is left is the outermost level.
  let level = body.replace(/\\[AzZ]/g, (anchor) => (anchor === '\\A' ? '^' : '$')).replace(/\\./gs, 'x');
  level = level.replace(/\[\^?\]?[^\]]*\]/g, 'x');
  for (let inner = ''; inner !== level; ) {
    inner = level;
    level = level.replace(/\([^()]*\)/g, 'x');
  }
  return level.startsWith('^') && level.endsWith('$') && !level.includes('|');
}

function attempt<T>(action: () => T, translate: (cause: unknown) => unknown): T {
  try {
    return action();
  } catch (cause) {
    throw translate(cause);
  }
}

/** By code, not by class: Node's own timeout error comes from another realm, where `instanceof Error` is false. */
function isTimeout(cause: unknown): boolean {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return false;
  return cause.code === 'RegexTimeout' || cause.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}

function unreadable(pattern: string, cause: EngineError): EngineError {
  return new EngineError(`the scoping pattern "${pattern}" cannot be read: ${cause.message}`, {
    category: 'configuration',
    code: 'InvalidRegex',
    remedy: 'correct the pattern of the clause; scimulate validate shows where it is',
    cause,
  });
}

/** That object fails and stays as it is: taking it for out of scope would disable it. */
function tooSlow(pattern: string, timeoutMs: number, cause: unknown): EngineError {
  return new EngineError(`the scoping pattern "${pattern}" took longer than ${timeoutMs} ms on one value`, {
    category: 'object',
    code: 'RegexTimeout',
    remedy: 'rewrite it without nested repetition such as (a+)+',
    cause,
  });
}
