/** The list of functions: complete, sorted, documented, and every example holds. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluateExpression } from '../../../engine/expression/evaluate-expression.ts';
import { parametersFor, signatureOf } from '../../../engine/expression/function-definition.ts';
import { FUNCTIONS, findFunction } from '../../../engine/expression/functions/index.ts';

const CONTEXT = { now: '2026-01-01T00:00:00.000Z', defaultDomain: 'contoso.com' };

describe('the list of functions', () => {
  it('has the 53 names of the reference and its relatives, in alphabetical order', () => {
    const names = FUNCTIONS.map(({ name }) => name);
    expect(new Set(names).size).toBe(53);
    expect(names).toEqual([...names].sort((a, b) => a.toLowerCase().localeCompare(b.toLowerCase())));
  });

  it('covers every function that the cases call', () => {
    const cases: readonly { readonly function: string }[] = JSON.parse(
      readFileSync(new URL('../../conformance/cases/expressions.json', import.meta.url), 'utf8'),
    );
    const called = new Set(cases.map((item) => item.function).filter((name) => name !== 'Syntax'));
    expect([...called].filter((name) => findFunction(name) === undefined)).toEqual([]);
    expect(called.size).toBeGreaterThan(40);
  });

  it.each(FUNCTIONS.map((definition) => [definition.name, definition] as const))(
    '%s is documented',
    (_, definition) => {
      expect(definition.summary).toMatch(/^[A-Z].*\.$/);
      expect(definition.specification).toMatch(/^https:\/\/learn\.microsoft\.com\//);
      expect(definition.examples.length).toBeGreaterThan(0);
      expect(definition.examples.every(([expression]) => expression.includes(`${definition.name}(`))).toBe(true);
    },
  );

  it.each(FUNCTIONS.flatMap(({ examples }) => examples.map((example) => [example[0], example] as const)))(
    '%s gives what its documentation says',
    (_, [expression, result, source = {}]) => {
      expect(evaluateExpression(expression, source, CONTEXT)).toEqual(result);
    },
  );

  it('shows optional parameters in brackets and repeated ones with an ellipsis', () => {
    expect(FUNCTIONS.filter(({ name }) => ['InStr', 'Join', 'Now'].includes(name)).map(signatureOf)).toEqual([
      'InStr(value1, value2, [start], [compareType])',
      'Join(separator, source, …)',
      'Now()',
    ]);
  });

  it('takes three or four arguments of FormatDateTime, and keys and values of Switch in pairs', () => {
    const counts = (name: string) => {
      const definition = findFunction(name);
      return Array.from({ length: 9 }, (_, count) => count).filter(
        (count) => definition !== undefined && parametersFor(definition, count) !== undefined,
      );
    };
    expect(counts('FormatDateTime')).toEqual([3, 4]);
    expect(counts('Switch')).toEqual([4, 6, 8]);
    expect(counts('SelectUniqueValue')).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(counts('Replace')).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});
