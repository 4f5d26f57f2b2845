/** Patterns of scoping clauses: .NET regular expressions, searched unanchored, under a bound no pattern can pass (mappings-and-scoping.md 6.2). */
import { createRegexCache } from '../expression/regex.ts';
import { EngineError } from '../model/engine-error.ts';

/** A pattern → whether a text holds a match of it. @throws EngineError `configuration`, code `InvalidRegex` */
export type CompilePattern = (pattern: string) => (text: string) => boolean;

/** Expressions.md 5.6, `regexTimeoutMs`. */
const TIMEOUT_MS = 1000;

/** A compiler that compiles each pattern once. What it returns @throws EngineError `job`, code `RegexTimeout` */
export function createPatternCompiler(): CompilePattern {
  const compile = createRegexCache();
  return (pattern) => {
    const regex = attempt(
      () => compile(pattern),
      (cause) => unreadable(pattern, cause),
    );
    return (text) =>
      attempt(
        () => regex.matches(text, { timeoutMs: TIMEOUT_MS, limit: 1 }).length > 0,
        (cause) => tooSlow(pattern, cause),
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

function attempt<T>(action: () => T, explain: (cause: unknown) => EngineError): T {
  try {
    return action();
  } catch (cause) {
    throw cause instanceof EngineError ? explain(cause) : cause;
  }
}

function unreadable(pattern: string, cause: unknown): EngineError {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new EngineError(`the scoping pattern "${pattern}" cannot be read${why}`, {
    category: 'configuration',
    code: 'InvalidRegex',
    remedy: 'correct the pattern of the clause; scimulate validate shows where it is',
    cause,
  });
}

/** The job stops: taking the object for out of scope would disable it. */
function tooSlow(pattern: string, cause: unknown): EngineError {
  return new EngineError(`the scoping pattern "${pattern}" took longer than ${TIMEOUT_MS} ms on one value`, {
    category: 'job',
    code: 'RegexTimeout',
    remedy: 'rewrite it without nested repetition such as (a+)+',
    cause,
  });
}
