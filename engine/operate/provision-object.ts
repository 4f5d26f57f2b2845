/** Provision on demand: one user, or one group with up to five of its members, now (cycle.md 9). */
import { applyOperations } from '../apply/apply-operations.ts';
import type { CarryOut } from '../cycle/cycle.ts';
import { underLease } from '../cycle/hold-lease.ts';
import { MEMBERS_ON_DEMAND, provisionOnDemand, strangers } from '../cycle/provision-on-demand.ts';
import { EngineError } from '../model/engine-error.ts';
import type { ObjectType, SourceObject } from '../model/source-object.ts';
import type { Operation, Outcome } from '../plan/plan.ts';
import type { Directory } from '../ports.ts';
import { chooseObject } from './choose-object.ts';
import { type EnginePorts, type JobPorts, neverAborted, openCycle } from './job-ports.ts';

export type ProvisionOptions = {
  /** Members of a group, by any reference. */
  readonly members?: readonly string[];
  /** What it has to be. */
  readonly type?: ObjectType;
  /** Also who is blocked or in the recycle bin, whom nobody can select: that one is skipped (cycle.md 9.7). */
  readonly anyState?: boolean;
  /** Told what was found out and is about to be done, before anything is sent. */
  readonly onPlanned?: (operation: Operation) => void;
  /** Told each outcome as it happens. */
  readonly onOutcome?: (outcome: Outcome) => void;
  readonly signal?: AbortSignal;
};

export type ProvisionResult = { readonly object: SourceObject; readonly outcomes: readonly Outcome[] };

/**
 * @throws EngineError `configuration`: `unknown-object`, `ambiguous-object`, `not-selectable`, `uncertain-object`,
 * `too-many-members`, `not-a-member`; `job` when the target cannot be reached, or the job is busy
 */
export async function provisionObject(
  ports: EnginePorts,
  job: JobPorts,
  reference: string,
  options: ProvisionOptions = {},
): Promise<ProvisionResult> {
  return underLease(ports, job.job.jobId, options.signal ?? neverAborted(), async (store, signal) => {
    const target = await job.openTarget();
    try {
      const cycle = await openCycle(ports, job, { store, reader: target, signal });
      const found = ofType(await chooseObject(cycle.directory, reference), options.type);
      const object = options.anyState === true ? found : selectable(found);
      const members = await membersOf(cycle.directory, object, options.members ?? []);
      await assertCertain(cycle.directory, [object, ...members]);
      const carryOut: CarryOut = (operations, until) => {
        for (const operation of operations) options.onPlanned?.(operation);
        return applyOperations(operations, { writer: target, clock: ports.clock, signal: until });
      };
      const outcomes: Outcome[] = [];
      for await (const outcome of provisionOnDemand(job.job, { ...cycle, carryOut }, { object, members })) {
        outcomes.push(outcome);
        options.onOutcome?.(outcome);
      }
      return { object, outcomes };
    } finally {
      await target.close();
    }
  });
}

function ofType(object: SourceObject, type: ObjectType | undefined): SourceObject {
  if (type === undefined || object.type === type) return object;
  throw new EngineError(
    `there is no ${type.toLowerCase()} "${object.id}" in the directory, but a ${object.type.toLowerCase()}`,
    {
      category: 'configuration',
      code: 'unknown-object',
      remedy: `name it as ${object.type}`,
    },
  );
}

/** What an object with an error would become depends on what is meant. */
async function assertCertain(directory: Directory, objects: readonly SourceObject[]): Promise<void> {
  const [uncertain] = await directory.uncertain(objects.map(({ id }) => id));
  if (uncertain === undefined) return;
  throw new EngineError(`the directory has errors about ${uncertain}; nothing was sent`, {
    category: 'configuration',
    code: 'uncertain-object',
    remedy: 'see them: scimulate validate',
  });
}

/** On demand cannot disable or delete for these causes (cycle.md 9.6). */
function selectable(object: SourceObject): SourceObject {
  if (object.accountEnabled && !object.softDeleted) return object;
  const why = object.softDeleted ? 'in the recycle bin' : 'blocked from signing in';
  throw new EngineError(`${object.id} is ${why}; provision on demand cannot be used on it`, {
    category: 'configuration',
    code: 'not-selectable',
    remedy: 'run a cycle instead: scimulate sync',
  });
}

async function membersOf(
  directory: Directory,
  group: SourceObject,
  references: readonly string[],
): Promise<readonly SourceObject[]> {
  if (references.length === 0) return [];
  const refuse = (message: string, code: string, remedy: string) =>
    new EngineError(message, { category: 'configuration', code, remedy });
  if (group.type !== 'Group') throw refuse('only a group has members', 'not-a-member', 'leave out --member');
  if (references.length > MEMBERS_ON_DEMAND) {
    const message = `${references.length} members are too many for provision on demand`;
    throw refuse(message, 'too-many-members', `choose up to ${MEMBERS_ON_DEMAND}, or run a cycle: scimulate sync`);
  }
  const members: SourceObject[] = [];
  for (const reference of references) members.push(selectable(await chooseObject(directory, reference)));
  const [stranger] = strangers(group, members);
  if (stranger === undefined) return members;
  throw refuse(`${stranger} is not a direct member of the group`, 'not-a-member', 'name direct members only');
}
