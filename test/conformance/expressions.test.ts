/** Runs the published and derived cases of the expression language, and the recommended results of the disputed ones. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { IgnoreAttributeFlow, IgnoreObjectFlow } from '../../engine/expression/control.ts';
import { evaluateExpression } from '../../engine/expression/evaluate-expression.ts';
import { ExpressionError } from '../../engine/expression/expression-error.ts';
import type { EvaluationContext } from '../../engine/expression/function-definition.ts';

type Case = {
  readonly id: string;
  readonly function: string;
  readonly expression: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: unknown;
  readonly context?: EvaluationContext;
};

type DisputedCase = Omit<Case, 'expected'> & { readonly recommended: unknown };

function readCases<T>(name: string): readonly T[] {
  const cases: readonly T[] = JSON.parse(readFileSync(new URL(`./cases/${name}`, import.meta.url), 'utf8'));
  return cases;
}

/** R15 and the recommended results that the table states in words. */
const RECOMMENDED_IN_WORDS: Readonly<Record<string, unknown>> = {
  'disputed-005': 'Other',
  'disputed-006': 'Other',
  'disputed-007': 'Other',
  'disputed-008': '000-000-0000',
  'disputed-009': 'noemail@contoso.com',
  'disputed-010': 'user@company.com',
  'disputed-011': 'user@company.com',
  'disputed-030': 'Jan1@contoso.com',
};

function expectCase({ expression, input, context, expected }: Case): void {
  const evaluate = () => evaluateExpression(expression, input, context);
  if (typeof expected !== 'object' || expected === null || Array.isArray(expected)) {
    expect(evaluate()).toEqual(expected);
  } else if ('$error' in expected) {
    expect(errorOf(evaluate)).toMatchObject({ name: 'ExpressionError', code: expected.$error });
  } else if ('$match' in expected) {
    expect(evaluate()).toMatch(new RegExp(String(expected.$match)));
  } else {
    expect(expected).toHaveProperty('$control');
    const control = '$control' in expected && expected.$control;
    expect(evaluate()).toBe(control === 'IgnoreObjectFlow' ? IgnoreObjectFlow : IgnoreAttributeFlow);
  }
}

function errorOf(action: () => unknown): ExpressionError | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  return undefined;
}

describe('the cases of the expression language', () => {
  const cases = readCases<Case>('expressions.json');

  it('are all there', () => {
    expect(cases).toHaveLength(388);
  });

  it.each(cases.map((item) => [item.id, item.expression.slice(0, 60), item] as const))('%s %s', (_, __, item) => {
    expectCase(item);
  });
});

describe('the disputed cases', () => {
  const cases = readCases<DisputedCase>('expressions-disputed.json');

  it.each(cases.map((item) => [item.id, item.function, item] as const))(
    '%s gives the recommended result',
    (id, _, item) => {
      const inWords = RECOMMENDED_IN_WORDS[id];
      expectCase({ ...item, expected: inWords === undefined ? item.recommended : inWords });
    },
  );
});
