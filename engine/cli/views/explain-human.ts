/** The tree of an expression with the value of every part (ux.md). */

import type { ExpressionProblem } from '../../expression/check.ts';
import type { ExpressionTrace } from '../../expression/trace.ts';
import { colour } from '../colour.ts';
import { pad, textWidth } from './text-width.ts';

/** Longer expressions push their value to the right rather than the column of all. */
const WIDEST_TREE = 70;
const GAP = '  ';

type Line = { readonly tree: string; readonly trace: ExpressionTrace };

export function explainHuman(root: ExpressionTrace): string {
  const lines = flatten(root, '', '');
  const width = Math.min(WIDEST_TREE, Math.max(...lines.map((line) => textWidth(line.tree))));
  return lines.map(({ tree, trace }) => `${pad(tree, width)}${GAP}${result(trace)}`.trimEnd()).join('\n');
}

function flatten(trace: ExpressionTrace, lead: string, below: string): readonly Line[] {
  const children = trace.children.flatMap((child, index) => {
    const last = index === trace.children.length - 1;
    return flatten(child, `${below}${last ? '└─ ' : '├─ '}`, `${below}${last ? '   ' : '│  '}`);
  });
  return [{ tree: `${lead}${trace.text}`, trace }, ...children];
}

function result(trace: ExpressionTrace): string {
  switch (trace.state) {
    case 'value':
      return trace.value === undefined || trace.value === null ? colour.dim('null') : JSON.stringify(trace.value);
    case 'error':
      return colour.red(`${trace.error.code}: ${trace.error.message}`);
    case 'not-evaluated':
      return colour.dim('not evaluated');
  }
}

/** A finding with the expression and a caret. */
export function problemHuman(expression: string, problem: ExpressionProblem): string {
  const lineStart = expression.lastIndexOf('\n', problem.start - 1) + 1;
  const line = expression.slice(lineStart).split('\n')[0] ?? '';
  const caret =
    ' '.repeat(textWidth(line.slice(0, problem.start - lineStart))) + '^'.repeat(Math.max(1, problem.length));
  const severity = problem.severity === 'error' ? colour.red('error') : colour.yellow('warning');
  return `${severity}  ${problem.code}  ${problem.message}\n  ${line}\n  ${caret}`;
}
