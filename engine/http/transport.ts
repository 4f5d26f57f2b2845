/**
 * The one way out: axios at its face, with timeouts, aborts, bounded answers, the retry loop and the redirect rule.
 * A redirect is followed once, for GET, within the same origin; a token never travels to another one.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import axios, { type AxiosInstance } from 'axios';
import { EngineError } from '../model/engine-error.ts';
import type { Clock } from '../ports.ts';
import { type FetchHandler, fetchAdapter } from './fetch-adapter.ts';
import { Limiter, type Limits } from './limiter.ts';
import { networkError } from './network-error.ts';
import { retryDelay } from './retry-policy.ts';
import { undiciAdapter } from './undici-adapter.ts';

export type TransportOptions = Limits & {
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly adapter: 'undici' | 'http';
  readonly ca?: string;
  /** Plain http to hosts other than loopback. */
  readonly allowInsecureHttp: boolean;
  /** Answers instead of the network. */
  readonly fetch?: FetchHandler;
};

export type TransportRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type TransportResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

export interface Transport {
  /** The final answer, whatever its status. @throws EngineError `transient` without an answer, `job` for a refused redirect */
  request(request: TransportRequest, signal: AbortSignal): Promise<TransportResponse>;
  /** Requests sent, repeats included. */
  requestCount(): number;
  close(): Promise<void>;
}

/** How long an interrupted process waits for the answer to a write in flight. */
const WRITE_GRACE_MS = 10_000;

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/i;

/** A transport with its own connections. */
export function openTransport(options: TransportOptions, clock: Clock): Transport {
  const limiter = new Limiter(options, clock);
  const client = openClient(options);
  const lateOf = graceful();
  let count = 0;

  const exchange = async (request: TransportRequest, signal: AbortSignal): Promise<TransportResponse> => {
    count += 1;
    try {
      return await client.send(request, request.method === 'GET' ? signal : lateOf(signal));
    } catch (error) {
      signal.throwIfAborted();
      throw networkError(error, request.url);
    }
  };

  const withRetries = async (request: TransportRequest, signal: AbortSignal): Promise<TransportResponse> => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await limiter
        .run(() => exchange(request, signal), signal)
        .catch((error: unknown) => {
          if (error instanceof EngineError && error.category === 'transient') return error;
          throw error;
        });
      const failed = answer instanceof EngineError;
      const wait = retryDelay({
        method: request.method,
        attempt,
        now: Date.parse(clock.now()),
        ...(failed ? {} : { status: answer.status }),
        ...(failed || answer.headers['retry-after'] === undefined ? {} : { retryAfter: answer.headers['retry-after'] }),
      });
      if (wait === undefined) {
        if (failed) throw answer;
        return answer;
      }
      if (!failed && (answer.status === 429 || answer.status === 503)) limiter.pause(wait);
      else await clock.wait(wait, signal);
    }
  };

  return {
    requestCount: () => count,
    close: client.close,
    request: async (request, signal) => {
      assertAllowed(request.url, options);
      const answer = await withRetries(request, signal);
      if (answer.status < 300 || answer.status >= 400) return answer;
      return withRetries({ ...request, url: redirectOf(request, answer) }, signal);
    },
  };
}

/** Signals that abort a while after the given ones: a write on its way may still get its answer, so that it is not forgotten. */
function graceful(): (signal: AbortSignal) => AbortSignal {
  const known = new WeakMap<AbortSignal, AbortSignal>();
  return (signal) => {
    const late = known.get(signal);
    if (late !== undefined) return late;
    const controller = new AbortController();
    const start = () => setTimeout(() => controller.abort(signal.reason), WRITE_GRACE_MS).unref();
    if (signal.aborted) start();
    else signal.addEventListener('abort', start, { once: true });
    known.set(signal, controller.signal);
    return controller.signal;
  };
}

function redirectOf(request: TransportRequest, answer: TransportResponse): string {
  const { location } = answer.headers;
  const place = location === undefined ? undefined : new URL(location, request.url);
  const sameOrigin = place !== undefined && place.origin === new URL(request.url).origin;
  if (place !== undefined && sameOrigin && request.method === 'GET') return place.href;
  const to = place === undefined ? 'nowhere' : `${place.origin}${place.pathname}`;
  throw new EngineError(`the target redirects ${request.method} ${new URL(request.url).pathname} to ${to}`, {
    category: 'job',
    code: 'WebExceptionProtocolError',
    status: answer.status,
    remedy: sameOrigin
      ? 'only GET is followed; enter the final address as target.url'
      : 'the token is not sent to another host; enter the final address as target.url if you trust it',
  });
}

