/** In or out, with the sentence an administrator reads (cycle.md 2.4, 2.5, 3.8, 4, 10b). */
import { describe, expect, it } from 'vitest';
import type { ScopingFilter } from '../../../engine/model/mapping.ts';
import type { Assignment, SourceObject } from '../../../engine/model/source-object.ts';
import { decideScope, scopingStep } from '../../../engine/scope/decide-scope.ts';
import { compileFilter } from '../../../engine/scope/scoping-filter.ts';

const assignment = (role: string, throughGroup?: string): Assignment => ({
  role,
  roleId: '00000000-0000-0000-0000-000000000000',
  ...(throughGroup === undefined ? {} : { throughGroup }),
});
const user = (parts: Partial<SourceObject> = {}): SourceObject => ({
  type: 'User',
  id: '7d1c',
  attributes: { department: 'IT' },
  accountEnabled: true,
  softDeleted: false,
  assignments: [assignment('User')],
  ...parts,
});
const decide = (object: SourceObject, rest: Partial<Parameters<typeof decideScope>[0]> = {}) =>
  decideScope({
    object,
    attributes: object.attributes,
    scopeMode: 'assigned',
    filter: undefined,
    defaultAccess: 'provision',
    ...rest,
  });
const employees: ScopingFilter = {
  groups: [
    {
      name: 'Employees',
      clauses: [{ sourceOperandName: 'department', operatorName: 'EQUALS', targetOperand: { values: ['Sales'] } }],
    },
  ],
};

describe('decideScope', () => {
  it.each([
    ['assigned as "User"', user(), {}],
    ['assigned as "User" through group "Sales"', user({ assignments: [assignment('User', 'Sales')] }), {}],
    ['assigned as "Default Access"', user({ assignments: [assignment('Default Access')] }), {}],
    [
      'assigned as "Admin"',
      user({ assignments: [assignment('Default Access'), assignment('Admin')] }),
      {
        defaultAccess: 'skip',
      },
    ],
    ['scope is all users and groups', user({ assignments: [] }), { scopeMode: 'all', defaultAccess: 'skip' }],
    [
      'assigned as "User"; filter Employees passes',
      user({ attributes: { department: 'Sales' } }),
      {
        filter: employees,
      },
    ],
  ] as const)('in: %s', (message, object, rest) => {
    const decision = decide(object, rest);
    expect(decision).toMatchObject({ inScope: true, reason: { code: 'InScope', message }, reasons: [] });
    expect(decision).not.toHaveProperty('cause');
  });

  it.each([
    ['softDeleted', 'in the recycle bin of the directory (deletedDateTime is set)', user({ softDeleted: true }), {}],
    ['accountDisabled', 'sign-in is blocked (accountEnabled is false)', user({ accountEnabled: false }), {}],
    ['unassigned', 'not assigned to the application', user({ assignments: [] }), {}],
    [
      'role',
      'only role is Default Access: not effectively entitled',
      user({ assignments: [assignment('Default Access')] }),
      {
        defaultAccess: 'skip',
      },
    ],
    ['filter', 'department "IT" fails clause EQUALS "Sales" of filter Employees', user(), { filter: employees }],
    [
      'filter',
      'department is empty and fails clause EQUALS "Sales" of filter Employees',
      user({ attributes: {} }),
      {
        filter: employees,
      },
    ],
    ['filter', 'filter Filter 1 has no clauses', user(), { filter: { groups: [{ clauses: [] }] } }],
  ] as const)('out, %s: %s', (cause, message, object, rest) => {
    expect(decide(object, rest)).toMatchObject({
      inScope: false,
      cause,
      reason: { code: 'NotEffectivelyEntitled', message },
      reasons: [message],
    });
  });

  it('applies filters and sign-in even when everybody is in scope', () => {
    const all = { scopeMode: 'all', filter: employees } as const;
    expect(decide(user(), all).cause).toBe('filter');
    expect(decide(user({ accountEnabled: false, attributes: { department: 'Sales' } }), all).cause).toBe(
      'accountDisabled',
    );
  });

  it('names the missing assignment before blocked sign-in, because it ends the management of the link', () => {
    const decision = decide(user({ assignments: [], accountEnabled: false }), { filter: employees });
    expect(decision.cause).toBe('unassigned');
    expect(decision.reasons).toHaveLength(3);
    expect(decision).toMatchObject({ activeInSource: false, assigned: false, hasRole: false, filterPassed: false });
  });

  it('blames only the group set that keeps the object out', () => {
    const filter: ScopingFilter = {
      groups: [
        ...(employees.groups ?? []),
        { clauses: [{ sourceOperandName: 'department', operatorName: 'EQUALS', targetOperand: { values: ['IT'] } }] },
      ],
      categoryFilterGroups: [
        {
          name: 'Category',
          clauses: [{ sourceOperandName: 'kind', operatorName: 'IS NOT NULL', targetOperand: { values: [] } }],
        },
      ],
    };
    expect(decide(user(), { filter }).reason.message).toBe(
      'kind is empty and fails clause IS NOT NULL of filter Category',
    );
  });

  it('takes a filter compiled once', () => {
    const filter = compileFilter(employees);
    expect(decide(user(), { filter }).inScope).toBe(false);
    expect(decide(user({ attributes: { department: 'Sales' } }), { filter }).inScope).toBe(true);
  });
});

describe('scopingStep', () => {
  it('reports the checks under the keys of the log', () => {
    const object = user({ type: 'Group' });
    expect(scopingStep(decide(object), object)).toEqual({
      name: 'EntrySynchronizationScoping',
      provisioningStepType: 'scoping',
      status: 'success',
      description: 'assigned as "User"',
      details: {
        'Active in the source system': 'True',
        'Assigned to the application': 'True',
        'Group has the required role': 'True',
        'Scoping filter evaluation passed': 'True',
        ScopeEvaluationResult: '{}',
      },
    });
  });

  it('numbers several reasons and lists every clause with its result', () => {
    const object = user({ accountEnabled: false });
    const step = scopingStep(decide(object, { filter: employees }), object);
    expect(step.status).toBe('skipped');
    expect(step.description).toBe(
      '1) sign-in is blocked (accountEnabled is false) 2) department "IT" fails clause EQUALS "Sales" of filter Employees',
    );
    expect(step.details.ScopeEvaluationResult).toBe('{"Employees.department EQUALS \'Sales\'":false}');
  });
});
