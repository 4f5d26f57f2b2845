/** The state of one evaluation: its source, its clock reading, and the work left. */
import type { DateTimeValue } from './date-time.ts';
import { ExpressionError } from './expression-error.ts';
import type { EvaluationContext, EvaluationOptions, EvaluationRun } from './function-definition.ts';
import { MAX_STEPS } from './limits.ts';
import { parseDate } from './parse-date.ts';
import { readAttribute, type Value } from './value.ts';

const NO_OPTIONS: EvaluationOptions = {};

/**
 * A class, because one is made for every expression of every object: its methods are shared, where closures would be
 * allocated anew each time (a third of the cost of a short expression).
 */
export class SourceRun implements EvaluationRun {
  readonly source: unknown;
  readonly context: EvaluationContext;
  readonly regex: EvaluationRun['regex'];
  #now: DateTimeValue | undefined;
  #left = MAX_STEPS;

  constructor(source: unknown, context: EvaluationContext, regex: EvaluationRun['regex']) {
    this.source = source;
    this.context = context;
    this.regex = regex;
  }

  get options(): EvaluationOptions {
    return this.context.options ?? NO_OPTIONS;
  }

  attribute(name: string): Value {
    return readAttribute(this.source, name);
  }

  /** The clock is read from the context once, at the first use. */
  now(): DateTimeValue {
    this.#now ??= parseDate(this.context.now ?? missing('the current time (now)'));
    return this.#now;
  }

  random(bytes: number): Uint8Array {
    return (this.context.random ?? missing('random bytes (random)'))(bytes);
  }

  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new ExpressionError('LimitExceeded', 'the expression does too much work for one object');
  }
}

function missing(what: string): never {
  throw new ExpressionError('MissingContext', `${what} is not supplied here`);
}
