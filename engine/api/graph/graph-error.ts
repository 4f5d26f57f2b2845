/** Errors as Graph tells them (graph-api.md 2). */
import type { EngineError } from '../../model/engine-error.ts';
import type { Reply } from './reply.ts';

type ErrorDetail = { readonly code: string; readonly message: string; readonly target?: string };

export type GraphErrorOptions = {
  readonly target?: string;
  readonly details?: readonly ErrorDetail[];
  /** Code of the inner error. */
  readonly inner?: string;
  /** Seconds after which another try is worth it. */
  readonly retryAfter?: number;
  /** Methods that are possible, for 405. */
  readonly allow?: string;
};

/** Ends a request with an error answer. A class, so that it can be told from errors nobody meant. */
export class GraphError extends Error {
  override readonly name: string = 'GraphError';
  readonly status: number;
  readonly code: string;
  readonly options: GraphErrorOptions;

  constructor(status: number, code: string, message: string, options: GraphErrorOptions = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.options = options;
  }
}

export function badRequest(message: string): GraphError {
  return new GraphError(400, 'BadRequest', message);
}

export function missing(name: string, shape: string): GraphError {
  return new GraphError(400, 'RequestParameterMissing', `The body lacks "${name}". Send ${shape}.`, { target: name });
}

export function denied(why: string): GraphError {
  return new GraphError(
    403,
    'Authorization_RequestDenied',
    `Insufficient privileges to complete the operation. ${why}`,
  );
}

/** A service principal, user or group that is not there. */
export function noResource(id: string): GraphError {
  const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
  return new GraphError(404, 'Request_ResourceNotFound', message);
}

/** A job or template that is not there. */
export function notFound(message: string): GraphError {
  return new GraphError(404, 'ResourceNotFound', message);
}

/** A request to another cycle's job can be tried again. */
const BUSY_SECONDS = 5;

/** What went wrong in the engine, in Graph's terms; undefined for what nobody expected. */
export function fromEngine(error: EngineError): GraphError | undefined {
  const message =
    error.remedy === undefined ? sentence(error.message) : `${sentence(error.message)} ${sentence(error.remedy)}`;
  if (error.code === 'job-busy' || error.code === 'LeaseLost') {
    return new GraphError(503, 'serviceNotAvailable', message, { retryAfter: BUSY_SECONDS, inner: error.code });
  }
  if (error.category === 'configuration') return new GraphError(400, 'BadRequest', message, { inner: error.code });
  return error.category === 'bug' ? undefined : new GraphError(500, 'generalException', message, { inner: error.code });
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`;
}

export type ErrorContext = { readonly requestId: string; readonly clientRequestId: string; readonly now: string };

/** The answer; the date has no zone (graph-api.md 2.1). */
export function errorReply(error: GraphError, { requestId, clientRequestId, now }: ErrorContext): Reply {
  const { target, details, inner, retryAfter, allow } = error.options;
  const headers = {
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    ...(allow === undefined ? {} : { allow }),
  };
  return {
    status: error.status,
    headers,
    body: {
      error: {
        code: error.code,
        message: error.message,
        ...(target === undefined ? {} : { target }),
        ...(details === undefined ? {} : { details }),
        innerError: {
          ...(inner === undefined ? {} : { code: inner }),
          date: now.slice(0, 19),
          'request-id': requestId,
          'client-request-id': clientRequestId,
        },
      },
    },
  };
}
