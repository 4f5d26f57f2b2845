/**
 * `npm run soak [cycles]`: the daemon's loop for months of virtual time, with somebody changed before every cycle and one
 * account that always fails; prints memory, handles and the size of the state, and exits 1 when one of them keeps growing.
 */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeEngine } from '../dist/engine/compose.js';
import { loadConfiguration } from '../dist/engine/config/load-config.js';
import { countingIds } from '../dist/engine/host/ids.js';
import { virtualClock } from '../dist/engine/host/virtual-clock.js';
import { DAY } from '../dist/engine/model/instant.js';
import { createDaemon } from '../dist/engine/schedule/daemon.js';
import { createMetrics } from '../dist/engine/schedule/metrics.js';
import { openStore } from '../dist/engine/store/index.js';
import { createScimApp } from '../dist/fixtures/targets/scim-app.js';

const CYCLES = Number(process.argv[2] ?? 5000);
const SAMPLES = 10;
const RETENTION_MS = 3 * DAY;
const USERS = 20;
/** The heap breathes by some hundred kilobytes; one forgotten listener per cycle cost 4 kB. */
const LEAK_KB_PER_CYCLE = 2;
const collect = globalThis.gc;
if (collect === undefined) throw new Error('run with node --expose-gc');

const folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
const path = (name) => join(folder, name);
const users = Array.from({ length: USERS }, (_, index) => ({
  id: `u${index}`,
  userPrincipalName: `u${index}@contoso.com`,
  displayName: `User ${index}`,
  mailNickname: `u${index}`,
}));
const saveDirectory = (cycle) => {
  users[cycle % USERS].jobTitle = `Title ${cycle}`;
  const assignments = users.map(({ id }) => ({ user: id, role: 'User' }));
  const applications = [{ name: 'app', roles: ['User'], assignments }];
  return writeFile(path('directory.json'), JSON.stringify({ users, groups: [], applications }));
};
await saveDirectory(0);
const mappings = new URL('../mappings/scim.yaml', import.meta.url).pathname;
const target = { url: 'https://app.invalid/scim', auth: { type: 'bearer', token: '${env:T}' } };
await writeFile(
  path('config.yaml'),
  JSON.stringify({
    tenantId: '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b',
    store: path('state.db'),
    directory: { type: 'file', path: path('directory.json') },
    jobs: [{ name: 'app', mappings, target }],
  }),
);

const app = createScimApp({ token: 't' });
const answer = async (request) => {
  app.requests.length = 0; // the application's own diary is no part of what is measured
  const refuses = request.method === 'POST' && (await request.clone().text()).includes('u0@contoso.com');
  return refuses ? new Response('{"detail":"no more seats"}', { status: 400 }) : app.handle(request);
};
const { configuration } = await loadConfiguration(path('config.yaml'), { T: 't' });
const store = await openStore(configuration.store);
const clock = virtualClock('2026-01-01T00:00:00.000Z');
const engine = composeEngine(configuration, store, { clock, ids: countingIds(), fetch: answer });
const metrics = createMetrics();
let finished = 0;
let pruned = 0;
const daemon = createDaemon({
  clock,
  logRetentionMs: RETENTION_MS,
  current: async () => ({ runner: engine }),
  observer: {
    cycleFinished: (job, { cycle, durationMs, job: record }) => {
      finished += 1;
      metrics.cycleFinished(job, {
        kind: cycle.kind,
        state: cycle.state,
        counts: cycle.counts,
        durationMs,
        escrows: 1,
        directoryErrors: 0,
        job: record,
      });
    },
    cycleBroken: (_job, error) => {
      throw error;
    },
    reloaded: () => undefined,
    reloadRefused: () => undefined,
    pruned: (records) => {
      pruned += records;
    },
  },
});

/** Of the straight line through the points. */
function slope(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([value]) => value)), mean(points.map(([, value]) => value))];
  const over = points.map(([a, b]) => (a - x) * (b - y)).reduce((sum, value) => sum + value, 0);
  return over / points.map(([a]) => (a - x) ** 2).reduce((sum, value) => sum + value, 0);
}

const megabytes = (bytes) => Number((bytes / 1024 / 1024).toFixed(2));
const sample = async () => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  // Closing moves the write-ahead log, which grows to its bound by design, into the file.
  await (await openStore(path('state.db'))).close();
  const size = (await stat(path('state.db'))).size + (await stat(path('state.db-wal')).catch(() => ({ size: 0 }))).size;
  return {
    cycles: finished,
    days: Math.round((Date.parse(clock.now()) - Date.parse('2026-01-01T00:00:00Z')) / DAY),
    heapMB: megabytes(heapUsed + external),
    handles: process.getActiveResourcesInfo().length,
    stateMB: megabytes(size),
    logRecords: (await store.logs({})).length,
    metricsKB: Math.round((await metrics.text()).length / 1024),
  };
};

const began = performance.now();
const samples = [];
for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
  await saveDirectory(cycle);
  clock.moveTo((await engine.nextStart('app')) ?? clock.now());
  await daemon.tick();
  await daemon.idle();
  if (cycle % Math.ceil(CYCLES / SAMPLES) === 0) samples.push(await sample());
}
console.table(samples);
await daemon.stop(1000);
await engine.close();
await rm(folder, { recursive: true, force: true });

// The first third warms up: caches fill, the retention fills the log.
const settled = samples.slice(Math.ceil(samples.length / 3));
const growth = (name) => settled.at(-1)[name] / settled[0][name];
const grown = ['handles', 'stateMB', 'logRecords', 'metricsKB'].filter((name) => growth(name) > 1.15);
const heapPerCycle = slope(settled.map(({ cycles, heapMB }) => [cycles, heapMB * 1024]));
if (heapPerCycle > LEAK_KB_PER_CYCLE) grown.push('heapMB');
const seconds = ((performance.now() - began) / 1000).toFixed(1);
console.log(`${finished} cycles in ${seconds} s, ${pruned} log records removed after ${RETENTION_MS / DAY} days`);
console.log(`heap: ${heapPerCycle.toFixed(2)} kB per cycle`);
console.log(grown.length === 0 ? 'nothing grows' : `GROWING: ${grown.join(', ')}`);
process.exitCode = grown.length === 0 && finished === CYCLES && pruned > 0 ? 0 : 1;
