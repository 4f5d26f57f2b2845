/** Matching: the queries put to the target, one at a time. */
import type { CompiledObjectMapping } from '../map/compile-mapping.ts';
import { decideMatch, type MatchVerdict } from '../match/decide-match.ts';
import type { MatchingQuery } from '../match/matching-query.ts';
import type { CyclePorts } from './cycle.ts';

/** Asks by one matching attribute after the other; the first hit ends the search (cycle.md 2.6). */
export async function matchInTarget(
  { reader, signal }: Pick<CyclePorts, 'reader' | 'signal'>,
  mapping: CompiledObjectMapping,
  queries: readonly MatchingQuery[],
): Promise<MatchVerdict> {
  for (const query of queries) {
    const candidates = await reader.find(mapping.resourceType, query.path, query.value, signal);
    const verdict = decideMatch(query, candidates);
    if (verdict.kind !== 'unmatched') return verdict;
  }
  return { kind: 'unmatched' };
}