/** @throws EngineError `configuration` for plain http beyond this machine */
function assertAllowed(url: string, options: TransportOptions): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || options.allowInsecureHttp || LOOPBACK.test(hostname)) return;
  throw new EngineError(`plain http to ${hostname} would send the token unprotected`, {
    category: 'configuration',
    code: 'insecure-target',
    remedy: 'use https, or set target.allowInsecureHttp: true if the network is yours',
  });
}

type Client = {
  readonly send: (request: TransportRequest, signal: AbortSignal) => Promise<TransportResponse>;
  readonly close: () => Promise<void>;
};

function openClient(options: TransportOptions): Client {
  const pooled = openAxios(options);
  const { instance } = pooled;
  for (const group of Object.keys(instance.defaults.headers)) delete instance.defaults.headers[group];
  return {
    close: pooled.close,
    send: async (request, signal) => {
      const timeout = AbortSignal.timeout(options.timeoutMs);
      const answer = await instance
        .request<Readable>({
          method: request.method,
          url: request.url,
          headers: { ...NOT_SENT, ...request.headers },
          data: request.body,
          signal: AbortSignal.any([signal, timeout]),
        })
        .catch((error: unknown) => {
          // The HTTP clients only say that they were cancelled, not that it was the clock.
          throw timeout.aborted && !signal.aborted ? timeout.reason : error;
        });
      const headers = Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
      );
      return {
        status: answer.status,
        headers,
        text: await readBounded(answer.data, options.maxResponseBytes, request.url),
      };
    },
  };
}

/** What axios' own adapter would add of itself; Entra sends neither (scim-wire.md 1.2). */
const NOT_SENT = { 'User-Agent': false, 'Accept-Encoding': false } as const;

const LEAN = {
  responseType: 'stream',
  validateStatus: null,
  transformRequest: [(data: unknown) => data],
  transformResponse: [],
  maxRedirects: 0,
  decompress: true,
  proxy: false,
} as const;

type Axios = { readonly instance: AxiosInstance; readonly close: () => Promise<void> };

function openAxios(options: TransportOptions): Axios {
  if (options.fetch !== undefined) {
    const adapter = fetchAdapter(options.fetch);
    const lean = { ...LEAN, transformRequest: [...LEAN.transformRequest], transformResponse: [] };
    return { instance: axios.create({ ...lean, adapter }), close: async () => undefined };
  }
  return options.adapter === 'undici' ? openPooled(options) : openNode(options);
}

function openPooled(options: TransportOptions): Axios {
  const { adapter, close } = undiciAdapter({
    connections: options.concurrency,
    timeoutMs: options.timeoutMs,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  return {
    instance: axios.create({ ...LEAN, transformRequest: [...LEAN.transformRequest], transformResponse: [], adapter }),
    close,
  };
}

function openNode(options: TransportOptions): Axios {
  const shared = { keepAlive: true, maxSockets: options.concurrency };
  const httpAgent = new HttpAgent(shared);
  const ca = options.ca === undefined ? {} : { ca: options.ca };
  const httpsAgent = new HttpsAgent({ ...shared, minVersion: 'TLSv1.2', ...ca });
  const instance = axios.create({
    ...LEAN,
    transformRequest: [...LEAN.transformRequest],
    transformResponse: [],
    adapter: 'http',
    httpAgent,
    httpsAgent,
  });
  const close = async () => {
    httpAgent.destroy();
    httpsAgent.destroy();
  };
  return { instance, close };
}

/** The whole body as text, or an error once it grows past the bound: memory stays bounded whatever the target sends. */
async function readBounded(stream: Readable, limit: number, url: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      stream.destroy();
      throw new EngineError(`the answer of ${new URL(url).host} is longer than ${limit} bytes`, {
        category: 'object',
        code: 'SystemForCrossDomainIdentityManagementServiceIncompatible',
        remedy: 'the target should answer with one resource, or an empty list',
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
