/**
 * What waits for objects that no mapping provisions any more: a held deprovision, a reference, a retry. A mapping that is off is
 * a decision (cycle.md 2.19), and a changed one makes the next cycle an initial one, which asks this once.
 */
import type { ObjectType } from '../model/source-object.ts';
import type { PendingReference } from '../plan/plan.ts';
import { WHENEVER } from '../record/escrow.ts';
import type { StateChange } from '../record/state-change.ts';
import type { Cycle } from './cycle.ts';

/** Forgets what waits; links stay, so that a mapping switched on again finds the accounts. */
export async function forgetUnmapped(cycle: Cycle): Promise<void> {
  const { store } = cycle.ports;
  const { jobId, pageSize, mappings } = cycle.job;
  const isUnmapped = (type: ObjectType) => mappings.every((mapping) => mapping.type !== type);
  if (!isUnmapped('User') && !isUnmapped('Group')) return;
  await forgetPages(cycle, async (after) => {
    const page = await store.stagedDeprovisions(jobId, after, pageSize);
    const gone = page.rows.filter(({ source }) => isUnmapped(source.type));
    return { ...page, changes: gone.map(({ source }) => ({ kind: 'unstage', sourceId: source.id })) };
  });
  await forgetPages(cycle, async (after) => {
    const page = await store.dueEscrows(jobId, WHENEVER, after, pageSize);
    const gone = page.rows.filter(({ type }) => isUnmapped(type));
    return { ...page, changes: gone.map(({ sourceId }) => ({ kind: 'escrow-cleared', sourceId })) };
  });
  for (const referenceKind of ['manager', 'members'] as const) {
    await forgetPages(cycle, async (after) => {
      const page = await store.pendingReferences(jobId, referenceKind, after, pageSize);
      const gone = page.rows.filter(({ source }: PendingReference) => isUnmapped(source.type));
      return {
        ...page,
        changes: gone.map(({ source }) => ({ kind: 'reference-settled', sourceId: source.id, referenceKind })),
      };
    });
  }
}

type Page = { readonly next?: string; readonly changes: readonly StateChange[] };

async function forgetPages({ ports, job }: Cycle, read: (after: string | undefined) => Promise<Page>): Promise<void> {
  let after: string | undefined;
  do {
    const { changes, next } = await read(after);
    await ports.store.commit(job.jobId, changes);
    after = next;
  } while (after !== undefined);
}
