/** The later pass: managers, then members, once both ends have a link (cycle.md 2.17, D-10). */
import type { Link } from '../model/link.ts';
import type { CountedAs, Operation, Outcome, PendingReference } from '../plan/plan.ts';
import { planManager, planMembers } from '../plan/plan-references.ts';
import type { StateChange } from '../record/state-change.ts';
import { type Cycle, carryOutAndCommit } from './cycle.ts';

/** How many links are looked up in one query. */
const LINKS_PER_QUERY = 500;

/** Plans, carries out and commits every pending reference of the cycle. */
export async function* writeReferences(cycle: Cycle): AsyncGenerator<Outcome> {
  yield* writeKind(cycle, 'manager', cycle.job.pageSize);
  // A group may hold many members: one group at a time keeps memory flat.
  yield* writeKind(cycle, 'members', 1);
}

async function* writeKind(cycle: Cycle, kind: PendingReference['kind'], pageSize: number): AsyncGenerator<Outcome> {
  let after: string | undefined;
  do {
    cycle.ports.signal.throwIfAborted();
    const page = await cycle.ports.store.pendingReferences(cycle.job.jobId, kind, after, pageSize);
    yield* writePending(cycle, page.rows);
    after = page.next;
  } while (after !== undefined);
}

/** Plans, carries out and commits these references. */
export async function* writePending(cycle: Cycle, references: readonly PendingReference[]): AsyncGenerator<Outcome> {
  const operations: Operation[] = [];
  const orphans: StateChange[] = [];
  for (const pending of references) {
    const operation = await planReference(cycle, pending);
    if (operation === undefined)
      orphans.push({ kind: 'reference-settled', sourceId: pending.source.id, referenceKind: pending.kind });
    else operations.push(operation);
  }
  if (orphans.length > 0) await cycle.ports.store.commit(cycle.job.jobId, orphans);
  const counted = new Map<string, CountedAs>(references.map((row) => [row.source.id, row.countedAs ?? 'skipped']));
  yield* carryOutAndCommit(cycle, operations, undefined, counted);
}

/** The operation, or undefined when the object itself has no link to write to. */
async function planReference(cycle: Cycle, pending: PendingReference): Promise<Operation | undefined> {
  const { store } = cycle.ports;
  const { jobId, rules } = cycle.job;
  const link = (await store.linksOf(jobId, [pending.source.id])).get(pending.source.id);
  if (link === undefined) return undefined;
  if (pending.kind === 'manager') {
    const manager =
      pending.refersTo === undefined
        ? undefined
        : (await store.linksOf(jobId, [pending.refersTo])).get(pending.refersTo);
    const resource =
      rules.client.update === 'put'
        ? await cycle.ports.reader.get('User', link.targetId, cycle.ports.signal)
        : undefined;
    return planManager(await asked(cycle, pending, link, manager), link, manager, rules, resource);
  }
  const links = await linksOfAll(cycle, pending.refersTo);
  return planMembers(pending, link, links, await store.membersOf(jobId, pending.source.id), rules);
}

/**
 * The reference as the target holds it, asked for by a filter of two terms when the job says so (scim-wire.md 4.4).
 * A target that finds its user by the wanted manager holds it already.
 */
async function asked(
  cycle: Cycle,
  pending: Extract<PendingReference, { kind: 'manager' }>,
  link: Link,
  manager: Link | undefined,
): Promise<Extract<PendingReference, { kind: 'manager' }>> {
  if (!cycle.job.rules.referenceProbe || manager === undefined) return pending;
  const reference = { path: pending.path, value: manager.targetId };
  const holds = await cycle.ports.reader.holds('User', link.targetId, reference, cycle.ports.signal);
  return holds ? { ...pending, current: manager.targetId } : pending;
}

async function linksOfAll(
  cycle: Cycle,
  ids: readonly string[],
): Promise<Awaited<ReturnType<Cycle['ports']['store']['linksOf']>>> {
  const all = new Map<string, Parameters<typeof planManager>[1]>();
  for (let start = 0; start < ids.length; start += LINKS_PER_QUERY) {
    const links = await cycle.ports.store.linksOf(cycle.job.jobId, ids.slice(start, start + LINKS_PER_QUERY));
    for (const [id, link] of links) all.set(id, link);
  }
  return all;
}
