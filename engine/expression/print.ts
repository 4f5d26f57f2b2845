/** Tree → canonical text (expressions.md 3.3): one blank after a comma, omitted arguments empty, numbers unquoted. */
import type { ExpressionNode } from './ast.ts';

/** The text of `node`. Parsing it gives `node` again, places aside. */
export function printExpression(node: ExpressionNode): string {
  switch (node.kind) {
    case 'attribute':
      return `[${node.name}]`;
    case 'constant':
      return node.form === 'text' ? printText(node.value) : node.value;
    case 'call':
      return `${node.name}(${node.arguments.map((argument) => (argument === undefined ? '' : printExpression(argument))).join(', ')})`;
    case 'comparison':
      return `${printExpression(node.left)} ${node.operator} ${printExpression(node.right)}`;
    case 'concat':
      return `${printExpression(node.left)} & ${printExpression(node.right)}`;
  }
}

/** `value` between quotation marks, with the two escapes of the language. */
export function printText(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}
