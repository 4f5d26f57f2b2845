/** `scope` of an object mapping ↔ `where`, `preFilter` and `category` (graph-api.md 14). */
import { toText, type YamlClause, type YamlFilter, type YamlObject } from '../config/mapping-file.ts';
import { findOperator } from '../scope/operators.ts';
import { overlay, withRaw } from './raw-fields.ts';
import type { GraphFilterClause, GraphFilterGroup, GraphScope } from './synchronization-schema.ts';

export type YamlScope = Pick<YamlObject, 'where' | 'preFilter' | 'category'>;

/** The filter sets; a scope without any filter is an empty `where`, no scope is nothing. */
export function toYamlScope(scope: GraphScope | null): YamlScope {
  if (scope === null) return {};
  const preFilter = scope.inputFilterGroups.map(toYamlFilter);
  const category = scope.categoryFilterGroups.map(toYamlFilter);
  const where = scope.groups.map(toYamlFilter);
  return {
    ...(where.length > 0 || preFilter.length + category.length === 0 ? { where } : {}),
    ...(preFilter.length > 0 ? { preFilter } : {}),
    ...(category.length > 0 ? { category } : {}),
  };
}

function toYamlFilter(group: GraphFilterGroup): YamlFilter {
  const all = group.clauses.map(toYamlClause);
  const yaml: YamlFilter = group.name === null ? { all } : { name: group.name, all };
  return withRaw(yaml, group, toGroup);
}

function toYamlClause(clause: GraphFilterClause): YamlClause {
  const { values } = clause.targetOperand;
  const [value, ...more] = values;
  const operand = value === undefined ? {} : more.length === 0 ? { value } : { values };
  const yaml: YamlClause = { attr: clause.sourceOperandName, op: clause.operatorName, ...operand };
  return withRaw(yaml, clause, toClause);
}

/** Graph's scope of the filter sets; null without any. */
export function toScope({ where, preFilter, category }: YamlScope): GraphScope | null {
  if (where === undefined && preFilter === undefined && category === undefined) return null;
  return {
    categoryFilterGroups: (category ?? []).map(toGroup),
    groups: (where ?? []).map(toGroup),
    inputFilterGroups: (preFilter ?? []).map(toGroup),
  };
}

function toGroup({ name, all, raw }: YamlFilter): GraphFilterGroup {
  return overlay({ name: name ?? null, clauses: all.map(toClause) }, raw);
}

function toClause({ attr, op, value, values, raw }: YamlClause): GraphFilterClause {
  const operands = values ?? (value === undefined ? [] : [value]);
  const clause = {
    operatorName: findOperator(op)?.name ?? op,
    sourceOperandName: attr,
    targetOperand: { values: operands.map(toText) },
  };
  return overlay(clause, raw);
}
