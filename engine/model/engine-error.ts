/**
 * The one class of error thrown on purpose, with the category that decides how the engine reacts.
 * Expected variety (no match, two matches, out of scope) is a value, never an error.
 */

/**
 * - `configuration`: the job does not start (exit 2)
 * - `transient`: worth repeating within the cycle; when exhausted it counts as `object` or `job`
 * - `object`: this object fails and goes to escrow, the cycle goes on
 * - `job`: the cycle stops and counts toward quarantine
 * - `bug`: a broken invariant
 */
export type ErrorCategory = 'configuration' | 'transient' | 'object' | 'job' | 'bug';

export type EngineErrorOptions = {
  readonly category: ErrorCategory;
  /** Entra's own code where Entra has one, else kebab-case and stable. */
  readonly code: string;
  /** What the reader can do about it. */
  readonly remedy?: string;
  /** HTTP status of the answer that caused it. */
  readonly status?: number;
  /** Body text of that answer, cut to a readable length and redacted. */
  readonly response?: string;
  /** The target's own code in its error body (SCIM `scimType`, or a vendor number such as 1789003). */
  readonly targetCode?: string;
  readonly cause?: unknown;
};

export class EngineError extends Error {
  override readonly name: string = 'EngineError';
  readonly category: ErrorCategory;
  readonly code: string;
  readonly remedy: string | undefined;
  readonly status: number | undefined;
  readonly response: string | undefined;
  readonly targetCode: string | undefined;

  constructor(message: string, options: EngineErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.category = options.category;
    this.code = options.code;
    this.remedy = options.remedy;
    this.status = options.status;
    this.response = options.response;
    this.targetCode = options.targetCode;
  }
}

/** Marks a branch the type checker proves unreachable. @throws EngineError `bug` when it is reached after all. */
export function assertNever(value: never): never {
  throw new EngineError(`unexpected value ${JSON.stringify(value)}`, { category: 'bug', code: 'bug' });
}
