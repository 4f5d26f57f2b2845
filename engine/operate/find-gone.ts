/** Somebody whom the directory does not hold any more, and the job remembers. */
import { EngineError } from '../model/engine-error.ts';
import type { Escrow } from '../model/job-state.ts';
import type { Link } from '../model/link.ts';
import type { ObjectType } from '../model/source-object.ts';
import type { SourceIdentity } from '../plan/plan.ts';
import type { Directory, Store } from '../ports.ts';

type Gone = {
  readonly object: Pick<SourceIdentity, 'id' | 'type'>;
  readonly identity: SourceIdentity;
  readonly link: Link | undefined;
  readonly escrow: Escrow | undefined;
  readonly subject?: undefined;
};

/**
 * Who answered to `reference`, by the newest record about them or by their link.
 * @throws `unknown`, the error that nobody answers to it, when the job never saw them either
 */
export async function findGone(
  { directory, store }: { readonly directory: Directory; readonly store: Store },
  jobId: string,
  reference: string,
  unknown: unknown,
): Promise<Gone> {
  if (!(unknown instanceof EngineError) || unknown.code !== 'unknown-object') throw unknown;
  const identity = (await recorded(store, jobId, reference)) ?? (await linked(store, jobId, reference));
  if (identity === undefined || (await directory.objects([identity.id])).has(identity.id)) throw unknown;
  const { id, type } = identity;
  const link = (await store.linksOf(jobId, [id])).get(id);
  const escrow = (await store.escrowsOf(jobId, [id])).get(id);
  return { object: { id, type }, identity, link, escrow };
}

async function recorded(store: Store, jobId: string, object: string): Promise<SourceIdentity | undefined> {
  const [stored] = await store.logs({ jobId, object, limit: 1 });
  if (stored === undefined) return undefined;
  const { id, displayName, identityType, details } = stored.record.sourceIdentity;
  const userPrincipalName = details.UserPrincipalName;
  return {
    id,
    type: identityType as ObjectType,
    displayName,
    ...(userPrincipalName === undefined ? {} : { userPrincipalName }),
  };
}

async function linked(store: Store, jobId: string, id: string): Promise<SourceIdentity | undefined> {
  const link = (await store.linksOf(jobId, [id])).get(id);
  return link === undefined ? undefined : { id, type: link.type, displayName: link.displayName };
}
