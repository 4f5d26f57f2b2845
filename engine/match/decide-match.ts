/** Candidates → matched, unmatched or ambiguous (cycle.md 2.9, 2.12, D-08). */
import type { ScimResource } from '../model/scim-message.ts';
import type { MatchingQuery } from './matching-query.ts';

export type MatchVerdict =
  | { readonly kind: 'unmatched' }
  | { readonly kind: 'matched'; readonly id: string; readonly resource: ScimResource; readonly query: MatchingQuery }
  | { readonly kind: 'ambiguous'; readonly count: number; readonly query: MatchingQuery };

/** The verdict on one query's answer; `unmatched` means: ask the next one. Two hits end the search, as Entra does. */
export function decideMatch(query: MatchingQuery, candidates: readonly ScimResource[]): MatchVerdict {
  const [first] = candidates;
  if (first === undefined) return { kind: 'unmatched' };
  if (candidates.length > 1) return { kind: 'ambiguous', count: candidates.length, query };
  return { kind: 'matched', id: String(first.id), resource: first, query };
}
