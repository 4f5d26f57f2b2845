/** Configuration files: defaults, ids and every finding with its place (DESIGN 2.4, style 14). */
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfiguration } from '../../../engine/config/load-config.ts';
import { brief, briefs, CONFIG, load, MAPPING, TENANT } from './config-folder.ts';

/** The valid configuration with one text replaced by another. */
function changed(from: string, to: string): string {
  expect(CONFIG).toContain(from);
  return CONFIG.replace(from, to);
}

const withJobKey = (text: string) =>
  changed('    mappings: mapping.yaml\n', `    mappings: mapping.yaml\n    ${text}\n`);
const withTargetKey = (text: string) => changed('      auth:\n', `      ${text}\n      auth:\n`);

describe('a valid configuration', () => {
  test('comes back with every default filled in', async () => {
    const { configuration, diagnostics } = await load(CONFIG);
    expect(diagnostics).toEqual([]);
    expect(configuration?.store).toMatch(/[\\/]\.scimulate[\\/]state\.db$/);
    expect(configuration?.jobs[0]).toMatchObject({
      name: 'app',
      template: 'scim',
      application: 'app',
      scope: 'assigned',
      defaultAccess: 'provision',
      intervalMs: 40 * 60_000,
      scheduleState: 'active',
      deletions: { guard: true, threshold: 500, trigger: 'gt', skipOutOfScope: false },
      notify: { onFailure: false },
      target: {
        patchMode: 'legacy',
        timeoutMs: 100_000,
        concurrency: 8,
        pace: 'unlimited',
        managerRemoval: 'replaceEmpty',
        memberBatchSize: 100,
        listExtensionSchemas: true,
        onMissingLink: 'fail',
        auth: { type: 'bearer', token: 'secret-token' },
      },
    });
  });

  test('keeps what the file says over the defaults', async () => {
    const { configuration } = await load(withJobKey('scope: all\n    deletions: { threshold: 3 }'));
    expect(configuration?.jobs[0]?.scope).toBe('all');
    expect(configuration?.jobs[0]?.deletions).toEqual({
      guard: true,
      threshold: 3,
      trigger: 'gt',
      skipOutOfScope: false,
    });
  });

  test('takes the PATCH dialect from the flag of the URL, unless patchMode says otherwise', async () => {
    const flagged = changed('8801/scim', '8801/scim?aadOptscim062020');
    const { configuration } = await load(flagged);
    expect(configuration?.jobs[0]?.target.patchMode).toBe('aadOptscim062020');
    const overruled = await load(flagged.replace('      auth:', '      patchMode: legacy\n      auth:'));
    expect(overruled.configuration?.jobs[0]?.target.patchMode).toBe('legacy');
  });

  test.each([
    ['FacebookWorkplace', 'skip', 'https://scim.workplace.com/'],
    ['FacebookAtWorkOutDelta', 'skip', 'https://www.workplace.com/scim/v1/'],
    ['MetaNetworksConnector', 'skip', 'https://api.metanetworks.com/v1/scim/idp-1'],
    ['FacebookWorkAccounts', 'provision', 'https://scim.workplace.com'],
    ['scim', 'provision', 'http://127.0.0.1:8801/scim'],
  ])('treats Default Access of the template %s as "%s"', async (template, expected, url) => {
    const config = withJobKey(`template: ${template}`).replace('http://127.0.0.1:8801/scim', url);
    const { configuration } = await load(config);
    expect(configuration?.jobs[0]?.defaultAccess).toBe(expected);
  });

  test.each(['zz', 'Entra', '5', 'toString'])('a client that there is not is a finding: %s', async (client) => {
    const loaded = await load(CONFIG.replace('      auth:', `      client: ${client}\n      auth:`));
    expect(loaded.diagnostics.map(({ severity, code }) => `${severity} ${code}`)).toEqual(['error bad-value']);
  });

  test('lets the store be memory', async () => {
    const { configuration } = await load(`store: memory\n${CONFIG}`);
    expect(configuration?.store).toBe('memory');
  });

  test('warnings of a mapping come along and stop nothing', async () => {
    const loaded = await load(CONFIG, { 'mapping.yaml': `${MAPPING}      - { to: id, from: objectId }\n` });
    expect(briefs(loaded)).toEqual(['mapping.yaml:8:15 warning anchor-mapped «id»']);
    expect(loaded.configuration).toBeDefined();
  });
});

