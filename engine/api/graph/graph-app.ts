/** The management API: a request becomes a route, a caller, an answer with Graph's headers (graph-api.md 1, 2). */
import type { ApiKey } from '../../config/configuration.ts';
import { EngineError } from '../../model/engine-error.ts';
import { authenticate, requirePermission } from './authorize.ts';
import { errorReply, fromEngine, GraphError } from './graph-error.ts';
import { type GraphPath, matchSegments, readGraphPath } from './graph-path.ts';
import type { GraphPorts } from './graph-request.ts';
import { type QueryOptions, readQueryOptions } from './query-options.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import type { Reply } from './reply.ts';
import { parseBody } from './request-body.ts';
import { NOT_SIMULATED, ROUTES, type Route } from './routes.ts';

export type GraphApp = {
  /** Undefined when the path belongs to no version of Graph, or the configuration has no keys. */
  readonly handle: (request: Request) => Promise<Response | undefined>;
};

const JSON_TYPE = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

type Chosen = { readonly route: Route; readonly params: Readonly<Record<string, string>> };

export function createGraphApp(ports: GraphPorts): GraphApp {
  const limit = createRateLimit(() => Date.parse(ports.clock.now()));
  const inOrder = oneAtATime();
  return {
    handle: async (request) => {
      const url = new URL(request.url);
      const requestId = ports.ids.next();
      const clientRequestId = request.headers.get('client-request-id') ?? requestId;
      const now = ports.clock.now();
      let reply: Reply;
      try {
        const path = readGraphPath(url.pathname);
        const { keys } = (await ports.look()).written.api;
        if (path === undefined || keys.length === 0) return undefined;
        reply = await answer(ports, { request, url, path, keys, limit, inOrder });
      } catch (error) {
        reply = errorReply(asGraphError(error, ports, requestId), { requestId, clientRequestId, now });
      }
      return toResponse(reply, { 'request-id': requestId, 'client-request-id': clientRequestId });
    },
  };
}

type Incoming = {
  readonly request: Request;
  readonly url: URL;
  readonly path: GraphPath;
  readonly keys: readonly ApiKey[];
  readonly limit: RateLimit;
  readonly inOrder: <T>(work: () => Promise<T>) => Promise<T>;
};

async function answer(ports: GraphPorts, incoming: Incoming): Promise<Reply> {
  const { request, url, path, keys, inOrder } = incoming;
  const caller = authenticate(keys, request.headers.get('authorization'));
  const { route, params } = chooseRoute(request.method, path.segments);
  requirePermission(caller, route.access);
  requireRate(route, params, incoming.limit);
  const query = readQueryOptions(url.searchParams);
  requireTaken(route, query);
  const text = request.method === 'GET' ? '' : await request.text();
  const work = async () => {
    const { configuration, written } = await ports.look();
    return route.handler({
      ...ports,
      version: path.version,
      root: `${written.api.publicUrl ?? url.origin}/${path.version}`,
      path: path.rest,
      params,
      query,
      body: async () => parseBody(text, request.headers.get('content-type')),
      caller,
      configuration,
      written,
      engine: ports.engineOf(configuration),
      signal: request.signal,
    });
  };
  if (route.changes !== true) return work();
  const reply = await inOrder(work);
  ports.note('changed through the API', { by: caller.name, request: `${request.method} ${decodeURI(path.rest)}` });
  return reply;
}

function chooseRoute(method: string, segments: readonly string[]): Chosen {
  const fitting = ROUTES.flatMap((route): readonly Chosen[] => {
    const params = matchSegments(route.pattern, segments);
    return params === undefined ? [] : [{ route, params }];
  });
  const chosen = fitting.find(({ route }) => route.method === method);
  if (chosen !== undefined) return chosen;
  const path = segments.join('/');
  if (fitting.length > 0) {
    const methods = [...new Set(fitting.map(({ route }) => route.method))].join(', ');
    const message = `${method} is not possible here; possible: ${methods}.`;
    throw new GraphError(405, 'Request_BadRequest', message, { allow: methods });
  }
  if (NOT_SIMULATED.some((pattern) => pattern.test(path.toLowerCase()))) {
    throw new GraphError(501, 'NotImplemented', 'This operation target is not yet supported.');
  }
  throw new GraphError(404, 'ResourceNotFound', `There is no resource /${path} here.`);
}

/** @throws GraphError 400 (graph-api.md 2.2) */
function requireTaken({ takes = [] }: Route, query: QueryOptions): void {
  for (const option of ['filter', 'orderby'] as const) {
    if (query[option] === undefined || takes.includes(option)) continue;
    throw new GraphError(
      400,
      'Request_UnsupportedQuery',
      `$${option} is not supported here. Choose from the whole list.`,
    );
  }
}

/** Entra takes so many on-demand calls per job (graph-api.md 10). @throws GraphError 429 */
function requireRate({ limit: wanted, pattern }: Route, params: Chosen['params'], limit: RateLimit): void {
  if (wanted === undefined) return;
  const wait = limit.take(`${pattern} ${params.job ?? ''}`.toLowerCase(), wanted);
  if (wait === undefined) return;
  const seconds = Math.ceil(wait / 1000);
  const rate = `${wanted.requests} requests in ${wanted.windowMs / 1000} seconds`;
  throw new GraphError(429, 'TooManyRequests', `More than ${rate}. Wait ${seconds} s.`, { retryAfter: seconds });
}

function asGraphError(error: unknown, { warn }: GraphPorts, requestId: string): GraphError {
  if (error instanceof GraphError) return error;
  const known = error instanceof EngineError ? fromEngine(error) : undefined;
  if (known !== undefined) return known;
  warn('request of the API failed', {
    requestId,
    reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  return new GraphError(
    500,
    'generalException',
    "The request failed; the daemon's log says why under this request id.",
  );
}

function toResponse(reply: Reply, ids: Readonly<Record<string, string>>): Response {
  const headers = new Headers({ ...ids, date: new Date().toUTCString(), ...reply.headers });
  if (reply.text !== undefined) return new Response(reply.text, { status: reply.status, headers });
  if (reply.body === undefined) return new Response(null, { status: reply.status, headers });
  headers.set('content-type', JSON_TYPE);
  return new Response(JSON.stringify(reply.body), { status: reply.status, headers });
}

/** Runs work in the order of the calls, one at a time, whether the one before failed or not. */
function oneAtATime(): Incoming['inOrder'] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next;
    return next;
  };
}
