/** `sync --json` (DESIGN 2.2). */
import type { SyncResult } from '../../engine.ts';

export function syncJson(results: readonly SyncResult[]): unknown {
  return { formatVersion: 1, jobs: results.map(toJob) };
}

function toJob(result: SyncResult): unknown {
  return {
    name: result.name,
    jobId: result.job.jobId,
    cycleId: result.cycle.cycleId,
    kind: result.cycle.kind,
    state: result.cycle.state,
    counts: result.cycle.counts,
    references: result.cycle.references,
    escrows: result.escrows.objects + result.escrows.references,
    quarantine: result.job.quarantine ?? null,
    durationMs: result.durationMs,
    error:
      result.error === undefined
        ? null
        : { code: result.error.code, message: result.error.message, remedy: result.error.remedy ?? null },
  };
}
