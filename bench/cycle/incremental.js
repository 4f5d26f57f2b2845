/** (c) An incremental cycle of a hundred changes, ten leavers among them, with few and with many objects linked. */
import { figure, interleave, median, medianRatio, round, timed } from '../measure.js';
import { openBenchEngine } from './bench-engine.js';
import { generatedDirectory, userId } from './generated-directory.js';
import { startNullServer } from './null-server.js';

const CHANGES = 100;
const LEAVERS = 10;
const LINKS_PER_COMMIT = 1000;

/** An engine whose initial cycle is over and has linked `users` objects: the rows are written, the requests left out. */
async function linkedEngine(origin, users) {
  const directory = generatedDirectory({ users: 0 });
  const bench = await openBenchEngine({ origin, directory });
  await bench.sync();
  for (let start = 0; start < users; start += LINKS_PER_COMMIT) {
    const count = Math.min(LINKS_PER_COMMIT, users - start);
    const links = Array.from({ length: count }, (_, offset) => linkOf(start + offset));
    await bench.store.commit(
      bench.jobId,
      links.map((link) => ({ kind: 'link', link })),
    );
  }
  return { bench, directory };
}

function linkOf(index) {
  return {
    sourceId: userId(index),
    type: 'User',
    targetId: `n${index}`,
    displayName: `user${index}@contoso.com`,
    managed: true,
    disabled: false,
    linkedAt: '2026-01-01T00:00:00.000Z',
    held: { userName: `user${index}@contoso.com`, title: 'before' },
  };
}

/** One cycle after the next, each with other users changed. */
async function changingEngine(origin, users) {
  const { bench, directory } = await linkedEngine(origin, users);
  const step = Math.floor(users / CHANGES);
  let cycle = 0;
  const run = () => {
    cycle += 1;
    const changed = Array.from({ length: CHANGES }, (_, index) => index * step + (cycle % step));
    directory.advance(changed, { leaving: changed.slice(0, LEAVERS) });
    return timed(async () => {
      const { cycle: record } = await bench.sync();
      const { updated, disabled } = record.counts;
      if (updated !== CHANGES - LEAVERS || disabled !== LEAVERS)
        throw new Error(`${updated} users updated and ${disabled} disabled`);
    });
  };
  return { run, close: bench.close };
}

export async function measureIncremental({ rounds, quick }) {
  const [few, many] = quick ? [1000, 2000] : [10_000, 500_000];
  const server = await startNullServer();
  const small = await changingEngine(server.origin, few);
  const large = await changingEngine(server.origin, many);
  // The first cycles compile: they are no measurement.
  await interleave({ small: small.run, large: large.run }, quick ? 1 : 5);
  const results = await interleave({ small: small.run, large: large.run }, rounds * 3);
  await small.close();
  await large.close();
  server.close();
  const milliseconds = (measurements) => round(median(measurements.map(({ wall }) => wall)), 1);
  return [
    figure(`${CHANGES} changes, ${many} / ${few} objects linked`, round(medianRatio(results.large, results.small)), {
      atMost: 1.3,
    }),
    figure(`${CHANGES} changes, ${few} objects linked, ms`, milliseconds(results.small)),
    figure(`${CHANGES} changes, ${many} objects linked, ms`, milliseconds(results.large)),
  ];
}
