/** One running cycle: its ports, and the running totals kept while outcomes are committed. */
import chunk from 'lodash/chunk.js';
import type { EvaluationContext } from '../expression/function-definition.ts';
import { isBusy, letOthersRun } from '../host/let-others-run.ts';
import type { CycleKind, CycleRecord } from '../model/job-state.ts';
import type { CountedAs, Operation, Outcome } from '../plan/plan.ts';
import type { Clock, Directory, Ids, Store, TargetReader } from '../ports.ts';
import { addOutcome, NO_COUNTS } from '../record/counting.ts';
import { type RecordContext, recordOutcome } from '../record/record-outcome.ts';
import type { StateChange } from '../record/state-change.ts';
import type { Job } from './job.ts';

/** Carries operations out (sync), or assumes that they succeed (preview); outcomes come in the order of the operations. */
export type CarryOut = (operations: readonly Operation[], signal: AbortSignal) => AsyncIterable<Outcome>;

export type CyclePorts = {
  readonly directory: Directory;
  readonly reader: TargetReader;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly carryOut: CarryOut;
  readonly context: EvaluationContext;
  readonly signal: AbortSignal;
  /** Told after each page; for progress. */
  readonly onProgress?: (completedPages: number, totalPages: number, kind: CycleKind) => void;
};

export type Cycle = {
  readonly job: Job;
  readonly kind: CycleKind;
  readonly cycleId: string;
  /** Held deprovisions are carried out whatever their number. */
  readonly forceDeletes: boolean;
  /** Not a cycle of the job, but what a person asked for (cycle.md 9). */
  readonly onDemand?: boolean;
  readonly ports: CyclePorts;
  /** Totals so far. */
  readonly totals: Totals;
};

/** The only thing about a cycle that changes while it runs. `withoutLink`: objects that went well and have no link, so skipped ones. */
export type Totals = { record: CycleRecord; withoutLink: number };

/** Commits this many outcomes at once, a page of them: one transaction each would cost several disk writes per object. */
const OUTCOMES_PER_COMMIT = 100;

/** Outcomes recorded in one go: a page at a time would keep the target waiting. */
const OUTCOMES_AT_ONCE = 10;

export function newTotals(cycleId: string, kind: CycleKind, startedAt: string): Totals {
  return {
    record: { cycleId, kind, startedAt, counts: NO_COUNTS, references: { managers: 0, members: 0 } },
    withoutLink: 0,
  };
}

/** The outcomes of operations, in their order, and what ended the job before all of them were through. */
export type CarriedOut = { readonly outcomes: readonly Outcome[]; readonly error?: unknown };

/** Carries out `operations`. Nothing is thrown: what was done is to be committed first. */
export async function carryOutAll(
  cycle: Cycle,
  operations: readonly Operation[],
  signal: AbortSignal = cycle.ports.signal,
): Promise<CarriedOut> {
  const outcomes: Outcome[] = [];
  try {
    for await (const outcome of cycle.ports.carryOut(operations, signal)) outcomes.push(outcome);
    return { outcomes };
  } catch (error) {
    return { outcomes, error };
  }
}

export type CommitOptions = {
  /** What is committed with an outcome besides what follows from it. */
  readonly alongside?: (outcome: Outcome) => readonly StateChange[];
  /** How objects were counted already: of reference operations, and of what is matched again. */
  readonly countedBefore?: ReadonlyMap<string, CountedAs>;
};

/**
 * Carries out `operations` and commits each outcome with everything that follows from it, yielding it afterwards.
 * When carrying out fails, what was done before is committed first.
 */
export async function* carryOutAndCommit(
  cycle: Cycle,
  operations: readonly Operation[],
  options: CommitOptions = {},
): AsyncGenerator<Outcome> {
  const { outcomes, error } = await carryOutAll(cycle, operations);
  await commitOutcomes(cycle, outcomes, options);
  if (error !== undefined) throw error;
  yield* outcomes;
}

/** Commits `outcomes` with everything that follows from them. */
export async function commitOutcomes(
  cycle: Cycle,
  outcomes: readonly Outcome[],
  { alongside, countedBefore }: CommitOptions = {},
): Promise<void> {
  for (const part of chunk(outcomes, OUTCOMES_PER_COMMIT)) {
    await cycle.ports.store.commit(cycle.job.jobId, await changesAfter(cycle, part, alongside));
    for (const outcome of part) count(cycle, outcome, countedBefore?.get(outcome.operation.source.id));
  }
}

/** What the records of the cycle have in common. */
export function recordContext({ job, cycleId, onDemand, ports }: Cycle): RecordContext {
  return {
    identity: { ...job.log, cycleId },
    now: ports.clock.now(),
    nextId: () => ports.ids.next(),
    ...(onDemand === true ? { onDemand: true } : {}),
  };
}

async function changesAfter(
  cycle: Cycle,
  outcomes: readonly Outcome[],
  alongside: CommitOptions['alongside'] = () => [],
): Promise<readonly StateChange[]> {
  const { store } = cycle.ports;
  const { jobId } = cycle.job;
  const sourceIds = outcomes.map((outcome) => outcome.operation.source.id);
  const [links, escrows] = await Promise.all([store.linksOf(jobId, sourceIds), store.escrowsOf(jobId, sourceIds)]);
  const context = recordContext(cycle);
  const changes: StateChange[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    if (index > 0 && index % OUTCOMES_AT_ONCE === 0 && !isBusy()) await letOthersRun();
    const { id } = outcome.operation.source;
    changes.push(
      ...recordOutcome(outcome, { link: links.get(id), escrow: escrows.get(id) }, context),
      ...alongside(outcome),
    );
  }
  return changes;
}

function count(cycle: Cycle, outcome: Outcome, before: CountedAs | undefined): void {
  const { totals } = cycle;
  const { record } = totals;
  const { operation } = outcome;
  const written = operation.isReference && outcome.completedRequests > 0;
  const members = (operation.memberships ?? [])
    .slice(0, outcome.completedRequests)
    .reduce((sum, effect) => sum + effect.added.length + effect.removed.length, 0);
  const managers = written && operation.memberships === undefined ? 1 : 0;
  if (!operation.isReference && outcome.failure === undefined && outcome.targetId === undefined)
    totals.withoutLink += 1;
  totals.record = {
    ...record,
    counts: addOutcome(record.counts, outcome, before),
    references: { managers: record.references.managers + managers, members: record.references.members + members },
  };
}
