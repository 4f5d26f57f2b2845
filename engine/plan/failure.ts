/** An error met on one object, as the failure its log record and escrow carry. */
import type { EngineError } from '../model/engine-error.ts';
import { errorCategoryOf } from '../scim/answer-rules.ts';
import type { Failure } from './plan.ts';

/** The failure `error` means for the object at hand. */
export function failureOf(error: EngineError): Failure {
  return {
    code: error.code,
    message: error.remedy === undefined ? error.message : `${error.message}; ${error.remedy}`,
    category: errorCategoryOf(error.code),
    ...(error.status === undefined ? {} : { status: error.status }),
    ...(error.response === undefined ? {} : { response: error.response }),
    ...(error.targetCode === undefined ? {} : { targetCode: error.targetCode }),
  };
}
