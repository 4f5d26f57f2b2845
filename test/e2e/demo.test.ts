/** The demo as a newcomer runs it: as the README shows it, and what it recommends works. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Arguments of a command line as a shell reads it; only single quotes occur. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

test('in six acts, and it leaves a state to ask about', async () => {
  const { code, stdout, stderr } = await runCli(['demo'], { cwd: folder });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout.match(/^── \d/gm)).toHaveLength(6);
  for (const what of [
    'created 28',
    "siobhan.o'neil@contoso.com",
    '… and 28 more objects',
    '~ disable',
    '- delete',
    '✗ raj.patel@contoso.com',
  ])
    expect(stdout).toContain(what);

  const [, excerpt = ''] = readFileSync('README.md', 'utf8').split('```text\n');
  const timeless = (text: string) => text.replace(/since \d\d:\d\d:\d\d/, 'since');
  const shown = timeless(excerpt.split('```')[0] ?? '').split('\n');
  expect(shown.length).toBeGreaterThan(15);
  expect(shown.filter((line) => !timeless(stdout.slice(stdout.indexOf('── 5'))).includes(line))).toEqual([]);

  const next = stdout.slice(stdout.indexOf('Where to go next')).match(/^ {2}scimulate (.*)$/gm) ?? [];
  expect(next.length).toBeGreaterThanOrEqual(3);
  for (const line of next) {
    const result = await runCli(words(line.trim()).slice(1), { cwd: folder });
    expect({ line, code: result.code, stderr: result.stderr }).toEqual({ line, code: 0, stderr: '' });
    expect(result.stdout.length).toBeGreaterThan(20);
  }
  const again = await runCli(['demo'], { cwd: folder });
  expect(again.code).toBe(0);
});
