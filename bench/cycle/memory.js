/** (d) Resident memory of a process that runs an initial cycle of half a million users. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { figure, round } from '../measure.js';
import { openBenchEngine } from './bench-engine.js';
import { generatedDirectory } from './generated-directory.js';
import { startNullServer } from './null-server.js';

const MEBIBYTE = 1024 * 1024;

export async function measureMemory({ quick }) {
  const users = quick ? 500 : 500_000;
  const server = await startNullServer();
  const child = fork(fileURLToPath(import.meta.url), [server.origin, String(users)]);
  const { kilobytes, seconds } = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the measured process ended with ${code}`)));
  });
  server.close();
  return [
    figure(`initial cycle of ${users} users, resident memory at most, MB`, round((kilobytes * 1024) / MEBIBYTE, 0), {
      atMost: 300,
    }),
    figure(`initial cycle of ${users} users, seconds`, round(seconds, 1)),
  ];
}

async function runCycle(origin, users) {
  const bench = await openBenchEngine({ origin, directory: generatedDirectory({ users }) });
  const began = performance.now();
  await bench.sync();
  const seconds = (performance.now() - began) / 1000;
  await bench.close();
  process.send({ kilobytes: process.resourceUsage().maxRSS, seconds });
  process.disconnect();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCycle(process.argv[2], Number(process.argv[3]));
