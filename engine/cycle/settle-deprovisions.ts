/** The end of a cycle: staged disables and deletes are counted, then carried out or held (cycle.md 7, D-18, ruling R10). */
import { everyPage } from '../model/rows.ts';
import type { ObjectType } from '../model/source-object.ts';
import type { Operation, Outcome } from '../plan/plan.ts';
import { skipStep } from '../plan/steps.ts';
import { logChange } from '../record/record-outcome.ts';
import type { StateChange } from '../record/state-change.ts';
import { type Awaited, awaitedAccounts, claimedAccounts } from './awaited-accounts.ts';
import { type Cycle, carryOutAndCommit, recordContext } from './cycle.ts';
import type { DeletionGuard } from './job.ts';
import { keepSharedTargets } from './shared-targets.ts';
import { writePending } from './write-references.ts';

export type GuardVerdict = {
  readonly tripped: boolean;
  readonly count: number;
  /** Why it tripped, for the quarantine's message. */
  readonly message: string;
};

type PerType = Readonly<Record<ObjectType, number>>;

/** Up to so many leavers are no accident, however small the population. */
const ALWAYS_PLAUSIBLE = 2;

const NOBODY: PerType = { User: 0, Group: 0 };
const NOTHING_STAGED: GuardVerdict = { tripped: false, count: 0, message: '' };

/** Whether so many deprovisions in one cycle look like an accident; `linked` is the population they come from. */
export function assertSafe(guard: DeletionGuard, staged: PerType, linked: PerType): GuardVerdict {
  const count = staged.User + staged.Group;
  const safe = { ...NOTHING_STAGED, count };
  if (!guard.enabled || count === 0) return safe;
  const over = guard.trigger === 'gte' ? count >= guard.threshold : count > guard.threshold;
  if (over) {
    const reached = guard.trigger === 'gte' ? 'the threshold of' : 'more than the threshold of';
    return tripped(count, `${count} objects would be disabled or deleted, ${reached} ${guard.threshold}`);
  }
  const { percent } = guard;
  if (percent === undefined) return safe;
  for (const type of ['User', 'Group'] as const) {
    if (staged[type] <= ALWAYS_PLAUSIBLE || staged[type] * 100 <= percent * linked[type]) continue;
    const noun = type === 'User' ? 'users' : 'groups';
    return tripped(
      count,
      `${staged[type]} of ${linked[type]} linked ${noun} would be disabled or deleted, more than ${percent} %`,
    );
  }
  return safe;
}

function stillHeld({ User, Group }: PerType): GuardVerdict {
  const count = User + Group;
  return tripped(count, `${count === 1 ? '1 object is' : `${count} objects are`} still held back`);
}

function tripped(count: number, what: string): GuardVerdict {
  const remedy =
    'if it is meant: scimulate restart --reset ForceDeletes; if not: undo the cause at the source, then scimulate restart';
  return { tripped: true, count, message: `${what}; nothing was deprovisioned. ${remedy}` };
}

/**
 * Carries the staged deprovisions out, or logs each as held when the guard trips: then none of them runs.
 * @param waits the job is in quarantine for too many of them: what is left waits for a decision, however few (cycle.md 7.11)
 */
export async function* settleDeprovisions(cycle: Cycle, waits: boolean): AsyncGenerator<Outcome, GuardVerdict> {
  const { store } = cycle.ports;
  const staged = await store.countStagedDeprovisions(cycle.job.jobId);
  const guard = { ...cycle.job.guard, enabled: cycle.job.guard.enabled && !cycle.forceDeletes };
  if (staged.User + staged.Group === 0) return NOTHING_STAGED;
  // Counting walks over every link: only when a percentage of them is asked for.
  const linked = guard.percent === undefined ? NOBODY : await store.countLinks(cycle.job.jobId);
  const verdict = waits ? stillHeld(staged) : assertSafe(guard, staged, linked);
  const awaited: Awaited = verdict.tripped ? new Map() : await awaitedAccounts(cycle);
  const { jobId, pageSize } = cycle.job;
  for await (const page of everyPage((after) => store.stagedDeprovisions(jobId, after, pageSize))) {
    cycle.ports.signal.throwIfAborted();
    if (verdict.tripped) {
      await logHeld(cycle, page, TOO_MANY);
      continue;
    }
    const certain = await unclaimedOf(cycle, await certainOf(cycle, page), awaited);
    const { operations, inherited } = await keepSharedTargets(cycle, certain);
    yield* carryOutAndCommit(cycle, operations, { alongside: unstage });
    yield* writePending(cycle, inherited);
  }
  return verdict;
}

/** Whoever the directory is not certain about stays held until it is. */
async function certainOf({ ports }: Cycle, operations: readonly Operation[]): Promise<readonly Operation[]> {
  const uncertain = await ports.directory.uncertain(operations.map(({ source }) => source.id));
  return operations.filter(({ source }) => !uncertain.has(source.id));
}

/**
 * What nobody waits for. An account that somebody does is not deleted in this cycle, with a record of that. To disable it loses
 * nothing: the newcomer's retry enables it again.
 */
async function unclaimedOf(
  cycle: Cycle,
  operations: readonly Operation[],
  awaited: Awaited,
): Promise<readonly Operation[]> {
  const deletions = operations.filter(({ action }) => action === 'delete');
  const claimed = await claimedAccounts(cycle, deletions, awaited);
  if (claimed.size === 0) return operations;
  const held = operations.filter(({ source }) => claimed.has(source.id));
  await logHeld(cycle, held, ({ source }) => ({
    code: 'DuplicateSourceEntries',
    message: `held until ${claimed.get(source.id)}, who has the same matching value and failed, is provisioned`,
  }));
  return operations.filter(({ source }) => !claimed.has(source.id));
}

/** A failed deprovision leaves the list too: its escrow brings it back. */
function unstage(outcome: Outcome): readonly StateChange[] {
  return [{ kind: 'unstage', sourceId: outcome.operation.source.id }];
}

/** Why a deprovision is not carried out now. */
type Held = (operation: Operation) => Operation['reason'];

const TOO_MANY: Held = () => ({ code: 'TooManyDeletes', message: 'held by accidental-deletion prevention' });

async function logHeld(cycle: Cycle, operations: readonly Operation[], why: Held): Promise<void> {
  const context = recordContext(cycle);
  const changes = operations.map((operation): StateChange => {
    const { code, message: held } = why(operation);
    const message = `${operation.reason.message}; ${held}`;
    const skipped: Operation = {
      ...operation,
      logAction: 'stageddelete',
      status: 'skipped',
      requests: [],
      reason: { code, message },
      steps: [...operation.steps, skipStep(operation.source, code, message)],
    };
    const outcome: Outcome = {
      operation: skipped,
      status: 'skipped',
      completedRequests: 0,
      durationMs: 0,
      ...(operation.target === undefined ? {} : { targetId: operation.target.id }),
    };
    return logChange(outcome, undefined, context);
  });
  await cycle.ports.store.commit(cycle.job.jobId, changes);
}
