import { expect, test } from 'vitest';
import { diagnosticsJson } from '../../../engine/cli/views/diagnostics-json.ts';

test('a line that nobody could read is left out, its place is not', () => {
  const at = { file: '/d/d.json', line: 1, column: 5000, length: 4 };
  const finding = { severity: 'warning', code: 'unknown-reference', summary: 'Nobody.', at } as const;
  const short = { ...finding, sourceLine: 'users: [ana]' };
  expect(diagnosticsJson([short, { ...finding, sourceLine: 'x'.repeat(5003) }])).toEqual([short, finding]);
});
