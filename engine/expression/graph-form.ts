/** Tree ↔ Graph's `attributeMappingSource` (expressions.md 3.3). The `expression` text is the truth, `parameters` go along. */
import type { CallNode, ExpressionNode } from './ast.ts';
import { type FunctionDefinition, parametersFor } from './function-definition.ts';
import { findFunction } from './functions/index.ts';
import { printExpression, printText } from './print.ts';

export type AttributeMappingSource = {
  readonly type: 'Attribute' | 'Constant' | 'Function';
  readonly name: string;
  readonly expression: string;
  readonly parameters: readonly AttributeMappingParameter[];
};

type AttributeMappingParameter = { readonly key: string; readonly value: AttributeMappingSource };

/** What an import may hold: every field may be missing. */
export type ImportedMappingSource = {
  readonly type?: string | null;
  readonly name?: string | null;
  readonly expression?: string | null;
  readonly parameters?: readonly { readonly key: string; readonly value: ImportedMappingSource }[] | null;
};

/** `node` in Graph's shape; omitted arguments are left out of `parameters`. */
export function toMappingSource(node: ExpressionNode): AttributeMappingSource {
  const expression = printExpression(node);
  switch (node.kind) {
    case 'attribute':
      return { type: 'Attribute', name: node.name, expression, parameters: [] };
    case 'constant':
      return { type: 'Constant', name: node.value, expression: printText(node.value), parameters: [] };
    case 'call':
      return { type: 'Function', name: node.name, expression, parameters: callParameters(node) };
    case 'comparison':
    case 'concat': {
      const name = node.kind === 'concat' ? '&' : node.operator;
      const parameters = [
        { key: 'left', value: toMappingSource(node.left) },
        { key: 'right', value: toMappingSource(node.right) },
      ];
      return { type: 'Function', name, expression, parameters };
    }
  }
}

function callParameters(node: CallNode): readonly AttributeMappingParameter[] {
  const definition = findFunction(node.name);
  const keys = definition === undefined ? [] : (parametersFor(definition, node.arguments.length) ?? []);
  return node.arguments.flatMap((argument, index) => {
    if (argument === undefined) return [];
    const parameter = keys[index];
    return [{ key: parameter?.key ?? parameter?.name ?? 'source', value: toMappingSource(argument) }];
  });
}

/** The expression text of `source`, rebuilt from its parts where it is missing; undefined for an inert source. */
export function expressionOf(source: ImportedMappingSource): string | undefined {
  if (typeof source.expression === 'string' && source.expression !== '') return source.expression;
  const { name } = source;
  if (typeof name !== 'string') return undefined;
  // The empty text is a constant like any other; an argument that is left out is another matter (expressions.md G-6).
  if (source.type === 'Constant') return printText(name);
  if (name === '') return undefined;
  switch (source.type ?? 'Attribute') {
    case 'Function':
      return rebuildCall(name, source.parameters ?? []);
    default:
      return `[${name}]`;
  }
}

function rebuildCall(name: string, parameters: NonNullable<ImportedMappingSource['parameters']>): string {
  const definition = findFunction(name);
  const list = parameters.map(({ key, value }) => ({ key, text: expressionOf(value) ?? '' }));
  const texts = definition === undefined ? list.map(({ text }) => text) : placeArguments(definition, list);
  return `${name}(${texts.join(', ')})`;
}

type Given = { readonly key: string; readonly text: string };

/** Arguments by key in the order of the parameters; what has no key of its own follows (repeated groups). */
function placeArguments({ parameters, repeat = 0 }: FunctionDefinition, list: readonly Given[]): readonly string[] {
  const left = [...list];
  const placed = parameters.slice(0, parameters.length - repeat).map((parameter) => {
    const index = left.findIndex(({ key }) => key === parameter.name || key === parameter.key);
    return index < 0
      ? ''
      : left
          .splice(index, 1)
          .map(({ text }) => text)
          .join('');
  });
  const keys = new Set(parameters.slice(parameters.length - repeat).flatMap(({ name, key = name }) => [name, key]));
  // A published form of Switch has the key of a pair as the key of the parameter.
  const rest = left.flatMap(({ key, text }) => (repeat < 2 || keys.has(key) ? [text] : [printText(key), text]));
  return [...placed, ...rest];
}
