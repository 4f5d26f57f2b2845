/** Clauses of a group AND-ed, groups OR-ed, three group sets all satisfied (mappings-and-scoping.md 6.1). */
import { EngineError } from '../model/engine-error.ts';
import type { FilterClause, FilterGroup, ScopingFilter } from '../model/mapping.ts';
import { findOperator } from './operators.ts';
import { type CompilePattern, createPatternCompiler } from './pattern.ts';

export type GroupSet = 'groups' | 'inputFilterGroups' | 'categoryFilterGroups';
export const GROUP_SETS: readonly GroupSet[] = ['groups', 'inputFilterGroups', 'categoryFilterGroups'];

/** `actual`: the attribute's value as text, several joined by commas; empty when there is none. */
export type ClauseVerdict = { readonly clause: FilterClause; readonly passed: boolean; readonly actual: string };
export type GroupVerdict = {
  readonly set: GroupSet;
  readonly name: string;
  readonly passed: boolean;
  readonly clauses: readonly ClauseVerdict[];
};
export type FilterVerdict = { readonly passed: boolean; readonly groups: readonly GroupVerdict[] };

type Source = Readonly<Record<string, unknown>>;

/** A filter ready for many objects: operators looked up and patterns compiled once. */
export type CompiledFilter = {
  readonly passes: (source: Source) => boolean;
  /** The same verdict with every clause's share in it, for reasons. */
  readonly explain: (source: Source) => FilterVerdict;
};

type CompiledClause = {
  readonly clause: FilterClause;
  readonly passes: (values: readonly string[]) => boolean;
};
type CompiledGroup = { readonly set: GroupSet; readonly name: string; readonly clauses: readonly CompiledClause[] };

/**
 * The filter, compiled. No filter, and an empty group set, restrict nothing; a group without clauses passes nobody.
 * @throws EngineError `configuration`: `UnsupportedOperator`, `InvalidRegex`. A clause nobody can read is never guessed,
 * because either guess provisions or disables a whole directory.
 */
export function compileFilter(filter: ScopingFilter | null | undefined): CompiledFilter {
  const compilePattern = createPatternCompiler();
  const sets = GROUP_SETS.map((set) =>
    (filter?.[set] ?? []).map((group, index) => compileGroup(set, group, index, compilePattern)),
  );
  const passes = (source: Source) =>
    sets.every((groups) => groups.length === 0 || groups.some((group) => groupPasses(group, source)));
  const explain = (source: Source): FilterVerdict => {
    const groups = sets.flat().map((group) => explainGroup(group, source));
    return { passed: GROUP_SETS.every((set) => setPasses(set, groups)), groups };
  };
  return { passes, explain };
}

/**
 * Whether `source` passes `filter`, as an export has it under `scope`.
 * @throws EngineError as `compileFilter`; `configuration`, `bad-filter`, for anything else than a filter: it would let everybody pass
 */
export function isInScope(filter: ScopingFilter | null | undefined, source: Source): boolean {
  assertFilter(filter);
  return compileFilter(filter).passes(source);
}

function assertFilter(filter: unknown): void {
  if (filter === null || filter === undefined) return;
  if (typeof filter !== 'object' || Array.isArray(filter)) throw badFilter('it is no object');
  for (const [key, groups] of Object.entries(filter)) {
    if (key.startsWith('@')) continue;
    if (!GROUP_SETS.some((set) => set === key)) throw badFilter(`"${key}" is no set of groups`);
    if (groups !== null && groups !== undefined && !Array.isArray(groups)) throw badFilter(`"${key}" is no list`);
    for (const group of groups ?? []) {
      const clauses: unknown = (group as { readonly clauses?: unknown } | null)?.clauses;
      if (!Array.isArray(clauses)) throw badFilter(`a group of "${key}" has no list of clauses`);
    }
  }
}

function badFilter(why: string): EngineError {
  return new EngineError(`this is no scoping filter: ${why}`, {
    category: 'configuration',
    code: 'bad-filter',
    remedy: `give an object with lists of groups: ${GROUP_SETS.join(', ')}`,
  });
}

/** The verdict of `isInScope` with every clause's share in it. @throws EngineError as `compileFilter` */
export function explainFilter(filter: ScopingFilter | null | undefined, source: Source): FilterVerdict {
  return compileFilter(filter).explain(source);
}

/** Whether one set is satisfied: a group of it passes, or it has none. */
export function setPasses(set: GroupSet, groups: readonly GroupVerdict[]): boolean {
  const members = groups.filter((group) => group.set === set);
  return members.length === 0 || members.some((group) => group.passed);
}

/** The operand values of a clause; exports leave the operand of unary operators out or null. */
export function operandsOf(clause: FilterClause): readonly string[] {
  const operand: { readonly values?: readonly string[] | null } | null | undefined = clause.targetOperand;
  return operand?.values ?? [];
}

function compileGroup(set: GroupSet, group: FilterGroup, index: number, compilePattern: CompilePattern): CompiledGroup {
  return {
    set,
    name: group.name ?? `Filter ${index + 1}`,
    clauses: group.clauses.map((clause) => compileClause(clause, compilePattern)),
  };
}

/** Multi-valued attributes compare in mode All: every value must fit (6.3). */
function compileClause(clause: FilterClause, compilePattern: CompilePattern): CompiledClause {
  const operator = findOperator(clause.operatorName);
  if (operator === undefined) throw unsupported(clause);
  const operands = operator.arity === 'unary' ? [''] : operandsOf(clause);
  const fits = operands.map((operand) => operator.fits(operand, compilePattern));
  const anyFits = (value: string) => fits.some((one) => one(value));
  return {
    clause,
    passes: (values) =>
      values.length === 0
        ? operator.whenEmpty
        : values.every((value) => (operator.values === 'any' ? anyFits(value) : !anyFits(value))),
  };
}

function groupPasses(group: CompiledGroup, source: Source): boolean {
  return (
    group.clauses.length > 0 &&
    group.clauses.every(({ clause, passes }) => passes(texts(source, clause.sourceOperandName)))
  );
}

function explainGroup(group: CompiledGroup, source: Source): GroupVerdict {
  const clauses = group.clauses.map(({ clause, passes }) => {
    const values = texts(source, clause.sourceOperandName);
    return { clause, passed: passes(values), actual: values.join(', ') };
  });
  const passed = clauses.length > 0 && clauses.every((clause) => clause.passed);
  return { set: group.set, name: group.name, passed, clauses };
}

function unsupported(clause: FilterClause): EngineError {
  return new EngineError(`there is no scoping operator "${clause.operatorName}" (on ${clause.sourceOperandName})`, {
    category: 'configuration',
    code: 'UnsupportedOperator',
    remedy: 'correct it; scimulate validate suggests the nearest operator',
  });
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
