/**
 * One cycle, from probe to watermark. Preview and sync are this same walk: sync carries each page out,
 * preview assumes that it succeeds (on a copy of the state).
 */
import { EngineError } from '../model/engine-error.ts';
import type { JobRecord } from '../model/job-state.ts';
import { type DirectoryPage, idOf } from '../model/source-object.ts';
import type { Outcome } from '../plan/plan.ts';
import { settingsAudits } from '../record/audit-changes.ts';
import { type ClosedCycle, closeCycle, failCycle } from '../record/close-cycle.ts';
import { beginCycle, createdJob } from '../record/job-lifecycle.ts';
import type { StateChange } from '../record/state-change.ts';
import { assertAssignments } from './assert-assignments.ts';
import { chooseCycle } from './choose-cycle.ts';
import { type Cycle, type CyclePorts, newTotals } from './cycle.ts';
import { type CycleResult, close, commitEnd, ended } from './end-cycle.ts';
import { forgetUnmapped } from './forget-unmapped.ts';
import type { Job } from './job.ts';
import { leaveVanished, recheckHeld, retryEscrows } from './look-again.ts';
import { planAhead } from './plan-ahead.ts';
import { recognizeTarget } from './recognize-target.ts';
import { settleDeprovisions } from './settle-deprovisions.ts';
import { writePages } from './write-pages.ts';
import { writeReferences } from './write-references.ts';

/** Errors after which nothing may be recorded: the job was taken over, or the state cannot be written or read. */
const STOPS_AT_ONCE: ReadonlySet<string> = new Set(['LeaseLost', 'state-unwritable', 'state-locked', 'state-damaged']);

/**
 * Runs one cycle of `job`, yielding each outcome after it was committed.
 * Failures of the job end the cycle and are in the result; bugs, aborts and failures of the state itself are thrown.
 */
export async function* runCycle(job: Job, ports: CyclePorts): AsyncGenerator<Outcome, CycleResult> {
  const { before, choice, totals } = await begin(job, ports);
  const { cycleId } = totals.record;
  const forceDeletes = before.forceDeletes === true;
  const cycle: Cycle = { job, kind: choice.kind, cycleId, forceDeletes, ports, totals };
  try {
    const closed = yield* walk(cycle, before, choice.since);
    return await commitEnd(cycle, before, closeCycle(before, closed, ports.clock.now()), closed);
  } catch (error) {
    if (!(error instanceof EngineError) || error.category === 'bug' || error.category === 'object') throw error;
    if (STOPS_AT_ONCE.has(error.code)) throw error;
    const record = ended(cycle, 'Failed', { code: error.code, message: error.message });
    const failed = failCycle(before, record, error, ports.clock.now());
    return { ...(await commitEnd(cycle, before, failed, { cycle: record })), error };
  }
}

/** Commits that the cycle begins. */
async function begin(job: Job, { store, clock, ids }: CyclePorts) {
  const cycleId = ids.next();
  const now = clock.now();
  return store.changeJob(job.jobId, (known = createdJob(job)) => {
    const before = beginCycle(known, job.targetAddress);
    const choice = chooseCycle(before, job.rulesHash);
    const totals = newTotals(cycleId, choice.kind, now);
    const changes: StateChange[] = [
      { kind: 'job', job: { ...before, settingsHash: job.settingsHash } },
      { kind: 'cycle', cycle: totals.record },
      ...settingsAudits(known, job, now),
    ];
    return { changes, result: { before, choice, totals } };
  });
}

async function* walk(cycle: Cycle, before: JobRecord, since: string | undefined): AsyncGenerator<Outcome, ClosedCycle> {
  const { directory, signal } = cycle.ports;
  await probe(cycle);
  const targetAddress = await recognizeTarget(cycle, before);
  const until = await directory.refresh(signal);
  await assertAssignments(cycle);
  if (cycle.kind === 'initial') await forgetUnmapped(cycle);
  const held = await cycle.ports.store.countStagedDeprovisions(cycle.job.jobId);
  const mayBeStaged = held.User + held.Group > 0;
  if (cycle.kind === 'initial') yield* leaveVanished(cycle, mayBeStaged);
  const retried = cycle.kind === 'initial' ? new Set<string>() : yield* retryEscrows(cycle, mayBeStaged);
  const range = { ...(since === undefined ? {} : { since }), until, pageSize: cycle.job.pageSize };
  yield* writePages(cycle, planAhead(cycle, without(retried, directory.changes(range))), {
    mayBeStaged,
    onCommitted: (page) => cycle.ports.onProgress?.(page.completedPages, page.totalPages, cycle.kind),
  });
  const waits = waitsForDecision(cycle, before);
  if (mayBeStaged && !waits) yield* recheckHeld(cycle);
  yield* writeReferences(cycle);
  const guard = yield* settleDeprovisions(cycle, waits);
  return close(cycle, { watermark: until, targetAddress }, guard);
}

/** Whether what is held stays so, however few are left. A changed mapping or filter is a decision: everybody was looked at again. */
function waitsForDecision({ kind, forceDeletes, job: { guard } }: Cycle, { quarantine }: JobRecord): boolean {
  const isDecided = kind === 'initial' || forceDeletes || !guard.enabled || guard.allowed === true;
  return quarantine?.reason === 'TooManyDeletes' && !isDecided;
}

/** The pages without the objects that were evaluated already. */
async function* without(ids: ReadonlySet<string>, pages: AsyncIterable<DirectoryPage>): AsyncGenerator<DirectoryPage> {
  for await (const page of pages) {
    const changes = ids.size === 0 ? page.changes : page.changes.filter((change) => !ids.has(idOf(change)));
    yield { ...page, changes };
  }
}

/** Test Connection at the start of every cycle, for users and, when they are mapped, groups (cycle.md 2.1, D-33). */
async function probe(cycle: Cycle): Promise<void> {
  const { reader, ids, signal } = cycle.ports;
  if (!cycle.job.rules.client.probesEachCycle) return;
  for (const mapping of cycle.job.mappings) {
    const matching = mapping.matching[0];
    if (matching !== undefined) await reader.probe(mapping.resourceType, matching.path.text, ids.next(), signal);
  }
}
