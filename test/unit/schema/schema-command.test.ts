/** `scimulate schema import` and `schema export`: files, places of findings, exit codes. */
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from '../../../engine/cli/main.ts';
import { loadMapping } from '../../../engine/config/load-mapping.ts';
import { compileMapping } from '../../../engine/map/compile-mapping.ts';
import { normalizeSchema } from '../../../engine/schema/normalize-schema.ts';
import { aUser, everyone, openWorld } from '../../support/world.ts';
import { CONFIG } from '../config/config-folder.ts';

const EXPORTED = resolve('test/unit/schema/exported-schema.json');
let folder = '';
let out = '';
let err = '';

const run = (...argv: readonly string[]) => {
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    env: { SCIM_TOKEN: 'dev' },
    cwd: folder,
    width: 120,
    isTerminal: false,
    signal: new AbortController().signal,
  };
  return runCli(['schema', ...argv], io);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-schema-'));
});
beforeEach(() => {
  out = '';
  err = '';
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = (name: string) => readFile(join(folder, name), 'utf8');

describe('schema import', () => {
  test('writes a mapping file that loads and compiles as it is', async () => {
    expect(await run('import', EXPORTED, '--out', 'mapping.yaml')).toBe(0);
    expect(out).toContain('mapping.yaml written with 2 object mappings; 0 errors, 1 warning');
    const { mapping, diagnostics } = await loadMapping(join(folder, 'mapping.yaml'));
    expect(diagnostics).toEqual([]);
    expect(mapping === undefined ? [] : compileMapping(mapping).map(({ name }) => name)).toEqual([
      'Provision Microsoft Entra ID Users',
      'Provision Microsoft Entra ID Groups',
    ]);
  });

  test('writes one row per line under the line that editors read', async () => {
    await run('import', EXPORTED, '--out', 'mapping.yaml');
    const lines = (await read('mapping.yaml')).split('\n');
    expect(lines[0]).toMatch(/^# yaml-language-server: \$schema=.*engine\/config\/mapping\.schema\.json$/);
    expect(lines).toContain('      - { to: userName, from: userPrincipalName, match: 1 }');
    expect(lines).toContain(`      - { to: 'addresses[type eq "work"].country', const: "NO", apply: onCreate }`);
    expect(lines).toContain('          manager: { type: reference, refs: [ User ] }');
  });

  test('prints the file when no name is given', async () => {
    expect(await run('import', EXPORTED)).toBe(0);
    expect(out).toMatch(/^# yaml-language-server/);
  });

  test('lists every error with its place in the JSON and writes nothing', async () => {
    const broken = (await readFile(EXPORTED, 'utf8'))
      .replace('Join(\\" \\", [givenName]', 'Joinn(\\" \\", [givenName]')
      .replace('"ObjectAddOnly"', '"CreateOnly"');
    await writeFile(join(folder, 'broken.json'), broken);
    expect(await run('import', 'broken.json', '--out', 'broken.yaml')).toBe(2);
    expect(err).toMatch(/broken\.json:\d+:\d+ {2}error {2}unknown-function\n.*did you mean Join/);
    expect(err).toMatch(/broken\.json:\d+:\d+ {2}error {2}unknown-member\n.*--lenient/);
    expect(err).toContain('2 errors, 2 warnings; nothing was written');
    await expect(read('broken.yaml')).rejects.toThrow('ENOENT');
  });

  test.each([
    ['is not there', 'missing.json', undefined, 'cannot be read'],
    ['is not JSON', 'text.json', '{ a: 1 }', 'is not JSON'],
  ])('a file that %s is said to be so', async (_what, name, text, message) => {
    if (text !== undefined) await writeFile(join(folder, name), text);
    expect(await run('import', name)).toBe(2);
    expect(err).toContain(message);
  });

  test('reads a byte order mark and tabs', async () => {
    const tabbed = JSON.stringify(JSON.parse(await readFile(EXPORTED, 'utf8')), null, '\t');
    await writeFile(join(folder, 'tabs.json'), `\ufeff${tabbed}`);
    expect(await run('import', 'tabs.json')).toBe(0);
    expect(err).toMatch(/tabs\.json:\d{3}:\d+ {2}warning {2}mapping-kept/);
  });
});

describe('schema export', () => {
  const target = async (mapping: string): Promise<readonly string[]> => {
    await run('export', resolve('mappings', mapping), '--out', 'listed.json');
    const { directories } = JSON.parse(await read('listed.json'));
    const attributes: { name: string; type: string; required: boolean }[] = directories[1].objects[0].attributes;
    return attributes.map(({ name, type, required }) => `${name} ${type}${required ? ' required' : ''}`);
  };

  test('GC-07: an application of the gallery lists its attributes as its document does', async () => {
    const ENTERPRISE = 'urn:scim:schemas:extension:enterprise:1.0';
    const FACEBOOK = 'urn:scim:schemas:extension:facebook';
    expect(await target('workplace.yaml')).toEqual(
      expect.arrayContaining([
        'userName String required',
        'active Boolean',
        'title Boolean',
        'name.formatted String required',
        `${ENTERPRISE}.manager String`,
        `${FACEBOOK}:frontline:1.0.is_frontline Boolean`,
        `${FACEBOOK}:starttermdates:1.0.startDate Integer`,
      ]),
    );
    expect(await target('workplace-2017.yaml')).toContain('active Boolean required');
    expect(await target('work-accounts.yaml')).toContain('name.formatted String required');
    expect(await target('meta-networks.yaml')).toEqual([
      'id String',
      'userName String required',
      'active Boolean',
      'phoneNumbers[type eq "work"].value String',
      'name.givenName String required',
      'name.familyName String required',
    ]);
  });

  test('MN-09: on an earlier day it lists what it listed then', async () => {
    await copyFile('mappings/meta-networks.before-2022-04.yaml', join(folder, 'mapping.yaml'));
    await writeFile(join(folder, 'directory.yaml'), 'users: []\n');
    const config = CONFIG.replace('http://127.0.0.1:8801/scim', 'https://api.metanetworks.com/v1/scim/idp-1');
    await writeFile(join(folder, 'dated.yaml'), config.replace('    target:', '    asOf: 2022-01-01\n    target:'));
    expect(await run('export', '-c', 'dated.yaml', '--out', 'dated.json')).toBe(0);
    const { directories } = JSON.parse(await read('dated.json'));
    const names = ['name.givenName', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager'];
    const attributes: { name: string; type: string; required: boolean }[] = directories[1].objects[0].attributes;
    expect(attributes.filter(({ name }) => names.includes(name))).toMatchObject([
      { type: 'String', required: false },
      { type: 'Reference', required: false },
    ]);
  });

  test.each(['workplace', 'workplace-2017', 'meta-networks'])(
    'that of %s comes back without definitions',
    async (name) => {
      await run('export', resolve('mappings', `${name}.yaml`), '--out', 'listed.json');
      await run('import', 'listed.json', '--out', 'listed.yaml');
      expect(await read('listed.yaml')).not.toContain('directories:');
    },
  );

  test('writes the schema that was imported, in normal form', async () => {
    await run('import', EXPORTED, '--out', 'mapping.yaml');
    expect(await run('export', 'mapping.yaml', '--out', 'schema.json')).toBe(0);
    const document: unknown = JSON.parse(await readFile(EXPORTED, 'utf8'));
    const { schema } = normalizeSchema(document, { lenient: false, report: () => undefined });
    expect(JSON.parse(await read('schema.json'))).toStrictEqual(schema);
  });

  test('takes the mapping and the id of a job', async () => {
    await writeFile(join(folder, 'config.yaml'), CONFIG);
    await writeFile(join(folder, 'directory.yaml'), 'users: []\ngroups: []\napplications: []\n');
    await copyFile(resolve('mappings/scim.yaml'), join(folder, 'mapping.yaml'));
    expect(await run('export', '--job', 'app')).toBe(0);
    expect((JSON.parse(out) as { id: string }).id).toMatch(/^scim\.[0-9a-f]{32}\.[0-9a-f-]{36}$/);
    expect(await run('export', '--job', 'ap')).toBe(2);
    expect(err).toContain('did you mean "app"?');
  });

  test('a mapping with errors is not exported', async () => {
    await writeFile(join(folder, 'bad.yaml'), 'objects: []\n');
    expect(await run('export', 'bad.yaml')).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('nothing was written');
  });
});

test('an imported mapping runs a cycle', async () => {
  await run('import', EXPORTED, '--out', 'mapping.yaml');
  const sales = aUser('ann', { department: 'Sales', employeeId: '7', givenName: 'Ann', surname: 'Berg' });
  const other = aUser('bob', { department: 'IT', employeeId: '8' });
  const world = await openWorld({ directory: everyone([sales, other]), mapping: await read('mapping.yaml') });
  try {
    const { requests } = await world.cycle();
    const created = requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
    expect(created).toMatchObject([
      { userName: 'ann@contoso.com', name: { formatted: 'Ann Berg' }, addresses: [{ type: 'work', country: 'NO' }] },
    ]);
  } finally {
    await world.close();
  }
});
