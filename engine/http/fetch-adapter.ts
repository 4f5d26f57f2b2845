/** An axios adapter that hands requests to a fetch handler in this process: simulations need no port. */
import { Readable } from 'node:stream';
import { type AxiosAdapter, AxiosError, AxiosHeaders } from 'axios';

export type FetchHandler = (request: Request) => Promise<Response>;

/** The adapter. `Response.error()` and a body that breaks off look like a connection that was reset. */
export function fetchAdapter(handle: FetchHandler): AxiosAdapter {
  return async (config) => {
    const broken = (message: string) => new AxiosError(message, 'ECONNRESET', config);
    const method = (config.method ?? 'get').toUpperCase();
    const body = typeof config.data === 'string' ? { body: config.data } : {};
    const headers = Object.entries(config.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    );
    const response = await handle(new Request(config.url ?? '', { method, headers, ...body }));
    if (response.type === 'error') throw broken('socket hang up');
    const bytes = await response.arrayBuffer().catch(() => {
      throw broken('the answer broke off');
    });
    return {
      data: Readable.from([Buffer.from(bytes)]),
      status: response.status,
      statusText: '',
      headers: AxiosHeaders.from(Object.fromEntries(response.headers)),
      config,
      request: undefined,
    };
  };
}
