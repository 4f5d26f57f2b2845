/**
 * Planned pages carried out one after the other, each committed while the next one is on its way: the target does not wait for
 * the state. Pages are committed in order, and when the state refuses one, nothing more is sent.
 */
import { idOf, type SourceChange } from '../model/source-object.ts';
import { isDeprovision } from '../plan/operation.ts';
import type { Operation, Outcome } from '../plan/plan.ts';
import type { StateChange } from '../record/state-change.ts';
import { type CarriedOut, type Cycle, carryOutAll, carryOutAndCommit, commitOutcomes } from './cycle.ts';
import { planPage } from './plan-page.ts';
import { restoreMemberships } from './restore-memberships.ts';
import { warnAboutReusedIds, warnAboutSharedTargets } from './shared-targets.ts';

/** Changes, and what is to be done about them. */
export type Plan = { readonly changes: readonly SourceChange[]; readonly operations: readonly Operation[] };

export type WriteOptions<Page> = {
  /** Deprovisions may be waiting from an earlier cycle. */
  readonly mayBeStaged: boolean;
  readonly onCommitted?: (page: Page) => void;
};

/** Carries `pages` out, yielding each outcome after it was committed. */
export async function* writePages<Page extends Plan>(
  cycle: Cycle,
  pages: AsyncIterable<Page> | Iterable<Page>,
  { mayBeStaged, onCommitted }: WriteOptions<Page>,
): AsyncGenerator<Outcome> {
  const refused = new AbortController();
  const signal = AbortSignal.any([cycle.ports.signal, refused.signal]);
  /** The page before: what came of it, once that is committed. */
  let committed: Promise<readonly Outcome[]> = Promise.resolve([]);
  const commit = async (before: Promise<unknown>, page: Page, carried: CarriedOut): Promise<readonly Outcome[]> => {
    // What was sent is taken down, whatever became of the page before.
    await before.catch(() => undefined);
    const outcomes = await settle(cycle, page, carried);
    onCommitted?.(page);
    return outcomes;
  };
  try {
    for await (const page of pages) {
      signal.throwIfAborted();
      const before = committed;
      const operations = await warnAboutSharedTargets(cycle, page.operations, before);
      const direct = await stage(cycle, operations, mayBeStaged);
      const carried = await carryOutAll(cycle, direct, signal);
      committed = commit(before, page, carried);
      committed.catch((error: unknown) => refused.abort(error));
      yield* await before;
      if (carried.error !== undefined) break;
    }
    yield* await committed;
  } finally {
    await committed.catch(() => undefined);
  }
}

/** Keeps what deprovisions for the end of the cycle, and returns the rest. */
async function stage(
  cycle: Cycle,
  operations: readonly Operation[],
  mayBeStaged: boolean,
): Promise<readonly Operation[]> {
  const direct = operations.filter((operation) => !isDeprovision(operation));
  const changes = operations.filter(isDeprovision).flatMap(staged);
  if (mayBeStaged) for (const { source } of direct) changes.push({ kind: 'unstage', sourceId: source.id });
  if (changes.length > 0) await cycle.ports.store.commit(cycle.job.jobId, changes);
  return direct;
}

/** What is to be deleted gets no members or manager any more, whatever waits for them. */
function staged(operation: Operation): StateChange[] {
  const stage: StateChange = { kind: 'stage', operation };
  if (operation.action !== 'delete') return [stage];
  const sourceId = operation.source.id;
  return [
    stage,
    { kind: 'reference-settled', sourceId, referenceKind: 'manager' },
    { kind: 'reference-settled', sourceId, referenceKind: 'members' },
  ];
}

/** Commits what came of a page, and takes care of what follows from it. @throws what ended the page early, after the commit */
async function settle(cycle: Cycle, { changes }: Plan, carried: CarriedOut): Promise<readonly Outcome[]> {
  const { error } = carried;
  const outcomes = await warnAboutReusedIds(cycle, carried.outcomes);
  await commitOutcomes(cycle, outcomes);
  await restoreMemberships(cycle, outcomes);
  if (error !== undefined) throw error;
  const conflicts = new Set(outcomes.filter(isConflict).map(({ operation }) => operation.source.id));
  if (!cycle.job.rules.relinkOnConflict || conflicts.size === 0) return outcomes;
  const relinked: Outcome[] = [];
  const conflicting = changes.filter((change) => conflicts.has(idOf(change)));
  for await (const outcome of relink(cycle, conflicting)) relinked.push(outcome);
  return [...outcomes, ...relinked];
}

/** A create that the target refused because the account exists. */
function isConflict({ operation, failure }: Outcome): boolean {
  return operation.action === 'create' && failure?.status === 409;
}

/** Option `relinkOnConflict`: matches once more, and takes over the one resource that is found (scim-wire.md 5.3). */
async function* relink(cycle: Cycle, changes: readonly SourceChange[]): AsyncGenerator<Outcome> {
  const found = (await planPage(cycle, changes)).filter(({ target }) => target !== undefined);
  const countedBefore = new Map(found.map(({ source }) => [source.id, 'failed' as const]));
  yield* carryOutAndCommit(cycle, found, { countedBefore });
}
