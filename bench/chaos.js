/**
 * `npm run chaos [sequences] [seed]`: the convergence test and that of changing settings with ten thousand sequences each, or as
 * many as the first argument says, and daemons and commands side by side on one state for a minute.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [, , sequences = '10000', seed = '20260101'] = process.argv;
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const tests = ['convergence', 'changing-settings', 'daemon', 'side-by-side'];
const files = tests.map((name) => `test/e2e/${name}.test.ts`);
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'e2e', ...files], {
  stdio: 'inherit',
  env: {
    ...process.env,
    SCIMULATE_SEQUENCES: sequences,
    SCIMULATE_SEED: seed,
    SCIMULATE_DAEMON_SECONDS: '60',
    SCIMULATE_SIDE_BY_SIDE_SECONDS: '60',
  },
});
process.exitCode = status ?? 1;
