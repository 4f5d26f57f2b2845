/** The public way to evaluate one expression (DESIGN 2.3). A mapping compiles once and evaluates many times instead. */
import { compileExpression } from './evaluate.ts';
import { ExpressionError } from './expression-error.ts';
import type { EvaluationContext } from './function-definition.ts';
import { reproducibleBytes } from './reproducible-bytes.ts';
import type { ExpressionResult } from './value.ts';

/**
 * The value of `expression` for `source` in text form: a text, a list, null, or a control value.
 *
 * `context` may give `now` (ISO 8601), `existing` (taken values, for SelectUniqueValue), `random` and more. Without `random`,
 * `Guid` and `RandomString` give values that look random but are the same for the same expression, source and `now`: good for
 * trying out and testing, not for secrets.
 * @throws ExpressionError with `code` and `position`, and nothing else; `InvalidArgument` at 0 for arguments of a wrong type
 */
export function evaluateExpression(
  expression: string,
  source: Readonly<Record<string, unknown>> = {},
  context: EvaluationContext = {},
): ExpressionResult {
  assertArguments(expression, source, context);
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

/** Callers in JavaScript have no compiler; a wrong clock or option must not give a plausible value. */
function assertArguments(expression: unknown, source: unknown, context: EvaluationContext): void {
  if (!isText(expression)) throw wrong('the expression', 'a text');
  if (!isRecord(source)) throw wrong('the source', 'an object');
  if (!isRecord(context)) throw wrong('the context', 'an object');
  const { now, existing, isTaken, random, nextId, redact, options } = context;
  assertFits('context.now', now, 'an ISO 8601 text', isText);
  assertFits('context.existing', existing, 'a list', Array.isArray);
  assertFits('context.options', options, 'an object', isRecord);
  for (const [name, value] of Object.entries({ isTaken, random, nextId, redact }))
    assertFits(`context.${name}`, value, 'a function', (given) => typeof given === 'function');
  for (const [name, value] of Object.entries(options ?? {})) {
    const values = OPTION_VALUES.get(name);
    if (values === undefined) continue;
    assertFits(`context.options.${name}`, value, values.join(' or '), (given) => values.some((one) => one === given));
  }
}

const OPTION_VALUES: ReadonlyMap<string, readonly string[]> = new Map([
  ['iifNullMode', ['logical', 'documentedLimitation']],
  ['switchUnchangedQuirk', ['off', 'on']],
  ['midOutOfRange', ['empty', 'error', 'input']],
  ['roleName', ['displayName', 'value']],
]);

/** Null and undefined are nothing given. */
function assertFits(what: string, value: unknown, wanted: string, fits: (value: unknown) => boolean): void {
  if (value !== undefined && value !== null && !fits(value)) throw wrong(what, wanted);
}

function wrong(what: string, wanted: string): ExpressionError {
  return new ExpressionError('InvalidArgument', `${what} must be ${wanted}`, { position: 0 });
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
