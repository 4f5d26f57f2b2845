/** The package as npm makes it, unpacked elsewhere: everything the commands need is in it. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
let folder: string;
let installed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
  const shell = process.platform === 'win32';
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { shell });
  const [{ filename = '' } = {}] = JSON.parse(stdout) as { filename?: string }[];
  await run('tar', ['-xzf', join(folder, filename), '-C', folder]);
  installed = join(folder, 'node_modules', 'scimulate');
  await mkdir(join(folder, 'node_modules'));
  await symlink(join(folder, 'package'), installed, 'junction');
  await symlink(resolve('node_modules'), join(folder, 'package', 'node_modules'), 'junction');
});
afterAll(() => rm(folder, { recursive: true }));

const scimulate = (...args: string[]) => {
  const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { bin: { scimulate: string } };
  return run(process.execPath, [join(installed, bin.scimulate), ...args], {
    cwd: folder,
    env: { ...process.env, SCIM_TOKEN: 'test-token' },
  });
};

test('what editors and readers look for', () => {
  for (const name of ['config', 'mapping', 'directory', 'scenario'])
    expect(existsSync(join(installed, `engine/config/${name}.schema.json`))).toBe(true);
  for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md', 'config.example.yaml', 'docs/fidelity.md'])
    expect(existsSync(join(installed, name))).toBe(true);
  for (const name of ['test', '.ci', 'engine/cli', 'bench']) expect(existsSync(join(installed, name))).toBe(false);
});

test('the demo, the example configuration, a new one and a scenario run from it', async () => {
  expect((await scimulate('demo')).stdout).toContain('6 · The incremental cycle');
  expect((await scimulate('validate', '-c', join(installed, 'config.example.yaml'))).stdout).toBe(
    '0 errors, 0 warnings\n',
  );
  await scimulate('init', 'mine');
  expect((await scimulate('validate', '-c', 'mine/config.yaml')).stdout).toContain('0 errors');
  const scenario = join(installed, 'fixtures/scenarios/onboarding.yaml');
  expect((await scimulate('simulate', scenario)).stdout).toContain('all passed');
});

test('the library answers by its name', async () => {
  const script =
    "import('scimulate').then((m) => console.log(m.evaluateExpression('ToUpper([a])', { a: 'x' }), Object.keys(m).length > 5))";
  const { stdout } = await run(process.execPath, ['-e', script], { cwd: folder });
  expect(stdout.trim()).toBe('X true');
});

test('a TypeScript program that knows no types of Node compiles against it', async () => {
  await writeFile(
    join(folder, 'program.mts'),
    `import { evaluateExpression, isInScope, openEngine, planPatch } from 'scimulate';
import { createTenant, type Tenant } from 'scimulate/testing';
export const all: unknown[] = [evaluateExpression('[a]', { a: 'x' }), isInScope, openEngine, planPatch];
export const tenant: Promise<Tenant> = createTenant({ url: 'http://127.0.0.1/scim' });
`,
  );
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023,dom'];
  const compiler = resolve('node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [compiler, ...options, '--types', '', 'program.mts'], { cwd: folder });
  expect(stdout).toBe('');
});
