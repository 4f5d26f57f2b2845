/** What is wrong with an expression before it ever runs: all of it, in order of the text (expressions.md 4, 5.5). */
import { suggest } from '../model/suggest.ts';
import { type CallNode, type ExpressionNode, walk } from './ast.ts';
import { adviseOn } from './check-advice.ts';
import { findImpossibleArguments } from './check-arguments.ts';
import { ExpressionError, type ExpressionErrorCode } from './expression-error.ts';
import { type FunctionDefinition, parametersFor, signatureOf } from './function-definition.ts';
import { FUNCTIONS, findFunction, findFunctionIgnoringCase } from './functions/index.ts';
import { parseExpression } from './parse.ts';

export type ExpressionProblem = {
  readonly severity: 'error' | 'warning';
  /** kebab-case: the error code, such as `unknown-function`, or the name of an advice. */
  readonly code: string;
  readonly message: string;
  /** Offset in UTF-16 code units. */
  readonly start: number;
  readonly length: number;
};

export type CheckOptions = {
  /** Names of the source attributes there are; without it attribute names are not checked. */
  readonly attributes?: Iterable<string>;
};

type Finding = {
  readonly code: ExpressionErrorCode | 'UnknownAttribute';
  readonly message: string;
  readonly start: number;
  readonly length: number;
};

/** Every problem of `text`, in order of place; empty when there is none. A syntax error hides what comes after it. */
export function checkExpression(text: string, options: CheckOptions = {}): readonly ExpressionProblem[] {
  const tree = parseOrProblem(text);
  if ('problem' in tree) return [tree.problem];
  const { node } = tree;
  const attributes = options.attributes === undefined ? undefined : new Set(options.attributes);
  const findings = [
    ...findErrors(node),
    ...findImpossibleArguments(node),
    ...(attributes === undefined ? [] : findUnknownAttributes(node, attributes)),
  ];
  const errors = findings.map(asProblem);
  const advice = adviseOn(node).map((found) => ({ severity: 'warning' as const, ...found }));
  return [...errors, ...advice].sort((a, b) => a.start - b.start || a.length - b.length);
}

/** @throws ExpressionError for the first error of a parsed expression; regular expressions and attributes are not looked at */
export function assertExpression(tree: ExpressionNode): void {
  const [first] = findErrors(tree);
  if (first === undefined || first.code === 'UnknownAttribute') return;
  throw new ExpressionError(first.code, first.message, { position: first.start, length: first.length });
}

function parseOrProblem(text: string): { readonly node: ExpressionNode } | { readonly problem: ExpressionProblem } {
  try {
    return { node: parseExpression(text) };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { code, message, position, length } = error;
    return { problem: asProblem({ code, message, start: position, length }) };
  }
}

function asProblem({ code, message, start, length }: Finding): ExpressionProblem {
  const kebab = code.replaceAll(
    /[A-Z]/g,
    (capital, index: number) => `${index > 0 ? '-' : ''}${capital.toLowerCase()}`,
  );
  return { severity: 'error', code: kebab, message, start, length };
}

function findErrors(tree: ExpressionNode): readonly Finding[] {
  const findings: Finding[] = [];
  for (const node of walk(tree)) {
    if (node.kind !== 'call') continue;
    const place = { start: node.start, length: node.name.length };
    const definition = findFunction(node.name);
    if (definition === undefined) {
      findings.push({ code: 'UnknownFunction', message: describeUnknown(node.name), ...place });
      continue;
    }
    const message = describeCount(node, definition);
    if (message !== undefined) findings.push({ code: 'ArgumentCount', message, ...place });
    if (node.name === 'SelectUniqueValue' && node !== tree) {
      findings.push({
        code: 'NotTopLevel',
        message: 'SelectUniqueValue cannot stand inside of another call',
        ...place,
      });
    }
  }
  return findings;
}

function describeUnknown(name: string): string {
  const near =
    findFunctionIgnoringCase(name)?.name ??
    suggest(
      name,
      FUNCTIONS.map((definition) => definition.name),
    );
  return `there is no function ${name}${near === undefined ? '' : `; did you mean ${near}?`}`;
}

/** What is wrong with the number of arguments, or with an omitted one; undefined when nothing is. */
function describeCount(node: CallNode, definition: FunctionDefinition): string | undefined {
  const parameters = parametersFor(definition, node.arguments.length);
  if (parameters === undefined) {
    return `${signatureOf(definition)} is called with ${node.arguments.length} argument${node.arguments.length === 1 ? '' : 's'}${oddHint(definition)}`;
  }
  const omitted = parameters.findIndex(
    (parameter, index) => parameter.optional !== true && node.arguments[index] === undefined,
  );
  const parameter = parameters[omitted];
  return parameter === undefined ? undefined : `${node.name}: argument ${omitted + 1} (${parameter.name}) is missing`;
}

function oddHint({ repeat = 0 }: FunctionDefinition): string {
  return repeat > 1 ? ' (omitted arguments count; keys and values come in pairs)' : '';
}

function findUnknownAttributes(tree: ExpressionNode, known: ReadonlySet<string>): readonly Finding[] {
  const findings: Finding[] = [];
  for (const node of walk(tree)) {
    if (node.kind !== 'attribute' || known.has(node.name)) continue;
    const near = suggest(node.name.trim(), known);
    const hint = near === undefined ? '' : `; did you mean [${near}]? (case matters)`;
    const { start, length } = node;
    findings.push({
      code: 'UnknownAttribute',
      message: `there is no source attribute ${node.name}${hint}`,
      start,
      length,
    });
  }
  return findings;
}
