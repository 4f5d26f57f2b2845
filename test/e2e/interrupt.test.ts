/** Ctrl-C and a reader that goes away: nothing done is forgotten, and the process says what it did (style.md 13). */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

const MAIN = fileURLToPath(new URL('../../dist/engine/cli/main.js', import.meta.url));
let world: World;

beforeEach(async () => {
  world = await openWorld({ directory: everyone(Array.from({ length: 40 }, (_, index) => aUser(`u${index}`))) });
  await world.engine().close();
});
afterEach(() => world.close());

/** `sync` as a process, sent `signals` one after the other once a create was answered and others are on their way. */
async function interrupted(signals: readonly NodeJS.Signals[]) {
  world.inject({ match: { method: 'POST' }, times: 'always', fault: { kind: 'latency', ms: 250 } });
  let child: ChildProcess | undefined;
  const left = [...signals];
  const timer = setInterval(() => {
    if (!world.app.requests.some(({ method }) => method === 'POST')) return;
    const next = left.shift();
    if (next !== undefined) child?.kill(next);
  }, 5);
  const result = await runCli(['sync', '-c', world.configPath], {
    onStart: (started) => {
      child = started;
    },
  });
  clearInterval(timer);
  return result;
}

test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM'])(
  '%s lets the requests in flight finish and remembers them',
  async (signal) => {
    const { code, stderr } = await interrupted([signal]);
    expect(code).toBe(130);
    expect(stderr).toContain('stopping after the requests in flight; Ctrl-C again leaves at once');
    expect(stderr).toContain('stopped; what was done is kept');
    await world.reopen();
    const accounts = world.app.state.users().length;
    expect(accounts).toBeGreaterThan(1);
    expect(accounts).toBeLessThan(40);
    expect((await world.engine().status('app')).links.User).toBe(accounts);
  },
);

test('a second Ctrl-C leaves at once, and the next cycle mends what was left open', async () => {
  const { code } = await interrupted(['SIGINT', 'SIGINT']);
  expect(code).toBe(130);
  expect((await runCli(['sync', '-c', world.configPath])).code).toBe(0);
  expect(world.app.state.users()).toHaveLength(40);
  await world.reopen();
  expect((await world.engine().status('app')).links.User).toBe(40);
});

/** What the process says and how it ends when its reader closes the pipe before the first line. */
function withClosedPipe(args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { ...process.env, SCIM_TOKEN: 'test-token' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stderr }));
  });
}

test('with nobody to read errors, the exit code still tells', async () => {
  const child = spawn(process.execPath, [MAIN, 'validate', '-c', 'none.yaml'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  child.stderr.destroy();
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(2);
});

test('a closed pipe does not cut a cycle, and ends what only shows', async () => {
  expect(await withClosedPipe(['sync', '-c', world.configPath])).toEqual({ code: 0, stderr: '' });
  expect(world.app.state.users()).toHaveLength(40);
  for (const args of [['functions'], ['logs', '-c', world.configPath], ['logs', '--follow', '-c', world.configPath]])
    expect(await withClosedPipe(args)).toEqual({ code: 0, stderr: '' });
});
