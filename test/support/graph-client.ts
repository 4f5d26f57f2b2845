/** Microsoft's own Graph client, pointed at a daemon over plain HTTP on loopback (graph-api.md 15.2). */
import {
  Client,
  type Context,
  HTTPMessageHandler,
  type Middleware,
  RetryHandler,
  RetryHandlerOptions,
} from '@microsoft/microsoft-graph-client';

/** The client sends its token to https hosts only: this one is for loopback, and puts it in itself. */
function bearer(token: string, next: Middleware): Middleware {
  return {
    execute: (context: Context) => {
      const headers = { ...context.options?.headers, Authorization: `Bearer ${token}` };
      context.options = { ...context.options, headers };
      return next.execute(context);
    },
  };
}

export function graphClient(baseUrl: string, token: string, defaultVersion: 'v1.0' | 'beta' = 'v1.0'): Client {
  const retry = new RetryHandler(new RetryHandlerOptions());
  retry.setNext(new HTTPMessageHandler());
  return Client.initWithMiddleware({ baseUrl: `${baseUrl}/`, defaultVersion, middleware: bearer(token, retry) });
}
