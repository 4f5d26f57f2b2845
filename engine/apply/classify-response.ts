/** An answer to a write → success, or the object's failure (cycle.md 10d, 10e; scim-wire.md 5.3, 9.1). One table. */
import type { JsonValue, ScimRequest, ScimResponse } from '../model/scim-message.ts';
import type { Failure } from '../plan/plan.ts';
import { readErrorBody } from '../scim/error-response.ts';

type Category = Failure['category'];
type Rule = { readonly code: string; readonly category: Category };

const INCOMPATIBLE = 'SystemForCrossDomainIdentityManagementServiceIncompatible';

/** Status → code and category. Statuses not listed fall back to their hundreds. */
const RULES: Readonly<Record<number, Rule>> = {
  400: { code: INCOMPATIBLE, category: 'nonServiceFailure' },
  401: { code: 'Unauthorized', category: 'nonServiceFailure' },
  403: { code: 'InsufficientRights', category: 'nonServiceFailure' },
  404: { code: 'InvalidAnchor', category: 'nonServiceFailure' },
  405: { code: 'MethodNotAllowed', category: 'nonServiceFailure' },
  409: { code: 'Conflict', category: 'nonServiceFailure' },
  422: { code: 'UnprocessableEntity', category: 'nonServiceFailure' },
  429: { code: 'TooManyRequests', category: 'failure' },
  501: { code: 'NotImplemented', category: 'nonServiceFailure' },
};

/** HTTP reason phrases in .NET's spelling, as Entra's log prints them. */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  412: 'PreconditionFailed',
  415: 'UnsupportedMediaType',
  422: 'UnprocessableEntity',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  501: 'NotImplemented',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

/** Undefined when the answer is a success, else why the write failed. */
export function classifyResponse(request: ScimRequest, response: ScimResponse): Failure | undefined {
  const { status } = response;
  if (status >= 200 && status < 300) return missingIdentifier(request, response);
  if (request.method === 'DELETE' && status === 404) return undefined;
  const rule = ruleFor(request, status);
  const error = readErrorBody(response.body);
  const targetCode = error.targetCode ?? error.scimType;
  return {
    code: rule.code,
    category: rule.category,
    status,
    message: error.detail ?? `the target answered ${status} ${STATUS_NAMES[status] ?? ''} to ${request.method}`.trim(),
    ...(response.body === undefined ? {} : { response: bodyText(response.body) }),
    ...(targetCode === undefined ? {} : { targetCode }),
  };
}

/** The name .NET gives an HTTP status; the number itself when it has none. */
export function statusName(status: number): string {
  return STATUS_NAMES[status] ?? String(status);
}

function ruleFor(request: ScimRequest, status: number): Rule {
  // Observed in a real log record: a POST answered 409 right after its matching query found nothing.
  if (status === 409 && request.method === 'POST') {
    return {
      code: 'SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering',
      category: 'nonServiceFailure',
    };
  }
  const rule = RULES[status];
  if (rule !== undefined) return rule;
  return status >= 500
    ? { code: 'InternalServerError', category: 'failure' }
    : { code: INCOMPATIBLE, category: 'nonServiceFailure' };
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
