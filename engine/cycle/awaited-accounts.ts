/**
 * Accounts that somebody waits for. Who was created anew in the directory is matched to the account of the one before, unless the
 * target fails in that very cycle: then the account has to stay until the newcomer's retry finds it.
 */
import type { Escrow } from '../model/job-state.ts';
import type { Link } from '../model/link.ts';
import { everyPage } from '../model/rows.ts';
import type { SourceId } from '../model/source-object.ts';
import type { Operation } from '../plan/plan.ts';
import { WHENEVER } from '../record/escrow.ts';
import type { Cycle } from './cycle.ts';
import { asKey, matchingValues } from './matching-values.ts';

/** A matching value → who waits for a resource that has it. */
export type Awaited = ReadonlyMap<string, Pick<Escrow, 'sourceId' | 'displayName'>>;

/** What those wait for who failed before they were linked, and are still in scope. */
export async function awaitedAccounts({ job, ports }: Cycle): Promise<Awaited> {
  const { directory, store } = ports;
  const awaited = new Map<string, Escrow>();
  for await (const escrows of everyPage((after) => store.dueEscrows(job.jobId, WHENEVER, after, job.pageSize))) {
    const ids = escrows.map(({ sourceId }) => sourceId);
    const [links, objects] = await Promise.all([store.linksOf(job.jobId, ids), directory.objects(ids)]);
    for (const escrow of escrows) {
      const object = objects.get(escrow.sourceId);
      const mapping = job.mappings.find(({ type }) => type === escrow.type);
      if (object === undefined || mapping === undefined || links.has(escrow.sourceId)) continue;
      const { inScope, wanted } = matchingValues(object, mapping, { rules: job.rules, context: ports.context });
      if (inScope) for (const { path, value } of wanted) awaited.set(keyOf(escrow.type, path, value), escrow);
    }
  }
  return awaited;
}

/** Which of these deprovisions would take an account away from somebody who waits for it, and from whom. */
export async function claimedAccounts(
  { job, ports }: Cycle,
  operations: readonly Operation[],
  awaited: Awaited,
): Promise<ReadonlyMap<SourceId, string>> {
  const claimed = new Map<SourceId, string>();
  if (awaited.size === 0) return claimed;
  const ids = operations.map(({ source }) => source.id);
  for (const [id, link] of await ports.store.linksOf(job.jobId, ids)) {
    const heir = heirOf(link, awaited);
    if (heir !== undefined) claimed.set(id, `${heir.displayName} (${heir.sourceId})`);
  }
  return claimed;
}

function heirOf({ type, held = {} }: Link, awaited: Awaited) {
  for (const [path, value] of Object.entries(held)) {
    const heir = awaited.get(keyOf(type, path, value));
    if (heir !== undefined) return heir;
  }
  return undefined;
}

function keyOf(type: Escrow['type'], path: string, value: Parameters<typeof asKey>[0]): string {
  return `${type}\n${path}\n${asKey(value)}`;
}
