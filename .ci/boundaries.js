/**
 * `npm run boundaries`: the rules of .dependency-cruiser.js over every source file, and proof that every file was seen.
 * Without a compiler it can use, dependency-cruiser finds no module and reports success; this reports failure then.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import config from '../.dependency-cruiser.js';

const FOLDERS = ['engine', 'fixtures'];
const TOOL = 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs';

const run = spawnSync(
  process.execPath,
  [TOOL, '--config', '.dependency-cruiser.js', ...FOLDERS, '--output-type', 'json'],
  {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  },
);
if (run.status !== 0) {
  console.error(run.stderr);
  process.exit(1);
}
const { modules, summary } = JSON.parse(run.stdout);
const seen = new Set(modules.map(({ source }) => source));
const missed = FOLDERS.flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => `${folder}/${name}`))
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts') && !seen.has(name));
for (const { rule, from, to } of summary.violations) console.error(`${rule.severity} ${rule.name}: ${from} → ${to}`);
for (const name of missed.slice(0, 10)) console.error(`error not-seen: ${name} was not looked at`);
// A rule about a file that was renamed holds for nothing, and is never broken.
const idle = config.forbidden.filter(({ from }) => ![...seen].some((name) => new RegExp(from.path ?? '').test(name)));
for (const { name } of idle) console.error(`error idle-rule: ${name} is about no file`);
console.log(`${seen.size} modules, ${summary.violations.length} violations, ${missed.length} files not seen`);
process.exitCode = summary.error > 0 || missed.length > 0 || idle.length > 0 ? 1 : 0;
