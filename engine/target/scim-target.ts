/** TargetReader and TargetWriter over HTTP: the verdicts on answers to reads (scim-wire.md 2, 4, 9.1). */
import { EngineError } from '../model/engine-error.ts';
import type {
  JsonValue,
  PatchMode,
  ResourceType,
  ScimRequest,
  ScimResource,
  ScimResponse,
} from '../model/scim-message.ts';
import type { Clock, TargetReader, TargetWriter } from '../ports.ts';
import { parseAttributePath, readPath } from '../scim/attribute-path.ts';
import { readErrorBody } from '../scim/error-response.ts';
import { readListResponse } from '../scim/list-response.ts';
import { findRequest, getRequest, pageRequest, referenceRequest } from '../scim/request.ts';
import { openScimWire, type RecordedExchange, type TargetSettings } from './scim-wire.ts';

export type { RecordedExchange, TargetSettings } from './scim-wire.ts';

export interface ScimTarget extends TargetReader, TargetWriter {
  readonly patchMode: PatchMode;
  requestCount(): number;
  close(): Promise<void>;
}

const INCOMPATIBLE = 'SystemForCrossDomainIdentityManagementServiceIncompatible';

/** A target with its own connections. @throws EngineError `configuration` for an unusable URL */
export function openScimTarget(
  settings: TargetSettings,
  clock: Clock,
  onExchange?: (exchange: RecordedExchange) => void,
): ScimTarget {
  const wire = openScimWire(settings, clock, onExchange);
  const { clean, client, exchange } = wire;

  const read = async (request: ScimRequest, signal: AbortSignal): Promise<ScimResponse> => {
    const { status, text } = await exchange(request, signal);
    if (status >= 200 && status < 300) return { status, body: parseBody(request, status, text, clean) };
    return { status, body: clean(text) };
  };

  return {
    patchMode: wire.patchMode,
    requestCount: wire.requestCount,
    close: wire.close,
    send: async (request, signal) => {
      const { status, text } = await exchange(request, signal);
      if (text.trim() === '') return { status };
      if (status >= 400) return { status, body: parseLenient(clean(text)) };
      return { status, body: parseBody(request, status, text, clean) };
    },
    find: async (type, path, value, signal) => {
      const request = findRequest(type, path, value, client);
      const answer = await read(request, signal);
      if (answer.status === 404 && client.notFoundMeansNoMatch) return [];
      const list = listOf(request, answer);
      return checkedCandidates(request, list, path, value);
    },
    get: async (type, id, signal, options) => {
      const request = getRequest(type, id, { ...options, client });
      const answer = await read(request, signal);
      if (answer.status === 404) return undefined;
      if (answer.status >= 300) throw readFailure(request, answer, 'object');
      return singleResource(request, answer.body);
    },
    holds: async (type, id, { path, value }, signal) => {
      const request = referenceRequest(type, id, path, value);
      return listOf(request, await read(request, signal)).length > 0;
    },
    probe: (type, path, value, signal) =>
      client.testConnection === 'first-page'
        ? probeFirstPage(type, settings, (request) => read(request, signal))
        : probe(findRequest(type, path, value, client), { type, path, settings }, (request) => read(request, signal)),
  };
}

type Probed = {
  readonly type: ResourceType;
  readonly path: string;
  readonly settings: Pick<TargetSettings, 'adminRight'>;
};

/** The verdict table of Test Connection (scim-wire.md 2). */
async function probe(
  request: ScimRequest,
  { type, path, settings }: Probed,
  read: (request: ScimRequest) => Promise<ScimResponse>,
): Promise<void> {
  const answer = await readForTest(request, settings, read);
  const kind = type === 'Group' ? ' (or disable the group mapping, if the application has no groups)' : '';
  if (answer.status === 404) {
    throw new EngineError(`Test Connection: the target answered 404 to ${request.method} ${request.path}`, {
      category: 'job',
      code: 'ScimComplianceNotFound',
      status: 404,
      remedy: `check target.url; a filter that finds nothing is answered with 200 and an empty ListResponse${kind}`,
    });
  }
  const list = testedList(request, answer);
  if (list.resources.length > 0 || list.totalResults > 0) {
    throw new EngineError(`Test Connection: the target found resources with a random ${path}`, {
      category: 'job',
      code: 'FilterIgnored',
      remedy: `the target must apply the filter ${path} eq "…" and answer with an empty list`,
    });
  }
}

/** Okta's test of the credentials: the first users, the first groups (scim-wire.md 11.2). */
async function probeFirstPage(
  type: ResourceType,
  settings: Pick<TargetSettings, 'adminRight'>,
  read: (request: ScimRequest) => Promise<ScimResponse>,
): Promise<void> {
  const request = pageRequest(type, 1, type === 'User' ? 2 : 100);
  testedList(request, await readForTest(request, settings, read));
}

