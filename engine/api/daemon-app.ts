/** What the daemon answers over HTTP on loopback: health for a supervisor, metrics for Prometheus, and the management API. */
import type { GraphApp } from './graph/graph-app.ts';

type JobHealth = {
  readonly name: string;
  readonly status: string;
  readonly quarantine: string | null;
  readonly lastCycleEnded: string | null;
  readonly nextStart: string | null;
};

export type DaemonFacts = {
  readonly jobs: () => Promise<readonly JobHealth[]>;
  readonly metrics: () => Promise<{ readonly text: string; readonly contentType: string }>;
  /** When the daemon last looked at its jobs, milliseconds since 1970. */
  readonly lastTick: () => number;
  readonly now: () => number;
  /** The management API. */
  readonly graph?: GraphApp;
};

/** Without a tick for so long the daemon hangs. */
const STALE_MS = 60_000;

/** A fetch handler for `/healthz`, `/metrics` and, with keys, `/v1.0` and `/beta`. */
export function createDaemonApp(facts: DaemonFacts): { readonly handle: (request: Request) => Promise<Response> } {
  return { handle: async (request) => (await facts.graph?.handle(request)) ?? page(request, facts) };
}

async function page(request: Request, facts: DaemonFacts): Promise<Response> {
  const asked = request.method === 'GET' || request.method === 'HEAD' ? new URL(request.url).pathname : undefined;
  if (asked === '/healthz') return health(facts);
  if (asked === '/metrics') {
    const { text, contentType } = await facts.metrics();
    return new Response(text, { headers: { 'content-type': contentType } });
  }
  const hint = 'There are /healthz and /metrics here; /v1.0 and /beta when the configuration has "api".\n';
  return new Response(hint, { status: 404 });
}

async function health({ now, lastTick, jobs }: DaemonFacts): Promise<Response> {
  const lastTickMsAgo = now() - lastTick();
  const isAlive = lastTickMsAgo < STALE_MS;
  const status = isAlive ? 'ok' : 'stale';
  return Response.json(
    { formatVersion: 1, status, lastTickMsAgo, jobs: await jobs() },
    { status: isAlive ? 200 : 503 },
  );
}
