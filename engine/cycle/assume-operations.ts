/** Preview's counterpart of apply: every request is assumed to succeed, and ids that do not exist yet get a stand-in. */
import type { TargetId } from '../model/link.ts';
import type { SourceId } from '../model/source-object.ts';
import type { Operation, Outcome } from '../plan/plan.ts';

const PREFIX = 'id-of-';

/** Stands in for the target id that creating this object will produce. Unreserved characters only, so that it survives encoding. */
export function placeholderId(sourceId: SourceId): TargetId {
  return `${PREFIX}${sourceId}`;
}

/** The outcomes of `operations` if the target accepts everything, in the same order. */
export async function* assumeOperations(operations: readonly Operation[]): AsyncGenerator<Outcome> {
  for (const operation of operations) {
    const failed = operation.failure !== undefined;
    const targetId =
      operation.target?.id ?? (operation.action === 'create' ? placeholderId(operation.source.id) : undefined);
    yield {
      operation,
      status: operation.status,
      completedRequests: failed ? 0 : operation.requests.length,
      durationMs: 0,
      ...(targetId === undefined || failed ? {} : { targetId }),
      ...(operation.failure === undefined ? {} : { failure: operation.failure }),
    };
  }
}
