/** What the daemon answers over HTTP on loopback: health for a supervisor, metrics for Prometheus, and the management API. */
import { Hono } from 'hono';
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
  const app = new Hono();
  app.get('/healthz', async (context) => {
    const age = facts.now() - facts.lastTick();
    const alive = age < STALE_MS;
    return context.json(
      { formatVersion: 1, status: alive ? 'ok' : 'stale', lastTickMsAgo: age, jobs: await facts.jobs() },
      alive ? 200 : 503,
    );
  });
  app.get('/metrics', async (context) => {
    const { text, contentType } = await facts.metrics();
    return context.body(text, 200, { 'content-type': contentType });
  });
  const hint = 'There are /healthz and /metrics here; /v1.0 and /beta when the configuration has "api".\n';
  app.notFound((context) => context.text(hint, 404));
  return { handle: async (request) => (await facts.graph?.handle(request)) ?? app.fetch(request) };
}
