/**
 * Two source objects with one matching value end up on one target resource: both are linked, with a warning (cycle.md D-09,
 * 13.18), and the resource goes when the last of them leaves.
 */
import type { Link } from '../model/link.ts';
import type { SourceId } from '../model/source-object.ts';
import { fail, isDeprovision, skip } from '../plan/operation.ts';
import type { Operation, Outcome, PendingReference } from '../plan/plan.ts';
import { readPath } from '../scim/attribute-path.ts';
import type { Cycle } from './cycle.ts';
import { asKey, matchingValues } from './matching-values.ts';
import { membersToWrite } from './members-to-write.ts';

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
  const owners = new Map<string, Owner>();
  for (const link of await cycle.ports.store.linksTo(cycle.job.jobId, fresh))
    owners.set(resourceOf(link), { sourceId: link.sourceId, name: link.displayName });
  const judged: Operation[] = [];
  for (const operation of operations) judged.push(await judge(cycle, operation, owners));
  return judged;
}

/**
 * `outcomes` with a warning on every create that the target answered with a resource that somebody else is linked to. Such a
 * target made none: it gave the account of another one, or its ids begin anew with every start.
 */
export async function warnAboutReusedIds(cycle: Cycle, outcomes: readonly Outcome[]): Promise<readonly Outcome[]> {
  const created = outcomes.flatMap(createdTarget);
  if (created.length === 0) return outcomes;
  const owners = new Map<string, Owner>();
  for (const link of await cycle.ports.store.linksTo(cycle.job.jobId, created))
    owners.set(resourceOf(link), { sourceId: link.sourceId, name: link.displayName });
  return outcomes.map((outcome) => {
    const [targetId] = createdTarget(outcome);
    if (targetId === undefined) return outcome;
    const { id: sourceId, type, userPrincipalName, displayName } = outcome.operation.source;
    const resource = resourceOf({ type, targetId });
    const owner = owners.get(resource);
    owners.set(resource, { sourceId, name: userPrincipalName ?? displayName });
    if (owner === undefined || owner.sourceId === sourceId) return outcome;
    const message = `the target answered the create with ${targetId}, which ${owner.name} (${owner.sourceId}) is linked to: there is one account for both`;
    const warned = { status: 'warning' as const, reason: { code: 'DuplicateTargetEntries', message } };
    return { ...outcome, status: 'warning' as const, operation: { ...outcome.operation, ...warned } };
  });
}

function createdTarget({ operation, failure, targetId }: Outcome): readonly string[] {
  return operation.action === 'create' && failure === undefined && targetId !== undefined ? [targetId] : [];
}

type Owner = { readonly sourceId: string; readonly name: string };

async function judge(cycle: Cycle, operation: Operation, owners: Map<string, Owner>): Promise<Operation> {
  const targetId = newTarget(operation);
  if (targetId === undefined) return operation;
  const { id: sourceId, type, userPrincipalName, displayName } = operation.source;
  const resource = resourceOf({ type, targetId });
  const owner = owners.get(resource);
  // Whoever comes back is linked already: nobody shares a resource with himself.
  if (owner === undefined || owner.sourceId === sourceId) {
    owners.set(resource, { sourceId, name: userPrincipalName ?? displayName });
    return operation;
  }
  const claim = await claimOf(cycle, owner.sourceId, operation);
  const who = `${owner.name} (${owner.sourceId})`;
  if (claim === 'renamed') {
    const message = `${targetId} in the target is that of ${who}, whose new name it has not got yet`;
    return fail(operation, 'create', { code: 'DuplicateSourceEntries', category: 'nonServiceFailure', message });
  }
  const message = `${targetId} in the target is also linked to ${who}${ADVICE[claim]}`;
  if (cycle.job.rules.onSharedTarget === 'fail') {
    return fail(operation, 'update', { code: 'DuplicateSourceEntries', category: 'nonServiceFailure', message });
  }
  const warned = { ...operation, status: 'warning' as const, reason: { code: 'DuplicateSourceEntries', message } };
  if (claim === 'keeps') return warned;
  const members = await cycle.ports.store.membersOf(cycle.job.jobId, owner.sourceId);
  // Who is gone gives up the link with a record of its own.
  return { ...warned, takesOver: { from: owner.sourceId, unlinks: claim === 'left', members } };
}

/**
 * What the owner of a resource has to do with it, now that another object was matched to it. `gone`: nothing, it is not in the
 * directory. `left`: out of scope, and the value that the newcomer has is no longer its own. `renamed`: the same in scope, so that
 * the resource is about to get another value. `keeps`: it has the same value, or nobody can say.
 */
