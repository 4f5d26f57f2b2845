/** The public way to evaluate one expression (DESIGN 2.3). A mapping compiles once and evaluates many times instead. */
import { compileExpression } from './evaluate.ts';
import type { EvaluationContext } from './function-definition.ts';
import { reproducibleBytes } from './reproducible-bytes.ts';
import type { ExpressionResult } from './value.ts';

/**
 * The value of `expression` for `source` in text form: a text, a list, null, or a control value.
 *
 * `context` may give `now` (ISO 8601), `existing` (taken values, for SelectUniqueValue), `random` and more. Without `random`,
 * `Guid` and `RandomString` give values that look random but are the same for the same expression, source and `now`: good for
 * trying out and testing, not for secrets.
 * @throws ExpressionError with `code` and `position`, and nothing else
 */
export function evaluateExpression(
  expression: string,
  source: Readonly<Record<string, unknown>> = {},
  context: EvaluationContext = {},
): ExpressionResult {
  const compiled = compileExpression(expression);
  if (context.random !== undefined) return compiled.evaluate(source, context);
  const seed = [expression, context.now ?? '', ...compiled.attributes.map((name) => describe(source, name))].join('\n');
  return compiled.evaluate(source, { ...context, random: reproducibleBytes(seed) });
}

function describe(source: Readonly<Record<string, unknown>>, name: string): string {
  const held = Object.hasOwn(source, name) ? source[name] : undefined;
  return Array.isArray(held)
    ? held.map((item) => (typeof item === 'string' ? item : '')).join('\t')
    : typeof held === 'string'
      ? held
      : '';
}
