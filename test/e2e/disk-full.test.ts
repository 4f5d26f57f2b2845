/** The state file meets a real limit of the operating system, or may not be written, or was damaged: nothing more is sent, nothing starts over. */
import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

const MAIN = fileURLToPath(new URL('../../dist/engine/cli/main.js', import.meta.url));
const USERS = 250;
const KILOBYTES = 900;
const NOBODY = 65_534;

let world: World;
afterEach(() => world.close());

type Ended = { readonly code: number; readonly err: string };

/** `scimulate …args` in a shell that first sets a limit. */
function run(limit: string, as: { readonly uid?: number }, ...args: readonly string[]): Promise<Ended> {
  const command = `${limit} exec "$0" "$@"`;
  const env = { ...process.env, NO_COLOR: '1', SCIM_TOKEN: 'test-token' };
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['-c', command, process.execPath, MAIN, ...args],
      { cwd: world.folder, env, ...as },
      (error, _out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, err });
      },
    );
  });
}

const created = () => world.app.state.users().length;
const posts = () => world.app.requests.filter(({ method }) => method === 'POST').length;

async function open(): Promise<void> {
  const users = Array.from({ length: USERS }, (_, index) => aUser(`u${String(index).padStart(3, '0')}`));
  world = await openWorld({ directory: everyone(users) });
  await world.save();
}

test.skipIf(process.platform === 'win32')('a full disk stops the cycle; with room again it goes on', async () => {
  await open();
  const full = await run(`ulimit -f ${KILOBYTES};`, {}, 'sync');
  expect(full.code).toBe(4);
  expect(full.err).toContain('the state cannot be written');
  expect(full.err).toContain('free disk space');
  const before = created();
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(USERS);
  expect((await run('', {}, 'sync')).code).toBe(0);
  expect(created()).toBe(USERS);
  expect(posts()).toBe(USERS);
});

test.skipIf(process.platform === 'win32')('a read-only state file sends nothing', async () => {
  await open();
  const state = join(world.folder, 'state.db');
  await world.engine().close();
  await chmod(state, 0o444);
  await chmod(world.folder, 0o555);
  // Whoever runs as root may write everywhere: the command runs as nobody then.
  const { code, err } = await run('', { ...(process.getuid?.() === 0 ? { uid: NOBODY } : {}) }, 'sync');
  await chmod(world.folder, 0o755);
  expect(code).not.toBe(0);
  expect(err).toMatch(/state.*(cannot be (written|opened)|readonly)/s);
  expect(world.app.requests).toEqual([]);
});

test('a state file that became something else is reported and kept as it is', async () => {
  await open();
  await world.engine().close();
  await writeFile(join(world.folder, 'state.db'), 'no database '.repeat(1000));
  const { code, err } = await run('', {}, 'sync');
  expect(code).toBe(2);
  expect(err).toContain('cannot be opened: file is not a database');
  expect(await readFile(join(world.folder, 'state.db'), 'utf8')).toContain('no database');
  expect(world.app.requests).toEqual([]);
});
