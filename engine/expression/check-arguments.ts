/** Arguments that can never be right, whatever the object: found at load and not in a cycle (expressions.md 5.3). */
import { type CallNode, type ExpressionNode, walk } from './ast.ts';
import { toDateTime, toInteger, toText, toTruncatedInteger } from './coerce.ts';
import { parseDateInterval } from './date-interval.ts';
import { ExpressionError, type ExpressionErrorCode } from './expression-error.ts';
import { type FunctionDefinition, type FunctionParameter, parametersFor } from './function-definition.ts';
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

/**
 * Constants that cannot be read as what their parameter takes, results that are always of another kind, and arguments that do not go
 * together.
 */
export function findImpossibleArguments(tree: ExpressionNode): readonly ArgumentProblem[] {
  return [...walk(tree)].flatMap((node) => {
    const definition = node.kind === 'call' ? findFunction(node.name) : undefined;
    const parameters =
      node.kind === 'call' && definition ? parametersFor(definition, node.arguments.length) : undefined;
    if (node.kind !== 'call' || definition === undefined || parameters === undefined) return [];
    const problems = node.arguments.flatMap((argument, index) => {
      const parameter = parameters[index];
      const problem = argument && parameter ? whyImpossible(argument, parameter) : undefined;
      if (argument === undefined || parameter === undefined || problem === undefined) return [];
      const message = `${node.name}: argument ${index + 1} (${parameter.name}) ${problem.message}`;
      return [{ code: problem.code, message, start: argument.start, length: argument.length }];
    });
    return problems.length > 0 ? problems : callProblems(node, definition);
  });
}

function callProblems(node: CallNode, { checkCall }: FunctionDefinition): readonly ArgumentProblem[] {
  const error = checkCall === undefined ? undefined : errorOf(() => checkCall(node.arguments));
  if (error === undefined) return [];
  const place = error.position >= 0 ? { start: error.position, length: error.length } : undefined;
  const { code, message } = error;
  return [{ code, message: `${node.name}: ${message}`, ...(place ?? { start: node.start, length: node.name.length }) }];
}

type Problem = Pick<ArgumentProblem, 'code' | 'message'>;

function whyImpossible(argument: ExpressionNode, { takes, read }: FunctionParameter): Problem | undefined {
  if (argument.kind === 'constant') {
    const { value } = argument;
    const unreadable = takes === undefined ? undefined : whyUnreadable(value, takes);
    return unreadable ?? (read === undefined ? undefined : whyWrong(() => read(value)));
  }
  const given = takes === undefined ? undefined : resultOf(argument);
  if (takes === undefined || given === undefined || given === takes) return undefined;
  const { what, code } = NEEDED[takes];
  return { code, message: `must be ${what}, and this is ${given === 'boolean' ? 'True or False' : 'a date'}` };
}

function whyUnreadable(text: string, takes: Taken): Problem | undefined {
  const error = errorOf(() => READ[takes](text));
  return error === undefined
    ? undefined
    : { code: error.code, message: `must be ${NEEDED[takes].what}: ${error.message}` };
}

function whyWrong(read: () => unknown): Problem | undefined {
  const error = errorOf(read);
  return error === undefined ? undefined : { code: error.code, message: `is wrong: ${error.message}` };
}

function errorOf(read: () => unknown): ExpressionError | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return error;
  }
}

/** What the value of `node` always is, when that is known. */
function resultOf(node: ExpressionNode): 'boolean' | 'dateTime' | undefined {
  if (node.kind === 'comparison') return 'boolean';
  return node.kind === 'call' ? findFunction(node.name)?.gives : undefined;
}
