/**
 * The daemon as processes: two on one state run every cycle once, a killed leader is replaced, a stop is clean,
 * a changed file takes effect, a broken one does not (issue: the whole cycle in time).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { type ServedApp, serveApp } from '../../fixtures/targets/serve-app.ts';
import type { TargetApp } from '../../fixtures/targets/target-app.ts';
import { runCli } from '../support/cli.ts';
import { aUser, everyone } from '../support/world.ts';

const MAIN = fileURLToPath(new URL('../../dist/engine/cli/main.js', import.meta.url));
const INTERVAL_S = 2;

let folder: string;
let app: TargetApp;
let server: ServedApp;
let daemons: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
  app = createScimApp({ token: 'test-token' });
  server = await serveApp(app);
  await writeFile(join(folder, 'directory.json'), JSON.stringify(everyone([aUser('u1'), aUser('u2')])));
  await configure(INTERVAL_S);
});

afterEach(async () => {
  for (const daemon of daemons) daemon.kill('SIGKILL');
  daemons = [];
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function configure(intervalS: number): Promise<void> {
  const configuration = {
    tenantId: '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b',
    store: './state.db',
    directory: { type: 'file', path: './directory.json' },
    daemon: { listen: 'off', lease: 'PT3S' },
    jobs: [
      {
        name: 'app',
        mappings: resolve('mappings/scim.yaml'),
        schedule: { interval: `PT${intervalS}S` },
        target: { url: `${server.url}/scim`, auth: { type: 'bearer', token: '${env:SCIM_TOKEN}' } },
      },
    ],
  };
  await writeFile(join(folder, 'config.yaml'), JSON.stringify(configuration));
}

type Line = { readonly msg: string; readonly kind?: string; readonly level: number; readonly findings?: string };
type Daemon = {
  readonly child: ChildProcess;
  readonly lines: () => readonly Line[];
  readonly ended: Promise<number | null>;
};

function startDaemon(): Daemon {
  const child = spawn(process.execPath, [MAIN, 'daemon', '--log-format', 'json'], {
    cwd: folder,
    env: { ...process.env, SCIM_TOKEN: 'test-token' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  daemons.push(child);
  let out = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  const ended = new Promise<number | null>((done) => child.on('close', (code) => done(code)));
  const lines = () =>
    out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
  return { child, lines, ended };
}

const cyclesOf = (daemon: Daemon) => daemon.lines().filter(({ msg }) => msg === 'cycle finished').length;

/** Polls until `condition` holds; the daemon's ticks are real seconds. */
async function until(condition: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await new Promise((next) => setTimeout(next, 50));
  }
}

async function startsOfCycles(): Promise<readonly number[]> {
  const { openStore } = await import('../../engine/store/index.ts');
  const store = await openStore(join(folder, 'state.db'));
  const [job] = await store.jobs();
  const cycles = job === undefined ? [] : await store.cycles(job.jobId, 1000);
  await store.close();
  return cycles.map(({ startedAt }) => Date.parse(startedAt)).sort((a, b) => a - b);
}

test('two daemons on one state run every cycle once; when one is killed the other goes on', async () => {
  const first = startDaemon();
  const second = startDaemon();
  await until(() => cyclesOf(first) + cyclesOf(second) >= 5);
  first.child.kill('SIGKILL');
  await first.ended;
  const before = cyclesOf(second);
  await until(() => cyclesOf(second) >= before + 2, 10_000);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  const starts = await startsOfCycles();
  const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
  // A cycle that a kill cut is replayed at once; every other gap is at least the interval.
  expect(gaps.filter((gap) => gap < INTERVAL_S * 1000 - 50).length).toBeLessThanOrEqual(1);
  expect(app.state.users()).toHaveLength(2);
  expect(app.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
});

test('a changed interval is taken over, a broken file is reported and ignored', async () => {
  await configure(3600);
  const daemon = startDaemon();
  await until(() => cyclesOf(daemon) === 1);
  const good = await readFile(join(folder, 'config.yaml'), 'utf8');
  await writeFile(join(folder, 'config.yaml'), '{ jobs: [');
  await until(() => daemon.lines().some(({ msg }) => msg === 'configuration not taken over'));
  expect(daemon.lines().find(({ findings }) => findings !== undefined)?.findings).toContain('config.yaml:1');
  await writeFile(join(folder, 'config.yaml'), good.replace('PT3600S', 'PT1S'));
  await until(() => cyclesOf(daemon) >= 3);
  daemon.child.kill('SIGINT');
  expect(await daemon.ended).toBe(0);
});

test('a failing cycle does not end it, and one-shot commands work beside it', async () => {
  await writeFile(join(folder, 'directory.json'), '{ broken');
  const daemon = startDaemon();
  await until(() => daemon.lines().some(({ msg }) => msg === 'cycle failed'));
  await writeFile(join(folder, 'directory.json'), JSON.stringify(everyone([aUser('u1')])));
  await until(() => cyclesOf(daemon) >= 1);
  const paused = await runCli(['pause'], { cwd: folder });
  expect(paused.code).toBe(0);
  const status = await runCli(['status', '--json'], { cwd: folder });
  const { jobs } = JSON.parse(status.stdout) as { jobs: { record: { scheduleState: string } }[] };
  expect(jobs[0]?.record.scheduleState).toBe('Paused');
  daemon.child.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
});
