/** Who takes part: assignment or all, app role, sign-in, recycle bin, scoping filters, each with a reason (cycle.md 2.4, 2.5, 3.8, 4). */
import type { DefaultAccess, ScopeMode } from '../model/job-state.ts';
import type { ScopingFilter } from '../model/mapping.ts';
import type { ProvisioningStep } from '../model/provisioning-log.ts';
import type { Assignment, SourceObject } from '../model/source-object.ts';
import {
  type ClauseVerdict,
  type CompiledFilter,
  compileFilter,
  type FilterVerdict,
  operandsOf,
  setPasses,
} from './scoping-filter.ts';

/** Why an object is out, in the order in which the checks are made. */
type ScopeCause = 'softDeleted' | 'accountDisabled' | 'unassigned' | 'role' | 'filter';

export type ScopeDecision = {
  /** False is what `IsSoftDeleted` true means. */
  readonly inScope: boolean;
  readonly activeInSource: boolean;
  readonly assigned: boolean;
  readonly hasRole: boolean;
  readonly filterPassed: boolean;
  /** `message` names the first check that failed, or what lets the object in. */
  readonly reason: { readonly code: string; readonly message: string };
  /** The first check that failed; undefined when in scope. */
  readonly cause?: ScopeCause;
  /** Why it is out, one sentence per failed check; empty when in scope. */
  readonly reasons: readonly string[];
  readonly filter: FilterVerdict;
};

export type ScopeInput = {
  readonly object: SourceObject;
  /** What the filter sees: the object's attributes, `userPrincipalName` of guests already reduced. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly scopeMode: ScopeMode;
  /** Compile it once with `compileFilter` when many objects are decided. */
  readonly filter: ScopingFilter | CompiledFilter | null | undefined;
  /** `skip-if-roles`: Default Access counts only where the application defines no other role (MN-10). */
  readonly defaultAccess: DefaultAccess;
};

/** The role an assignment has when it names none. */
const DEFAULT_ACCESS = 'Default Access';

/** Characters of an attribute value shown in a reason. */
const SHOWN = 100;

type Checks = Pick<ScopeDecision, 'assigned' | 'hasRole' | 'filterPassed'>;

/** In or out, and the sentence an administrator would want to read. @throws EngineError as `compileFilter` */
export function decideScope(input: ScopeInput): ScopeDecision {
  const { object } = input;
  const all = input.scopeMode === 'all';
  const counting = object.assignments.filter(
    ({ role, isOnlyRole }) =>
      role !== DEFAULT_ACCESS ||
      input.defaultAccess === 'provision' ||
      (input.defaultAccess === 'skip-if-roles' && isOnlyRole === true),
  );
  const filter = compiled(input.filter).explain(input.attributes);
  const checks: Checks = {
    assigned: all || object.assignments.length > 0,
    hasRole: all || counting.length > 0,
    filterPassed: filter.passed,
  };
  const causes = causesOf(object, checks);
  const reasons = causes.map((cause) => whyOut(cause, filter));
  const [cause] = causes;
  const [first] = reasons;
  return {
    inScope: cause === undefined,
    activeInSource: object.accountEnabled && !object.softDeleted,
    ...checks,
    reason:
      first === undefined
        ? { code: 'InScope', message: whyIn(all ? undefined : counting[0], filter) }
        : { code: 'NotEffectivelyEntitled', message: first },
    ...(cause === undefined ? {} : { cause }),
    reasons,
    filter,
  };
}

function compiled(filter: ScopeInput['filter']): CompiledFilter {
  return filter !== null && filter !== undefined && 'passes' in filter ? filter : compileFilter(filter);
}

/** Every failed check. Assignment comes before sign-in: an unassigned object is no longer managed (cycle.md 3.21). */
function causesOf(object: SourceObject, checks: Checks): readonly ScopeCause[] {
  const causes: ScopeCause[] = [];
  if (object.softDeleted) causes.push('softDeleted');
  if (!checks.assigned) causes.push('unassigned');
  else if (!checks.hasRole) causes.push('role');
  if (!object.accountEnabled) causes.push('accountDisabled');
  if (!checks.filterPassed) causes.push('filter');
  return causes;
}

function whyIn(assignment: Assignment | undefined, filter: FilterVerdict): string {
  const passed = filter.groups.find((group) => group.passed);
  const passes = passed === undefined ? '' : `; filter ${passed.name} passes`;
  if (assignment === undefined) return `scope is all users and groups${passes}`;
  const through = assignment.throughGroup === undefined ? '' : ` through group "${assignment.throughGroup}"`;
  return `assigned as "${assignment.role}"${through}${passes}`;
}

function whyOut(cause: ScopeCause, filter: FilterVerdict): string {
  switch (cause) {
    case 'softDeleted':
      return 'in the recycle bin of the directory (deletedDateTime is set)';
    case 'accountDisabled':
      return 'sign-in is blocked (accountEnabled is false)';
    case 'unassigned':
      return 'not assigned to the application';
    case 'role':
      return `only role is ${DEFAULT_ACCESS}: not effectively entitled`;
    case 'filter':
      return failedClauses(filter).join('; ');
  }
}

/** The clauses that keep the object out: those of group sets of which no group passes. */
function failedClauses({ groups }: FilterVerdict): readonly string[] {
  return groups
    .filter((group) => !setPasses(group.set, groups))
    .flatMap(({ name, clauses }) =>
      clauses.length === 0
        ? [`filter ${name} has no clauses`]
        : clauses.filter((clause) => !clause.passed).map((clause) => clauseText(clause, name)),
    );
}

function clauseText({ clause, actual }: ClauseVerdict, filter: string): string {
  const operands = operandsOf(clause).map((value) => ` "${value}"`);
  const shown = actual.length > SHOWN ? `${actual.slice(0, SHOWN)}…` : actual;
  const value = actual === '' ? 'is empty and' : `"${shown}"`;
  return `${clause.sourceOperandName} ${value} fails clause ${clause.operatorName}${operands.join(',')} of filter ${filter}`;
}

/** The scoping step of the log, with the keys of newer records (cycle.md 10b). Several reasons are numbered (cycle.md 4.8). */
export function scopingStep(decision: ScopeDecision, object: SourceObject): ProvisioningStep {
  const flag = (value: boolean) => (value ? 'True' : 'False');
  const { reasons } = decision;
  return {
    name: 'EntrySynchronizationScoping',
    provisioningStepType: 'scoping',
    status: decision.inScope ? 'success' : 'skipped',
    description:
      reasons.length > 1
        ? reasons.map((reason, index) => `${index + 1}) ${reason}`).join(' ')
        : decision.reason.message,
    details: {
      'Active in the source system': flag(decision.activeInSource),
      'Assigned to the application': flag(decision.assigned),
      [`${object.type} has the required role`]: flag(decision.hasRole),
      'Scoping filter evaluation passed': flag(decision.filterPassed),
      ScopeEvaluationResult: evaluationResult(decision.filter),
    },
  };
}

/** JSON text: `"<filter>.<attribute> <OPERATOR> '<value>'"` → whether the clause passed (graph-api.md 11); `{}` without a filter. */
function evaluationResult({ groups }: FilterVerdict): string {
  if (groups.length === 0) return '{}';
  const results = groups.flatMap(({ name, clauses }) =>
    clauses.map(({ clause, passed }): [string, boolean] => {
      const operands = operandsOf(clause).map((value) => ` '${value}'`);
      return [`${name}.${clause.sourceOperandName} ${clause.operatorName}${operands.join(',')}`, passed];
    }),
  );
  return JSON.stringify(Object.fromEntries(results));
}
