/** Properties of the expression language that no table can state. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ComparisonOperator, ExpressionNode } from '../../engine/expression/ast.ts';
import { checkExpression } from '../../engine/expression/check.ts';
import { evaluateExpression } from '../../engine/expression/evaluate-expression.ts';
import { ExpressionError } from '../../engine/expression/expression-error.ts';
import { parametersFor } from '../../engine/expression/function-definition.ts';
import { FUNCTIONS } from '../../engine/expression/functions/index.ts';
import { BARE_CONSTANTS, parseExpression } from '../../engine/expression/parse.ts';
import { printExpression } from '../../engine/expression/print.ts';
import { traceExpression } from '../../engine/expression/trace.ts';

const PLACE = { start: 0, length: 0 };
const OPERATORS: readonly ComparisonOperator[] = ['=', '<>', '>', '>=', '<', '<='];
const TEXTS = fc.oneof(
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.constantFrom('', '"', '\\', '\\d', 'True', '2024-02-29', '(?<g>a+)+$', 'g', '$1', 'yyyy-MM-dd', 'd', '12'),
);
const ATTRIBUTE_NAMES = fc.constantFrom(
  'a',
  'list',
  'roles',
  'number',
  'flag',
  'addresses[type eq "]"].x',
  '__proto__',
);

/** Every function with every number of arguments up to eight that it takes. */
const CALLS = FUNCTIONS.flatMap((definition) =>
  Array.from({ length: 9 }, (_, count) => parametersFor(definition, count)).flatMap((parameters) =>
    parameters === undefined ? [] : [{ name: definition.name, parameters }],
  ),
);

const primary: fc.Arbitrary<ExpressionNode> = fc.oneof(
  ATTRIBUTE_NAMES.map((name): ExpressionNode => ({ kind: 'attribute', name, ...PLACE })),
  TEXTS.map((value): ExpressionNode => ({ kind: 'constant', form: 'text', value, ...PLACE })),
  fc
    .integer({ min: -9, max: 400 })
    .map((value): ExpressionNode => ({ kind: 'constant', form: 'number', value: String(value), ...PLACE })),
  fc
    .constantFrom(...BARE_CONSTANTS)
    .map((value): ExpressionNode => ({ kind: 'constant', form: 'name', value, ...PLACE })),
);

const { tree } = fc.letrec<{ tree: ExpressionNode; call: ExpressionNode; operand: ExpressionNode }>((tie) => ({
  // Most calls are well formed, so that evaluation gets somewhere. A single omitted argument would be no argument at all.
  call: fc.constantFrom(...CALLS).chain(({ name, parameters }) =>
    fc
      .tuple(
        ...parameters.map(({ optional }) =>
          optional === true ? fc.option(tie('tree'), { nil: undefined }) : tie('tree'),
        ),
      )
      .filter((list) => list.length !== 1 || list[0] !== undefined)
      .map((list): ExpressionNode => ({ kind: 'call', name, arguments: list, ...PLACE })),
  ),
  operand: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    primary,
    tie('call'),
    fc
      .tuple(fc.oneof(primary, tie('call')), fc.oneof(primary, tie('call')))
      .map(([left, right]): ExpressionNode => ({ kind: 'concat', left, right, ...PLACE })),
  ),
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    primary,
    tie('call'),
    tie('operand'),
    fc
      .tuple(fc.constantFrom(...OPERATORS), tie('operand'), tie('operand'))
      .map(([operator, left, right]): ExpressionNode => ({ kind: 'comparison', operator, left, right, ...PLACE })),
  ),
}));

const SOURCE: Readonly<Record<string, unknown>> = {
  a: 'Ada Lovelace',
  list: ['x', 'y', 'x'],
  roles: [{ id: '1', value: 'Admin', displayName: 'Administrator' }],
  number: 12,
  flag: true,
};
const CONTEXT = { now: '2026-01-01T00:00:00.000Z', existing: ['x'], options: { regexTimeoutMs: 20 } };

function withoutPlaces(node: ExpressionNode): unknown {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === 'start' || key === 'length' ? 0 : value)));
}

/** Undefined when `action` returns or throws an ExpressionError; anything else thrown is what comes back. */
function otherError(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error instanceof ExpressionError && error.position >= 0 ? undefined : error;
  }
  return undefined;
}

describe('the expression language', () => {
  it('parses what it prints back to the same tree', () => {
    fc.assert(
      fc.property(tree, (node) => {
        expect(withoutPlaces(parseExpression(printExpression(node)))).toEqual(withoutPlaces(node));
      }),
      { numRuns: 500 },
    );
  });

  it('throws nothing but located ExpressionErrors for any tree', () => {
    fc.assert(
      fc.property(tree, (node) => {
        expect(otherError(() => evaluateExpression(printExpression(node), SOURCE, CONTEXT))).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('throws nothing but located ExpressionErrors for any text', () => {
    const piece = fc.constantFrom(
      'Replace',
      'IIF',
      '(',
      ')',
      ',',
      '[a]',
      '[',
      ']',
      '"',
      '\\',
      '&',
      '=',
      '<',
      '-1',
      ' ',
      '&H',
      'é',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 20 }), (pieces) => {
        const text = pieces.join('');
        expect(otherError(() => evaluateExpression(text, SOURCE, CONTEXT))).toBeUndefined();
        const [first] = checkExpression(text);
        if (first !== undefined) expect(first.start + first.length).toBeLessThanOrEqual(text.length + 1);
      }),
      { numRuns: 1000 },
    );
  });

  it('traces to the same result as it evaluates to', () => {
    fc.assert(
      fc.property(tree, (node) => {
        const text = printExpression(node);
        if (checkExpression(text).some((problem) => problem.severity === 'error')) return;
        const context = { ...CONTEXT, random: (count: number) => new Uint8Array(count), nextId: () => 'id-1' };
        const trace = traceExpression(text, SOURCE, context);
        expect(trace.state).not.toBe('not-evaluated');
        if (trace.state === 'value') expect(evaluateExpression(text, SOURCE, context)).toEqual(trace.value);
      }),
      { numRuns: 300 },
    );
  });
});
