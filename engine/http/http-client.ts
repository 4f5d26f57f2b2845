/**
 * Requests through axios' adapters: streams back, no redirects, no headers of its own. What axios does above an adapter, merging
 * defaults and running interceptors and transformations, has nothing to do here and cost more than the request (docs/adr/0004).
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import axios, { type AxiosAdapter, AxiosHeaders, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { withDeadline } from './deadline.ts';
import type { TransportRequest, TransportResponse } from './exchange.ts';
import { type FetchHandler, fetchAdapter } from './fetch-adapter.ts';
import { guardedLookup } from './guarded-lookup.ts';
import { readBody } from './read-body.ts';
import type { Received } from './receive.ts';
import { undiciAdapter } from './undici-adapter.ts';

export type ClientOptions = {
  /** From the first byte sent to the last one received: a target that trickles does not get more. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly concurrency: number;
  readonly adapter: 'undici' | 'http';
  readonly ca?: string;
  /** Link-local and metadata addresses may be connected to. */
  readonly allowLinkLocal?: boolean;
  /** Resolves host names; the system's resolver by default. */
  readonly resolve?: HostResolver;
  /** Answers instead of the network. */
  readonly fetch?: FetchHandler;
};

/** Node's `LookupFunction`, spelt out: programs that use this package need no types of Node's to compile. */
type HostResolver = (
  hostname: string,
  options: object,
  answer: (
    error: Error | null,
    address: string | { readonly address: string; readonly family: number }[],
    family?: number,
  ) => void,
) => void;

export type HttpClient = {
  readonly send: (request: TransportRequest, signal: AbortSignal) => Promise<TransportResponse>;
  readonly close: () => Promise<void>;
};

/** A client with its own connections. */
export function openClient(options: ClientOptions): HttpClient {
  const { adapter, close, config = {}, ownHeaders = [], keepsTime = false } = openAdapter(options);
  /** A target is sent the same few sets of headers with every request. */
  const known = new WeakMap<TransportRequest['headers'], AxiosHeaders>();
  const headersOf = (request: TransportRequest): AxiosHeaders => {
    const before = known.get(request.headers);
    if (before !== undefined) return before;
    const headers = new AxiosHeaders(request.headers);
    for (const name of ownHeaders) if (!headers.has(name)) headers.set(name, false);
    // Axios' own adapter writes into the headers that it is given.
    if (ownHeaders.length === 0) known.set(request.headers, headers);
    return headers;
  };
  const send = async (request: TransportRequest, signal: AbortSignal): Promise<TransportResponse> => {
    const { method, url, body: data } = request;
    const headers = headersOf(request);
    const answer = await adapter({ ...config, method, url, headers, data, signal });
    const received = answer.data instanceof Readable ? streamed(answer, answer.data) : (answer.data as Received);
    const encoding = received.headers['content-encoding'];
    const text = readBody(received.body, { encoding, limit: options.maxResponseBytes, url });
    return { status: answer.status, headers: received.headers, text: typeof text === 'string' ? text : await text };
  };
  if (keepsTime) return { close, send };
  return {
    close,
    send: async (request, signal) => {
      const deadline = withDeadline(signal, options.timeoutMs);
      try {
        return await send(request, deadline.signal);
      } catch (error) {
        // The HTTP clients only say that they were cancelled, not that it was the clock.
        throw deadline.expired() ?? error;
      } finally {
        deadline.release();
      }
    },
  };
}

function streamed({ headers }: AxiosResponse, body: Readable): { headers: Record<string, string>; body: Readable } {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return { headers: Object.fromEntries(named), body };
}

type OpenAdapter = {
  readonly adapter: AxiosAdapter;
  readonly close: () => Promise<void>;
  /** What the adapter is told besides the request. */
  readonly config?: Omit<AxiosRequestConfig, 'headers'>;
  /** The adapter gives up after `timeoutMs` by itself: a signal of its own for each request costs more than the timer. */
  readonly keepsTime?: true;
  /** What the adapter would add of itself; Entra sends none of it (scim-wire.md 1.2). */
  readonly ownHeaders?: readonly string[];
};

function openAdapter(options: ClientOptions): OpenAdapter {
  if (options.fetch !== undefined) return { adapter: fetchAdapter(options.fetch), close: async () => undefined };
  return options.adapter === 'undici' ? openPooled(options) : openNode(options);
}

function connecting({ ca, allowLinkLocal, resolve }: ClientOptions): { ca?: string; lookup?: LookupFunction } {
  const lookup = allowLinkLocal === true ? resolve : guardedLookup(resolve);
  return { ...(ca === undefined ? {} : { ca }), ...(lookup === undefined ? {} : { lookup }) };
}

function openPooled(options: ClientOptions): OpenAdapter {
  const pooled = undiciAdapter({
    connections: options.concurrency,
    timeoutMs: options.timeoutMs,
    maxResponseBytes: options.maxResponseBytes,
    ...connecting(options),
  });
  return { ...pooled, keepsTime: true };
}

function openNode(options: ClientOptions): OpenAdapter {
  const shared = { keepAlive: true, maxSockets: options.concurrency, ...connecting(options) };
  const httpAgent = new HttpAgent(shared);
  const httpsAgent = new HttpsAgent({ ...shared, minVersion: 'TLSv1.2' });
  const close = async () => {
    httpAgent.destroy();
    httpsAgent.destroy();
  };
  return {
    adapter: axios.getAdapter('http'),
    close,
    config: {
      responseType: 'stream',
      validateStatus: null,
      maxRedirects: 0,
      // Bounded decompression is our own: read-body.ts.
      decompress: false,
      proxy: false,
      httpAgent,
      httpsAgent,
    },
    ownHeaders: ['User-Agent', 'Accept-Encoding'],
  };
}
