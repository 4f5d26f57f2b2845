/** Axios under both of its adapters, lean: streams back, no redirects, no headers of its own (docs/adr/0004). */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import axios, { type AxiosAdapter, type AxiosInstance, type AxiosResponse } from 'axios';
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
  readonly resolve?: LookupFunction;
  /** Answers instead of the network. */
  readonly fetch?: FetchHandler;
};

export type HttpClient = {
  readonly send: (request: TransportRequest, signal: AbortSignal) => Promise<TransportResponse>;
  readonly close: () => Promise<void>;
};

/** A client with its own connections. */
export function openClient(options: ClientOptions): HttpClient {
  const { instance, close, ownHeaders = {}, keepsTime = false } = openAxios(options);
  const send = async (request: TransportRequest, signal: AbortSignal): Promise<TransportResponse> => {
    const answer = await instance.request<Readable | Received>({
      method: request.method,
      url: request.url,
      headers: { ...ownHeaders, ...request.headers },
      data: request.body,
      signal,
    });
    const { headers, body } = answer.data instanceof Readable ? streamed(answer, answer.data) : answer.data;
    const encoding = headers['content-encoding'];
    const text = await readBody(body, { encoding, limit: options.maxResponseBytes, url: request.url });
    return { status: answer.status, headers, text };
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

type Axios = {
  readonly instance: AxiosInstance;
  readonly close: () => Promise<void>;
  /** The adapter gives up after `timeoutMs` by itself: a signal of its own for each request costs more than the timer. */
  readonly keepsTime?: true;
  /** Takes away what axios' own adapter would add of itself; Entra sends none of it (scim-wire.md 1.2). */
  readonly ownHeaders?: Readonly<Record<string, false>>;
};

function openAxios(options: ClientOptions): Axios {
  if (options.fetch !== undefined) {
    return { instance: lean(fetchAdapter(options.fetch)), close: async () => undefined };
  }
  return options.adapter === 'undici' ? openPooled(options) : openNode(options);
}

/** Defaults that only axios' own adapters read. */
const IDLE_DEFAULTS = [
  'transitional',
  'timeout',
  'xsrfCookieName',
  'xsrfHeaderName',
  'maxContentLength',
  'maxBodyLength',
  'env',
  'responseType',
  'maxRedirects',
  'decompress',
  'proxy',
] as const satisfies readonly (keyof AxiosInstance['defaults'])[];

function lean(
  adapter: AxiosAdapter | 'http',
  agents: { httpAgent?: HttpAgent; httpsAgent?: HttpsAgent } = {},
): AxiosInstance {
  const instance = axios.create({
    responseType: 'stream',
    validateStatus: null,
    transformRequest: [(data: unknown) => data],
    transformResponse: [],
    maxRedirects: 0,
    // Bounded decompression is our own: read-body.ts.
    decompress: false,
    proxy: false,
    adapter,
    ...agents,
  });
  // Axios merges every default into every request: those that say nothing here go.
  for (const group of Object.keys(instance.defaults.headers)) delete instance.defaults.headers[group];
  if (adapter !== 'http') for (const name of IDLE_DEFAULTS) delete instance.defaults[name];
  return instance;
}

function connecting({ ca, allowLinkLocal, resolve }: ClientOptions): { ca?: string; lookup?: LookupFunction } {
  const lookup = allowLinkLocal === true ? resolve : guardedLookup(resolve);
  return { ...(ca === undefined ? {} : { ca }), ...(lookup === undefined ? {} : { lookup }) };
}

function openPooled(options: ClientOptions): Axios {
  const { adapter, close } = undiciAdapter({
    connections: options.concurrency,
    timeoutMs: options.timeoutMs,
    maxResponseBytes: options.maxResponseBytes,
    ...connecting(options),
  });
  return { instance: lean(adapter), close, keepsTime: true };
}

function openNode(options: ClientOptions): Axios {
  const shared = { keepAlive: true, maxSockets: options.concurrency, ...connecting(options) };
  const httpAgent = new HttpAgent(shared);
  const httpsAgent = new HttpsAgent({ ...shared, minVersion: 'TLSv1.2' });
  const close = async () => {
    httpAgent.destroy();
    httpsAgent.destroy();
  };
  const ownHeaders = { 'User-Agent': false, 'Accept-Encoding': false } as const;
  return { instance: lean('http', { httpAgent, httpsAgent }), close, ownHeaders };
}
