/** Matching attributes by precedence → the queries to ask the target, one at a time (cycle.md 2.6, 2.7). */
import type { EvaluationContext } from '../expression/function-definition.ts';
import type { CompiledObjectMapping, SourceAttributes } from '../map/compile-mapping.ts';
import { evaluateRow } from '../map/map-object.ts';

export type MatchingQuery = { readonly path: string; readonly value: string };

/**
 * The queries for `source`, in order of precedence. Attributes without a value fall through;
 * an empty list means the object has no matching value at all (`ImportSkipped`, cycle.md 2.3).
 * @throws EngineError `object` when a matching expression fails
 */
export function matchingQueries(
  mapping: CompiledObjectMapping,
  source: SourceAttributes,
  context: EvaluationContext,
): readonly MatchingQuery[] {
  const queries: MatchingQuery[] = [];
  for (const compiled of mapping.matching) {
    const value = evaluateRow(compiled, source, context);
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    if (text !== '') queries.push({ path: compiled.path.text, value: text });
  }
  return queries;
}
