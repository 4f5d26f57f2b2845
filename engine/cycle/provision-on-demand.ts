/**
 * One object through the whole pipeline, besides the schedule (cycle.md 9, D-19): the watermark stays, a success clears
 * the object's escrow, a failure makes none, nothing is ever deleted, and the PATCH dialect is the legacy one (9.10).
 */
import { EngineError } from '../model/engine-error.ts';
import type { SourceId, SourceObject } from '../model/source-object.ts';
import { skip } from '../plan/operation.ts';
import type { Operation, Outcome, PendingReference } from '../plan/plan.ts';
import { assertAssignments } from './assert-assignments.ts';
import { type Cycle, type CyclePorts, carryOutAndCommit, newTotals } from './cycle.ts';
import type { Job } from './job.ts';
import { planPage } from './plan-page.ts';
import { recognizeTarget } from './recognize-target.ts';
import { keepSharedTargets } from './shared-targets.ts';
import { writePending } from './write-references.ts';

/** As many members may be chosen with a group (cycle.md 9.5). */
export const MEMBERS_ON_DEMAND = 5;

export type OnDemandRequest = {
  readonly object: SourceObject;
  /** Members of a group to provision with it. */
  readonly members: readonly SourceObject[];
};

/** The outcomes in order: chosen members, the object itself, its references. @throws EngineError `job` when the target cannot be reached */
export async function* provisionOnDemand(
  job: Job,
  ports: CyclePorts,
  request: OnDemandRequest,
): AsyncGenerator<Outcome> {
  const cycle = onDemandCycle(job, ports);
  await assertAssignments(cycle);
  await probe(cycle, request);
  const { object, members } = request;
  await ports.directory.touched([...members, object]);
  const chosen: PendingReference[] = [];
  const all = [...members, object];
  for (const one of all) chosen.push(...(yield* provisionOne(cycle, one, members)));
  yield* writePending(cycle, [...(await waitingManagers(cycle, all)), ...chosen]);
}

/** Not a cycle of the job: no record is kept, and it makes no escrows. */
function onDemandCycle(job: Job, ports: CyclePorts): Cycle {
  const cycleId = ports.ids.next();
  return {
    job: { ...job, rules: { ...job.rules, patchMode: 'legacy' } },
    kind: 'incremental',
    cycleId,
    forceDeletes: false,
    onDemand: true,
    ports,
    totals: newTotals(cycleId, 'incremental', ports.clock.now()),
  };
}

async function probe(cycle: Cycle, { object }: OnDemandRequest): Promise<void> {
  const mapping = cycle.job.mappings.find(({ type }) => type === object.type);
  if (mapping === undefined) throw notMapped(object);
  const path = mapping.matching[0]?.path.text;
  const { reader, ids, signal } = cycle.ports;
  if (path !== undefined) await reader.probe(mapping.resourceType, path, ids.next(), signal);
  const record = await cycle.ports.store.job(cycle.job.jobId);
  if (record !== undefined) await recognizeTarget(cycle, record);
}

/** Returns the members to write, which do not take the place of those that wait for the next cycle. */
async function* provisionOne(
  cycle: Cycle,
  object: SourceObject,
  members: readonly SourceObject[],
): AsyncGenerator<Outcome, readonly PendingReference[]> {
  const planned = await planPage(cycle, [{ kind: 'present', object, known: true, askedBy: 'person' }]);
  const operations = planned.map((operation) => {
    const references = operation.references.filter(({ kind }) => kind === 'manager');
    const why = notOnDemand(operation, object);
    if (why === undefined) return { ...operation, references };
    const { reason, target } = operation;
    return skip(
      operation,
      { code: 'NotEffectivelyEntitled', message: `${reason.message}; ${why}` },
      { ...(target === undefined ? {} : { target }), references },
    );
  });
  let done = true;
  for await (const outcome of carryOutAndCommit(cycle, (await keepSharedTargets(cycle, operations)).operations)) {
    if (outcome.failure !== undefined) done = false;
    yield outcome;
  }
  return done ? planned.flatMap(({ references }) => references.flatMap((one) => chosenOnly(one, members))) : [];
}

/** Why it is not carried out (cycle.md 9.1, 9.6). */
function notOnDemand({ action }: Operation, { accountEnabled, softDeleted }: SourceObject): string | undefined {
  if (action === 'delete') return 'on demand never deletes';
  const isGone = !accountEnabled || softDeleted;
  return action === 'disable' && isGone ? 'on demand disables for an unassignment alone' : undefined;
}

/** A group gets the chosen members and loses none. */
function chosenOnly(reference: PendingReference, members: readonly SourceObject[]): readonly PendingReference[] {
  if (reference.kind === 'manager') return [];
  const chosen = new Set(members.map(({ id }) => id));
  return [{ ...reference, refersTo: reference.refersTo.filter((id) => chosen.has(id)), addOnly: true }];
}

async function waitingManagers(cycle: Cycle, objects: readonly SourceObject[]): Promise<readonly PendingReference[]> {
  const waiting: PendingReference[] = [];
  for (const { id } of objects) {
    const found = await cycle.ports.store.pendingReference(cycle.job.jobId, 'manager', id);
    if (found !== undefined) waiting.push(found);
  }
  return waiting;
}

/** The ids that `request` names but the group does not have as members. */
export function strangers(group: SourceObject, members: readonly SourceObject[]): readonly SourceId[] {
  const own = new Set((group.members ?? []).map(({ id }) => id));
  return members.map(({ id }) => id).filter((id) => !own.has(id));
}

function notMapped(object: SourceObject): EngineError {
  return new EngineError(`the job has no mapping for objects of type ${object.type}`, {
    category: 'configuration',
    code: 'not-mapped',
    remedy: 'add an object mapping, or enable it',
  });
}
