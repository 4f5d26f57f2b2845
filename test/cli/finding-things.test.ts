/** Asking for what is not there: the nearest name, or what there is instead. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runAs } from '../support/cli.ts';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld({
    directory: everyone([
      aUser('u1', { userPrincipalName: 'ana.sousa@contoso.com', mail: 'a.sousa@contoso.com' }),
      aUser('u2', { displayName: 'Twin' }),
      aUser('u3', { displayName: 'Twin' }),
    ]),
  });
});
afterEach(() => world.close());

const run = (...args: string[]) => runAs([...args, '-c', world.configPath]);

describe.each([
  ['preview', ['preview', '--offline', '--object']],
  ['why', ['why', '--offline']],
  ['provision', ['provision']],
  ['explain', ['explain', '[mail]', '--object']],
  ['logs', ['logs', '--object']],
])('%s', (_name, args) => {
  test('names the nearest object', async () => {
    const { code, err } = await run(...args, 'ana.sosa@contoso.com');
    expect(code).toBe(2);
    expect(err).toBe(
      'error  there is no "ana.sosa@contoso.com" in the directory\n       did you mean "ana.sousa@contoso.com"?\n',
    );
  });

  test('says what a reference may be when nothing is near', async () => {
    const { code, err } = await run(...args, 'zzzzzzzz');
    expect(code).toBe(2);
    expect(err).toContain('give an object id, userPrincipalName, mail or display name');
  });
});

test('a name of two objects is answered with their ids', async () => {
  const { code, err } = await run('why', 'Twin', '--offline');
  expect(code).toBe(2);
  expect(err).toContain('"Twin" fits 2 objects: u2, u3');
});

describe('logs', () => {
  test('before the first cycle', async () => {
    expect((await run('logs')).out).toBe('no records; run a cycle first: scimulate sync\n');
  });

  test('finds an object by its mail, which no record carries', async () => {
    await world.cycle();
    const { out } = await run('logs', '--object', 'a.sousa@contoso.com', '--json');
    const { records } = JSON.parse(out) as { records: { sourceIdentity: { id: string } }[] };
    expect(records.map(({ sourceIdentity }) => sourceIdentity.id)).toEqual(['u1']);
  });

  test('names the last cycle when none fits', async () => {
    const { cycle } = await world.cycle();
    const { code, out } = await run('logs', '--cycle', 'nope');
    expect(code).toBe(0);
    expect(out).toBe(`no record fits; the last cycle of app is ${cycle.cycleId} (initial)\n`);
  });
});

describe('the configuration file', () => {
  test('a folder', async () => {
    await rm(world.configPath);
    await mkdir(world.configPath);
    const { code, err } = await run('sync');
    expect(code).toBe(2);
    expect(err).toMatch(/^.*config\.yaml:1:1 {2}error {2}file-unreadable\n {2}.*config\.yaml is a folder\./);
    await rm(world.configPath, { recursive: true });
  });

  test.each([
    ['empty', ''],
    ['only a comment', '# later\n'],
    ['some text', 'hello'],
    ['not text at all', '\u0000\u0001'],
  ])('%s', async (_name, text) => {
    await writeFile(world.configPath, text);
    const { code, err } = await run('sync');
    expect(code).toBe(2);
    expect(err).toMatch(/^.*config\.yaml:1:\d+ {2}error {2}(wrong-type|malformed-yaml)\n/);
    expect(err).toContain('mend these and run again');
  });
});
