/**
 * Fidelity `sane`: a restored user's memberships are sent again, because not every target kept them. Entra expects
 * that it did (cycle.md 3.27, 13.3). The groups are no longer sure that they hold the user; the later pass adds the user anew.
 */
import type { Outcome } from '../plan/plan.ts';
import type { StateChange } from '../record/state-change.ts';
import type { Cycle } from './cycle.ts';
import { membersToWrite } from './members-to-write.ts';

/** Queues the groups of everybody whom `outcomes` brought back. */
export async function restoreMemberships(cycle: Cycle, outcomes: readonly Outcome[]): Promise<void> {
  if (cycle.job.rules.fidelity !== 'sane') return;
  const { store } = cycle.ports;
  for (const { operation, status, targetId } of outcomes) {
    if (operation.link.kind !== 'restored' || status === 'failure' || targetId === undefined) continue;
    const groups = await store.groupsHolding(cycle.job.jobId, targetId);
    const changes = await queue(cycle, groups, targetId);
    if (changes.length > 0) await store.commit(cycle.job.jobId, changes);
  }
}

async function queue(cycle: Cycle, groupIds: readonly string[], member: string): Promise<readonly StateChange[]> {
  const references = await membersToWrite(cycle, groupIds);
  return references.flatMap((reference): readonly StateChange[] => [
    { kind: 'members', groupId: reference.source.id, added: [], removed: [], uncertain: [member] },
    { kind: 'reference', reference },
  ]);
}
