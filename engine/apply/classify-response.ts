/** An answer to a write → success, or the object's failure, by the table of `scim/answer-rules.ts` (scim-wire.md 5.3, 9.1). */
import type { JsonValue, ScimRequest, ScimResponse } from '../model/scim-message.ts';
import type { Failure } from '../plan/plan.ts';
import { type Asked, errorCategoryOf, ruleFor, statusName } from '../scim/answer-rules.ts';
import { readErrorBody } from '../scim/error-response.ts';

const ASKED: Readonly<Record<ScimRequest['method'], Asked>> = {
  GET: 'read',
  POST: 'create',
  PATCH: 'update',
  PUT: 'update',
  DELETE: 'delete',
};

/** Undefined when the answer is a success, else why the write failed. */
export function classifyResponse(request: ScimRequest, response: ScimResponse): Failure | undefined {
  const { status } = response;
  if (status >= 200 && status < 300) return missingIdentifier(request, response);
  const error = readErrorBody(response.body);
  const { code, ends } = ruleFor(ASKED[request.method], status, error.detail);
  if (ends === 'success') return undefined;
  const targetCode = error.targetCode ?? error.scimType;
  return {
    code,
    category: errorCategoryOf(code),
    status,
    message: error.detail ?? `the target answered ${status} ${statusName(status)} to ${request.method}`,
    ...(response.body === undefined ? {} : { response: bodyText(response.body) }),
    ...(targetCode === undefined ? {} : { targetCode }),
  };
}

function missingIdentifier(request: ScimRequest, response: ScimResponse): Failure | undefined {
  if (request.method !== 'POST' || createdId(response) !== undefined) return undefined;
  return {
    code: 'ResourceWithoutIdentifier',
    category: 'nonServiceFailure',
    status: response.status,
    message: 'the target answered the create without an "id"; it must return the resource it made, with its id',
    ...(response.body === undefined ? {} : { response: bodyText(response.body) }),
  };
}

/** The `id` of the resource in the answer to a POST; undefined when there is none. */
export function createdId(response: ScimResponse): string | undefined {
  const { body } = response;
  if (typeof body !== 'object' || body === null || Array.isArray(body) || !('id' in body)) return undefined;
  return typeof body.id === 'string' && body.id !== ''
    ? body.id
    : typeof body.id === 'number'
      ? String(body.id)
      : undefined;
}

function bodyText(body: JsonValue): string {
  return (typeof body === 'string' ? body : JSON.stringify(body)).slice(0, 2000);
}
