/** Matching attributes by precedence → the queries to ask the target, one at a time (cycle.md 2.6, 2.7). */
import type { EvaluationContext } from '../expression/function-definition.ts';
import type { CompiledObjectMapping, CompiledRow, SourceAttributes } from '../map/compile-mapping.ts';
import { singleValue } from '../map/convert-value.ts';
import { evaluateRow } from '../map/map-object.ts';
import type { JsonValue } from '../model/scim-message.ts';

export type MatchingQuery = { readonly path: string; readonly value: string };

/**
 * The queries for `source`, in order of precedence. Attributes without a value fall through;
 * an empty list means the object has no matching value at all (`ImportSkipped`, cycle.md 2.3).
 * @throws EngineError `object` when a matching expression fails, or gives several values for an attribute that takes one
 */
export function matchingQueries(
  mapping: CompiledObjectMapping,
  source: SourceAttributes,
  context: EvaluationContext,
): readonly MatchingQuery[] {
  const queries: MatchingQuery[] = [];
  for (const compiled of mapping.matching) {
    const value = oneOf(evaluateRow(compiled, source, context), compiled);
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    if (text !== '') queries.push({ path: compiled.path.text, value: text });
  }
  return queries;
}

/** A list of one value is that value; of several it is for the target attribute to say whether it takes them. */
function oneOf(value: unknown, compiled: CompiledRow): unknown {
  if (!Array.isArray(value)) return value;
  const items: readonly unknown[] = value;
  return items.length === 1 ? items[0] : singleValue(items as readonly JsonValue[], compiled);
}
