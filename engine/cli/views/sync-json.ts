/** `sync --json` (DESIGN 2.2). */
import type { SyncResult, Verification } from '../../engine.ts';
import { verificationJson } from './verify-json.ts';

type Synced = SyncResult & { readonly verification?: Verification };

export function syncJson(results: readonly Synced[]): unknown {
  return { formatVersion: 1, jobs: results.map(toJob) };
}

function toJob(result: Synced): unknown {
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
    ...(result.verification === undefined ? {} : { verification: verificationJson(result.verification) }),
  };
}
