/** Carries out a planned page: sends the requests as they stand and reports what became of each operation, in source order. */
import { millisecondsBetween } from '../model/instant.ts';
import type { TargetId } from '../model/link.ts';
import { failureOf } from '../plan/failure.ts';
import type { Failure, Operation, Outcome } from '../plan/plan.ts';
import type { Clock, TargetWriter } from '../ports.ts';
import { classifyResponse, createdId } from './classify-response.ts';

export type ApplyPorts = { readonly writer: TargetWriter; readonly clock: Clock; readonly signal: AbortSignal };

/**
 * Outcomes in the order of `operations`; the writer bounds how many requests are in flight.
 * Operations that finished before the job failed are yielded first, so that nothing done is forgotten.
 * @throws EngineError `job` when the target refuses the job as a whole
 */
export async function* applyOperations(operations: readonly Operation[], ports: ApplyPorts): AsyncGenerator<Outcome> {
  const running = operations.map((operation) => applyOperation(operation, ports));
  let failed: unknown;
  for (const settled of await Promise.allSettled(running)) {
    if (settled.status === 'fulfilled') yield settled.value;
    else failed ??= settled.reason;
  }
  if (failed !== undefined) throw failed;
}

async function applyOperation(operation: Operation, ports: ApplyPorts): Promise<Outcome> {
  const started = ports.clock.now();
  let targetId: TargetId | undefined = operation.target?.id;
  let completedRequests = 0;
  let answered: number | undefined;
  const outcome = (status: Outcome['status'], failure: Failure | undefined): Outcome => ({
    operation,
    status,
    completedRequests,
    durationMs: Math.max(0, millisecondsBetween(started, ports.clock.now())),
    ...(answered === undefined ? {} : { answered }),
    ...(targetId === undefined ? {} : { targetId }),
    ...(failure === undefined ? {} : { failure }),
  });
  for (const request of operation.failure === undefined ? operation.requests : []) {
    ports.signal.throwIfAborted();
    const answer = await ports.writer.send(request, ports.signal).catch((error: unknown) => asFailure(error, ports));
    const failure = 'category' in answer ? answer : classifyResponse(request, answer);
    if (failure !== undefined) return outcome('failure', failure);
    if (!('category' in answer)) {
      answered = answer.status;
      if (request.method === 'POST') targetId = createdId(answer);
    }
    completedRequests += 1;
  }
  return outcome(operation.status, operation.failure);
}

/** A failure of this object alone as a value; what concerns the whole job, and an abort, is thrown on. */
function asFailure(error: unknown, ports: ApplyPorts): Failure {
  ports.signal.throwIfAborted();
  return failureOf(error);
}
