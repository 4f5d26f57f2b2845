/**
 * `npm run chaos [sequences]`: the convergence test with ten thousand sequences, or as many as the first argument says, and
 * daemons and commands side by side on one state for a minute.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const sequences = process.argv[2] ?? '10000';
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const files = ['test/e2e/convergence.test.ts', 'test/e2e/daemon.test.ts', 'test/e2e/side-by-side.test.ts'];
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'e2e', ...files], {
  stdio: 'inherit',
  env: {
    ...process.env,
    SCIMULATE_SEQUENCES: sequences,
    SCIMULATE_DAEMON_SECONDS: '60',
    SCIMULATE_SIDE_BY_SIDE_SECONDS: '60',
  },
});
process.exitCode = status ?? 1;
