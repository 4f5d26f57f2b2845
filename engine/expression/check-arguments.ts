/** Arguments that can never be right, whatever the object: found at load and not in a cycle (expressions.md 5.3). */
import { type ExpressionNode, walk } from './ast.ts';
import { toDateTime, toInteger, toText, toTruncatedInteger } from './coerce.ts';
import { parseDateInterval } from './date-interval.ts';
import { ExpressionError, type ExpressionErrorCode } from './expression-error.ts';
import { type FunctionParameter, parametersFor } from './function-definition.ts';
import { findFunction } from './functions/index.ts';

export type ArgumentProblem = {
  readonly code: ExpressionErrorCode;
  readonly message: string;
  readonly start: number;
  readonly length: number;
};

type Taken = NonNullable<FunctionParameter['takes']>;

const READ: Readonly<Record<Taken, (text: string) => unknown>> = {
  integer: toInteger,
  number: toTruncatedInteger,
  interval: (text) => parseDateInterval(toText(text)),
  dateTime: toDateTime,
};

const NEEDED: Readonly<Record<Taken, { readonly what: string; readonly code: ExpressionErrorCode }>> = {
  integer: { what: 'a whole number', code: 'InvalidNumber' },
  number: { what: 'a number', code: 'InvalidNumber' },
  interval: { what: 'an interval such as d or yyyy', code: 'InvalidInterval' },
  dateTime: { what: 'a date', code: 'InvalidDate' },
};

/** Constants that cannot be read as what their parameter takes, and results that are always of another kind. */
export function findImpossibleArguments(tree: ExpressionNode): readonly ArgumentProblem[] {
  return [...walk(tree)].flatMap((node) => {
    const definition = node.kind === 'call' ? findFunction(node.name) : undefined;
    if (node.kind !== 'call' || definition === undefined) return [];
    const parameters = parametersFor(definition, node.arguments.length) ?? [];
    return node.arguments.flatMap((argument, index) => {
      const parameter = parameters[index];
      if (argument === undefined || parameter?.takes === undefined) return [];
      const problem = whyImpossible(argument, parameter.takes);
      if (problem === undefined) return [];
      const message = `${node.name}: argument ${index + 1} (${parameter.name}) ${problem.message}`;
      return [{ code: problem.code, message, start: argument.start, length: argument.length }];
    });
  });
}

type Problem = Pick<ArgumentProblem, 'code' | 'message'>;

function whyImpossible(argument: ExpressionNode, takes: Taken): Problem | undefined {
  if (argument.kind === 'constant') return whyUnreadable(argument.value, takes);
  const { what, code } = NEEDED[takes];
  const given = resultOf(argument);
  if (given === undefined || given === takes) return undefined;
  return { code, message: `must be ${what}, and this is ${given === 'boolean' ? 'True or False' : 'a date'}` };
}

function whyUnreadable(text: string, takes: Taken): Problem | undefined {
  try {
    READ[takes](text);
    return undefined;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { code: error.code, message: `must be ${NEEDED[takes].what}: ${error.message}` };
  }
}

/** What the value of `node` always is, when that is known. */
function resultOf(node: ExpressionNode): 'boolean' | 'dateTime' | undefined {
  if (node.kind === 'comparison') return 'boolean';
  return node.kind === 'call' ? findFunction(node.name)?.gives : undefined;
}
