/** The one error of the expression language: code, place, message (expressions.md 5.5). */
import { EngineError } from '../model/engine-error.ts';

/** Codes of expressions.md 5.5, and four of our own for limits and missing surroundings. */
export type ExpressionErrorCode =
  | 'ParseError'
  | 'ExpressionTooLong'
  | 'UnknownFunction'
  | 'ArgumentCount'
  | 'NotTopLevel'
  | 'InvalidArgument'
  | 'ArgumentOutOfRange'
  | 'InvalidNumber'
  | 'InvalidDate'
  | 'InvalidInterval'
  | 'InvalidRegex'
  | 'IndexOutOfRange'
  | 'MultipleAppRoleAssignments'
  | 'NoUniqueValue'
  /** The function `Error` was called. */
  | 'Error'
  /** A regular expression ran longer than `regexTimeoutMs`. */
  | 'RegexTimeout'
  /** A result too long, or more work than one evaluation may cost. */
  | 'LimitExceeded'
  /** A function needs a clock, randomness or a tenant that the context does not supply. */
  | 'MissingContext'
  /** Something else went wrong inside, kept as `cause`. */
  | 'EvaluationFailed';

const COMPILE_CODES: ReadonlySet<ExpressionErrorCode> = new Set([
  'ParseError',
  'ExpressionTooLong',
  'UnknownFunction',
  'ArgumentCount',
  'NotTopLevel',
]);

export type ExpressionErrorPlace = {
  /** Offset in UTF-16 code units from the start of the expression text; -1 while not known. */
  readonly position: number;
  /** Characters concerned, at least 1. */
  readonly length?: number;
  readonly cause?: unknown;
};

export class ExpressionError extends EngineError {
  override readonly name = 'ExpressionError';
  override readonly code: ExpressionErrorCode;
  readonly position: number;
  readonly length: number;

  constructor(code: ExpressionErrorCode, message: string, place: ExpressionErrorPlace = { position: -1 }) {
    const category = COMPILE_CODES.has(code) ? 'configuration' : 'object';
    super(message, { category, code, ...(place.cause === undefined ? {} : { cause: place.cause }) });
    this.code = code;
    this.position = place.position;
    this.length = Math.max(1, place.length ?? 1);
  }
}
