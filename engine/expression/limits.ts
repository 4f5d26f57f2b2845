/** Bounds of one expression and one evaluation. The length is the service's (expressions.md 2.10), the others are ours. */
import { ExpressionError } from './expression-error.ts';

/** UTF-16 code units of the text as stored. */
export const MAX_EXPRESSION_LENGTH = 10_000;

/** Calls nested in calls. */
export const MAX_DEPTH = 400;

/** UTF-16 code units of one intermediate text. */
const MAX_TEXT_LENGTH = 1_000_000;

/** One per call, one per code unit of text and per list element handed to a function. */
export const MAX_STEPS = 5_000_000;

/** `length`, when a text may be so long. @throws ExpressionError `LimitExceeded` */
export function assertTextLength(length: number): number {
  if (length > MAX_TEXT_LENGTH) {
    throw new ExpressionError('LimitExceeded', `the text would be longer than ${MAX_TEXT_LENGTH} characters`);
  }
  return length;
}
