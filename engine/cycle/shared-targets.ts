/** Two source objects with one matching value end up on one target resource: both are linked, with a warning (cycle.md D-09, 13.18). */
import { fail } from '../plan/operation.ts';
import type { Operation } from '../plan/plan.ts';
import type { Cycle } from './cycle.ts';

/**
 * `operations` with a warning on every new link to a resource that another source object is linked to, or a failure in its place.
 * @param committed when everything before them is in the store
 */
export async function warnAboutSharedTargets(
  cycle: Cycle,
  operations: readonly Operation[],
  committed: Promise<unknown> = Promise.resolve(),
): Promise<readonly Operation[]> {
  const fresh = operations.flatMap((operation) => newTarget(operation) ?? []);
  if (fresh.length === 0) return operations;
  await committed;
  const owners = new Map<string, { readonly sourceId: string; readonly name: string }>();
  for (const { targetId, sourceId, displayName } of await cycle.ports.store.linksTo(cycle.job.jobId, fresh))
    owners.set(targetId, { sourceId, name: displayName });
  return operations.map((operation) => {
    const targetId = newTarget(operation);
    if (targetId === undefined) return operation;
    const owner = owners.get(targetId);
    const { id: sourceId, userPrincipalName, displayName } = operation.source;
    // Whoever comes back is linked already: nobody shares a resource with himself.
    if (owner === undefined || owner.sourceId === sourceId) {
      owners.set(targetId, { sourceId, name: userPrincipalName ?? displayName });
      return operation;
    }
    const message = `${targetId} in the target is also linked to ${owner.name}; give each its own value of the matching attribute`;
    if (cycle.job.rules.onSharedTarget === 'fail') {
      return fail(operation, 'update', { code: 'DuplicateSourceEntries', category: 'nonServiceFailure', message });
    }
    return { ...operation, status: 'warning' as const, reason: { code: 'DuplicateSourceEntries', message } };
  });
}

function newTarget(operation: Operation): string | undefined {
  return operation.link.kind === 'link' ? operation.link.targetId : undefined;
}
