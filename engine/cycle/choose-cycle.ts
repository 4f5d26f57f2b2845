/** Initial or incremental, and why (cycle.md 1.5, 1.14, 1.18). */
import type { CycleKind, JobRecord } from '../model/job-state.ts';

export type CycleChoice = { readonly kind: CycleKind; readonly reason: string; readonly since?: string };

/** The kind of the next cycle. Links are kept in every case. */
export function chooseCycle(job: JobRecord | undefined, rulesHash: string): CycleChoice {
  if (job?.watermark === undefined) return { kind: 'initial', reason: 'no cycle has finished yet' };
  if (job.rulesHash !== rulesHash)
    return { kind: 'initial', reason: 'the mapping, a scoping filter or the directory changed' };
  return { kind: 'incremental', reason: 'changes since the last cycle', since: job.watermark };
}
