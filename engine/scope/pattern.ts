/** Patterns of scoping clauses, on a linear-time engine: no pattern can stall a cycle. */
import { RE2JS } from 're2js';

/** Searches unanchored, as .NET does by default; undefined when the pattern cannot be read. */
export function compilePattern(pattern: string): ((text: string) => boolean) | undefined {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matcher(text).find();
  } catch {
    return undefined;
  }
}

/** Why `pattern` cannot be read, or undefined when it can. */
export function patternProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
