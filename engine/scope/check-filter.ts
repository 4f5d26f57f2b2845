/** What is wrong with a scoping filter, found at load (mappings-and-scoping.md 6.2, 6.3, 8). */
import type { FilterClause, FilterGroup, ScopingFilter } from '../model/mapping.ts';
import { typeOfAttribute } from '../model/source-attributes.ts';
import { suggest } from '../model/suggest.ts';
import { type AttributeType, findOperator, SCOPING_OPERATORS, type ScopingOperator } from './operators.ts';
import { isAnchored, patternProblem } from './pattern.ts';
import { GROUP_SETS, type GroupSet, operandsOf } from './scoping-filter.ts';

export type FilterProblem = {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly set: GroupSet;
  /** Index of the group in its set, and of the clause in the group. */
  readonly group: number;
  readonly clause?: number;
  /** Keys and indexes into the filter in Graph's shape, e.g. `['groups', 0, 'clauses', 1, 'operatorName']`. */
  readonly path: readonly (string | number)[];
};

/** Source attributes as the schema defines them. */
type AttributeDefinitions = ReadonlyMap<string, { readonly type: AttributeType; readonly multivalued?: boolean }>;

export type KnownDefinitions = {
  readonly attributes: AttributeDefinitions;
  /** Whether there are no attributes besides: a name that is not among them is an error then. */
  readonly complete: boolean;
};

/** Attributes the service cannot filter on (6.3), lower-case. */
const UNSUPPORTED: ReadonlySet<string> = new Set([
  ...['members', 'approleassignments', 'usertype', 'manager'],
  // Dates.
  ...['statushiredate', 'statusterminationdate', 'startdate', 'enddate', 'accountexpires'],
  ...['employeehiredate', 'employeeleavedatetime'],
  // Multi-valued.
  ...['proxyaddresses', 'othermails', 'businessphones'],
]);

type ClauseProblem = Pick<FilterProblem, 'severity' | 'code' | 'message'> & {
  readonly field: readonly (string | number)[];
};

const ATTRIBUTE = ['sourceOperandName'];
const OPERATOR = ['operatorName'];
const VALUES = ['targetOperand', 'values'];

/** Problems of all group sets, in order. @param known enables the checks of types, and of names, when the schema is known */
export function checkFilter(filter: ScopingFilter, known?: KnownDefinitions): readonly FilterProblem[] {
  return GROUP_SETS.flatMap((set) =>
    (filter[set] ?? []).flatMap((group, index) => checkGroup(set, group, index, known)),
  );
}

function checkGroup(
  set: GroupSet,
  group: FilterGroup,
  index: number,
  known: KnownDefinitions | undefined,
): readonly FilterProblem[] {
  if (group.clauses.length === 0) {
    const message = `filter "${group.name ?? index + 1}" has no clauses and would pass nobody; add one or remove the filter`;
    return [{ severity: 'error', code: 'empty-filter', message, set, group: index, path: [set, index] }];
  }
  return group.clauses.flatMap((clause, position) =>
    checkClause(clause, known).map(({ field, ...problem }) => ({
      ...problem,
      set,
      group: index,
      clause: position,
      path: [set, index, 'clauses', position, ...field],
    })),
  );
}

function checkClause(clause: FilterClause, known: KnownDefinitions | undefined): readonly ClauseProblem[] {
  const operator = findOperator(clause.operatorName);
  if (operator === undefined) return [unknownOperator(clause.operatorName), ...checkAttribute(clause)];
  return [
    ...checkAttribute(clause),
    ...(known === undefined ? checkType(clause, operator) : checkDefinition(clause, operator, known)),
    ...checkOperands(clause, operator),
    ...checkPatterns(clause, operator),
  ];
}

function unknownOperator(name: string): ClauseProblem {
  const names = SCOPING_OPERATORS.map((operator) => operator.name);
  const near = suggest(name, names);
  const hint = near === undefined ? `Operators: ${names.join(', ')}.` : `Did you mean "${near}"?`;
  const message = `there is no scoping operator "${name}". ${hint}`;
  return { severity: 'error', code: 'unknown-operator', message, field: OPERATOR };
}

function checkAttribute(clause: FilterClause): readonly ClauseProblem[] {
  const name = clause.sourceOperandName;
  if (UNSUPPORTED.has(name.toLowerCase())) {
    const message = `Entra cannot use ${name} in a scoping filter; filter on another attribute or use assignment`;
    return [{ severity: 'error', code: 'unsupported-scoping-attribute', message, field: ATTRIBUTE }];
  }
  if (name !== 'IsSoftDeleted') return [];
  const message = 'IsSoftDeleted already reflects the scope; filter on accountEnabled or an attribute of the directory';
  return [{ severity: 'warning', code: 'scoping-on-soft-delete', message, field: ATTRIBUTE }];
}

