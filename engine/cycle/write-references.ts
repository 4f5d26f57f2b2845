/** The later pass: managers, then members, once both ends have a link (cycle.md 2.17, D-10). */
import type { Link } from '../model/link.ts';
import { everyPage } from '../model/rows.ts';
import type { SourceId } from '../model/source-object.ts';
import { failureOf, invalidAnchor } from '../plan/failure.ts';
import type { CountedAs, Operation, Outcome, PendingReference } from '../plan/plan.ts';
import { failReference, planManager, planMembers } from '../plan/plan-references.ts';
import type { StateChange } from '../record/state-change.ts';
import { type Cycle, carryOutAndCommit } from './cycle.ts';

type Of<K extends PendingReference['kind']> = Extract<PendingReference, { kind: K }>;

/** Plans, carries out and commits every pending reference of the cycle. */
export async function* writeReferences(cycle: Cycle): AsyncGenerator<Outcome> {
  yield* writeKind(cycle, 'manager', cycle.job.pageSize);
  // A group may hold many members: one group at a time keeps memory flat.
  yield* writeKind(cycle, 'members', 1);
}

async function* writeKind(cycle: Cycle, kind: PendingReference['kind'], pageSize: number): AsyncGenerator<Outcome> {
  const { store, signal } = cycle.ports;
  const read = (after: string | undefined) => store.pendingReferences(cycle.job.jobId, kind, after, pageSize);
  for await (const references of everyPage(read)) {
    signal.throwIfAborted();
    yield* writePending(cycle, references);
  }
}

/** Plans, carries out and commits these references. */
export async function* writePending(cycle: Cycle, references: readonly PendingReference[]): AsyncGenerator<Outcome> {
  const operations: Operation[] = [];
  const orphans: StateChange[] = [];
  const ends = references.flatMap(({ kind, source, refersTo }) =>
    kind === 'manager' && refersTo !== undefined ? [source.id, refersTo] : [source.id],
  );
  const links = await cycle.ports.store.linksOf(cycle.job.jobId, ends);
  for (const pending of references) {
    const operation = await planReference(cycle, pending, links);
    if (operation === undefined)
      orphans.push({ kind: 'reference-settled', sourceId: pending.source.id, referenceKind: pending.kind });
    else operations.push(operation);
  }
  if (orphans.length > 0) await cycle.ports.store.commit(cycle.job.jobId, orphans);
  const countedBefore = new Map<string, CountedAs>(
    references.map((row) => [row.source.id, row.countedAs ?? 'skipped']),
  );
  yield* carryOutAndCommit(cycle, operations, { countedBefore });
}

/**
 * The operation, or undefined when the object itself has no link to write to. An object that cannot be read fails alone.
 * @param links of the object, and of its manager
 */
async function planReference(
  cycle: Cycle,
  pending: PendingReference,
  links: ReadonlyMap<SourceId, Link>,
): Promise<Operation | undefined> {
  const link = links.get(pending.source.id);
  if (link === undefined) return undefined;
  try {
    return await (pending.kind === 'manager'
      ? managerWrite(cycle, pending, link, links)
      : membersWrite(cycle, pending, link));
  } catch (error) {
    return failReference(pending, link, failureOf(error));
  }
}

async function managerWrite(
  cycle: Cycle,
  pending: Of<'manager'>,
  link: Link,
  links: ReadonlyMap<SourceId, Link>,
): Promise<Operation> {
  const { rules } = cycle.job;
  const { reader, signal } = cycle.ports;
  const manager = pending.refersTo === undefined ? undefined : links.get(pending.refersTo);
  const known = await asked(cycle, pending, link, manager);
  const planned = planManager(known, link, manager, rules);
  // Whoever writes whole resources has to know the rest of it, but only when there is something to write.
  if (rules.client.update !== 'put' || planned.requests.length === 0) return planned;
  const resource = await reader.get('User', link.targetId, signal);
  if (resource === undefined) return failReference(pending, link, invalidAnchor('User', link.targetId));
  return planManager(known, link, manager, rules, resource);
}

async function membersWrite(cycle: Cycle, pending: Of<'members'>, link: Link): Promise<Operation> {
  const { jobId, rules } = cycle.job;
  const { reader, signal, store } = cycle.ports;
  const links = await store.linkEndsOf(jobId, pending.refersTo);
  const believed = await store.membersOf(jobId, pending.source.id);
  const planned = planMembers(pending, link, { links, believed }, rules);
  if (rules.client.membership !== 'put' || planned.requests.length === 0) return planned;
  const group = await reader.get('Group', link.targetId, signal, { members: true });
  if (group === undefined) return failReference(pending, link, invalidAnchor('Group', link.targetId));
  return planMembers(pending, link, { links, believed, group }, rules);
}

/**
 * The reference as the target holds it, asked for by a filter of two terms when the job says so (scim-wire.md 4.4).
 * A target that finds its user by the wanted manager holds it already.
 */
async function asked(
  cycle: Cycle,
  pending: Of<'manager'>,
  link: Link,
  manager: Link | undefined,
): Promise<Of<'manager'>> {
  if (!cycle.job.rules.referenceProbe || manager === undefined) return pending;
  const reference = { path: pending.path, value: manager.targetId };
  const holds = await cycle.ports.reader.holds('User', link.targetId, reference, cycle.ports.signal);
  return holds ? { ...pending, current: manager.targetId } : pending;
}