type Claim = 'gone' | 'left' | 'renamed' | 'keeps';

const ADVICE: Readonly<Record<Exclude<Claim, 'renamed'>, string>> = {
  gone: ', who is gone from the directory; this object takes it over',
  left: ', who is out of scope and has another name now; this object takes it over',
  keeps: '; give each its own value of the matching attribute',
};

async function claimOf({ job, ports }: Cycle, ownerId: SourceId, operation: Operation): Promise<Claim> {
  const { held, target } = operation;
  if ((await ports.directory.uncertain([ownerId])).has(ownerId)) return 'keeps';
  const object = (await ports.directory.objects([ownerId])).get(ownerId);
  if (object === undefined) return 'gone';
  const mapping = job.mappings.find(({ name }) => name === operation.mapping);
  if (mapping === undefined || target?.resource === undefined) return 'keeps';
  const { resource } = target;
  const owner = matchingValues(object, mapping, { rules: job.rules, context: ports.context });
  const differs = mapping.matching.some(({ path }) => {
    const present = asKey(readPath(resource, path));
    const next = owner.wanted.find((query) => query.path === path.text)?.value;
    return present === asKey(held?.[path.text]) && next !== undefined && present !== asKey(next);
  });
  if (!differs) return 'keeps';
  if (!owner.inScope) return 'left';
  return mapping.actions.has('update') ? 'renamed' : 'keeps';
}

/**
 * `operations`, but who leaves a resource that somebody else is linked to gives up the link alone, with a warning. Somebody
 * who was created anew in the directory found that account by its matching value; it must not go with the one before.
 * `inherited`: members of groups to compare anew, because those whom only the leaving group had put in leave with it.
 */
export async function keepSharedTargets(cycle: Cycle, operations: readonly Operation[]): Promise<KeptTargets> {
  const targetIds = operations.filter(isDeprovision).flatMap(({ target }) => target?.id ?? []);
  if (targetIds.length === 0) return { operations, inherited: [] };
  const linked = new Map<string, Map<string, string>>();
  for (const link of await cycle.ports.store.linksTo(cycle.job.jobId, targetIds)) {
    if (link.disabled) continue;
    const names = linked.get(resourceOf(link)) ?? new Map<string, string>();
    linked.set(resourceOf(link), names.set(link.sourceId, link.displayName));
  }
  const heirs = new Map<SourceId, SourceId>();
  const kept = operations.map((operation) => {
    const { reason, source, target } = operation;
    if (target === undefined || !isDeprovision(operation)) return operation;
    const names = linked.get(resourceOf({ type: source.type, targetId: target.id }));
    // When two leave together, the second one finds nobody else.
    names?.delete(source.id);
    const [other] = names ?? [];
    if (other === undefined) return operation;
    const [otherId, name] = other;
    if (source.type === 'Group') heirs.set(source.id, otherId);
    const message = `${reason.message}; ${target.id} in the target stays as it is, because ${name} (${otherId}) is linked to it too`;
    return skip(
      operation,
      { code: 'DuplicateSourceEntries', message },
      { status: 'warning', target, link: { kind: 'unlink' } },
    );
  });
  const inherited: PendingReference[] = [];
  for (const [from, to] of heirs) inherited.push(...(await inheritMembers(cycle, from, to)));
  return { operations: kept, inherited };
}

type KeptTargets = { readonly operations: readonly Operation[]; readonly inherited: readonly PendingReference[] };

async function inheritMembers(cycle: Cycle, from: SourceId, to: SourceId): Promise<readonly PendingReference[]> {
  const { store } = cycle.ports;
  const { jobId } = cycle.job;
  const { held, uncertain } = await store.membersOf(jobId, from);
  const own = await store.membersOf(jobId, to);
  const added = [...held].filter((id) => !own.held.has(id));
  const doubtful = [...uncertain].filter((id) => !own.uncertain.has(id));
  if (added.length + doubtful.length === 0) return [];
  const references = await membersToWrite(cycle, [to]);
  await store.commit(jobId, [
    { kind: 'members', groupId: to, added, removed: [], uncertain: doubtful },
    ...references.map((reference) => ({ kind: 'reference', reference }) as const),
  ]);
  return references;
}

/** Users and groups may have the same ids. */
function resourceOf({ type, targetId }: Pick<Link, 'type' | 'targetId'>): string {
  return `${type} ${targetId}`;
}

function newTarget(operation: Operation): string | undefined {
  return operation.link.kind === 'link' ? operation.link.targetId : undefined;
}