describe('job ids', () => {
  const jobId = async (text: string) => (await load(text)).configuration?.jobs[0]?.jobId;

  test('have template, tenant and a version 5 UUID', async () => {
    expect(await jobId(CONFIG)).toMatch(
      /^scim\.0f9e8d7c6b5a49388271605f4e3d2c1b\.[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
    );
  });

  test('stay the same whatever else changes, and follow tenant and name', async () => {
    const id = await jobId(CONFIG);
    expect(await jobId(withJobKey('scope: all'))).toBe(id);
    expect(await jobId(changed(TENANT, TENANT.toUpperCase()))).toBe(id);
    expect(await jobId(changed('name: app', 'name: other'))).not.toBe(id);
    expect(await jobId(changed(TENANT, TENANT.replace('0', '1')))).not.toBe(id);
  });
});

describe('findings', () => {
  const cases: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
    [
      'an unknown key, with the key it was meant to be',
      changed('token:', 'tokn:'),
      ['config.yaml:10:9 error unknown-key «tokn»'],
    ],
    ['an unknown key at the top', `tenant: x\n${CONFIG}`, ['config.yaml:1:1 error unknown-key «tenant»']],
    [
      'a missing key, at the list entry that lacks it',
      changed('  - name: app\n    mappings', '  - mappings'),
      ['config.yaml:4:5 error missing-key «mappings: mapping.yaml»'],
    ],
    [
      'a way to sign in without a type, once',
      changed('type: bearer\n        token', 'token'),
      ['config.yaml:8:7 error missing-key «auth»'],
    ],
    ['a value of the wrong type', withTargetKey('concurrency: many'), ['config.yaml:8:20 error wrong-type «many»']],
    ['a number out of range', withTargetKey('memberBatchSize: 0'), ['config.yaml:8:24 error bad-value «0»']],
    ['a value not in the list', withJobKey('scope: asigned'), ['config.yaml:6:12 error bad-value «asigned»']],
    [
      'a way to sign in that there is not',
      changed('type: bearer', 'type: baerer'),
      ['config.yaml:9:15 error bad-value «baerer»'],
    ],
    ['a tenant id that is no UUID', changed(TENANT, 'contoso'), ['config.yaml:1:11 error bad-value «contoso»']],
    ['a key written twice', `tenantId: x\n${CONFIG}`, ['config.yaml:2:1 error malformed-yaml «t»']],
    [
      'a reference between braces without quotes, and nothing that only follows from it',
      changed(
        'auth:\n        type: bearer\n        token: ${env:SCIM_TOKEN}',
        'auth: { type: bearer, token: ${env:SCIM_TOKEN} }\n    deletions: { guard: true, threshold: 5 }',
      ),
      ['config.yaml:8:36 error malformed-yaml «${env:SCIM_TOKEN}»'],
    ],
    [
      'a brace too many, once',
      changed('directory.yaml }', 'directory.yaml }}'),
      ['config.yaml:2:48 error malformed-yaml «}»'],
    ],
    [
      'two errors of which none follows from the other',
      `defaultDomain: "a" b\nstore: "c" d\n${CONFIG}`,
      ['config.yaml:1:20 error malformed-yaml «b»', 'config.yaml:2:12 error malformed-yaml «d»'],
    ],
    [
      'a duration that is none',
      withJobKey('schedule: { interval: 40m }'),
      ['config.yaml:6:27 error bad-duration «40m»'],
    ],
    [
      'a duration of nothing',
      withJobKey('schedule: { interval: PT0S }'),
      ['config.yaml:6:27 error bad-duration «PT0S»'],
    ],
    [
      'a port that there is not',
      `daemon: { listen: '127.0.0.1:65536' }\n${CONFIG}`,
      ["config.yaml:1:19 error bad-address «'127.0.0.1:65536'»"],
    ],
    [
      'an interval beyond every calendar',
      withJobKey('schedule: { interval: P99999999999D }'),
      ['config.yaml:6:27 error bad-duration «P99999999999D»'],
    ],
    [
      'waits beyond every timer',
      `daemon: { shutdown: P60D, lease: P60D }\n${CONFIG}`,
      ['config.yaml:1:21 error bad-duration «P60D»', 'config.yaml:1:34 error bad-duration «P60D»'],
    ],
    [
      'a retention beyond every calendar',
      `daemon: { logRetention: P99999999999D }\n${CONFIG}`,
      ['config.yaml:1:25 error bad-duration «P99999999999D»'],
    ],
    [
      'a timeout beyond every timer',
      withTargetKey('timeoutMs: 2147483648'),
      ['config.yaml:8:18 error bad-value «2147483648»'],
    ],
    [
      'the same of a pattern',
      withJobKey('expressions: { regexTimeoutMs: 2147483648 }'),
      ['config.yaml:6:36 error bad-value «2147483648»'],
    ],
    [
      'a mapping file that is not there',
      changed('mapping.yaml', 'mappings/none.yaml'),
      ['config.yaml:5:15 error file-unreadable «mappings/none.yaml»'],
    ],
    [
      'a directory file that is not there',
      changed('directory.yaml', 'nobody.yaml'),
      ['config.yaml:2:32 error file-unreadable «nobody.yaml»'],
    ],
    [
      'a certificate file that is not there',
      withTargetKey('caFile: ca.pem'),
      ['config.yaml:8:15 error file-unreadable «ca.pem»'],
    ],
    [
      'a file of something else for certificates',
      withTargetKey('caFile: mapping.yaml'),
      ['config.yaml:8:15 error file-unreadable «mapping.yaml»'],
    ],
    ['a folder for certificates', withTargetKey('caFile: .'), ['config.yaml:8:15 error file-unreadable «.»']],
    ['a day that does not exist', withJobKey("asOf: '2021-02-29'"), ["config.yaml:6:11 error bad-time «'2021-02-29'»"]],
    [
      'a target that is no URL',
      changed('http://127.0.0.1:8801/scim', 'localhost/scim'),
      ['config.yaml:7:12 error bad-tenant-url «localhost/scim»'],
    ],
    [
      'an override that is no URL',
      withTargetKey('override: nowhere'),
      ['config.yaml:8:17 error bad-tenant-url «nowhere»'],
    ],
    [
      'plain http beyond this machine',
      changed('127.0.0.1:8801', 'app.example.com'),
      ['config.yaml:7:12 error insecure-target «http://app.example.com/scim»'],
    ],
    [
      'plain http of the place where the bytes go',
      withTargetKey('override: http://10.0.0.1/'),
      ['config.yaml:8:17 error insecure-target «http://10.0.0.1/»'],
    ],
    [
      'a token endpoint that is no URL',
      changed(
        'type: bearer\n        token: ${env:SCIM_TOKEN}',
        'type: oauth2-client-credentials\n        tokenUrl: login\n        clientId: a\n        clientSecret: ${env:SCIM_TOKEN}',
      ),
      ['config.yaml:10:19 error bad-token-url «login»'],
    ],
    [
      'a secret in plain text',
      changed('${env:SCIM_TOKEN}', 'hunter2'),
      ['config.yaml:10:16 error secret-in-plain-text «*******»'],
    ],
    [
      'an environment variable that is not set',
      changed('SCIM_TOKEN', 'NOT_SET'),
      ['config.yaml:10:16 error missing-secret «${env:NOT_SET}»'],
    ],
    [
      'a store this release does not have',
      `store: postgres://db/scimulate\n${CONFIG}`,
      ['config.yaml:1:8 error unsupported-store «postgres://db/scimulate»'],
    ],
    [
      'a directory this release does not read',
      CONFIG.replace(/directory: .*/, 'directory: { type: graph, tenant: contoso.com }'),
      ['config.yaml:2:20 error not-built «graph»'],
    ],
    [
      'two jobs of one name',
      `${CONFIG}${CONFIG.slice(CONFIG.indexOf('  - name'))}`,
      ['config.yaml:11:11 error duplicate-job «app»'],
    ],
  ];

  test.each(cases)('%s', async (_name, text, expected) => {
    const loaded = await load(text);
    expect(briefs(loaded)).toEqual(expected);
    expect(loaded.configuration).toBeUndefined();
  });

  test('what is not built is said with what to do instead, and no password is repeated', async () => {
    const store = await load(`store: postgres://ada:hunter2@db/scimulate\n${CONFIG}`);
    const directory = await load(CONFIG.replace(/directory: .*/, 'directory: { type: graph }'));
    expect(store.diagnostics[0]?.summary).toMatch(/a database server is not built. Write a path/);
    expect(JSON.stringify(store.diagnostics)).not.toMatch(/ada|hunter2/);
    expect(directory.diagnostics.map(({ summary }) => summary)).toEqual([
      expect.stringMatching(/^Microsoft Graph is not built as a directory. Export .* type: file/),
    ]);
  });

  test('a reference between braces is shown with its quotes', async () => {
    const plain = 'auth:\n        type: bearer\n        token: ${env:SCIM_TOKEN}';
    const { diagnostics } = await load(changed(plain, 'auth: { type: bearer, token: ${file:/a/token} }'));
    expect(diagnostics[0]?.summary).toBe("A reference between braces needs quotes. Write '${file:/a/token}'.");
    const secret = await load(changed('${env:SCIM_TOKEN}', 'hunter2'));
    expect(secret.diagnostics[0]?.summary).toContain("Write '${env:NAME}' or '${file:/path}'");
  });

  test('an unknown key is explained with the setting it was meant to be', async () => {
    const { diagnostics } = await load(changed('token:', 'tokn:'));
    expect(diagnostics[0]?.summary).toBe('"tokn" is not a setting of target.auth. Did you mean "token"?');
  });

  test('an unknown key far from all others is answered with the settings there are', async () => {
    const { diagnostics } = await load(withJobKey('schedule: { cron: "* * * * *" }'));
    expect(diagnostics[0]?.summary).toBe('"cron" is not a setting of schedule. Settings: interval, trigger, state.');
  });

  test('a configuration that is not there', async () => {
    const { diagnostics, configuration } = await loadConfiguration(resolve('no', 'such', 'config.yaml'), {});
    expect(configuration).toBeUndefined();
    expect(diagnostics.map((one) => one.code)).toEqual(['file-unreadable']);
  });

  test('an empty file', async () => {
    expect(briefs(await load(''))).toEqual(['config.yaml:1:1 error wrong-type «»']);
  });

  test('aliases that multiply beyond measure are refused, not expanded', async () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef']) {
      bomb.push(`${to}: &${to} [${Array.from({ length: 10 }, () => `*${from}`).join(', ')}]`);
    }
    expect(briefs(await load(bomb.join('\n')))).toEqual(['config.yaml:1:1 error malformed-yaml «a»']);
  });

  test('roles without assignments', async () => {
    const row = `      - { to: roles, expr: 'SingleAppRoleAssignment([appRoleAssignments])' }\n`;
    const files = { 'mapping.yaml': `${MAPPING}${row}` };
    expect(briefs(await load(withJobKey('scope: all'), files))).toEqual([
      'config.yaml:6:12 error roles-need-assignments «all»',
    ]);
    expect(briefs(await load(CONFIG, files))).toEqual([]);
  });

  test('a SCIM 1.1 client with the URNs of SCIM 2.0', async () => {
    const row = (path: string) => ({ 'mapping.yaml': `${MAPPING}      - { to: '${path}', from: department }\n` });
    const text = CONFIG.replace('    target:', '    target:\n      client: scim11');
    const found = await load(text, row('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department'));
    expect(briefs(found)).toEqual([expect.stringMatching(/warning scim-version «scim11»$/)]);
    expect(briefs(await load(text, row('urn:scim:schemas:extension:enterprise:1.0.department')))).toEqual([]);
  });

  test('all of them at once, in configuration and mapping, sorted by file and place', async () => {
    const text = changed('token:', 'tokn:').replace('name: app', 'name: app\n    scope: som');
    const loaded = await load(text, { 'mapping.yaml': MAPPING.replace('Switch', 'Swich') });
    expect(briefs(loaded)).toEqual([
      'config.yaml:5:12 error bad-value «som»',
      'config.yaml:11:9 error unknown-key «tokn»',
      'mapping.yaml:7:30 error unknown-function «Swich»',
    ]);
  });

  test('a mapping that two jobs share is reported once', async () => {
    const second = CONFIG.slice(CONFIG.indexOf('  - name')).replace('app', 'other');
    const loaded = await load(`${CONFIG}${second}`, { 'mapping.yaml': MAPPING.replace('Switch', 'Swich') });
    expect(loaded.diagnostics.map(brief)).toEqual(['mapping.yaml:7:30 error unknown-function «Swich»']);
  });

  test('places hold in files with Windows line ends', async () => {
    const { diagnostics } = await load(changed('token:', 'tokn:').replaceAll('\n', '\r\n'));
    expect(diagnostics.map(brief)).toEqual(['config.yaml:10:9 error unknown-key «tokn»']);
    expect(diagnostics[0]?.sourceLine).not.toContain('\r');
  });
});

