/** An axios adapter over an undici pool per origin: about a third of the CPU of axios' own (docs/adr/0004). */
import type { LookupFunction } from 'node:net';
import { type AxiosAdapter, AxiosError, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import { Pool } from 'undici';
import { EngineError } from '../model/engine-error.ts';
import { InFlight } from './in-flight.ts';
import { tooLong } from './read-body.ts';
import { type Received, receive } from './receive.ts';

export type PoolOptions = {
  readonly connections: number;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  /** PEM of an additional certificate authority. */
  readonly ca?: string;
  /** Resolves host names. */
  readonly lookup?: LookupFunction;
};

export type PooledAdapter = { readonly adapter: AxiosAdapter; readonly close: () => Promise<void> };

/** Axios would look at every header of every answer; they travel in `data`. */
const NO_HEADERS = new AxiosHeaders();

/** The adapter and its life time. Answers come back whole in `data`, as `Received`. */
export function undiciAdapter(options: PoolOptions): PooledAdapter {
  const pools = new Map<string, Pool>();
  const inFlight = new InFlight(options.timeoutMs);
  const poolFor = (origin: string): Pool => {
    const known = pools.get(origin);
    if (known !== undefined) return known;
    const pool = new Pool(origin, {
      connections: options.connections,
      pipelining: 1,
      // The time is kept by `InFlight`, for the whole of a request.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        timeout: options.timeoutMs,
        minVersion: 'TLSv1.2',
        ...(options.ca === undefined ? {} : { ca: options.ca }),
        ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
      },
    });
    pools.set(origin, pool);
    return pool;
  };
  const adapter: AxiosAdapter = async (config) => {
    const { origin, path } = split(config.url ?? '');
    try {
      const request = {
        path,
        method: (config.method ?? 'get').toUpperCase() as 'GET',
        headers: headersOf(config.headers),
        body: (config.data as string | undefined) ?? null,
      };
      const limits = {
        signal: config.signal as AbortSignal,
        inFlight,
        maxBytes: options.maxResponseBytes,
        tooLong: () => tooLong(config.url ?? '', options.maxResponseBytes),
      };
      const data: Received = await receive(poolFor(origin), request, limits);
      return { data, status: data.status, statusText: '', headers: NO_HEADERS, config, request: undefined };
    } catch (error) {
      if (error instanceof EngineError) throw error;
      throw AxiosError.from(error as Error, (error as { code?: string }).code, config);
    }
  };
  return {
    adapter,
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
      inFlight.close();
    },
  };
}

/** Origin of `url`, which the pool reads as `URL` does, and path, as `URL` has it. */
function split(url: string): { readonly origin: string; readonly path: string } {
  const [, origin, path] = PLAIN_URL.exec(url) ?? [];
  if (origin !== undefined && path !== undefined) return { origin, path };
  const parsed = new URL(url);
  return { origin: parsed.origin, path: `${parsed.pathname}${parsed.search}` };
}

/** A URL whose path stays as it stands, as nearly all do: no dots that mean a folder, nothing to encode. */
const PLAIN_URL =
  /^(https?:\/\/[a-z\d.-]+(?::(?!80\/|443\/)[1-9]\d{1,4})?)((?:\/[\w-]+(?:\.[\w-]+)*)+(?:\?[\w\-.%=&+,:;@!*()]*)?)$/;

/** As undici wants them. They do not change: the client hands in the same ones again and again. */
function headersOf(headers: InternalAxiosRequestConfig['headers']): Record<string, string> {
  const before = known.get(headers);
  if (before !== undefined) return before;
  const plain: Record<string, string> = {};
  for (const name in headers) {
    const value: unknown = headers[name];
    if (typeof value === 'string') plain[name] = value;
  }
  known.set(headers, plain);
  return plain;
}

const known = new WeakMap<InternalAxiosRequestConfig['headers'], Record<string, string>>();
