/** The state of one evaluation: its source, its clock reading, and the work left. */
import type { DateTimeValue } from './date-time.ts';
import { ExpressionError } from './expression-error.ts';
import type { EvaluationContext, EvaluationRun } from './function-definition.ts';
import { MAX_STEPS } from './limits.ts';
import { parseDate } from './parse-date.ts';
import { readAttribute } from './value.ts';

export type SourceRun = EvaluationRun & { readonly source: unknown };

/** A run over `source`; the clock is read from the context once, at the first use. */
export function createRun(source: unknown, context: EvaluationContext, regex: EvaluationRun['regex']): SourceRun {
  let now: DateTimeValue | undefined;
  let left = MAX_STEPS;
  return {
    source,
    context,
    regex,
    options: context.options ?? {},
    attribute: (name) => readAttribute(source, name),
    now: () => {
      now ??= parseDate(context.now ?? missing('the current time (now)'));
      return now;
    },
    random: (bytes) => (context.random ?? missing('random bytes (random)'))(bytes),
    spend: (steps) => {
      left -= steps;
      if (left < 0) throw new ExpressionError('LimitExceeded', 'the expression does too much work for one object');
    },
  };
}

function missing(what: string): never {
  throw new ExpressionError('MissingContext', `${what} is not supplied here`);
}
