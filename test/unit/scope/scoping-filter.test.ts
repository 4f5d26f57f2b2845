/** Scoping filters beside the conformance table: patterns, reasons, and filters nobody can read (mappings-and-scoping.md 6). */
import { describe, expect, it, test } from 'vitest';
import type { FilterGroup } from '../../../engine/model/mapping.ts';
import { findOperator, SCOPING_OPERATORS } from '../../../engine/scope/operators.ts';
import { createPatternCompiler, isAnchored } from '../../../engine/scope/pattern.ts';
import { compileFilter, explainFilter, isInScope } from '../../../engine/scope/scoping-filter.ts';

const group = (sourceOperandName: string, operatorName: string, ...values: string[]): FilterGroup => ({
  clauses: [{ sourceOperandName, operatorName, targetOperand: { values } }],
});
const passes = (operator: string, operand: string, value: unknown) =>
  isInScope({ groups: [group('a', operator, operand)] }, { a: value });

describe('isInScope', () => {
  it('needs all three group sets', () => {
    const filter = {
      groups: [group('a', 'EQUALS', '1')],
      inputFilterGroups: [group('b', 'EQUALS', '1')],
      categoryFilterGroups: [group('c', 'EQUALS', '1')],
    };
    expect(isInScope(filter, { a: '1', b: '1', c: '1' })).toBe(true);
    for (const missing of ['a', 'b', 'c']) {
      expect(isInScope(filter, { a: '1', b: '1', c: '1', [missing]: '2' }), missing).toBe(false);
    }
  });

  it.each([null, undefined, {}, { groups: null }, { groups: [], inputFilterGroups: null }])(
    'restricts nobody with %j',
    (filter) => {
      expect(isInScope(filter, {})).toBe(true);
    },
  );

  it('matches patterns with look-ahead', () => {
    expect(passes('REGEX MATCH', '^(?!.*test).*$', 'svc account')).toBe(true);
    expect(passes('REGEX MATCH', '^(?!.*test).*$', 'svc test account')).toBe(false);
  });

  it('reads patterns as .NET does', () => {
    expect(passes('REGEX MATCH', '^\\d+$', '٣٤')).toBe(true);
    expect(passes('REGEX MATCH', 'a$', 'a\n')).toBe(true);
    expect(passes('REGEX MATCH', '^[a-z-[aeiou]]+$', 'bcd')).toBe(true);
    expect(passes('REGEX MATCH', '^[a-z-[aeiou]]+$', 'bad')).toBe(false);
  });

  it('answers a catastrophic pattern at once', () => {
    expect(passes('REGEX MATCH', '^(a+)+$', `${'a'.repeat(5000)}!`)).toBe(false);
  });

  it('compares numbers of any size', () => {
    expect(passes('Greater_Than', '90071992547409930000', '90071992547409930001')).toBe(true);
  });

  it('asks every value of a multi-valued attribute', () => {
    expect(passes('EQUALS', 'x', ['x', 'x'])).toBe(true);
    expect(passes('EQUALS', 'x', ['x', 'y'])).toBe(false);
  });

  it('never reads attributes an object merely inherits', () => {
    expect(passes('IS NOT NULL', '', undefined)).toBe(false);
    expect(isInScope({ groups: [group('toString', 'IS NOT NULL')] }, {})).toBe(false);
  });

  it('accepts a unary clause without operand, as exports have them', () => {
    const clause = JSON.parse('{"sourceOperandName":"a","operatorName":"IS NULL","targetOperand":null}');
    expect(isInScope({ groups: [{ clauses: [clause] }] }, {})).toBe(true);
  });

  it.each([
    ['UnsupportedOperator', group('a', 'Valid Cert Match', 'x')],
    ['InvalidRegex', group('a', 'NOT REGEX MATCH', '(')],
  ])('refuses to guess: %s', (code, unreadable) => {
    expect(() => isInScope({ groups: [unreadable] }, { a: 'x' })).toThrow(
      expect.objectContaining({ category: 'configuration', code, remedy: expect.any(String) }),
    );
  });
});

describe('createPatternCompiler', () => {
  it('fails the object on which a pattern takes too long, rather than putting the object out of scope', () => {
    const matches = createPatternCompiler(20)('^(?=(a+)+$)');
    expect(() => matches(`${'a'.repeat(60)}!`)).toThrow(
      expect.objectContaining({ category: 'object', code: 'RegexTimeout' }),
    );
  });
});

describe('explainFilter', () => {
  it('tells each clause with the value it saw', () => {
    const filter = { groups: [{ name: 'Sales', ...group('department', 'EQUALS', 'Sales') }, group('age', 'IS NULL')] };
    const verdict = explainFilter(filter, { department: 'IT', age: 5 });
    expect(verdict.passed).toBe(false);
    expect(verdict.groups).toMatchObject([
      { set: 'groups', name: 'Sales', passed: false, clauses: [{ passed: false, actual: 'IT' }] },
      { set: 'groups', name: 'Filter 2', passed: false, clauses: [{ passed: false, actual: '5' }] },
    ]);
  });

  it('agrees with passes', () => {
    const filter = { groups: [group('a', 'EQUALS', '1')], categoryFilterGroups: [group('b', 'IS TRUE')] };
    const compiled = compileFilter(filter);
    for (const source of [{}, { a: '1' }, { b: true }, { a: '1', b: true }]) {
      expect(compiled.explain(source).passed).toBe(compiled.passes(source));
    }
  });
});

describe('the operator table', () => {
  it('finds every operator whatever its case', () => {
    for (const operator of SCOPING_OPERATORS) {
      expect(findOperator(` ${operator.name.toLowerCase()}`)).toBe(operator);
    }
    expect(SCOPING_OPERATORS).toHaveLength(14);
  });

  it('gives an empty value false, except for IS NULL', () => {
    for (const { name } of SCOPING_OPERATORS) {
      for (const empty of [undefined, null, '', []]) expect(passes(name, '5', empty), name).toBe(name === 'IS NULL');
    }
  });
});

describe('isAnchored', () => {
  it.each(['^a$', '(?i)^a$', '^(a|b)$', '^[a|b]$', '\\Aa\\z', '^a\\|b$'])('accepts %s', (pattern) => {
    expect(isAnchored(pattern)).toBe(true);
  });
  it.each(['a', '^a', 'a$', '^a|b$', '^a\\$', '(^a$)|b'])('does not accept %s', (pattern) => {
    expect(isAnchored(pattern)).toBe(false);
  });
});

test.each<[string, unknown]>([
  ['a text', 'department'],
  ['a number', 5],
  ['a list of groups', [{ clauses: [] }]],
  ['a misspelt set', { group: [] }],
  ['a set that is no list', { groups: { clauses: [] } }],
  ['a group without clauses', { groups: [{ name: 'Sales' }] }],
  ['a group that is null', { groups: [null] }],
])('%s is no filter, and lets nobody pass', (_name, filter) => {
  expect(() => isInScope(filter as never, {})).toThrow(expect.objectContaining({ code: 'bad-filter' }));
});

test('no filter, and sets that are null, restrict nothing', () => {
  for (const filter of [null, undefined, {}, { groups: null, '@odata.type': 'x' }]) {
    expect(isInScope(filter as never, {})).toBe(true);
  }
});
