/** Findings about scoping filters at load (mappings-and-scoping.md 6.2, 6.3, 8). */
import { describe, expect, it } from 'vitest';
import { checkFilter, type KnownDefinitions } from '../../../engine/scope/check-filter.ts';

const check = (attribute: string, operator: string, values: readonly string[], known?: KnownDefinitions) =>
  checkFilter(
    { groups: [{ clauses: [{ sourceOperandName: attribute, operatorName: operator, targetOperand: { values } }] }] },
    known,
  );

const ATTRIBUTES: KnownDefinitions['attributes'] = new Map([
  ['department', { type: 'String' }],
  ['accountEnabled', { type: 'Boolean' }],
  ['hired', { type: 'DateTime' }],
  ['tags', { type: 'String', multivalued: true }],
]);

describe('checkFilter', () => {
  it.each([
    ['department', 'EQUALS', ['Sales']],
    ['department', 'is null', []],
    ['employeeId', 'REGEX MATCH', ['^(1|2)[0-9]{6}$']],
    ['age', 'Greater_Than', ['18']],
  ])('finds nothing wrong with %s %s %j', (attribute, operator, values) => {
    expect(check(attribute, operator, values)).toEqual([]);
  });

  it.each([
    ['error', 'unknown-operator', 'department', 'EQUAL', ['x'], ['operatorName']],
    ['error', 'unsupported-scoping-attribute', 'userType', 'EQUALS', ['Guest'], ['sourceOperandName']],
    ['error', 'unsupported-scoping-attribute', 'proxyaddresses', 'Includes', ['x'], ['sourceOperandName']],
    ['warning', 'scoping-on-soft-delete', 'IsSoftDeleted', 'IS FALSE', [], ['sourceOperandName']],
    ['error', 'operand-count', 'department', 'IS NULL', ['x'], ['targetOperand', 'values']],
    ['error', 'operand-count', 'department', 'EQUALS', [], ['targetOperand', 'values']],
    ['warning', 'several-operands', 'department', 'EQUALS', ['a', 'b'], ['targetOperand', 'values']],
    ['error', 'operand-not-integer', 'age', 'Greater_Than', ['-1'], ['targetOperand', 'values', 0]],
    ['error', 'bad-pattern', 'mail', 'REGEX MATCH', ['^(a$'], ['targetOperand', 'values', 0]],
    ['warning', 'unanchored-pattern', 'mail', 'REGEX MATCH', ['^a|b$'], ['targetOperand', 'values', 0]],
    ['warning', 'undocumented-operator', 'mail', '!&', ['x'], ['operatorName']],
  ])('%s %s: %s %s %j', (severity, code, attribute, operator, values, field) => {
    expect(check(attribute, operator, values)).toEqual([
      {
        severity,
        code,
        message: expect.any(String),
        set: 'groups',
        group: 0,
        clause: 0,
        path: ['groups', 0, 'clauses', 0, ...field],
      },
    ]);
  });

  it('suggests the operator that was meant', () => {
    expect(check('department', 'NOT EQUAL', ['x'])[0]?.message).toContain('Did you mean "NOT EQUALS"?');
  });

  it('finds a group without clauses, in any group set', () => {
    expect(checkFilter({ groups: null, categoryFilterGroups: [{ name: 'Empty', clauses: [] }] })).toMatchObject([
      { severity: 'error', code: 'empty-filter', group: 0, path: ['categoryFilterGroups', 0] },
    ]);
  });

  it('checks names and types when the schema is known', () => {
    const known: KnownDefinitions = { attributes: ATTRIBUTES, complete: true };
    const codes = (attribute: string, operator: string) =>
      check(attribute, operator, ['x'], known).map((problem) => problem.code);
    expect(codes('department', 'EQUALS')).toEqual([]);
    expect(codes('Department', 'EQUALS')).toEqual(['unknown-attribute']);
    expect(check('Department', 'EQUALS', ['x'], known)[0]?.message).toContain('"department"');
    expect(check('accountEnabled', 'EQUALS', ['x'], known)).toMatchObject([
      { severity: 'warning', code: 'operator-type' },
    ]);
    expect(check('department', 'Greater_Than', ['1'], known)).toMatchObject([{ severity: 'warning' }]);
    expect(check('department', 'IS TRUE', [], known)).toMatchObject([{ severity: 'error' }]);
    expect(codes('hired', 'EQUALS')).toEqual(['unsupported-scoping-attribute']);
    expect(codes('tags', 'EQUALS')).toEqual(['unsupported-scoping-attribute']);
  });

  it('has no say about names when a part of the schema is known', () => {
    const known: KnownDefinitions = { attributes: ATTRIBUTES, complete: false };
    expect(check('costCode', 'EQUALS', ['x'], known)).toEqual([]);
    expect(check('city', 'IS TRUE', [], known)).toMatchObject([{ severity: 'error', code: 'operator-type' }]);
    expect(check('tags', 'EQUALS', ['x'], known)).toMatchObject([{ code: 'unsupported-scoping-attribute' }]);
  });

  it('knows the types of well-known attributes without a schema', () => {
    const codes = (attribute: string, operator: string, values: readonly string[] = []) =>
      check(attribute, operator, values).map(({ severity, code }) => `${severity} ${code}`);
    expect(codes('department', 'IS TRUE')).toEqual(['error operator-type']);
    expect(codes('accountEnabled', 'Includes', ['True'])).toEqual(['error operator-type']);
    expect(codes('accountEnabled', 'EQUALS', ['True'])).toEqual([]);
    expect(codes('accountEnabled', 'IS TRUE')).toEqual([]);
    expect(codes('employeeId', 'Greater_Than', ['100'])).toEqual([]);
    expect(codes('extension_abc_flag', 'IS TRUE')).toEqual([]);
  });
});