function checkDefinition(
  clause: FilterClause,
  operator: ScopingOperator,
  { attributes, complete }: KnownDefinitions,
): readonly ClauseProblem[] {
  const name = clause.sourceOperandName;
  const definition = attributes.get(name);
  if (definition === undefined && !complete) return checkType(clause, operator);
  if (definition === undefined) {
    const near = suggest(name, attributes.keys());
    const hint = near === undefined ? '' : `; did you mean "${near}"?`;
    const message = `the source has no attribute "${name}"${hint}`;
    return [{ severity: 'error', code: 'unknown-attribute', message, field: ATTRIBUTE }];
  }
  if (definition.multivalued === true || definition.type === 'DateTime') {
    const what = definition.multivalued === true ? 'multi-valued attributes' : 'dates';
    const message = `Entra cannot use ${name} in a scoping filter (${what} are not supported)`;
    return [{ severity: 'error', code: 'unsupported-scoping-attribute', message, field: ATTRIBUTE }];
  }
  return checkOperatorType(clause, operator, definition.type);
}

/** Without a definition: well-known attributes, and only what can fit nobody. */
function checkType(clause: FilterClause, operator: ScopingOperator): readonly ClauseProblem[] {
  const type = typeOfAttribute(clause.sourceOperandName);
  if (type === undefined) return [];
  return checkOperatorType(clause, operator, type).filter(({ severity }) => severity === 'error');
}

/**
 * An operator for other types is an error where it can fit nobody (mappings-and-scoping.md 6.3). Where the evaluation is defined all
 * the same it is a warning: a published sample compares a Boolean with EQUALS "True", and numbers are often kept as texts.
 */
function checkOperatorType(
  clause: FilterClause,
  operator: ScopingOperator,
  type: AttributeType,
): readonly ClauseProblem[] {
  if (operator.types.includes(type)) return [];
  const fitsNobody =
    type === 'Boolean'
      ? !operator.name.endsWith('EQUALS')
      : type === 'String' && operator.types.length === 1 && operator.types.includes('Boolean');
  const message = `${operator.name} is for ${operator.types.join(', ')}, and ${clause.sourceOperandName} is ${type}`;
  return [{ severity: fitsNobody ? 'error' : 'warning', code: 'operator-type', message, field: OPERATOR }];
}

function checkOperands(clause: FilterClause, operator: ScopingOperator): readonly ClauseProblem[] {
  const values = operandsOf(clause);
  const problems: ClauseProblem[] = [];
  if (operator.arity === 'unary' && values.length > 0) {
    const message = `${operator.name} takes no value; remove it`;
    problems.push({ severity: 'error', code: 'operand-count', message, field: VALUES });
  }
  if (operator.arity === 'binary' && values.length === 0) {
    const message = `${operator.name} needs a value to compare ${clause.sourceOperandName} with`;
    problems.push({ severity: 'error', code: 'operand-count', message, field: VALUES });
  }
  if (operator.arity === 'binary' && values.length > 1) {
    const message = `several values in one clause are not documented; read as ${operator.values === 'any' ? 'any of them' : 'none of them'}`;
    problems.push({ severity: 'warning', code: 'several-operands', message, field: VALUES });
  }
  if (operator.operand === 'integer') problems.push(...checkIntegers(operator, values));
  if (operator.name.endsWith('&')) {
    const message = `${operator.name} is read literally (${operator.meaning}); what Entra does is not documented`;
    problems.push({ severity: 'warning', code: 'undocumented-operator', message, field: OPERATOR });
  }
  return problems;
}

function checkIntegers(operator: ScopingOperator, values: readonly string[]): readonly ClauseProblem[] {
  return values.flatMap((value, index): readonly ClauseProblem[] => {
    if (/^\d+$/.test(value)) return [];
    const message = `${operator.name} compares whole numbers from 0, and "${value}" is none`;
    return [{ severity: 'error', code: 'operand-not-integer', message, field: [...VALUES, index] }];
  });
}

function checkPatterns(clause: FilterClause, operator: ScopingOperator): readonly ClauseProblem[] {
  if (operator.operand !== 'pattern') return [];
  return operandsOf(clause).flatMap((pattern, index): readonly ClauseProblem[] => {
    const field = [...VALUES, index];
    const problem = patternProblem(pattern);
    if (problem !== undefined) {
      return [{ severity: 'error', code: 'bad-pattern', message: `"${pattern}" is not a pattern: ${problem}`, field }];
    }
    if (isAnchored(pattern)) return [];
    const message = `whether Entra matches "${pattern}" against the whole value is not documented; write ^(…)$ to be explicit`;
    return [{ severity: 'warning', code: 'unanchored-pattern', message, field }];
  });
}
