/** Conditions, choices and tests for null (expressions.md 8.2). Choices evaluate only what they choose. */
import { isNullOrEmpty, toBoolean, toCondition, toText } from '../coerce.ts';
import { IgnoreAttributeFlow, isControl } from '../control.ts';
import { ExpressionError } from '../expression-error.ts';
import type { EvaluationRun, FunctionDefinition } from '../function-definition.ts';
import { isList } from '../value.ts';
import { CLOUD_SYNC, GRAPH_FUNCTIONS, ONLY_IN_CLOUD_SYNC, ONLY_IN_GRAPH, reference } from './specification.ts';

const EXPRESSION = { name: 'expression' } as const;

export const cBool: FunctionDefinition = {
  name: 'CBool',
  gives: 'boolean',
  summary: 'Gives True or False for a comparison, a number or the text true or false.',
  specification: reference('cbool'),
  parameters: [EXPRESSION],
  examples: [
    ['CBool([a] = [b])', 'True', { a: 'x', b: 'x' }],
    ['CBool(0)', 'False'],
  ],
  evaluate: ([expression]) => toCondition(expression),
};

export const coalesce: FunctionDefinition = {
  name: 'Coalesce',
  summary: 'Gives the first source that has a value; the last one is the default.',
  specification: reference('coalesce'),
  parameters: [{ name: 'source' }],
  repeat: 1,
  examples: [['Coalesce([mail], [userPrincipalName])', 'ada@contoso.com', { userPrincipalName: 'ada@contoso.com' }]],
  evaluateLazily: (list, run) => {
    const last = list.length - 1;
    for (let index = 0; index < last; index += 1) {
      const value = list[index]?.(run) ?? null;
      if (!isNullOrEmpty(value)) return value;
    }
    return list[last]?.(run) ?? null;
  },
};

export const error: FunctionDefinition = {
  name: 'Error',
  summary: 'Fails with a message.',
  specification: CLOUD_SYNC,
  parameters: [{ name: 'message' }],
  undocumented: ONLY_IN_CLOUD_SYNC,
  examples: [['IIF([mail] = "", Error("mail is missing"), [mail])', 'ada@contoso.com', { mail: 'ada@contoso.com' }]],
  evaluate: ([message]) => {
    throw new ExpressionError('Error', toText(message));
  },
};

export const ignoreFlowIfNullOrEmpty: FunctionDefinition = {
  name: 'IgnoreFlowIfNullOrEmpty',
  summary: 'Leaves the target attribute alone when there is no value.',
  specification: reference('ignoreflowifnullorempty'),
  parameters: [EXPRESSION],
  examples: [['IgnoreFlowIfNullOrEmpty([department])', 'Sales', { department: 'Sales' }]],
  evaluateLazily: ([expression], run) => {
    const value = expression?.(run) ?? null;
    return isNullOrEmpty(value) ? IgnoreAttributeFlow : value;
  },
};

export const iif: FunctionDefinition = {
  name: 'IIF',
  summary: 'Gives one of two values, by a condition.',
  specification: reference('iif'),
  parameters: [{ name: 'condition' }, { name: 'valueIfTrue' }, { name: 'valueIfFalse' }],
  examples: [['IIF([country] = "USA", [country], [department])', 'USA', { country: 'USA', department: 'Sales' }]],
  evaluateLazily: ([condition, valueIfTrue, valueIfFalse], run, reads) => {
    const isLimited = run.options.iifNullMode === 'documentedLimitation';
    if (isLimited && (reads[0] ?? []).some((name) => isNullOrEmpty(run.attribute(name)))) return null;
    return (toCondition(condition?.(run)) ? valueIfTrue : valueIfFalse)?.(run) ?? null;
  },
};

export const isNothing: FunctionDefinition = {
  name: 'IsNothing',
  gives: 'boolean',
  summary: 'Tells whether there is no value at all; an empty text is a value.',
  specification: GRAPH_FUNCTIONS,
  parameters: [{ name: 'source' }],
  undocumented: ONLY_IN_GRAPH,
  examples: [['IsNothing([missing])', 'True']],
  evaluate: ([source]) => source === null,
};

