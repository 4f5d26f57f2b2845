/** `sync --json` (DESIGN 2.2). */
import type { SyncResult, Verification } from '../../engine.ts';
import type { EngineError } from '../../model/engine-error.ts';
import { diagnosticsJson } from './diagnostics-json.ts';
import { verificationJson } from './verify-json.ts';

type Synced = SyncResult & { readonly verification?: Verification; readonly unverified?: EngineError };

export function syncJson(results: readonly Synced[]): object {
  return { jobs: results.map(toJob) };
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
    nextCycle: result.nextCycle,
    diagnostics: diagnosticsJson(result.problems),
    error: result.error === undefined ? null : errorJson(result.error),
    ...(result.verification === undefined ? {} : { verification: verificationJson(result.verification) }),
    ...(result.unverified === undefined
      ? {}
      : { verification: { converged: null, error: errorJson(result.unverified) } }),
  };
}

function errorJson({ code, message, remedy }: EngineError): unknown {
  return { code, message, remedy: remedy ?? null };
}
