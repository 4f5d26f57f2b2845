/** Clauses of a group AND-ed, groups OR-ed, three group sets all satisfied (mappings-and-scoping.md 6.1). */
import type { FilterClause, FilterGroup, ScopingFilter } from '../model/mapping.ts';
import { findOperator } from './operators.ts';

export type ClauseVerdict = { readonly clause: FilterClause; readonly passed: boolean; readonly actual: string };
export type GroupVerdict = {
  readonly name: string;
  readonly passed: boolean;
  readonly clauses: readonly ClauseVerdict[];
};
export type FilterVerdict = { readonly passed: boolean; readonly groups: readonly GroupVerdict[] };

type Source = Readonly<Record<string, unknown>>;

/** Whether `source` passes `filter`; no filter restricts nothing. An unknown operator passes nobody. */
export function isInScope(filter: ScopingFilter | null | undefined, source: Source): boolean {
  if (filter === null || filter === undefined) return true;
  return groupSets(filter).every((groups) => groups.length === 0 || groups.some((group) => groupPasses(group, source)));
}

/** The same verdict with every clause's share in it, for reasons. */
export function explainFilter(filter: ScopingFilter | null | undefined, source: Source): FilterVerdict {
  const groups = filter === null || filter === undefined ? [] : groupSets(filter).flat();
  return {
    passed: isInScope(filter, source),
    groups: groups.map((group, index) => ({
      name: group.name ?? `Filter ${index + 1}`,
      passed: groupPasses(group, source),
      clauses: group.clauses.map((clause) => ({
        clause,
        passed: clausePasses(clause, source),
        actual: texts(source, clause.sourceOperandName).join(', '),
      })),
    })),
  };
}

function groupSets(filter: ScopingFilter): readonly (readonly FilterGroup[])[] {
  return [filter.groups ?? [], filter.inputFilterGroups ?? [], filter.categoryFilterGroups ?? []];
}

function groupPasses(group: FilterGroup, source: Source): boolean {
  return group.clauses.length > 0 && group.clauses.every((clause) => clausePasses(clause, source));
}

/** Multi-valued attributes compare in mode All: every value must fit (6.3). */
function clausePasses(clause: FilterClause, source: Source): boolean {
  const operator = findOperator(clause.operatorName);
  if (operator === undefined) return false;
  const values = texts(source, clause.sourceOperandName);
  if (values.length === 0) return operator.whenEmpty;
  const operands = operator.arity === 'unary' ? [''] : clause.targetOperand.values;
  const anyFits = (value: string) => operands.some((operand) => operator.fits(value, operand));
  return values.every((value) => (operator.values === 'any' ? anyFits(value) : !anyFits(value)));
}

/** The attribute's values as text; none when it is absent, null, empty text or an empty list. */
function texts(source: Source, attribute: string): readonly string[] {
  const value = Object.hasOwn(source, attribute) ? source[attribute] : undefined;
  const list = Array.isArray(value) ? value : [value];
  return list.filter((item) => item !== undefined && item !== null && item !== '').map(toText);
}

function toText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
