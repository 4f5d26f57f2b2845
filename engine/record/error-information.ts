/** A failure as `errorInformation` of the log record (cycle.md 10a, 10e; gallery.md 2.2 "Engine side"). */
import type { ErrorInformation } from '../model/provisioning-log.ts';
import type { Failure, Operation } from '../plan/plan.ts';
import { statusName } from '../scim/answer-rules.ts';
import { type EscrowVerdict, retrySuffix } from './escrow.ts';

/**
 * Status, message and raw answer on lines of their own, then the retry sentence, as real records have it. A failed create
 * also names the application that gave the error. The code is the target's own number when it gave one.
 */
export function errorInformation(
  failure: Failure,
  operation: Pick<Operation, 'action'>,
  escrow: EscrowVerdict | undefined,
  application: { readonly name: string; readonly zero?: string },
): ErrorInformation {
  const { status, message, response, targetCode } = failure;
  const fromTarget = status !== undefined && status >= 300 && operation.action === 'create';
  const lines = [
    ...(status === undefined ? [] : [`StatusCode: ${statusName(status)}`]),
    `Message: ${message}`,
    ...(fromTarget ? [`Error returned from ${application.name}: HTTP status ${status}`] : []),
    ...(response === undefined ? [] : [`Web Response: ${response}`]),
    ...(escrow === undefined ? [] : [retrySuffix(escrow, application)]),
  ];
  return {
    errorCode: targetCode !== undefined && /^\d+$/.test(targetCode) ? targetCode : failure.code,
    reason: lines.join('\n'),
    errorCategory: failure.category,
    recommendedAction: recommendedAction(failure),
    additionalDetails: targetCode ?? null,
  };
}

/** Meta's number for users of unverified domains; it also covers requests that cannot be read at all. */
const UNVERIFIED_DOMAIN = '1789003';

function recommendedAction({ targetCode, message }: Failure): string | null {
  if (targetCode !== UNVERIFIED_DOMAIN || !/\b(emails?|userName)\b/i.test(message)) return null;
  return 'Verify the domain of the user at the application, or give the user an address in a verified domain.';
}
