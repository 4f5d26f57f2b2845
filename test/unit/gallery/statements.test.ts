/** No statement of the five documents is without a test, or a reason why it needs none (docs/fidelity-systems.md). */
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { evidence, page, scenarioIds, statements, WITHOUT_ENGINE_MEANING } from './evidence.ts';

const PAGE = 'docs/fidelity-systems.md';
const shown = evidence();
if (process.env.UPDATE_FIDELITY === '1') await writeFile(PAGE, page(shown));

describe('every statement', () => {
  test.each(statements().map(({ id }) => id))('%s has its place', (id) => {
    if (WITHOUT_ENGINE_MEANING[id] === undefined) expect(shown.get(id) ?? []).not.toEqual([]);
  });

  test.each(scenarioIds())('%s has its file', (id) => {
    expect(shown.get(id) ?? []).not.toEqual([]);
  });

  test('the page says where', async () => {
    expect(await readFile(PAGE, 'utf8'), 'run: npm run fidelity').toBe(page(shown));
  });

  test('what has a test is not said to have no meaning', () => {
    expect(Object.keys(WITHOUT_ENGINE_MEANING).filter((id) => shown.has(id))).toEqual([]);
  });
});
