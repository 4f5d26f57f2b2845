/** The configuration and the mapping of DESIGN 2.4, word for word: what stands there must load. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfiguration } from '../../../engine/config/load-config.ts';
import { loadMapping } from '../../../engine/config/load-mapping.ts';

const CONFIGURATION = `# yaml-language-server: $schema=./engine/config/config.schema.json
tenantId: 0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b
store: .scimulate/state.db                   # SQLite; postgres://… to share between machines
directory: { type: file, path: fixtures/directories/contoso.yaml }     # or { type: graph, … }
jobs:
  - name: workplace
    template: FacebookWorkplace              # job ids start with it
    mappings: mappings/workplace.yaml
    scope: assigned                          # assigned | all
    defaultAccess: skip                      # skip | provision; the profile's default
    schedule: { interval: PT40M, state: active }
    target:
      url: https://scim.workplace.com/       # what the administrator enters; flags may be appended, as in Entra
      override: http://127.0.0.1:8801/       # where the bytes go, for a local stand-in
      auth: { type: bearer, token: '\${env:SCIM_TOKEN}' }
    deletions: { guard: true, threshold: 500, skipOutOfScope: false }
    notify: { email: ops@contoso.com, onFailure: true }
`;

const MAPPING = `template: scim                               # job ids start with it
objects:
  - name: Users
    from: User
    to: User                                 # User, Group, or a schema URN
    enabled: true
    actions: [create, update, delete]
    where:                                   # groups OR-ed; clauses of one group AND-ed
      - name: Employees
        all: [{ attr: department, op: EQUALS, value: Sales }]
    map:
      - { to: userName, from: userPrincipalName, match: 1 }
      - { to: active, expr: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")' }
      - { to: 'emails[type eq "work"].value', expr: 'Coalesce([mail],[userPrincipalName])' }
      - { to: preferredLanguage, from: preferredLanguage, default: en-US }
      - { to: userType, const: Employee, apply: onCreate }
  - name: Groups
    from: Group
    to: Group
    map:
      - { to: displayName, from: displayName, match: 1 }
      - { to: externalId, from: objectId }
      - { to: members, from: members }
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
  await cp('mappings', join(folder, 'mappings'), { recursive: true });
  await cp('fixtures/directories/contoso.yaml', join(folder, 'fixtures/directories/contoso.yaml'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the configuration', async () => {
  await writeFile(join(folder, 'config.yaml'), CONFIGURATION);
  const { configuration, diagnostics } = await loadConfiguration(join(folder, 'config.yaml'), { SCIM_TOKEN: 'abcdef' });
  expect(diagnostics).toEqual([]);
  expect(configuration).toMatchObject({
    tenantId: '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b',
    store: join(folder, '.scimulate/state.db'),
    directory: { type: 'file', path: join(folder, 'fixtures/directories/contoso.yaml') },
  });
  expect(configuration?.jobs).toMatchObject([
    {
      name: 'workplace',
      application: 'workplace',
      jobId: expect.stringMatching(/^FacebookWorkplace\.0f9e8d7c6b5a49388271605f4e3d2c1b\.[0-9a-f-]{36}$/) as string,
      scope: 'assigned',
      defaultAccess: 'skip',
      intervalMs: 2_400_000,
      target: {
        url: 'https://scim.workplace.com/',
        override: 'http://127.0.0.1:8801/',
        auth: { type: 'bearer', token: 'abcdef' },
      },
      deletions: { guard: true, threshold: 500, skipOutOfScope: false },
      notify: { email: 'ops@contoso.com', onFailure: true },
    },
  ]);
});

test('the mapping', async () => {
  await writeFile(join(folder, 'mapping.yaml'), MAPPING);
  const { mapping, diagnostics } = await loadMapping(join(folder, 'mapping.yaml'));
  expect(diagnostics).toEqual([]);
  expect(mapping?.template).toBe('scim');
  const [users, groups] = mapping?.objects ?? [];
  expect(users).toMatchObject({ from: 'User', to: 'User', enabled: true, actions: ['create', 'update', 'delete'] });
  expect(users?.scope?.groups).toEqual([
    {
      name: 'Employees',
      clauses: [{ sourceOperandName: 'department', operatorName: 'EQUALS', targetOperand: { values: ['Sales'] } }],
    },
  ]);
  expect(users?.map.map(({ target, match, defaultValue, apply }) => [target, match, defaultValue, apply])).toEqual([
    ['userName', 1, undefined, 'always'],
    ['active', undefined, undefined, 'always'],
    ['emails[type eq "work"].value', undefined, undefined, 'always'],
    ['preferredLanguage', undefined, 'en-US', 'always'],
    ['userType', undefined, undefined, 'onCreate'],
  ]);
  expect(groups?.map.map(({ target }) => target)).toEqual(['displayName', 'externalId', 'members']);
});
