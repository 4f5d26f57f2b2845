/** (e) One member joins a group: requests and time, for a small and a large group. */
import { figure, median, round, timed } from '../measure.js';
import { openBenchEngine } from './bench-engine.js';
import { generatedDirectory } from './generated-directory.js';
import { startNullServer } from './null-server.js';

/** An initial cycle with a group of `members`, then cycles in which one more joins. */
async function joinGroup(origin, members, joins) {
  const directory = generatedDirectory({ users: members + joins });
  directory.setMembers(members);
  const seen = [];
  const bench = await openBenchEngine({ origin, directory, onExchange: ({ request }) => seen.push(request) });
  await bench.sync();
  const runs = [];
  for (let join = 1; join <= joins; join += 1) {
    directory.advance([], { members: members + join });
    seen.length = 0;
    const { wall } = await timed(() => bench.sync());
    // The first request of each object type is the connection test.
    runs.push({
      wall,
      requests: seen.filter(({ path }) => !path.includes('?filter') && !path.includes('&filter')).length,
    });
  }
  await bench.close();
  return { requests: Math.max(...runs.map((run) => run.requests)), ms: median(runs.map(({ wall }) => wall)) };
}

export async function measureGroup({ rounds, quick }) {
  const [few, many] = quick ? [10, 500] : [100, 50_000];
  const server = await startNullServer();
  const small = await joinGroup(server.origin, few, rounds);
  const large = await joinGroup(server.origin, many, rounds);
  server.close();
  return [
    figure(`one member more, group of ${many}, requests`, large.requests, { atMost: 2 }),
    figure(`one member more, group of ${few}, requests`, small.requests, { atMost: 2 }),
    figure(`one member more, group of ${many}, ms`, round(large.ms, 1)),
    figure(`one member more, group of ${few}, ms`, round(small.ms, 1)),
  ];
}
