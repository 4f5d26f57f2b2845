/** An initial cycle against a server that does nothing: how much slower than a bare client that sends the same requests. */
import { figure, interleave, median, medianRatio, round, timed } from '../measure.js';
import { nodeClient, poolClient, sendAll } from './bare-client.js';
import { openBenchEngine } from './bench-engine.js';
import { generatedDirectory } from './generated-directory.js';
import { startNullServer } from './null-server.js';
import { nullStore } from './null-store.js';
import { recordRequests } from './record-requests.js';

/** The default of the configuration. */
const CONCURRENCY = 8;

const engineRun =
  ({ users, managers, openStore, ...options }) =>
  async () => {
    const directory = generatedDirectory({ users, managers });
    const bench = await openBenchEngine({ directory, ...options, store: (await openStore?.()) ?? options.store });
    const measured = await timed(() => bench.sync());
    await bench.close();
    return measured;
  };

const bareRun = (open, origin, requests) => async () => {
  const client = open(origin, CONCURRENCY);
  const measured = await timed(() => sendAll(client, requests, CONCURRENCY));
  await client.close();
  return measured;
};

const perUser = (measurements, users, of) => round((median(measurements.map(of)) * 1000) / users, 0);
const wall = (measured) => measured.wall;
const cpu = (measured) => measured.cpu;

/** (a) and (f): no latency, with and without the state file, beside two bare clients. */
export async function measureInitial({ rounds, quick }) {
  const users = quick ? 200 : 20_000;
  const server = await startNullServer();
  const { origin } = server;
  const requests = await recordRequests(origin, users);
  const results = await interleave(
    {
      engine: engineRun({ origin, users }),
      node: bareRun(nodeClient, origin, requests),
      pool: bareRun(poolClient, origin, requests),
      memory: engineRun({ origin, users, store: 'memory' }),
      storeless: engineRun({ origin, users, openStore: nullStore }),
    },
    rounds,
  );
  server.close();
  const { engine, node, pool, memory, storeless } = results;
  return [
    figure('initial cycle / bare keep-alive client', round(medianRatio(node, engine)), { atLeast: 0.6 }),
    figure('initial cycle / bare keep-alive client, processor time', round(medianRatio(node, engine, cpu))),
    figure('initial cycle / bare undici pool', round(medianRatio(pool, engine))),
    figure('initial cycle, µs a user', perUser(engine, users, wall)),
    figure('initial cycle, processor µs a user', perUser(engine, users, cpu)),
    figure('bare keep-alive client, µs a user', perUser(node, users, wall)),
    figure('bare undici pool, µs a user', perUser(pool, users, wall)),
    figure('store overhead, %', round((medianRatio(engine, storeless) - 1) * 100, 1), { atMost: 15 }),
    figure('store overhead, processor time, %', round((medianRatio(engine, storeless, cpu) - 1) * 100, 1)),
    figure('state in a file / in memory (store: memory), %', round((medianRatio(engine, memory) - 1) * 100, 1)),
  ];
}

/** (b): each answer held back for 20 ms, as across a network. */
export async function measureLatency({ rounds, quick }) {
  const users = quick ? 100 : 3000;
  const server = await startNullServer(20);
  const { origin } = server;
  const requests = await recordRequests(origin, users);
  const { engine, node } = await interleave(
    { engine: engineRun({ origin, users }), node: bareRun(nodeClient, origin, requests) },
    rounds,
  );
  server.close();
  return [
    figure('initial cycle at 20 ms latency / bare keep-alive client', round(medianRatio(node, engine)), {
      atLeast: 0.97,
    }),
  ];
}

/** The two HTTP clients that axios can stand on. */
export async function measureAdapters({ rounds, quick }) {
  const users = quick ? 100 : 3000;
  const server = await startNullServer();
  const { origin } = server;
  const target = { adapter: 'http' };
  const { undici, http } = await interleave(
    { undici: engineRun({ origin, users }), http: engineRun({ origin, users, target }) },
    rounds,
  );
  server.close();
  return [
    figure('initial cycle, undici adapter / http adapter', round(medianRatio(http, undici))),
    figure('initial cycle, undici adapter / http adapter, processor time', round(medianRatio(http, undici, cpu))),
  ];
}
