/** A source object under evaluation, with everything decided about it so far. */
import type { EvaluationContext } from '../expression/function-definition.ts';
import type { CompiledObjectMapping, SourceAttributes } from '../map/compile-mapping.ts';
import type { Escrow } from '../model/job-state.ts';
import type { Link } from '../model/link.ts';
import type { ProvisioningStep } from '../model/provisioning-log.ts';
import type { Asker, SourceObject } from '../model/source-object.ts';
import { decideScope, type ScopeDecision, scopingStep } from '../scope/decide-scope.ts';
import type { SourceIdentity } from './plan.ts';
import type { PlanRules } from './plan-rules.ts';
import { loggedSource } from './redaction.ts';
import { importSteps } from './steps.ts';

export type Subject = {
  readonly mapping: CompiledObjectMapping;
  readonly object: SourceObject;
  readonly identity: SourceIdentity;
  /** The object's attributes with those computed for this job: `IsSoftDeleted`, `appRoleAssignments`. */
  readonly attributes: SourceAttributes;
  readonly scope: ScopeDecision;
  readonly link: Link | undefined;
  readonly steps: { readonly import: readonly ProvisioningStep[]; readonly scoping: ProvisioningStep };
  readonly context: EvaluationContext;
  /** Target path → the unique value found for it; undefined: nobody has asked the target. */
  readonly decided?: ReadonlyMap<string, unknown>;
};

export type SubjectInput = {
  readonly mapping: CompiledObjectMapping;
  readonly object: SourceObject;
  /** Whether an earlier state of the object was seen before. */
  readonly known: boolean;
  /** Undefined: it is among the changes of the directory. */
  readonly askedBy?: Asker | undefined;
  readonly link: Link | undefined;
  readonly escrow: Escrow | undefined;
  readonly rules: Pick<PlanRules, 'scopeMode' | 'defaultAccess'>;
  readonly context: EvaluationContext;
};

/** Scopes the object and computes the attributes that depend on the job (cycle.md 3.8). */
export function toSubject(input: SubjectInput): Subject {
  const { mapping, object, rules } = input;
  const stated = { ...object.attributes, objectId: object.id, accountEnabled: object.accountEnabled };
  const scope = decideScope({
    object,
    attributes: stated,
    scopeMode: rules.scopeMode,
    filter: mapping.scope,
    defaultAccess: rules.defaultAccess,
  });
  const attributes: SourceAttributes = Object.assign(stated, {
    IsSoftDeleted: !scope.inScope,
    appRoleAssignments: appRolesOf(object),
  });
  return {
    mapping,
    object,
    identity: identityOf(object),
    attributes,
    scope,
    link: input.link,
    steps: {
      import: importSteps(object, loggedSource(mapping, attributes), input),
      scoping: scopingStep(scope, object),
    },
    context: input.context,
  };
}

/** The app roles it has, as the role functions take them: each once, whether assigned directly, through a group or both (expressions.md 8.4). */
export function appRolesOf({ assignments }: SourceObject) {
  const roles = assignments.map(({ role, roleId, roleValue = role }) => ({
    id: roleId,
    value: roleValue,
    displayName: role,
  }));
  return roles.length < 2 ? roles : [...new Map(roles.map((role) => [role.id, role])).values()];
}

/** How logs and views name the object. */
export function identityOf(object: SourceObject): SourceIdentity {
  const { userPrincipalName, displayName, mail } = object.attributes;
  const upn = typeof userPrincipalName === 'string' ? userPrincipalName : undefined;
  const name = [displayName, upn, mail].find((value) => typeof value === 'string' && value !== '');
  return {
    id: object.id,
    type: object.type,
    displayName: typeof name === 'string' ? name : object.id,
    ...(upn === undefined ? {} : { userPrincipalName: upn }),
  };
}
