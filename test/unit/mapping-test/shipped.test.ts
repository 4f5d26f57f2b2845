/** Every shipped mapping test passes and reaches every branch and clause of its mapping. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openMappingTest } from '../../../engine/compose.ts';
import { runMappingTest } from '../../../engine/mapping-test/run-mapping-test.ts';

const files = readdirSync('mappings').filter((name) => name.endsWith('.test.yaml'));

test('every mapping file has one', () => {
  const mappings = readdirSync('mappings').filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'));
  expect(files).toEqual(mappings.map((name) => name.replace('.yaml', '.test.yaml')).sort());
});

describe.each(files)('%s', (name) => {
  const path = join('mappings', name);

  test('passes and covers its mapping', async () => {
    const { test: loaded, diagnostics } = await openMappingTest(path);
    expect(diagnostics).toEqual([]);
    if (loaded === undefined) return;
    const { results, coverage } = runMappingTest(loaded);
    expect(results.flatMap(({ case: one, differences }) => differences.map((all) => [one.name, all]))).toEqual([]);
    expect(coverage.missing.map(({ at, what }) => `${at.line}:${at.column} ${what}`)).toEqual([]);
  });

  test('tells editors its schema', () => {
    const [first] = readFileSync(path, 'utf8').split('\n');
    expect(first).toBe('# yaml-language-server: $schema=../engine/config/mapping-test.schema.json');
  });
});
