/** An error met on one object, as the failure its log record and escrow carry. */
import { EngineError } from '../model/engine-error.ts';
import type { TargetId } from '../model/link.ts';
import type { ResourceType } from '../model/scim-message.ts';
import { errorCategoryOf } from '../scim/answer-rules.ts';
import type { Failure } from './plan.ts';

/** The failure `error` means for the object at hand. @throws `error` again when it concerns more than that object */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof EngineError) || (error.category !== 'object' && error.category !== 'transient')) throw error;
  return {
    code: error.code,
    message: error.remedy === undefined ? error.message : `${error.message}; ${error.remedy}`,
    category: errorCategoryOf(error.code),
    ...(error.status === undefined ? {} : { status: error.status }),
    ...(error.response === undefined ? {} : { response: error.response }),
    ...(error.targetCode === undefined ? {} : { targetCode: error.targetCode }),
  };
}

/** The linked resource is gone: the target answered 404 to its id (cycle.md 3.4). */
export function invalidAnchor(resourceType: ResourceType, id: TargetId): Failure {
  return {
    code: 'InvalidAnchor',
    category: 'nonServiceFailure',
    status: 404,
    message:
      `the target no longer has ${resourceType} ${id}, to which this object is linked; ` +
      'forget the link with: scimulate restart --reset Full, or set onMissingLink: rematch',
  };
}
