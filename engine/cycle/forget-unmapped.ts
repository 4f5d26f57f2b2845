/**
 * What waits for objects that no mapping provisions any more: a held deprovision, a reference, a retry. A mapping that is off is
 * a decision (cycle.md 2.19), and a changed one makes the next cycle an initial one, which asks this once.
 */
import { everyPage, type Rows } from '../model/rows.ts';
import type { ObjectType } from '../model/source-object.ts';
import { WHENEVER } from '../record/escrow.ts';
import type { StateChange } from '../record/state-change.ts';
import type { Cycle } from './cycle.ts';

/** Forgets what waits; links stay, so that a mapping switched on again finds the accounts. */
export async function forgetUnmapped(cycle: Cycle): Promise<void> {
  const { store } = cycle.ports;
  const { jobId, pageSize, mappings } = cycle.job;
  const isUnmapped = (type: ObjectType) => mappings.every((mapping) => mapping.type !== type);
  if (!isUnmapped('User') && !isUnmapped('Group')) return;
  await forget(
    cycle,
    (after) => store.stagedDeprovisions(jobId, after, pageSize),
    ({ source }) => (isUnmapped(source.type) ? { kind: 'unstage', sourceId: source.id } : []),
  );
  await forget(
    cycle,
    (after) => store.dueEscrows(jobId, WHENEVER, after, pageSize),
    ({ type, sourceId }) => (isUnmapped(type) ? { kind: 'escrow-cleared', sourceId } : []),
  );
  for (const referenceKind of ['manager', 'members'] as const) {
    await forget(
      cycle,
      (after) => store.pendingReferences(jobId, referenceKind, after, pageSize),
      ({ source }) =>
        isUnmapped(source.type) ? { kind: 'reference-settled', sourceId: source.id, referenceKind } : [],
    );
  }
}

async function forget<T>(
  { ports, job }: Cycle,
  read: (after: string | undefined) => Promise<Rows<T>>,
  changeFor: (row: T) => StateChange | readonly [],
): Promise<void> {
  for await (const rows of everyPage(read)) await ports.store.commit(job.jobId, rows.flatMap(changeFor));
}
