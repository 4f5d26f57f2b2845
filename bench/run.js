/**
 * `npm run bench`: every figure of docs/performance.md, each a ratio of two things measured in turn in one run.
 * `npm run bench -- --only initial,memory` measures some; `--quick` proves in seconds that everything runs, its figures
 * mean nothing; `--json FILE` writes the figures to a file.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureGroup } from './cycle/group.js';
import { measureIncremental } from './cycle/incremental.js';
import { measureAdapters, measureInitial, measureLatency } from './cycle/initial.js';
import { measureMemory } from './cycle/memory.js';
import { reaches, table } from './measure.js';

const MEASUREMENTS = {
  initial: measureInitial,
  latency: measureLatency,
  adapters: measureAdapters,
  incremental: measureIncremental,
  group: measureGroup,
  memory: measureMemory,
};

const { values } = parseArgs({
  options: { only: { type: 'string' }, quick: { type: 'boolean', default: false }, json: { type: 'string' } },
});
const names = values.only?.split(',') ?? [...Object.keys(MEASUREMENTS), 'expressions'];
const unknown = names.filter((name) => name !== 'expressions' && !Object.hasOwn(MEASUREMENTS, name));
if (unknown.length > 0) {
  console.error(
    `no measurement is called ${unknown.join(', ')}; there are ${Object.keys(MEASUREMENTS).join(', ')}, expressions`,
  );
  process.exit(2);
}

const options = { quick: values.quick, rounds: values.quick ? 1 : 5 };
const measured = {};
for (const name of names.filter((one) => one !== 'expressions')) {
  console.error(`measuring ${name} …`);
  measured[name] = await MEASUREMENTS[name](options);
}
const figures = Object.values(measured).flat();
const [processor] = cpus();
const machine = `${cpus().length} × ${processor?.model.trim() ?? 'processor'}, Node ${process.version}`;
if (figures.length > 0) console.log(`${machine}\n\n${table(figures)}`);
if (values.json !== undefined) {
  const named = figures.map((one) => ({ ...one, ...(reaches(one) === undefined ? {} : { met: reaches(one) }) }));
  writeFileSync(
    values.json,
    `${JSON.stringify({ formatVersion: 1, machine, quick: values.quick, figures: named }, null, 2)}\n`,
  );
}
if (!values.quick && figures.some((one) => reaches(one) === false)) process.exitCode = 1;
if (names.includes('expressions')) {
  const program = fileURLToPath(new URL('./expressions.js', import.meta.url));
  const { status } = spawnSync(process.execPath, [program, ...(values.quick ? ['0.01'] : [])], { stdio: 'inherit' });
  if (!values.quick && status !== 0) process.exitCode = status ?? 1;
}
