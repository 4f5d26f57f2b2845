/** Which failed objects come back, and when (cycle.md 5, D-06, ruling R1). */

import { addMilliseconds, DAY, HOUR, type Instant, millisecondsBetween } from '../model/instant.ts';
import type { Escrow } from '../model/job-state.ts';
import type { Failure, Operation } from '../plan/plan.ts';

/** Wait after the failure of the original operation, of retry 1, 2 and 3; every later one waits the last. */
const WAITS: readonly number[] = [0, 6 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR];

/** An entry older than this is dropped; the object stays as it is until it changes or the job is restarted. */
export const ESCROW_LIFETIME_MS = 28 * DAY;

/** Later than any retry. */
export const WHENEVER: Instant = '9999-12-31T23:59:59.999Z';

export type EscrowVerdict =
  | { readonly kind: 'kept'; readonly escrow: Escrow }
  | { readonly kind: 'expired'; readonly escrow: Escrow };

/** The entry after `operation` failed at `now`; `previous` is the entry that was being retried, if any. */
export function decideEscrow(
  previous: Escrow | undefined,
  operation: Operation,
  failure: Failure,
  now: Instant,
): EscrowVerdict {
  const retryCount = previous === undefined ? 0 : previous.retryCount + 1;
  const createdAt = previous?.createdAt ?? now;
  const escrow: Escrow = {
    sourceId: operation.source.id,
    type: operation.source.type,
    modificationType: modificationTypeOf(operation),
    createdAt,
    nextAttempt: addMilliseconds(now, waitAfter(retryCount)),
    retryCount,
    isReference: operation.isReference,
    errorCode: failure.code,
    errorMessage: failure.message,
    displayName: operation.source.displayName,
    ...mayExist(previous, operation, failure),
  };
  const expired = millisecondsBetween(createdAt, now) > ESCROW_LIFETIME_MS;
  return { kind: expired ? 'expired' : 'kept', escrow };
}

/** When the retry after the next one would come, should that fail too. */
export function attemptAfterNext({ nextAttempt, retryCount }: Escrow): Instant {
  return addMilliseconds(nextAttempt, waitAfter(retryCount + 1));
}

/** The wait after the failure of retry `retryCount`; 0 is the original operation. */
function waitAfter(retryCount: number): number {
  return WAITS[Math.min(retryCount, WAITS.length - 1)] ?? 0;
}

/** Whether a write may have been carried out although it failed: no answer, one that cannot be read, or a server error. */
export function mayHaveHappened(failure: Failure | undefined): boolean {
  if (failure === undefined) return false;
  const { status } = failure;
  return status === undefined || status < 300 || status >= 500;
}

function mayExist(previous: Escrow | undefined, operation: Operation, failure: Failure): Pick<Escrow, 'mayExist'> {
  const { findableBy } = operation;
  if (mayHaveHappened(failure) && findableBy !== undefined) return { mayExist: findableBy };
  return previous?.mayExist === undefined ? {} : { mayExist: previous.mayExist };
}

/**
 * The sentence Entra appends to a failure's text (cycle.md 5.5): how often it was retried, and when next; at the end, that it is over (D-07).
 * The wording is ours, the form is the documented one, so that parsers of real logs find it.
 */
export function retrySuffix({ kind, escrow }: EscrowVerdict, { zero = '0' }: { readonly zero?: string } = {}): string {
  if (kind === 'expired') {
    return (
      `This operation was retried ${escrow.retryCount} times since ${seconds(escrow.createdAt)}. ` +
      'It will not be retried again until the object changes or the job is restarted.'
    );
  }
  return (
    `This operation was retried ${escrow.retryCount === 0 ? zero : escrow.retryCount} times. ` +
    `It will be retried again after this date: ${seconds(escrow.nextAttempt)} UTC`
  );
}

function seconds(instant: Instant): string {
  return instant.replace(/\.\d+Z$/, 'Z');
}

function modificationTypeOf(operation: Operation): Escrow['modificationType'] {
  if (operation.action === 'create') return 'Add';
  return operation.action === 'delete' ? 'Delete' : 'Update';
}
