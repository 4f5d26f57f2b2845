/** docs/systems.md tried as written: each block of three commands in an empty folder, as a newcomer would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';

const MAIN = fileURLToPath(new URL('../../dist/engine/cli/main.js', import.meta.url));
const page = await readFile('docs/systems.md', 'utf8');
const blocks = [...page.matchAll(/```bash\n([^`]+)```/g)].map(([, text = '']) => text.trim().split('\n'));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-newcomer-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('there is a block for each of the six profiles and for a custom application', () => {
  expect(blocks).toHaveLength(7);
});

describe.each(blocks)('%s', (init, target, sync) => {
  test('ends with people created', async () => {
    const written = await runCli(argumentsOf(init), { cwd: folder });
    expect(written.code, written.stderr).toBe(0);
    // The page's port may be taken on this machine: the application takes a free one, and the configuration follows it.
    const app = await serve(argumentsOf(target).map((word) => (word === '8801' ? '0' : word)));
    try {
      const config = join(folder, argumentsOf(sync).at(-1) ?? '');
      await writeFile(config, (await readFile(config, 'utf8')).replaceAll(':8801', `:${app.port}`));
      const synced = await runCli(argumentsOf(sync), { cwd: folder });
      expect(synced.stdout, synced.stderr).toMatch(/created [34] /);
      expect(synced.code).toBe(0);
    } finally {
      app.child.kill();
    }
  });
});

/** The words after `scimulate`, without the `&` of a shell. */
function argumentsOf(command = ''): readonly string[] {
  const [program, ...words] = command.split(/\s+/).filter((word) => word !== '&');
  expect(program).toBe('scimulate');
  return words;
}

function serve(words: readonly string[]): Promise<{ readonly child: ChildProcess; readonly port: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(out)?.[1];
      if (port !== undefined) resolve({ child, port });
    });
    child.on('exit', () => reject(new Error(`the application ended: ${out}`)));
  });
}
