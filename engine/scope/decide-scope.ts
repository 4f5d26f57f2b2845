/** Who takes part: assignment or all, app role, sign-in, recycle bin, scoping filters, each with a reason (cycle.md 2.4, 2.5, 3.8, 4). */
import type { ScopingFilter } from '../model/mapping.ts';
import type { ProvisioningStep } from '../model/provisioning-log.ts';
import type { Assignment, SourceObject } from '../model/source-object.ts';
import { type ClauseVerdict, explainFilter, isInScope } from './scoping-filter.ts';

/** Why an object is out, in the order in which the checks are made. */
export type ScopeCause = 'softDeleted' | 'accountDisabled' | 'unassigned' | 'role' | 'filter';

export type ScopeDecision = {
  /** False is what `IsSoftDeleted` true means. */
  readonly inScope: boolean;
  readonly activeInSource: boolean;
  readonly assigned: boolean;
  readonly hasRole: boolean;
  readonly filterPassed: boolean;
  readonly reason: { readonly code: string; readonly message: string };
  /** The first check that failed; undefined when in scope. */
  readonly cause?: ScopeCause;
};

export type ScopeInput = {
  readonly object: SourceObject;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly scopeMode: 'assigned' | 'all';
  readonly filter: ScopingFilter | undefined;
  readonly defaultAccess: 'provision' | 'skip';
};

/** The role an assignment has when it names none. */
export const DEFAULT_ACCESS = 'Default Access';

/** In or out, and the sentence an administrator would want to read. */
export function decideScope(input: ScopeInput): ScopeDecision {
  const { object } = input;
  const activeInSource = object.accountEnabled && !object.softDeleted;
  const all = input.scopeMode === 'all';
  const assigned = all || object.assignments.length > 0;
  const counting = object.assignments.filter(
    ({ role }) => input.defaultAccess === 'provision' || role !== DEFAULT_ACCESS,
  );
  const hasRole = all || counting.length > 0;
  const filterPassed = isInScope(input.filter, input.attributes);
  const cause = causeOf(object, { assigned, hasRole, filterPassed });
  return {
    inScope: cause === undefined,
    activeInSource,
    assigned,
    hasRole,
    filterPassed,
    reason: {
      code: cause === undefined ? 'InScope' : 'NotEffectivelyEntitled',
      message: cause === undefined ? whyIn(input, counting) : whyOut(cause, input),
    },
    ...(cause === undefined ? {} : { cause }),
  };
}

function causeOf(
  object: SourceObject,
  checks: { readonly assigned: boolean; readonly hasRole: boolean; readonly filterPassed: boolean },
): ScopeCause | undefined {
  if (object.softDeleted) return 'softDeleted';
  if (!checks.assigned) return 'unassigned';
  if (!checks.hasRole) return 'role';
  if (!object.accountEnabled) return 'accountDisabled';
  return checks.filterPassed ? undefined : 'filter';
}

function whyIn(input: ScopeInput, assignments: readonly Assignment[]): string {
  const filter = explainFilter(input.filter, input.attributes).groups.find((group) => group.passed);
  const passes = filter === undefined ? '' : `; filter ${filter.name} passes`;
  const [first] = assignments;
  if (input.scopeMode === 'all' || first === undefined) return `scope is all users and groups${passes}`;
  const through = first.throughGroup === undefined ? '' : ` through group "${first.throughGroup}"`;
  return `assigned as "${first.role}"${through}${passes}`;
}

function whyOut(cause: ScopeCause, input: ScopeInput): string {
  switch (cause) {
    case 'softDeleted':
      return 'in the recycle bin of the directory (deletedDateTime is set)';
    case 'accountDisabled':
      return 'sign-in is blocked (accountEnabled is false)';
    case 'unassigned':
      return 'not assigned to the application';
    case 'role':
      return 'only role is Default Access';
    case 'filter':
      return explainFilter(input.filter, input.attributes)
        .groups.flatMap(({ name, clauses }) =>
          clauses.filter((clause) => !clause.passed).map((clause) => clauseText(clause, name)),
        )
        .join('; ');
  }
}

function clauseText({ clause, actual }: ClauseVerdict, filter: string): string {
  const operands = clause.targetOperand.values.map((value) => ` "${value}"`).join(',');
  const value = actual === '' ? 'is empty and' : `"${actual}"`;
  return `${clause.sourceOperandName} ${value} fails clause ${clause.operatorName}${operands} of filter ${filter}`;
}

/** The scoping step of the log, with the keys of newer records (cycle.md 10b). */
export function scopingStep(decision: ScopeDecision, object: SourceObject): ProvisioningStep {
  const flag = (value: boolean) => (value ? 'True' : 'False');
  return {
    name: 'EntrySynchronizationScoping',
    provisioningStepType: 'scoping',
    status: decision.inScope ? 'success' : 'skipped',
    description: decision.reason.message,
    details: {
      'Active in the source system': flag(decision.activeInSource),
      'Assigned to the application': flag(decision.assigned),
      [`${object.type} has the required role`]: flag(decision.hasRole),
      'Scoping filter evaluation passed': flag(decision.filterPassed),
      ScopeEvaluationResult: decision.filterPassed ? '{}' : JSON.stringify({ result: decision.reason.message }),
    },
  };
}
