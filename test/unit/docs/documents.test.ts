/** What the documents name exists: files, tests, links, scripts, commands. */
import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runAs } from '../../support/cli.ts';

const read = (file: string) => readFileSync(file, 'utf8');

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'mappings/README.md',
  ...(await readdir('docs', { recursive: true })).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
].map((name) => name.replaceAll('\\', '/'));

/** Rows of the tables of docs/fidelity.md that name code and test. */
const ROWS = read('docs/fidelity.md')
  .split('\n')
  .filter((_line, index, lines) => lines[index + 1]?.startsWith('|---') !== true) // heads of tables
  .filter((line) => line.startsWith('| ') && line.split(' | ').length === 5)
  .map((line) => line.replace(/^\| | \|$/g, '').split(' | '));

/** Names in backticks that are paths: `3c` stands for the event table. */
function named(cell: string | undefined): readonly string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => (name === '3c' ? 'cycle/event-table' : name));
}

describe('docs/fidelity.md', () => {
  test('has its rows', () => {
    expect(ROWS.length).toBeGreaterThan(60);
  });

  test('names code that exists', () => {
    const missing = ROWS.flatMap(([statement, , , code]) =>
      named(code)
        .filter(
          (name) => !['engine', 'fixtures', 'fixtures/targets', '.'].some((folder) => existsSync(join(folder, name))),
        )
        .map((name) => `${statement}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test('names tests that exist, one at least in each row', () => {
    const missing = ROWS.flatMap(([statement, , , , cell]) => {
      const tests = named(cell);
      if (tests.length === 0) return [`${statement}: none`];
      const exists = (name: string) =>
        [`test/${name}.test.ts`, `test/${name}`, `fixtures/${name}`, `test/unit/targets/${name}.test.ts`].some((path) =>
          existsSync(path),
        );
      return tests.filter((name) => !exists(name)).map((name) => `${statement}: ${name}`);
    });
    expect(missing).toEqual([]);
  });
});

test.each(DOCUMENTS)('the links of %s lead somewhere', (file) => {
  const links = [...read(file).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !/^https?:/.test(link) && !existsSync(join(dirname(file), link)))).toEqual([]);
});

test.each(DOCUMENTS)('the scripts that %s names exist', (file) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const used = [...read(file).matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
  expect(used.filter((name) => scripts[name] === undefined)).toEqual([]);
});

describe('README.md', () => {
  const readme = read('README.md');

  test('lists every command, and no other', async () => {
    const { out } = await runAs(['--help']);
    const commands = [...out.slice(out.indexOf('Commands:')).matchAll(/^ {2}(\w+)/gm)].map(([, name = '']) => name);
    const table = readme.slice(readme.indexOf('## Commands'), readme.indexOf('| exit code'));
    const listed = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)/g)].map(([, name = '']) => name),
    );
    expect([...new Set(listed)].sort()).toEqual(commands.filter((name) => name !== 'help').sort());
  });

  test('says who it is independent of, and lists every exit code', () => {
    for (const name of ['Microsoft', 'Meta', 'Okta', 'independent']) expect(readme).toContain(name);
    const codes = [...read('engine/cli/exit-codes.ts').matchAll(/: (\d+),/g)].map(([, code]) => code);
    for (const code of codes) expect(readme).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
  });
});

test('docs/life-of-a-cycle.md names functions that exist', async () => {
  const files = (await readdir('engine', { recursive: true })).filter((name) => name.endsWith('.ts'));
  const code = files.map((name) => read(join('engine', name))).join('\n');
  const names = [...read('docs/life-of-a-cycle.md').matchAll(/`(?:[A-Z]\w+\.)?([a-z]\w+)`/g)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'accountEnabled'); // an attribute
  expect(names.length).toBeGreaterThan(15);
  const isDeclared = (name: string) =>
    new RegExp(`(function\\*?|const|async) ${name}\\b|\\b${name}\\(.*\\):`).test(code);
  expect(names.filter((name) => !isDeclared(name))).toEqual([]);
});

test('docs/architecture.md names every folder of engine/', async () => {
  const text = read('docs/architecture.md');
  const entries = await readdir('engine', { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(folders.filter((name) => !text.includes(`\`${name}`))).toEqual([]);
});

test('docs/adr/0006-libraries.md has a line for every dependency', () => {
  const text = read('docs/adr/0006-libraries.md');
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
  expect(Object.keys(dependencies).filter((name) => !text.includes(name))).toEqual([]);
});

test('docs/quirks.md names every option of the wire, and every client', () => {
  const page = read('docs/quirks.md');
  // The table of scim-wire.md 13; requestTimeoutMs is called timeoutMs here.
  const options =
    `patchMode managerRemoval memberRefNull memberBatchSize legacyGroupSchema postBooleanStrings flowNullValues
    referenceProbe relinkOnConflict onMissingLink throttleMode timeoutMs userAgent allowInsecureHttp maxRequestsPerSecond
    concurrency`.split(/\s+/);
  const clients = ['entra', 'entra-flag', 'entra-2018', 'scim11', 'okta-aiw', 'okta-oin'];
  const rows: readonly string[] = page.match(/^\| `[\w-]+` \|/gm) ?? [];
  expect([...options, ...clients].filter((name) => !rows.includes(`| \`${name}\` |`))).toEqual([]);
});
