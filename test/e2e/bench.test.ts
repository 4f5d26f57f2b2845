/** The bench still runs: every measurement in its quick form, whose times mean nothing and are not looked at. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../bench/run.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'scimulate-bench-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Figure = { readonly what: string; readonly value: number; readonly atMost?: number; readonly atLeast?: number };

it('every measurement of docs/performance.md produces its figures', () => {
  const file = join(folder, 'figures.json');
  const run = spawnSync(process.execPath, [program, '--quick', '--json', file], { encoding: 'utf8' });
  expect(run.stderr.replace(/^measuring .*\n/gm, '')).toBe('');
  expect(run.status).toBe(0);
  const { formatVersion, figures } = JSON.parse(readFileSync(file, 'utf8')) as {
    formatVersion: number;
    figures: readonly Figure[];
  };
  expect(formatVersion).toBe(1);
  const measured = new Map(figures.map((figure) => [figure.what.replace(/\d+(?= |$)/g, 'n'), figure.value]));
  for (const what of [
    'initial cycle / bare keep-alive client',
    'store overhead, %',
    'initial cycle at n ms latency / bare keep-alive client',
    'initial cycle, undici adapter / http adapter',
    'n changes, n / n objects linked',
    'initial cycle of n users, resident memory at most, MB',
  ]) {
    expect(measured.get(what), what).toSatisfy(Number.isFinite);
  }
  expect(figures.find(({ what }) => what.startsWith('one member more') && what.endsWith('requests'))?.value).toBe(2);
  for (const { what } of figures) expect(run.stdout).toContain(what);
});

it('a measurement that does not exist is refused with those that do', () => {
  const run = spawnSync(process.execPath, [program, '--only', 'initail'], { encoding: 'utf8' });
  expect(run.status).toBe(2);
  expect(run.stderr).toContain('no measurement is called initail; there are initial, latency');
});
