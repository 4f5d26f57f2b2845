/** What the daemon answers over HTTP, and what it tells Prometheus. */
import { expect, test } from 'vitest';
import { createDaemonApp } from '../../../engine/api/daemon-app.ts';
import type { JobRecord } from '../../../engine/model/job-state.ts';
import { createMetrics } from '../../../engine/schedule/metrics.ts';

const NOW = 1_767_225_600_000;

function appAt(lastTick: number) {
  const metrics = createMetrics();
  const job = { name: 'app', status: 'Active', quarantine: null, lastCycleEnded: null, nextStart: null };
  const app = createDaemonApp({
    jobs: async () => [job],
    metrics: async () => ({ text: await metrics.text(), contentType: metrics.contentType }),
    lastTick: () => lastTick,
    now: () => NOW,
  });
  return { metrics, get: (path: string) => app.handle(new Request(`http://127.0.0.1:9464${path}`)) };
}

test('is healthy while it ticks, with a line per job', async () => {
  const answer = await appAt(NOW - 900).get('/healthz');
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ status: 'ok', lastTickMsAgo: 900, jobs: [{ name: 'app' }] });
});

test('is stale after a minute without a tick', async () => {
  const answer = await appAt(NOW - 60_000).get('/healthz');
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ status: 'stale' });
});

test('names its two pages to whoever asks for another', async () => {
  const answer = await appAt(NOW).get('/');
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('/healthz and /metrics');
});

test('counts cycles, objects, escrows and quarantine per job', async () => {
  const { metrics, get } = appAt(NOW);
  const counts = { created: 2, updated: 0, disabled: 0, deleted: 0, skipped: 5, failed: 1, warnings: 0 };
  const record: JobRecord = {
    jobId: 'j',
    name: 'app',
    status: 'Quarantine',
    scheduleState: 'Active',
    successiveFailures: 0,
    quarantine: {
      reason: 'TooManyDeletes',
      seriesBegan: '2026-01-01T00:00:00.000Z',
      currentBegan: '2026-01-01T00:00:00.000Z',
      nextAttempt: '2026-01-01T06:00:00.000Z',
      seriesCount: 0,
      error: { code: 'TooManyDeletes', message: 'many', tenantActionable: true },
    },
  };
  metrics.cycleFinished('app', {
    kind: 'initial',
    state: 'EntryLevelErrors',
    counts,
    durationMs: 1500,
    escrows: 3,
    directoryErrors: 2,
    job: record,
  });
  metrics.cycleBroken('app');
  const text = await (await get('/metrics')).text();
  expect(text.split('\n')).toEqual(
    expect.arrayContaining([
      'scimulate_cycles_total{job="app",kind="initial",state="EntryLevelErrors"} 1',
      'scimulate_cycles_broken_total{job="app"} 1',
      'scimulate_objects_total{job="app",action="created"} 2',
      'scimulate_objects_total{job="app",action="failed"} 1',
      'scimulate_cycle_duration_seconds_bucket{le="5",job="app",kind="initial"} 1',
      'scimulate_escrows{job="app"} 3',
      'scimulate_directory_errors{job="app"} 2',
      'scimulate_quarantine{job="app"} 1',
    ]),
  );
});
