/** `npm run chaos`: the convergence test with ten thousand sequences, or as many as the first argument says. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const sequences = process.argv[2] ?? '10000';
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'e2e', 'test/e2e/convergence.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, SCIMULATE_SEQUENCES: sequences },
});
process.exitCode = status ?? 1;
