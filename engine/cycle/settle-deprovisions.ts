/** The end of a cycle: staged disables and deletes are counted, then carried out or held (cycle.md 7, D-18, ruling R10). */
import type { Operation, Outcome } from '../plan/plan.ts';
import { logEntry } from '../record/log-entry.ts';
import type { StateChange } from '../record/state-change.ts';
import { type Cycle, carryOutAndCommit } from './cycle.ts';
import type { DeletionGuard } from './job.ts';

export type GuardVerdict = { readonly tripped: boolean; readonly count: number };

/** True for what waits until the end of the cycle: a disable or a delete that sends something. */
export function isDeprovision(operation: Operation): boolean {
  return (operation.action === 'disable' || operation.action === 'delete') && operation.requests.length > 0;
}

/** Whether so many deprovisions in one cycle look like an accident. */
export function assertSafe(guard: DeletionGuard, count: number): GuardVerdict {
  const over = guard.trigger === 'gte' ? count >= guard.threshold : count > guard.threshold;
  return { tripped: guard.enabled && over, count };
}

/** Carries the staged deprovisions out, or logs each as held when the guard trips: then none of them runs. */
export async function* settleDeprovisions(cycle: Cycle): AsyncGenerator<Outcome, GuardVerdict> {
  const counts = await cycle.ports.store.countStagedDeprovisions(cycle.job.jobId);
  const verdict = assertSafe(cycle.job.guard, counts.User + counts.Group);
  let after: string | undefined;
  do {
    cycle.ports.signal.throwIfAborted();
    const page = await cycle.ports.store.stagedDeprovisions(cycle.job.jobId, after, cycle.job.pageSize);
    if (verdict.tripped) await logHeld(cycle, page.rows);
    else yield* carryOutAndCommit(cycle, page.rows, unstage);
    after = page.next;
  } while (after !== undefined);
  return verdict;
}

/** A failed deprovision leaves the list too: its escrow brings it back. */
function unstage(outcome: Outcome): readonly StateChange[] {
  return [{ kind: 'unstage', sourceId: outcome.operation.source.id }];
}

async function logHeld(cycle: Cycle, operations: readonly Operation[]): Promise<void> {
  const { store, clock, ids } = cycle.ports;
  const changes = operations.map((operation): StateChange => {
    const held: Operation = {
      ...operation,
      logAction: 'stageddelete',
      status: 'skipped',
      requests: [],
      reason: {
        code: 'TooManyDeletes',
        message: `${operation.reason.message}; held by accidental-deletion prevention`,
      },
    };
    const outcome: Outcome = {
      operation: held,
      status: 'skipped',
      completedRequests: 0,
      durationMs: 0,
      ...(operation.target === undefined ? {} : { targetId: operation.target.id }),
    };
    return {
      kind: 'log',
      record: logEntry({
        identity: { ...cycle.job.log, cycleId: cycle.cycleId },
        outcome,
        escrow: undefined,
        now: clock.now(),
        id: ids.next(),
        changeId: ids.next(),
      }),
    };
  });
  await store.commit(cycle.job.jobId, changes);
}
