/** One object's resource in the target: by its link, else by its matching attributes. */
import { matchInTarget } from '../cycle/match-in-target.ts';
import { matchingQueries } from '../match/matching-query.ts';
import type { ScimResource } from '../model/scim-message.ts';
import type { Subject } from '../plan/subject.ts';
import type { TargetReader } from '../ports.ts';

/** Where the values of the target come from. */
export type TargetState =
  /** Read by the id the object is linked to, or found by a matching attribute; `held`: as it was last written. */
  | { readonly kind: 'linked' | 'matched' | 'held'; readonly id: string }
  | { readonly kind: 'absent' | 'ambiguous' | 'gone' | 'not-asked' };

export type Looked = { readonly state: TargetState; readonly resource?: ScimResource };

/** @param offline the reader answers from memory, and nobody is asked about objects without a link */
export async function lookUp(
  { link, mapping, attributes, context }: Subject,
  ports: { readonly reader: TargetReader; readonly signal: AbortSignal },
  offline: boolean,
): Promise<Looked> {
  if (link !== undefined) {
    const resource = await ports.reader.get(mapping.resourceType, link.targetId, ports.signal);
    if (resource === undefined) return { state: { kind: 'gone' } };
    return { state: { kind: offline ? 'held' : 'linked', id: link.targetId }, resource };
  }
  if (offline) return { state: { kind: 'not-asked' } };
  const verdict = await matchInTarget(ports, mapping, matchingQueries(mapping, attributes, context));
  if (verdict.kind === 'matched') return { state: { kind: 'matched', id: verdict.id }, resource: verdict.resource };
  return { state: { kind: verdict.kind === 'ambiguous' ? 'ambiguous' : 'absent' } };
}
