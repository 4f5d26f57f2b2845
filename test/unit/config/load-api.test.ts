/** `api` of the configuration: keys are references, strong and unlike; addresses are checked. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfiguration } from '../../../engine/config/load-config.ts';
import { maskSecrets } from '../../../engine/config/secrets.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const KEY = { key: '${env:KEY}', roles: ['Application Administrator'], permissions: ['Directory.ReadWrite.All'] };

async function load(api: object, daemon: object = {}) {
  const path = join(folder, 'config.yaml');
  const target = { url: 'http://127.0.0.1:1/scim', auth: { type: 'bearer', token: '${env:TOKEN}' } };
  const configuration = {
    tenantId: '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b',
    directory: { type: 'file', path: resolve('fixtures/directories/small.yaml') },
    daemon,
    api,
    jobs: [{ name: 'app', mappings: resolve('mappings/scim.yaml'), target }],
  };
  await writeFile(path, JSON.stringify(configuration, null, 1));
  const env = { TOKEN: 'token', KEY: '0123456789abcdef0123456789abcdef', OTHER: 'fedcba9876543210', SHORT: 'secret' };
  const loaded = await loadConfiguration(path, env);
  return { ...loaded, codes: loaded.diagnostics.map(({ severity, code }) => `${severity} ${code}`) };
}

test('keys are resolved, named by their place, and masked where people read them', async () => {
  const overrides = { 'https://scim.workplace.com/': 'http://127.0.0.1:8801/' };
  const { configuration, codes } = await load({ keys: [KEY], publicUrl: 'https://idm.contoso.com/', overrides });
  expect(codes).toEqual([]);
  expect(configuration?.api).toEqual({
    keys: [{ ...KEY, name: 'key 1', key: '0123456789abcdef0123456789abcdef', owns: [] }],
    publicUrl: 'https://idm.contoso.com',
    overrides: { 'https://scim.workplace.com': 'http://127.0.0.1:8801/' },
  });
  const masked = configuration === undefined ? '' : JSON.stringify(maskSecrets(configuration));
  expect(masked).not.toContain('0123456789abcdef0123456789abcdef');
});

test.each([
  ['a key in plain text', { keys: [{ ...KEY, key: '0123456789abcdef' }] }, {}, 'error secret-in-plain-text'],
  ['a key that is not set', { keys: [{ ...KEY, key: '${env:NONE}' }] }, {}, 'error missing-secret'],
  ['a short key', { keys: [{ ...KEY, key: '${env:SHORT}' }] }, {}, 'error weak-key'],
  ['one key for two', { keys: [KEY, KEY] }, {}, 'error same-key'],
  ['an unknown role', { keys: [{ ...KEY, roles: ['Janitor'] }] }, {}, 'error bad-value'],
  ['an unknown permission', { keys: [{ ...KEY, permissions: ['Everything'] }] }, {}, 'error bad-value'],
  ['no keys', { keys: [] }, {}, 'error bad-value'],
  ['an address for links with a path', { keys: [KEY], publicUrl: 'https://a.example/x' }, {}, 'error bad-public-url'],
  [
    'an override of nothing',
    { keys: [KEY], overrides: { workplace: 'http://127.0.0.1/' } },
    {},
    'error bad-tenant-url',
  ],
  ['no address to listen on', { keys: [KEY] }, { listen: 'off' }, 'error api-without-address'],
  ['keys in the clear', { keys: [KEY] }, { listen: '0.0.0.0:9464' }, 'warning api-in-the-clear'],
])('%s', async (_name, api, daemon, code) => {
  expect((await load(api, daemon)).codes).toEqual([code]);
});
