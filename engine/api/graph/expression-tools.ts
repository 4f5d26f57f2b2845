/** What clients build expressions and filters with: operators, functions, and the trial of one expression (graph-api.md 8.6, 8.7). */
import { evaluateExpression } from '../../expression/evaluate-expression.ts';
import { ExpressionError } from '../../expression/expression-error.ts';
import type { FunctionDefinition, FunctionParameter } from '../../expression/function-definition.ts';
import { FUNCTIONS } from '../../expression/functions/index.ts';
import { toMappingSource } from '../../expression/graph-form.ts';
import { parseExpression as parse } from '../../expression/parse.ts';
import type { ExpressionResult } from '../../expression/value.ts';
import { SCOPING_OPERATORS } from '../../scope/operators.ts';
import { missing } from './graph-error.ts';
import { collection, type GraphContext, type Handler } from './graph-request.ts';
import { managedJob } from './jobs.ts';
import { ok } from './reply.ts';
import { bodyFields, fieldsOf, listMember, member, textMember } from './request-body.ts';

/** The samples print `name`, the metadata declares `id`: both are there. */
export const listFilterOperators: Handler = async (context) => {
  await managedJob(context);
  const operators = SCOPING_OPERATORS.map(({ name, arity, types }) => ({
    id: name,
    name,
    arity: arity === 'unary' ? 'Unary' : 'Binary',
    multivaluedComparisonType: 'All',
    supportedAttributeTypes: types,
  }));
  return collection(context, 'Collection(microsoft.graph.filterOperatorSchema)', operators);
};

export const listFunctions: Handler = async (context) => {
  await managedJob(context);
  return collection(context, 'Collection(microsoft.graph.attributeMappingFunctionSchema)', FUNCTIONS.map(functionView));
};

function functionView({ name, parameters, repeat = 0 }: FunctionDefinition): unknown {
  const single = parameters.length - repeat;
  return {
    id: name,
    name,
    parameters: parameters.map((parameter, index) => ({
      name: parameter.key ?? parameter.name,
      type: TYPES[parameter.takes ?? 'text'],
      required: parameter.optional !== true,
      allowMultipleOccurrences: index >= single,
    })),
  };
}

const TYPES: Readonly<Record<NonNullable<FunctionParameter['takes']> | 'text', string>> = {
  text: 'String',
  integer: 'Integer',
  number: 'String',
  interval: 'String',
  dateTime: 'DateTime',
};

/** An expression that cannot be parsed or evaluated is an answer too: 200 with the error in it. */
export const parseExpression: Handler = async (context) => {
  const { job } = await managedJob(context);
  const body = bodyFields(await context.body());
  const expression = textMember(body, 'expression');
  if (expression === undefined) throw missing('expression', '{"expression": "ToLower([mail])"}');
  const input = member(body, 'testInputObject') ?? undefined;
  const source = input === undefined ? undefined : propertiesOf(fieldsOf(input, 'testInputObject'));
  return ok({
    '@odata.context': `${context.root}/$metadata#microsoft.graph.parseExpressionResponse`,
    ...tried(expression, source, context, job),
  });
};

type Trial = {
  readonly error: unknown;
  readonly evaluationSucceeded: boolean;
  readonly evaluationResult: readonly string[];
  readonly parsedExpression: unknown;
  readonly parsingSucceeded: boolean;
};

const UNPARSED = { evaluationSucceeded: false, evaluationResult: [], parsedExpression: null, parsingSucceeded: false };

function tried(
  expression: string,
  source: Readonly<Record<string, unknown>> | undefined,
  { clock, configuration }: Pick<GraphContext, 'clock' | 'configuration'>,
  { expressions }: Awaited<ReturnType<typeof managedJob>>['job'],
): Trial {
  let parsed: Trial = { ...UNPARSED, error: null };
  try {
    parsed = { ...parsed, parsedExpression: toMappingSource(parse(expression)), parsingSucceeded: true };
    const { defaultDomain } = configuration;
    const result = evaluateExpression(expression, source ?? {}, {
      now: clock.now(),
      options: expressions,
      ...(defaultDomain === undefined ? {} : { defaultDomain }),
    });
    // Without an object there is nothing to evaluate for: what was found out is that it could be.
    return source === undefined ? parsed : { ...parsed, evaluationSucceeded: true, evaluationResult: textsOf(result) };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    if (error.category === 'configuration') return { ...UNPARSED, error: publicError(error) };
    return source === undefined ? parsed : { ...parsed, error: publicError(error) };
  }
}

function publicError({ code, message, position }: ExpressionError): unknown {
  const target = position < 0 ? null : `position ${position}`;
  return { code, message, target, details: [], innerError: null };
}

function textsOf(result: ExpressionResult): readonly string[] {
  if (result === null) return [];
  if (typeof result === 'string') return [result];
  if (!Array.isArray(result)) return [];
  return result.map((item: unknown) => (typeof item === 'string' ? item : JSON.stringify(item)));
}

/** Key-value pairs → attributes; what has no name of its own is left out. */
function propertiesOf(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const properties = listMember(input, 'properties') ?? [];
  return Object.fromEntries(
    properties.flatMap((property) => {
      const pair = fieldsOf(property, 'A property');
      const key = textMember(pair, 'key');
      return key === undefined ? [] : [[key, member(pair, 'value') ?? null]];
    }),
  );
}
