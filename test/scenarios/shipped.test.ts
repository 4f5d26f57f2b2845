/** Every shipped scenario passes, and ships with what it teaches. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../engine/config/load-scenario.ts';
import { runScenario } from '../../engine/simulate/run-scenario.ts';

const FOLDER = 'fixtures/scenarios';
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(isScenario);

/** Files of the folder mappings are what scenarios read, not scenarios. */
function isScenario(name: string): boolean {
  return name.endsWith('.yaml') && !name.startsWith('mappings');
}

test('there are at least twelve', () => {
  expect(files.length).toBeGreaterThanOrEqual(12);
});

test('the page lists each of the general ones with what it teaches', async () => {
  const page = readFileSync(join(FOLDER, 'README.md'), 'utf8');
  for (const file of files.filter((name) => !/[\\/]/.test(name))) {
    const { scenario } = await loadScenario(join(FOLDER, file));
    expect(page).toContain(`| \`${file}\` | ${scenario?.teaches} |`);
  }
});

describe.each(files)('%s', (file) => {
  test('passes', async () => {
    const { scenario, diagnostics } = await loadScenario(join(FOLDER, file));
    expect(diagnostics).toEqual([]);
    if (scenario === undefined) return;
    expect(scenario.teaches.length).toBeGreaterThan(40);
    const report = await runScenario(scenario);
    expect(report.steps.flatMap(({ step, failures }) => failures.map((failure) => `${step.at}: ${failure}`))).toEqual(
      [],
    );
    expect(report.passed).toBe(true);
  });
});
