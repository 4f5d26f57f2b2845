/** `init`: what it asks, what it writes, and what it refuses. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { init } from '../../engine/cli/commands/init.ts';
import type { Io } from '../../engine/cli/io.ts';
import { loadConfiguration } from '../../engine/config/load-config.ts';
import { APPLICATION_PROFILES } from '../../engine/gallery/index.ts';
import { runAs } from '../support/cli.ts';

let folder = '';
let out = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-init-'));
  out = '';
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const io = (answers?: readonly string[]): Io => {
  const left = [...(answers ?? [])];
  return {
    out: (text) => {
      out += text;
    },
    err: () => undefined,
    env: {},
    cwd: folder,
    width: 120,
    isTerminal: answers !== undefined,
    isPiped: false,
    outputClosed: new AbortController().signal,
    signal: new AbortController().signal,
    ...(answers === undefined ? {} : { ask: async () => left.shift() ?? '' }),
  };
};
const options = { folder: '.', demo: false, force: false };
const findings = async (env: Record<string, string>) => loadConfiguration(join(folder, 'config.yaml'), env);

describe('what it writes', () => {
  test.each(['scim', ...APPLICATION_PROFILES.map(({ name }) => name)])(
    '%s: a configuration without a finding',
    async (template) => {
      expect(await init(io(), { ...options, template })).toBe(0);
      expect((await findings({ SCIM_TOKEN: 't' })).diagnostics).toEqual([]);
      expect(out).toContain('scimulate validate -c config.yaml --connect');
    },
  );

  test('the application that was chosen, also at an address it shares with another one', async () => {
    await init(io(), { ...options, template: 'workplace-2017', url: 'https://www.facebook.com/scim/v1/' });
    const { configuration } = await findings({ SCIM_TOKEN: 't' });
    expect(configuration?.jobs[0]?.profile?.name).toBe('workplace-2017');
  });

  test('a demonstration has its own token, which others cannot read, and needs no environment', async () => {
    await init(io(), { ...options, template: 'workplace', demo: true });
    const { configuration } = await findings({});
    expect(configuration?.jobs[0]?.target.override).toBe('http://127.0.0.1:8801/');
    if (process.platform !== 'win32') expect((await stat(join(folder, 'secrets/scim-token'))).mode & 0o077).toBe(0);
  });

  test('points editors at the schemas from where the files stand', async () => {
    await init(io(), { ...options, folder: 'deep/er', template: 'workplace' });
    const [first = ''] = (await readFile(join(folder, 'deep/er/mappings/workplace.yaml'), 'utf8')).split('\n');
    const schema = first.split('$schema=')[1] ?? '';
    expect(JSON.parse(await readFile(join(folder, 'deep/er/mappings', schema), 'utf8'))).toHaveProperty('title');
  });

  test('recommends commands that can be copied, whatever the folder is called', async () => {
    await init(io(), { ...options, folder: 'my app', template: 'scim' });
    for (const verb of ['validate', 'preview', 'sync'])
      expect(out).toContain(`scimulate ${verb} -c 'my app/config.yaml'`);
  });

  test('takes the directory that is there', async () => {
    await writeFile(join(folder, 'people.yaml'), 'users: []\ngroups: []\napplications: []\n');
    await init(io(), { ...options, folder: 'job', template: 'scim', directory: 'people.yaml' });
    expect(await readFile(join(folder, 'job/config.yaml'), 'utf8')).toContain('path: ../people.yaml');
  });
});

describe('what it asks', () => {
  test('application, tenant URL and directory, when there is a person', async () => {
    await writeFile(join(folder, 'people.yaml'), 'users: []\n');
    await init(io(['meta-networks', 'https://api.metanetworks.com/v1/scim/idp-7', 'people.yaml']), {
      ...options,
      folder: 'job',
    });
    const config = await readFile(join(folder, 'job/config.yaml'), 'utf8');
    expect(config).toContain('url: https://api.metanetworks.com/v1/scim/idp-7');
    expect(config).toContain('path: ../people.yaml');
  });

  test('an empty answer takes the default', async () => {
    await init(io(['', '', '']), options);
    expect(await readFile(join(folder, 'config.yaml'), 'utf8')).toContain('url: http://127.0.0.1:8801/scim');
  });
});

describe('what it refuses', () => {
  test('a template that does not exist, with the nearest', async () => {
    await expect(init(io(), { ...options, template: 'work-acounts' })).rejects.toMatchObject({
      message: 'there is no template "work-acounts"',
      remedy: 'did you mean "work-accounts"?',
    });
  });

  test.each(['htp://app.example.com/scim', 'app.example.com/scim', 'https://me:hunter2@app.example.com/scim'])(
    'a URL that validate would refuse: %s',
    async (url) => {
      await expect(init(io(), { ...options, template: 'scim', url })).rejects.toMatchObject({ code: 'init-refused' });
      await expect(stat(join(folder, 'config.yaml'))).rejects.toThrow();
    },
  );

  test('another tenant URL than the application has', async () => {
    const wrong = { ...options, template: 'workplace', url: 'https://www.workplace.com/scim/v1/' };
    await expect(init(io(), wrong)).rejects.toMatchObject({ remedy: 'it is https://scim.workplace.com/' });
  });

  test('to write over a file, unless told to; then nothing at all is written', async () => {
    await writeFile(join(folder, 'config.yaml'), 'mine\n');
    await expect(init(io(), { ...options, template: 'scim' })).rejects.toThrow('config.yaml would be written over');
    expect(await readFile(join(folder, 'config.yaml'), 'utf8')).toBe('mine\n');
    await expect(stat(join(folder, 'mappings'))).rejects.toThrow();
    await init(io(), { ...options, template: 'scim', force: true });
    expect(await readFile(join(folder, 'config.yaml'), 'utf8')).toContain('tenantId');
  });

  test('a file in the place of the folder, which is no bug', async () => {
    await writeFile(join(folder, 'afile'), 'mine\n');
    const { code, err } = await runAs(['init', '--template', 'scim', 'afile'], { cwd: folder });
    expect(code).toBe(2);
    expect(err).toContain('afile is a file, where a folder is wanted');
    expect(err).not.toContain('bug');
  });

  test('a directory file that is not there', async () => {
    await expect(init(io(), { ...options, template: 'scim', directory: 'nobody.yaml' })).rejects.toMatchObject({
      code: 'init-refused',
    });
  });
});
