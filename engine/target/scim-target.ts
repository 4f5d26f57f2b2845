/** TargetReader and TargetWriter over HTTP (scim-wire.md 4, 5, 6, 7). What answers mean is in `read-answer.ts`. */
import { EngineError } from '../model/engine-error.ts';
import type { ScimRequest, ScimResponse } from '../model/scim-message.ts';
import type { Clock, Target } from '../ports.ts';
import { findRequest, getRequest, PAGE, pageRequest, referenceRequest } from '../scim/request.ts';
import { listResources } from './list-resources.ts';
import { checkedCandidates, foundBy, parseBody, parseLenient, readFailure, singleResource } from './read-answer.ts';
import { openScimWire, type TargetObserver, type TargetSettings } from './scim-wire.ts';
import { testConnection } from './test-connection.ts';

export type { RecordedExchange, TargetObserver, TargetSettings } from './scim-wire.ts';

/** An application may do without: neither cycles nor mappings need it. */
const NO_SCHEMAS =
  'the application has no /Schemas: its documentation lists the attributes; `scimulate validate --connect` checks target.url';

/** A target with its own connections. @throws EngineError `configuration` for an unusable URL */
export function openScimTarget(settings: TargetSettings, clock: Clock, observer?: TargetObserver): Target {
  const wire = openScimWire(settings, clock, observer);
  const { clean, client, exchange } = wire;

  const read = async (request: ScimRequest, signal: AbortSignal): Promise<ScimResponse> => {
    const { status, text } = await exchange(request, signal);
    if (status >= 200 && status < 300) return { status, body: parseBody(request, status, text, clean) };
    return { status, body: clean(text) };
  };
  const readObject = (request: ScimRequest, signal: AbortSignal) => read(request, signal).catch(ofThisObject);

  return {
    requestCount: wire.requestCount,
    urlOf: wire.urlOf,
    close: wire.close,
    send: async (request, signal) => {
      const { status, text } = await exchange(request, signal).catch(ofThisObject);
      if (text.trim() === '') return { status };
      if (status >= 400) return { status, body: parseLenient(clean(text)) };
      return { status, body: parseBody(request, status, text, clean) };
    },
    find: async (type, path, value, signal) => {
      const request = findRequest(type, path, value, client);
      const answer = await readObject(request, signal);
      if (answer.status === 404 && client.notFoundMeansNoMatch) return [];
      return checkedCandidates(request, foundBy(request, answer), path, value);
    },
    get: async (type, id, signal, options) => {
      const request = getRequest(type, id, { ...options, client });
      const answer = await readObject(request, signal);
      if (answer.status === 404) return undefined;
      if (answer.status >= 300) throw readFailure(request, answer, 'read');
      return singleResource(request, answer.body);
    },
    schemas: async (signal) => {
      const request: ScimRequest = { method: 'GET', path: '/Schemas' };
      const { resources } = await listResources(request, (one) => read(one, signal), NO_SCHEMAS);
      return resources;
    },
    page: async (type, startIndex, signal) => {
      const request = pageRequest(type, startIndex, PAGE);
      return listResources(request, (one) => read(one, signal), 'check target.url');
    },
    holds: async (type, id, { path, value }, signal) => {
      const request = referenceRequest(type, id, path, value);
      return foundBy(request, await readObject(request, signal)).length > 0;
    },
    probe: (type, path, value, signal) =>
      testConnection({ type, path, value, client, adminRight: settings.adminRight }, (request) =>
        read(request, signal),
      ),
  };
}

/** A redirect that is not followed concerns the object at hand alone: the cycle goes on (cycle.md 5.1). The probe's ends it. */
function ofThisObject(error: unknown): never {
  if (!(error instanceof EngineError) || error.code !== 'WebExceptionProtocolError') throw error;
  if (error.status === undefined || error.status >= 400) throw error;
  const { code, message, remedy, status } = error;
  throw new EngineError(message, { category: 'object', code, status, ...(remedy === undefined ? {} : { remedy }) });
}
