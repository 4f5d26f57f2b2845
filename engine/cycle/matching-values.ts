/** The values by which an object of the directory would be found in the target. */
import type { CompiledObjectMapping } from '../map/compile-mapping.ts';
import { type MatchingQuery, matchingQueries } from '../match/matching-query.ts';
import { EngineError } from '../model/engine-error.ts';
import type { JsonValue } from '../model/scim-message.ts';
import type { SourceObject } from '../model/source-object.ts';
import { type SubjectInput, toSubject } from '../plan/subject.ts';

export type MatchingValues = { readonly inScope: boolean; readonly wanted: readonly MatchingQuery[] };

/** Its matching values; none when an expression fails, which its own record tells. */
export function matchingValues(
  object: SourceObject,
  mapping: CompiledObjectMapping,
  { rules, context }: Pick<SubjectInput, 'rules' | 'context'>,
): MatchingValues {
  const subject = toSubject({ mapping, object, known: true, link: undefined, escrow: undefined, rules, context });
  const { inScope } = subject.scope;
  try {
    return { inScope, wanted: matchingQueries(mapping, subject.attributes, context) };
  } catch (error) {
    if (error instanceof EngineError && error.category === 'object') return { inScope, wanted: [] };
    throw error;
  }
}

/** A value as targets compare it: without regard to case. */
export function asKey(value: JsonValue | undefined): string {
  return String(value ?? '').toLowerCase();
}
