/** What the daemon answers over HTTP on loopback: health for a supervisor, metrics for Prometheus. */
import { Hono } from 'hono';

export type JobHealth = {
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
};

/** Without a tick for so long the daemon hangs. */
const STALE_MS = 60_000;

/** A fetch handler for `/healthz` and `/metrics`. */
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
  app.notFound((context) => context.text('There are /healthz and /metrics here.\n', 404));
  return { handle: async (request) => app.fetch(request) };
}
