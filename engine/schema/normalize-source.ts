/** The source of one imported attribute mapping in normal form (graph-api.md 8.3.7; mappings-and-scoping.md 7.8, 7.11.5). */
import { errorFinding, type KeyPath, type Report, warningFinding } from '../config/finding.ts';
import type { Raw } from '../config/mapping-file.ts';
import type { ExpressionNode } from '../expression/ast.ts';
import { ExpressionError } from '../expression/expression-error.ts';
import { expressionOf, type ImportedMappingSource, toMappingSource } from '../expression/graph-form.ts';
import { parseExpression } from '../expression/parse.ts';
import { printExpression, printText } from '../expression/print.ts';
import { isFields } from './raw-fields.ts';
import { SOURCE_TYPES } from './schema-fields.ts';

export type SourceContext = {
  readonly lenient: boolean;
  readonly report: Report;
  /** The member that `value` names; reports what is none. */
  readonly choose: (
    members: readonly string[],
    value: unknown,
    where: KeyPath,
    context: SourceContext,
  ) => string | undefined;
};

const FIELDS: readonly string[] = ['expression', 'name', 'type', 'parameters'];

/** The source with all four fields, `parameters` made anew from the expression; null when it says nothing. */
export function normalizeSource(value: unknown, where: KeyPath, context: SourceContext): Raw | null {
  if ((value ?? null) === null) return null;
  if (!isFields(value)) {
    context.report(where, errorFinding('wrong-type', 'source must be an object.'));
    return null;
  }
  const entries = Object.entries(value).filter(([key]) => !key.includes('@odata.'));
  const key = (name: string) => FIELDS.find((field) => field === name.toLowerCase()) ?? name;
  const given: Raw = Object.fromEntries(entries.map(([name, field]) => [key(name), field]));
  const name = readText(given.name, [...where, 'name'], context.report);
  const expression = readText(given.expression, [...where, 'expression'], context.report);
  if (name === undefined && expression === undefined) return null;
  const chosen = context.choose(SOURCE_TYPES, given.type, [...where, 'type'], context) ?? 'Attribute';
  const type = chosen === 'Attribute' && name === undefined && !isReference(expression) ? 'Function' : chosen;
  const extra = Object.fromEntries(Object.entries(given).filter(([field]) => !FIELDS.includes(field)));
  switch (type) {
    case 'Attribute':
      return { ...attributeSource(name, expression, where, context.report), ...extra };
    case 'Constant':
      return { ...constantSource(name, expression), ...extra };
    case 'Function':
      return { ...functionSource(given, name, expression, where, context.report), ...extra };
    default:
      return given;
  }
}

/** Text that says something. */
function readText(value: unknown, where: KeyPath, report: Report): string | undefined {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string' && value !== '') return value;
  if ((value ?? '') !== '') report(where, errorFinding('wrong-type', `${String(where.at(-1))} must be text.`));
  return undefined;
}

function isReference(expression: string | undefined): boolean {
  return expression === undefined || parseOrNothing(expression)?.kind === 'attribute';
}

function attributeSource(name: string | undefined, expression: string | undefined, where: KeyPath, report: Report) {
  const tree = expression === undefined ? undefined : parseOrNothing(expression);
  const read = tree?.kind === 'attribute' ? tree.name : undefined;
  const chosen = name ?? read ?? '';
  if (expression !== undefined && read !== chosen) {
    const summary = `The name says ${chosen} and the expression ${expression}; for a direct mapping the name counts.`;
    report([...where, 'expression'], warningFinding('source-disagrees', summary));
  }
  return { expression: `[${chosen}]`, name: chosen, type: 'Attribute', parameters: [] };
}

/** A constant's expression is its text as a literal; published ones leave out the name, or the quotation marks. */
function constantSource(name: string | undefined, expression: string | undefined) {
  const tree = expression === undefined ? undefined : parseOrNothing(expression);
  const literal = tree?.kind === 'constant' && tree.form === 'text' ? tree.value : expression;
  const text = name ?? literal ?? '';
  return { expression: printText(text), name: text, type: 'Constant', parameters: [] };
}

function functionSource(
  given: Raw,
  name: string | undefined,
  expression: string | undefined,
  where: KeyPath,
  report: Report,
) {
  // Read field by field: whatever does not have the shape gives no expression.
  const parts = { type: 'Function', name, parameters: given.parameters } as ImportedMappingSource;
  const rebuilt = rebuild(parts);
  const tree = expression === undefined ? undefined : parseOrNothing(expression);
  if (expression !== undefined && tree !== undefined) {
    const hasParts = Array.isArray(given.parameters) && given.parameters.length > 0;
    if (hasParts && rebuilt !== undefined && bare(rebuilt.tree) !== bare(tree)) {
      const summary = `The parameters read ${rebuilt.text}; the expression counts, and export makes the parameters anew.`;
      report([...where, 'expression'], warningFinding('source-disagrees', summary));
    }
    return expressionSource(expression);
  }
  if (rebuilt === undefined) {
    if (expression === undefined) {
      const summary = `The function ${name ?? ''} has no expression, and its parameters do not make one. Add "expression".`;
      report(where, errorFinding('no-expression', summary));
    }
    return { expression: expression ?? '', name: name ?? null, type: 'Function', parameters: given.parameters ?? [] };
  }
  const why = expression === undefined ? 'There is no expression' : 'The expression cannot be read';
  const summary = `${why}; ${rebuilt.text} was put together from the parameters. Check it.`;
  report(where, warningFinding('expression-rebuilt', summary));
  return expressionSource(rebuilt.text);
}

/** Graph's form of an expression as written; its name and parameters follow from the text. */
export function expressionSource(expression: string) {
  const tree = parseOrNothing(expression);
  const { name, parameters } = tree === undefined ? { name: null, parameters: [] } : toMappingSource(tree);
  return { expression, name, type: 'Function', parameters };
}

function rebuild(source: ImportedMappingSource): { readonly text: string; readonly tree: ExpressionNode } | undefined {
  if (!hasShape(source)) return undefined;
  const text = expressionOf(source);
  const tree = text === undefined ? undefined : parseOrNothing(text);
  return text === undefined || tree === undefined ? undefined : { text, tree };
}

function hasShape(source: unknown): boolean {
  if (!isFields(source)) return false;
  const { parameters } = source;
  if ((parameters ?? null) === null) return true;
  return (
    Array.isArray(parameters) &&
    parameters.every((one) => isFields(one) && typeof one.key === 'string' && hasShape(one.value))
  );
}

/** The text without omitted arguments, which `parameters` do not show, and with every constant as a text, as they show it. */
function bare(tree: ExpressionNode): string {
  return printExpression(withTexts(tree)).replace(/\s*,(?=\s*[,)])/g, '');
}

function withTexts(node: ExpressionNode): ExpressionNode {
  switch (node.kind) {
    case 'attribute':
      return node;
    case 'constant':
      return { ...node, form: 'text' };
    case 'call':
      return { ...node, arguments: node.arguments.map((one) => (one === undefined ? undefined : withTexts(one))) };
    case 'comparison':
    case 'concat':
      return { ...node, left: withTexts(node.left), right: withTexts(node.right) };
  }
}

function parseOrNothing(text: string): ExpressionNode | undefined {
  try {
    return parseExpression(text);
  } catch (problem) {
    if (problem instanceof ExpressionError) return undefined;
    throw problem;
  }
}