test.each([
  ['chat.contoso.com/hooks/secret', 'no URL'],
  ['chat.contoso.com:443/hooks/secret', 'no URL'],
  ['ftp://chat.contoso.com/hooks/secret', 'no URL'],
  ['http://chat.contoso.com/hooks/secret', 'Use https'],
  ['https://169.254.169.254/hooks/secret', 'link-local'],
])('a webhook that news cannot be posted to: %s', async (webhook, why) => {
  const loaded = await load(withJobKey(`notify: { webhook: ${webhook} }`));
  expect(briefs(loaded)).toEqual([`config.yaml:6:24 error bad-webhook «${webhook}»`]);
  expect(loaded.diagnostics[0]?.summary).toContain(why);
  expect(loaded.diagnostics[0]?.summary).not.toContain(webhook);
});

test.each(['https://chat.contoso.com/hooks/secret', 'http://127.0.0.1:9000/hooks/42'])(
  'a good webhook: %s',
  async (url) => {
    expect(briefs(await load(withJobKey(`notify: { webhook: '${url}' }`)))).toEqual([]);
  },
);

test.each([
  ['?aadOptscim62020', ['aadOptscim062020']],
  ['?aadOptscim062020', []],
  ['?AzureAdScimPatch2017', []],
  ['?tenant=7&aadOptscm062020=1', ['aadOptscim062020']],
  ['?tenant=7', []],
])('flags of the tenant URL: %s', async (query, meant) => {
  const { diagnostics, configuration } = await load(changed('8801/scim', `8801/scim${query}`));
  expect(configuration).toBeDefined();
  expect(diagnostics.map(({ code, summary }) => [code, summary.split('mean ')[1]])).toEqual(
    meant.map((flag) => ['misspelt-flag', `${flag}?`]),
  );
});

test('a misspelt flag is underlined', async () => {
  expect(briefs(await load(changed('8801/scim', '8801/scim?x=1&aadOptscim62020')))).toEqual([
    'config.yaml:7:43 warning misspelt-flag «aadOptscim62020»',
  ]);
});

test('DefaultDomain needs the domain in the configuration', async () => {
  const mapping = `${MAPPING}      - { to: nickName, expr: 'Join("@", [mailNickname], DefaultDomain())' }\n`;
  const files = { 'mapping.yaml': mapping };
  const without = await load(CONFIG, files);
  expect(briefs(without).filter((one) => one.includes('error'))).toEqual([
    'config.yaml:5:15 error no-default-domain «mapping.yaml»',
  ]);
  const { configuration } = await load(`defaultDomain: contoso.com\n${CONFIG}`, files);
  expect(configuration?.defaultDomain).toBe('contoso.com');
});