export const isNull: FunctionDefinition = {
  name: 'IsNull',
  gives: 'boolean',
  summary: 'Tells whether there is no value at all; an empty text is a value.',
  specification: reference('isnull'),
  parameters: [EXPRESSION],
  examples: [
    ['IsNull([missing])', 'True'],
    ['IsNull("")', 'False'],
  ],
  evaluate: ([expression]) => expression === null,
};

export const isNullOrEmptyFunction: FunctionDefinition = {
  name: 'IsNullOrEmpty',
  gives: 'boolean',
  summary: 'Tells whether there is no value or an empty text.',
  specification: reference('isnullorempty'),
  parameters: [EXPRESSION],
  examples: [['IsNullOrEmpty("")', 'True']],
  evaluate: ([expression]) => isNullOrEmpty(expression),
};

export const isPresent: FunctionDefinition = {
  name: 'IsPresent',
  gives: 'boolean',
  summary: 'Tells whether there is a value other than an empty text.',
  specification: reference('ispresent'),
  parameters: [EXPRESSION],
  examples: [['IsPresent([mail])', 'True', { mail: 'ada@contoso.com' }]],
  evaluate: ([expression]) => !isNullOrEmpty(expression),
};

export const isString: FunctionDefinition = {
  name: 'IsString',
  gives: 'boolean',
  summary: 'Tells whether a value is a text or can become one.',
  specification: reference('isstring'),
  parameters: [EXPRESSION],
  examples: [
    ['IsString("abc")', 'True'],
    ['IsString([missing])', 'False'],
  ],
  evaluate: ([expression]) =>
    expression !== undefined &&
    expression !== null &&
    !(isList(expression) && (expression.length > 1 || typeof expression[0] !== 'string')),
};

export const not: FunctionDefinition = {
  name: 'Not',
  gives: 'boolean',
  summary: 'Gives False for True, and True for everything else.',
  specification: reference('not'),
  parameters: [{ name: 'source' }],
  examples: [
    ['Not("True")', 'False'],
    ['Not([missing])', 'True'],
  ],
  evaluate: ([source]) => toBoolean(source) !== true,
};

export const switchFunction: FunctionDefinition = {
  name: 'Switch',
  summary: 'Gives the value whose key equals the source, else the default.',
  specification: reference('switch'),
  parameters: [
    { name: 'source' },
    { name: 'defaultValue', optional: true },
    { name: 'key', key: 'switchValue' },
    { name: 'value', key: 'switchValue' },
  ],
  repeat: 2,
  examples: [
    ['Switch([IsSoftDeleted], , "False", "True", "True", "False")', 'False', { IsSoftDeleted: true }],
    ['Switch([state], "other", "QLD", "Australia/Brisbane")', 'other'],
  ],
  evaluateLazily: (list, run, reads) => {
    const [source, defaultValue] = list;
    if (isUnchanged(run, reads[0] ?? [])) return null;
    const wanted = toText(refuseControl(source?.(run) ?? null));
    for (let index = 2; index < list.length; index += 2) {
      if (toText(refuseControl(list[index]?.(run) ?? null)) === wanted) return list[index + 1]?.(run) ?? null;
    }
    return defaultValue?.(run) ?? null;
  },
};

/** As Entra does in incremental cycles, by its own warning: the source is taken for null when only other attributes changed. */
function isUnchanged({ context, options }: EvaluationRun, names: readonly string[]): boolean {
  const { changedAttributes } = context;
  if (options.switchUnchangedQuirk !== 'on' || changedAttributes === undefined || names.length === 0) return false;
  return !names.some((name) => changedAttributes.includes(name));
}

function refuseControl<T>(value: T): T {
  if (!isControl(value)) return value;
  throw new ExpressionError('InvalidArgument', `${value.name} cannot be compared`);
}
