/** `preview --json` (DESIGN 2.2). */
import type { Preview } from '../../engine.ts';
import type { Operation } from '../../plan/plan.ts';
import { diagnosticsJson } from './diagnostics-json.ts';

export function previewJson(previews: readonly Preview[]): object {
  return { jobs: previews.map(toJob) };
}

function toJob(preview: Preview): unknown {
  return {
    name: preview.name,
    jobId: preview.job.jobId,
    kind: preview.kind,
    since: preview.since ?? null,
    counts: preview.cycle.counts,
    reads: preview.reads,
    checksum: preview.checksum,
    operations: preview.operations.map(toOperation),
    quarantine: preview.job.quarantine ?? null,
    diagnostics: diagnosticsJson(preview.problems),
    error: preview.error === undefined ? null : { code: preview.error.code, message: preview.error.message },
  };
}

function toOperation(operation: Operation): unknown {
  return {
    objectType: operation.source.type,
    sourceId: operation.source.id,
    displayName: operation.source.displayName,
    action: operation.action,
    status: operation.status,
    reason: operation.reason.message,
    reasonCode: operation.reason.code,
    requests: operation.requests.map(({ method, path, body }) => ({ method, path, body: body ?? null })),
    modifiedProperties: operation.modifiedProperties,
    ...(operation.failure === undefined ? {} : { failure: operation.failure }),
  };
}
