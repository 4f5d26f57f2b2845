/** Answers to reads → resources, or why they are none (scim-wire.md 2, 4.2, 9.1; cycle.md 10e). */
import { EngineError } from '../model/engine-error.ts';
import type { JsonValue, ScimRequest, ScimResource, ScimResponse } from '../model/scim-message.ts';
import { type Asked, INCOMPATIBLE, ruleFor } from '../scim/answer-rules.ts';
import { parseAttributePath, readPath } from '../scim/attribute-path.ts';
import { readErrorBody } from '../scim/error-response.ts';
import { type ListResponse, readListResponse } from '../scim/list-response.ts';
import { parseAnswer } from '../scim/parse-answer.ts';

const MULTIPLE = 'SystemForCrossDomainIdentityManagementMultipleEntriesInResponse';

/** The JSON of a good answer; null for an empty one. @throws EngineError `object` */
export function parseBody(
  request: ScimRequest,
  status: number,
  text: string,
  clean: (text: string) => string,
): JsonValue {
  if (text.trim() === '') {
    if (request.method === 'GET') throw incompatible(request, 'is empty', { status });
    return null;
  }
  const parsed = parseAnswer(text);
  if ('value' in parsed) return parsed.value;
  throw incompatible(request, parsed.problem, { status, response: clean(text) });
}

/** The JSON of an error answer, or its text: reading one never fails. */
export function parseLenient(text: string): JsonValue {
  const parsed = parseAnswer(text);
  return 'value' in parsed ? parsed.value : text;
}

/** The ListResponse. @throws EngineError as `ruleFor` says, or `object` when it is none */
export function listOf(request: ScimRequest, answer: ScimResponse, asked: 'query' | 'probe'): ListResponse {
  if (answer.status >= 300) throw readFailure(request, answer, asked);
  const list = readListResponse(answer.body);
  if (list === undefined) throw incompatible(request, 'is no SCIM ListResponse');
  return list;
}

/** The resources that a matching query found. @throws EngineError as `listOf`, or when there are some that cannot be read */
export function foundBy(request: ScimRequest, answer: ScimResponse): readonly ScimResource[] {
  const list = listOf(request, answer, 'query');
  // A hit that cannot be read is no reason to create the account once more.
  if (list.resources.length < Math.min(list.listed, 1) || (list.totalResults > 0 && list.listed === 0)) {
    throw incompatible(request, `counts ${list.totalResults} resources and holds none that can be read`);
  }
  return list.resources;
}

/** @throws EngineError `object` when a hit has no id, or the target ignored the filter */
export function checkedCandidates(
  request: ScimRequest,
  candidates: readonly ScimResource[],
  path: string,
  value: string,
): readonly ScimResource[] {
  const parsed = parseAttributePath(path);
  for (const candidate of candidates) {
    if (!hasId(candidate)) throw incompatible(request, 'holds a resource without "id"');
    const actual = readPath(candidate, parsed);
    const text = typeof actual === 'object' ? JSON.stringify(actual) : String(actual ?? '');
    if (actual !== undefined && text.toLowerCase() === value.toLowerCase()) continue;
    throw new EngineError(
      `the target answered ${request.path} with a resource whose ${path} is "${text.slice(0, 200)}"`,
      {
        category: 'object',
        code: 'FilterIgnored',
        remedy: `the target must apply the filter, and return ${path}`,
      },
    );
  }
  return candidates;
}

/** The resource that was asked for by id. @throws EngineError `object` */
export function singleResource(request: ScimRequest, body: JsonValue | undefined): ScimResource {
  const list = readListResponse(body);
  if (list !== undefined && list.resources.length > 1) {
    throw incompatible(request, `holds ${list.resources.length} resources where one was asked for`, { code: MULTIPLE });
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw incompatible(request, 'is no resource');
  const resource = body as ScimResource;
  if (!hasId(resource)) throw incompatible(request, 'has no "id"');
  return resource;
}

function hasId({ id }: ScimResource): boolean {
  return (typeof id === 'string' && id !== '') || typeof id === 'number';
}

/** What an answer of 300 or more to a read means. */
export function readFailure(request: ScimRequest, answer: ScimResponse, asked: Asked): EngineError {
  const text = typeof answer.body === 'string' ? answer.body : '';
  const error = readErrorBody(text);
  const { code, ends } = ruleFor(asked, answer.status, error.detail);
  const said = error.detail === undefined ? '' : `: ${error.detail}`;
  const targetCode = error.targetCode ?? error.scimType;
  const test = asked === 'probe' ? 'Test Connection: ' : '';
  return new EngineError(`${test}the target answered ${answer.status} to ${request.method} ${request.path}${said}`, {
    category: ends === 'job' ? 'job' : 'object',
    code,
    status: answer.status,
    response: text,
    remedy: remedyFor(asked, answer.status),
    ...(targetCode === undefined ? {} : { targetCode }),
  });
}

function remedyFor(asked: Asked, status: number): string {
  if (status === 404 && (asked === 'probe' || asked === 'query')) {
    return 'check target.url; a filter that finds nothing is answered with 200 and an empty ListResponse';
  }
  return status >= 500 ? 'see the log of the target' : 'see what the target wants in its documentation';
}

/** The answer `what`, so that it cannot be used. */
function incompatible(
  request: ScimRequest,
  what: string,
  facts: { readonly status?: number; readonly response?: string; readonly code?: string } = {},
): EngineError {
  return new EngineError(`the answer to ${request.method} ${request.path} ${what}`, {
    category: 'object',
    code: INCOMPATIBLE,
    remedy: 'check that target.url is the SCIM base and that the application answers with SCIM JSON',
    ...facts,
  });
}

/** The error where it concerns the job, with other words for some of its own. */
export function asJobError(
  error: EngineError,
  words: { readonly message?: string; readonly remedy?: string } = {},
): EngineError {
  const { code, status, response, targetCode } = error;
  const { message, remedy } = { message: error.message, remedy: error.remedy, ...words };
  return new EngineError(message, {
    category: 'job',
    code,
    cause: error,
    ...(remedy === undefined ? {} : { remedy }),
    ...(status === undefined ? {} : { status }),
    ...(response === undefined ? {} : { response }),
    ...(targetCode === undefined ? {} : { targetCode }),
  });
}
