/** What the next cycle would send: the same walk as a cycle, on a copy of the state, with success assumed. */
import { assumeSuccess } from '../cycle/assume-operations.ts';
import { chooseCycle } from '../cycle/choose-cycle.ts';
import { runCycle } from '../cycle/run-cycle.ts';
import type { TargetId } from '../model/link.ts';
import type { Operation } from '../plan/plan.ts';
import type { Store } from '../ports.ts';
import { drain, type EnginePorts, type JobPorts, neverAborted, openCycle, type Preview } from './job-ports.ts';
import { noticesOf } from './notices.ts';
import { planChecksum } from './plan-checksum.ts';

export type PreviewOptions = { readonly offline?: boolean; readonly signal?: AbortSignal };

/** Reads the target unless `offline`; writes nothing anywhere. */
export async function previewJob(ports: EnginePorts, job: JobPorts, options: PreviewOptions): Promise<Preview> {
  const { jobId, name, rulesHash } = job.job;
  const before = await ports.store.job(jobId);
  const choice = chooseCycle(before, rulesHash);
  const store = await ports.store.copy();
  const target = options.offline === true ? undefined : await job.openTarget();
  try {
    const { reader, carryOut } = assumeSuccess(target ?? job.openHeldTarget(store), job.job.mappings);
    const cycle = await openCycle(ports, job, { store, reader, signal: options.signal ?? neverAborted() });
    const operations: Operation[] = [];
    const result = await drain(runCycle(job.job, { ...cycle, carryOut }), (outcome) => {
      if (!(outcome.operation.isReference && outcome.status === 'skipped')) operations.push(outcome.operation);
    });
    return {
      ...result,
      name,
      kind: choice.kind,
      why: choice.reason,
      ...(before?.lastCycle?.endedAt === undefined ? {} : { since: before.lastCycle.endedAt }),
      operations,
      checksum: planChecksum(operations),
      reads: target?.requestCount() ?? 0,
      directory: result.error === undefined ? await cycle.directory.count() : { User: 0, Group: 0 },
      problems: await cycle.directory.problems(),
      notices: await noticesOf(ports, job.job, result.job, before),
      names: await namesOf([store, ports.store], jobId, operations),
    };
  } finally {
    await target?.close();
    await store.close();
  }
}

/** Who will be linked after the cycle, and who was before it and is deleted by it. */
async function namesOf(
  stores: readonly Store[],
  jobId: string,
  operations: readonly Operation[],
): Promise<ReadonlyMap<TargetId, string>> {
  const ids = operations
    .filter((operation) => operation.isReference)
    .flatMap(({ modifiedProperties }) => modifiedProperties.flatMap(({ oldValue, newValue }) => [oldValue, newValue]))
    .filter((id) => id !== null);
  const links = await Promise.all(stores.map((store) => store.linksTo(jobId, [...new Set(ids)])));
  return new Map(links.flat().map((link) => [link.targetId, link.displayName]));
}
