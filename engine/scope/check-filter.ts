/** What is wrong with a scoping filter, found at load (mappings-and-scoping.md 6.2, 6.3, 8). */
import type { FilterClause, FilterGroup, ScopingFilter } from '../model/mapping.ts';
import { suggest } from '../model/suggest.ts';
import { findOperator, SCOPING_OPERATORS, type ScopingOperator } from './operators.ts';
import { patternProblem } from './pattern.ts';

export type FilterProblem = {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  /** Index of the group in its set, and of the clause in the group. */
  readonly group: number;
  readonly clause?: number;
};

/** Attributes the service cannot filter on (6.3). */
const UNSUPPORTED = new Set([
  'members',
  'appRoleAssignments',
  'userType',
  'manager',
  'StatusHireDate',
  'startDate',
  'endDate',
  'StatusTerminationDate',
  'accountExpires',
  'proxyAddresses',
]);

/** Problems of the normal group set, in order. */
export function checkFilter(filter: ScopingFilter): readonly FilterProblem[] {
  return (filter.groups ?? []).flatMap((group, index) => checkGroup(group, index));
}

function checkGroup(group: FilterGroup, index: number): readonly FilterProblem[] {
  if (group.clauses.length === 0) {
    const message = `filter "${group.name ?? index + 1}" has no clauses and would pass nobody; add one or remove the filter`;
    return [{ severity: 'error', code: 'empty-filter', message, group: index }];
  }
  return group.clauses.flatMap((clause, position) =>
    checkClause(clause).map((problem) => ({ ...problem, group: index, clause: position })),
  );
}

type ClauseProblem = Omit<FilterProblem, 'group' | 'clause'>;

function checkClause(clause: FilterClause): readonly ClauseProblem[] {
  const operator = findOperator(clause.operatorName);
  if (operator === undefined) return [unknownOperator(clause.operatorName)];
  return [...checkAttribute(clause), ...checkOperands(clause, operator), ...checkPattern(clause, operator)];
}

function unknownOperator(name: string): ClauseProblem {
  const names = SCOPING_OPERATORS.map((operator) => operator.name);
  const near = suggest(name, names);
  const hint = near === undefined ? `Operators: ${names.join(', ')}.` : `Did you mean "${near}"?`;
  return { severity: 'error', code: 'unknown-operator', message: `There is no scoping operator "${name}". ${hint}` };
}

function checkAttribute(clause: FilterClause): readonly ClauseProblem[] {
  const name = clause.sourceOperandName;
  if (UNSUPPORTED.has(name)) {
    const message = `Entra cannot use ${name} in a scoping filter; filter on another attribute or use assignment`;
    return [{ severity: 'error', code: 'unsupported-scoping-attribute', message }];
  }
  if (name !== 'IsSoftDeleted') return [];
  const message = 'IsSoftDeleted already reflects the scope; filter on accountEnabled or an attribute of the directory';
  return [{ severity: 'warning', code: 'scoping-on-soft-delete', message }];
}

function checkOperands(clause: FilterClause, operator: ScopingOperator): readonly ClauseProblem[] {
  const { values } = clause.targetOperand;
  const problems: ClauseProblem[] = [];
  if (operator.arity === 'unary' && values.length > 0) {
    problems.push({ severity: 'error', code: 'operand-count', message: `${operator.name} takes no value` });
  }
  if (operator.arity === 'binary' && values.length === 0) {
    problems.push({ severity: 'error', code: 'operand-count', message: `${operator.name} needs a value` });
  }
  if (values.length > 1) {
    const message = `several values in one clause are not documented; read as ${operator.values === 'any' ? 'any of them' : 'none of them'}`;
    problems.push({ severity: 'warning', code: 'several-operands', message });
  }
  for (const value of operator.operand === 'integer' ? values : []) {
    if (!/^\d+$/.test(value)) {
      const message = `${operator.name} compares whole numbers, and "${value}" is none`;
      problems.push({ severity: 'error', code: 'operand-not-integer', message });
    }
  }
  if (operator.name.endsWith('&')) {
    const message = `${operator.name} is read literally: the attribute's value occurs in the operand; its meaning is not documented`;
    problems.push({ severity: 'warning', code: 'undocumented-operator', message });
  }
  return problems;
}

function checkPattern(clause: FilterClause, operator: ScopingOperator): readonly ClauseProblem[] {
  if (operator.operand !== 'pattern') return [];
  return clause.targetOperand.values.flatMap((pattern): readonly ClauseProblem[] => {
    const problem = patternProblem(pattern);
    if (problem !== undefined) {
      return [{ severity: 'error', code: 'bad-pattern', message: `"${pattern}" is not a pattern: ${problem}` }];
    }
    if (pattern.startsWith('^') && pattern.endsWith('$')) return [];
    const message = `whether Entra matches "${pattern}" against the whole value is not documented; write ^…$ to be explicit`;
    return [{ severity: 'warning', code: 'unanchored-pattern', message }];
  });
}
