/** Builds operations: the parts every decision shares, stated once. */
import type { ProvisioningStep } from '../model/provisioning-log.ts';
import type { Failure, Operation, Reason } from './plan.ts';
import { skipStep } from './steps.ts';
import type { Subject } from './subject.ts';

type Base = Pick<Operation, 'mapping' | 'source' | 'resourceType' | 'steps'>;

/** An operation that sends nothing, with its reason: what operators ask about most. */
export function skip(
  base: Base,
  reason: Reason,
  options: Partial<Pick<Operation, 'logAction' | 'status' | 'link' | 'references' | 'target' | 'held'>> & {
    readonly propertyName?: string;
  } = {},
): Operation {
  const { propertyName, ...rest } = options;
  const step = skipStep(base.source, reason.code, reason.message, propertyName === undefined ? {} : { propertyName });
  return {
    ...base,
    action: 'none',
    logAction: 'other',
    status: 'skipped',
    reason,
    requests: [],
    modifiedProperties: [],
    link: { kind: 'none' },
    references: [],
    isReference: false,
    ...rest,
    steps: [...base.steps, step],
  };
}

/** A failure met while planning: nothing is sent, the object goes to escrow. */
export function fail(
  base: Base,
  action: Operation['action'],
  failure: Failure,
  target?: Operation['target'],
): Operation {
  return {
    ...base,
    ...(target === undefined ? {} : { target }),
    action,
    logAction: action === 'none' ? 'other' : action,
    status: 'failure',
    reason: { code: failure.code, message: failure.message },
    requests: [],
    modifiedProperties: [],
    link: { kind: 'none' },
    references: [],
    isReference: false,
    failure,
  };
}

/** True for what waits until the end of the cycle: a disable or a delete that sends something. */
export function isDeprovision(operation: Operation): boolean {
  return (operation.action === 'disable' || operation.action === 'delete') && operation.requests.length > 0;
}

/** The steps of an object before anything is asked of the target. */
export function stepsBefore({ steps }: Subject): readonly ProvisioningStep[] {
  return [...steps.import, steps.scoping];
}

/** What every operation on `subject` carries, with the steps in the order Entra logs them. */
export function baseOf(subject: Subject, steps: readonly ProvisioningStep[] = stepsBefore(subject)): Base {
  return {
    mapping: subject.mapping.name,
    source: subject.identity,
    resourceType: subject.mapping.resourceType,
    steps,
  };
}
