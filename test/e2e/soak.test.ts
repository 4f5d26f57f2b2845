/** The daemon's loop for weeks of virtual time: heap, handles, state file, log and metrics do not grow. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('nothing grows over 700 cycles; old log records are removed', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', 'bench/soak.js', '700']);
  expect(stdout).toContain('nothing grows');
  expect(stdout).toMatch(/[1-9]\d* log records removed after 3 days/);
});