/** The answer to a test; a failure of it concerns the whole job. */
async function readForTest(
  request: ScimRequest,
  { adminRight }: Pick<TargetSettings, 'adminRight'>,
  read: (request: ScimRequest) => Promise<ScimResponse>,
): Promise<ScimResponse> {
  const answer = await read(request).catch((error: unknown) => {
    if (error instanceof EngineError && error.category === 'object') throw asJobError(error);
    throw error;
  });
  if (answer.status !== 403) return answer;
  const refused = readFailure(request, answer, 'job', 'InvalidCredentials');
  if (adminRight === undefined) throw refused;
  throw new EngineError(refused.message, {
    category: 'job',
    code: 'InvalidCredentials',
    status: 403,
    remedy: `the credentials must belong to ${adminRight}`,
    cause: refused,
  });
}

function testedList(request: ScimRequest, answer: ScimResponse): NonNullable<ReturnType<typeof readListResponse>> {
  if (answer.status >= 300) throw readFailure(request, answer, 'job');
  const list = readListResponse(answer.body);
  if (list === undefined) throw asJobError(incompatible(request, 'is no SCIM ListResponse'));
  return list;
}

function listOf(request: ScimRequest, answer: ScimResponse): readonly ScimResource[] {
  if (answer.status === 404) {
    throw new EngineError(`the target answered 404 to the matching query ${request.path}`, {
      category: 'job',
      code: 'ScimComplianceNotFound',
      status: 404,
      remedy: 'a filter that finds nothing is answered with 200 and an empty ListResponse',
    });
  }
  if (answer.status >= 300) throw readFailure(request, answer, 'object');
  const list = readListResponse(answer.body);
  if (list === undefined) throw incompatible(request, 'is no SCIM ListResponse');
  return list.resources;
}

/** @throws EngineError `object` when a hit has no id, or the target ignored the filter */
function checkedCandidates(
  request: ScimRequest,
  candidates: readonly ScimResource[],
  path: string,
  value: string,
): readonly ScimResource[] {
  const parsed = parseAttributePath(path);
  for (const candidate of candidates) {
    if (typeof candidate.id !== 'string' && typeof candidate.id !== 'number') {
      throw incompatible(request, 'holds a resource without "id"');
    }
    const actual = readPath(candidate, parsed);
    if (actual !== undefined && String(actual).toLowerCase() === value.toLowerCase()) continue;
    throw new EngineError(
      `the target answered ${request.path} with a resource whose ${path} is "${String(actual ?? '')}"`,
      {
        category: 'object',
        code: 'FilterIgnored',
        remedy: `the target must apply the filter, and return ${path}`,
      },
    );
  }
  return candidates;
}

function singleResource(request: ScimRequest, body: JsonValue | undefined): ScimResource {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw incompatible(request, 'is no resource');
  const resource = body as ScimResource;
  if (resource.id === undefined) throw incompatible(request, 'has no "id"');
  return resource;
}

function parseBody(request: ScimRequest, status: number, text: string, clean: (text: string) => string): JsonValue {
  try {
    if (text.trim() !== '') return JSON.parse(text) as JsonValue;
  } catch {
    const looks = /^\s*</.test(text) ? 'is HTML, not JSON' : 'is not complete JSON';
    throw incompatible(request, looks, status, clean(text));
  }
  if (request.method === 'GET') throw incompatible(request, 'is empty', status);
  return null;
}

function parseLenient(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

function incompatible(request: ScimRequest, what: string, status?: number, response?: string): EngineError {
  return new EngineError(`the answer to ${request.method} ${request.path} ${what}`, {
    category: 'object',
    code: INCOMPATIBLE,
    remedy: 'check that target.url is the SCIM base and that the application answers with SCIM JSON',
    ...(status === undefined ? {} : { status }),
    ...(response === undefined ? {} : { response }),
  });
}

function asJobError(error: EngineError): EngineError {
  return new EngineError(`Test Connection: ${error.message}`, {
    category: 'job',
    code: error.code,
    cause: error,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    ...(error.status === undefined ? {} : { status: error.status }),
    ...(error.response === undefined ? {} : { response: error.response }),
  });
}

function readFailure(
  request: ScimRequest,
  answer: ScimResponse,
  category: 'object' | 'job',
  code?: string,
): EngineError {
  const text = typeof answer.body === 'string' ? answer.body : '';
  const error = readErrorBody(text);
  const said = error.detail === undefined ? '' : `: ${error.detail}`;
  const targetCode = error.targetCode ?? error.scimType;
  return new EngineError(`the target answered ${answer.status} to ${request.method} ${request.path}${said}`, {
    category,
    code: code ?? codeFor(answer.status),
    status: answer.status,
    response: text,
    remedy: answer.status >= 500 ? 'see the log of the target' : 'see what the target wants in its documentation',
    ...(targetCode === undefined ? {} : { targetCode }),
  });
}

function codeFor(status: number): string {
  if (status === 403) return 'InsufficientRights';
  if (status === 429) return 'TooManyRequests';
  return status >= 500 ? 'InternalServerError' : INCOMPATIBLE;
}
