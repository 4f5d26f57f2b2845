/** What somebody meets on the first day: narrow terminals, commands to copy, files that cannot be written, slips of the keyboard. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { textWidth } from '../../engine/cli/views/text-width.ts';
import { runAs } from '../support/cli.ts';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

const LONG = 'x'.repeat(3000);

let world: World;
beforeEach(async () => {
  world = await openWorld({ directory: everyone([aUser("o'neil"), aUser("d'arcy")]) });
});
afterEach(() => world.close());

const refuse = () =>
  world.inject({
    match: { method: 'POST', path: '/Users' },
    times: 1,
    fault: {
      kind: 'status',
      status: 400,
      body: JSON.stringify({ detail: `${'The directory of this application is being rebuilt. '.repeat(4)}The end` }),
    },
  });

describe('the folder of the demo', () => {
  test('is not one with files of somebody else', async () => {
    const before = await readFile(world.configPath, 'utf8');
    const { code, out, err } = await runAs(['demo', '--keep', world.folder]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(`config.yaml, mapping.yaml, state.db of ${world.folder} would be written over`);
    expect(err).toContain('--keep FOLDER');
    expect(await readFile(world.configPath, 'utf8')).toBe(before);
  });

  test('is used again when the demo made it', async () => {
    const keep = join(world.folder, 'tour');
    for (const _time of ['first', 'second']) expect((await runAs(['demo', '--keep', keep])).code).toBe(0);
  });
});

test.each([['preview'], ['preview', '--offline'], ['status'], ['logs'], ['why', "o'neil"]])(
  '%s %s leaves no state behind where there was none',
  async (...args) => {
    await world.save();
    const config = await readFile(world.configPath, 'utf8');
    await writeFile(world.configPath, config.replace('./state.db', './new/state.db'));
    expect((await runAs([...args, '-c', world.configPath])).code).toBe(0);
    expect(existsSync(join(world.folder, 'new'))).toBe(false);
  },
);

describe('a terminal of 80 columns', () => {
  test('breaks the lines of a plan between words, and of a failure nothing is cut', async () => {
    const preview = await runAs(['preview', '-c', world.configPath], { width: 80 });
    refuse();
    const sync = await runAs(['sync', '-c', world.configPath], { width: 80 });
    expect(sync.code).toBe(3);
    expect(sync.out).toContain('The end (HTTP 400, retry');
    for (const { out } of [preview, sync]) {
      // Commands are for copying: they stay on one line.
      const lines = out.split('\n').filter((line) => !line.includes('scimulate'));
      expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(80);
    }
  });

  test('mapping rows are stacked, whole, instead of cut', async () => {
    const args = ['explain', '--all', '-c', world.configPath, '--object', "o'neil"];
    const [narrow, wide] = [await runAs(args, { width: 80 }), await runAs(args)];
    expect(wide.out).toContain('in the target');
    expect(narrow.out).toContain(
      `  + userName\n      [userPrincipalName] → "o'neil@contoso.com"   in the target: nothing\n`,
    );
    expect(Math.max(...narrow.out.split('\n').map(textWidth))).toBeLessThanOrEqual(80);
  });

  test('the id of a job stands beside its title, however long', async () => {
    await world.cycle();
    const { out } = await runAs(['status', '-c', world.configPath], { width: 40 });
    expect(out).toMatch(/^ {2}job {6}\S{40,}$/m);
    expect(out).toMatch(/created 2 {2}updated 0/);
  });

  test('two commands that do not fit beside each other stand below each other', async () => {
    const { out } = await runAs(['pause', '-c', world.configPath], { width: 80 });
    expect(out).toMatch(/^See: scimulate status -c \S+$/m);
    expect(out).toMatch(/^Go on: scimulate start -c \S+$/m);
  });

  test('a value of thousands of characters does not fill the screen of a plan', async () => {
    await world.cycle();
    Object.assign(world.directory.users[1] ?? {}, { displayName: LONG });
    await world.save();
    const { out } = await runAs(['preview', '-c', world.configPath], { width: 80 });
    expect(out).toMatch(/displayName {2}"User d'arcy" →\s+"x{100,250}…"/);
    expect(out).not.toContain(LONG);
    expect((await runAs(['preview', '-c', world.configPath, '--object', "d'arcy"])).out).toContain(LONG);
  });
});

describe('commands that are named are for copying', () => {
  test('they carry the configuration, and quotes where the shell needs them', async () => {
    refuse();
    const { out } = await runAs(['sync', '-c', world.configPath, '--job', 'app']);
    expect(out).toMatch(/Why: scimulate why "[od]'\w+@contoso\.com" -c /);
    expect((await runAs(['preview', '-c', world.configPath])).out).toContain(
      `Do it: scimulate sync -c ${world.configPath}`,
    );
    expect((await runAs(['pause', '-c', world.configPath])).out).toContain(`scimulate status -c ${world.configPath}`);
    expect((await runAs(['status', '-c', world.configPath])).out).toContain(`scimulate start -c ${world.configPath}`);
  });

  test('verify says when there is nothing to read yet, and what links', async () => {
    const args = ['verify', '-c', world.configPath];
    expect((await runAs(args)).out).toContain(
      `Nothing is linked yet; a cycle does that: scimulate sync -c ${world.configPath}`,
    );
    await world.cycle();
    expect((await runAs(args)).out).not.toContain('Nothing is linked');
  });

  test.each([
    [['-c', 'config.yaml', 'sync'], 'options stand behind the command: scimulate sync -c config.yaml'],
    [['preview', 'ana@contoso.com'], 'one object: scimulate preview --object REF'],
  ])('%j is answered with what to write', async (args, hint) => {
    expect(await runAs(args)).toMatchObject({ code: 2, err: expect.stringContaining(hint) });
  });

  test('a plan that could not be made does not invite to carry it out', async () => {
    world.inject({ match: { method: 'GET' }, times: 'always', fault: { kind: 'status', status: 404 } });
    const { code, out } = await runAs(['preview', '-c', world.configPath]);
    expect(code).toBe(4);
    expect(out).toContain('check target.url');
    expect(out).not.toContain('Do it');
    expect(out).not.toContain('0 objects');
  });

  test('a failed cycle says why once', async () => {
    world.inject({ match: { method: 'GET' }, times: 'always', fault: { kind: 'status', status: 404 } });
    const { out } = await runAs(['sync', '-c', world.configPath], { width: 400 });
    expect(out).toContain('quarantine EncounteredQuarantineException\n');
    expect(out.match(/answered 404/g)).toHaveLength(1);
  });

  test('without a configuration, init is the way', async () => {
    expect((await runAs(['sync'], { cwd: join(world.folder, '..') })).err).toContain('scimulate init');
  });
});

describe('explain', () => {
  test('a long expression and its value stand apart', async () => {
    const text = `Append("${'a'.repeat(80)}", "b")`;
    expect((await runAs(['explain', text])).out.split('\n')[0]).toBe(`${text}  "${'a'.repeat(80)}b"`);
  });

  test.each([
    ['[1]', '--input is not an object of attributes'],
    ['{bad', '--input is not JSON'],
    ['@nowhere.json', '--input cannot be read: ENOENT'],
  ])('--input %s', async (input, message) => {
    expect(await runAs(['explain', '[mail]', '--input', input])).toMatchObject({
      code: 2,
      err: expect.stringContaining(message),
    });
  });
});

describe('files and flags', () => {
  test('a report that cannot be written is no bug', async () => {
    const { code, err } = await runAs([
      'conform',
      '--url',
      world.targetUrl,
      '--token',
      'test-token',
      '--only',
      'test-connection',
      '--junit',
      'nowhere/x.xml',
    ]);
    expect([code, err]).toEqual([2, expect.stringContaining('nowhere/x.xml cannot be written')]);
    expect(err).toContain('give --junit a file in a folder that exists');
  });

  test.each([
    [
      'a schema for the configuration',
      ['schema', 'export', 'mapping.yaml', '--out', 'config.yaml'],
      'synchronization schema',
    ],
    ['a report for the directory', ['test', 'cases.test.yaml', '--junit', 'directory.json'], 'JUnit report'],
    [
      'a mapping for the schema it came from',
      ['schema', 'import', 'schema.json', '--out', 'schema.json'],
      'mapping file',
    ],
  ])('%s is a slip that costs nothing', async (_name, args, title) => {
    const cwd = world.folder;
    await writeFile(
      join(cwd, 'cases.test.yaml'),
      'mapping: mapping.yaml\ncases: [{ name: x, given: { mail: a@b.c } }]\n',
    );
    await runAs(['schema', 'export', 'mapping.yaml', '--out', 'schema.json'], { cwd });
    const file = args.at(-1) ?? '';
    const before = await readFile(join(cwd, file), 'utf8');
    const { code, err } = await runAs(args, { cwd });
    expect([code, err]).toEqual([2, expect.stringContaining(`${file} exists and is no ${title}`)]);
    expect(err).toContain(`give ${args.at(-2)} another name`);
    expect(await readFile(join(cwd, file), 'utf8')).toBe(before);
  });

  test('conform asks before it writes to the application', async () => {
    const before = world.app.requests.length;
    const args = ['conform', '--url', world.targetUrl, '--token', 'test-token', '--junit', 'config.yaml'];
    const { code, out, err } = await runAs(args, { cwd: world.folder });
    expect([code, out, err]).toEqual([2, '', expect.stringContaining('config.yaml exists and is no JUnit report')]);
    expect(world.app.requests).toHaveLength(before);
  });

  test.each([
    ['test', 'cases.test.yaml', '--junit', 'report.xml'],
    ['schema', 'export', 'mapping.yaml', '--out', 'schema.json'],
    ['schema', 'import', 'exported.json', '--out', 'imported.yaml'],
  ])('an older result is replaced, and an empty file: %s %s', async (...args) => {
    const cwd = world.folder;
    await writeFile(
      join(cwd, 'cases.test.yaml'),
      'mapping: mapping.yaml\ncases: [{ name: x, given: { mail: a@b.c } }]\n',
    );
    await runAs(['schema', 'export', 'mapping.yaml', '--out', 'exported.json'], { cwd });
    await writeFile(join(cwd, args.at(-1) ?? ''), '');
    for (const _time of ['first', 'second']) expect(await runAs(args, { cwd })).toMatchObject({ code: 0, err: '' });
  });

  test('a folder that may not be written is no bug either', async () => {
    const { code, err } = await runAs(['init', join(world.configPath, 'x'), '--template', 'scim', '--demo']);
    expect([code, err]).toEqual([2, expect.stringMatching(/^error {2}ENOTDIR.*\n {7}choose a folder/)]);
  });

  test('a wrong token of conform is blamed on --token', async () => {
    const { code, err } = await runAs(['conform', '--url', world.targetUrl, '--token', 'wrong']);
    expect([code, err]).toEqual([4, expect.stringContaining("--token '${env:NAME}'")]);
    expect(err).not.toContain('target.auth');
  });

  test('--reset without a flag resets nothing', async () => {
    const { code, err } = await runAs(['restart', '-c', world.configPath, '--reset', ' ']);
    expect([code, err]).toEqual([2, expect.stringContaining('--reset names no flag')]);
  });

  test('a missing scenario is one error, not two', async () => {
    const { code, err } = await runAs(['simulate', 'nowhere.yaml']);
    expect([code, err.match(/error/g)?.length]).toEqual([2, 1]);
  });

  test('a mapping test with errors is not called passed', async () => {
    await writeFile(join(world.folder, 'a.test.yaml'), 'casess: []\n');
    const { code, out } = await runAs(['test', 'a.test.yaml'], { cwd: world.folder });
    expect([code, out]).toEqual([2, 'nothing was tested; 1 file with errors did not run\n']);
  });

  test('a misspelt count of a scenario is a finding, with its place', async () => {
    const scenario = (await readFile('fixtures/scenarios/rehire.yaml', 'utf8')).replace('created: 4', 'creatd: 4');
    await writeFile(join(world.folder, 'rehire.yaml'), scenario);
    const { code, err } = await runAs(['simulate', 'rehire.yaml'], { cwd: world.folder });
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/rehire\.yaml:8:\d+ {2}error {2}unknown-key\n.*Did you mean "created"/),
    ]);
  });

  test('help does not say that what is not given is not given', async () => {
    const { out } = await runAs(['sync', '--help']);
    expect(out).not.toMatch(/default: (false|\[\])/);
    expect(out).toContain('(default: config.yaml)');
  });

  test('https to a target that speaks http', async () => {
    const other = await openWorld({ targetUrl: world.targetUrl.replace('http:', 'https:') });
    try {
      const { code, out } = await runAs(['sync', '-c', other.configPath]);
      expect(code).toBe(4);
      expect(out).toContain('it does not speak https');
      expect(out).toContain('write http:// in target.url');
    } finally {
      await other.close();
    }
  });
});
