/** The value of every sub-expression, for `explain`. */
import { childrenOf, type ExpressionNode } from './ast.ts';
import { type CompiledExpression, compileExpression, compileTree } from './evaluate.ts';
import type { ExpressionError } from './expression-error.ts';
import type { EvaluationContext } from './function-definition.ts';
import { printExpression } from './print.ts';
import { type ExpressionResult, toResult, type Value } from './value.ts';

type TraceOutcome =
  | { readonly state: 'value'; readonly value: ExpressionResult }
  | { readonly state: 'error'; readonly error: ExpressionError }
  /** A branch that was not chosen, or one behind an error. */
  | { readonly state: 'not-evaluated' };

export type ExpressionTrace = TraceOutcome & {
  /** Canonical text of the sub-expression. */
  readonly text: string;
  readonly kind: ExpressionNode['kind'];
  readonly start: number;
  readonly length: number;
  /** Omitted arguments are left out. */
  readonly children: readonly ExpressionTrace[];
};

/**
 * What `expression` does with `source`, node by node. A failing evaluation is a trace with state `error` at its root.
 * @throws ExpressionError when the text cannot be compiled
 */
export function traceExpression(
  expression: string | CompiledExpression,
  source: unknown,
  context: EvaluationContext = {},
): ExpressionTrace {
  const { tree } = typeof expression === 'string' ? compileExpression(expression) : expression;
  const outcomes = new Map<ExpressionNode, TraceOutcome>();
  const evaluate = compileTree(tree, {
    value: (node: ExpressionNode, value: Value) => outcomes.set(node, { state: 'value', value: toResult(value) }),
    failure: (node, error) => outcomes.set(node, { state: 'error', error }),
  });
  try {
    evaluate(source, context);
  } catch {
    // The observer has heard of it: the trace of the root is the error.
  }
  return describe(tree, outcomes);
}

function describe(node: ExpressionNode, outcomes: ReadonlyMap<ExpressionNode, TraceOutcome>): ExpressionTrace {
  const { kind, start, length } = node;
  const outcome = outcomes.get(node) ?? { state: 'not-evaluated' };
  const children = childrenOf(node).map((child) => describe(child, outcomes));
  return { ...outcome, text: printExpression(node), kind, start, length, children };
}
