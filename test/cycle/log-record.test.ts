/** The provisioning log record in the shape seen on the wire (cycle.md 10). */
import { afterEach, expect, it } from 'vitest';
import { aUser, DEFAULT_MAPPING, everyone, openWorld, type World } from '../support/world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

it('a create carries its steps in the observed order and every attribute sent', async () => {
  world = await openWorld({ directory: everyone([aUser('u1')]) });
  await world.cycle();
  const [record] = await world.logs();
  expect(record).toMatchObject({
    tenantId: '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b',
    provisioningAction: 'create',
    initiatedBy: { id: '', displayName: 'Azure AD Provisioning Service', initiatorType: 'system' },
    sourceSystem: { displayName: 'Microsoft Entra ID' },
    targetSystem: { displayName: 'customappsso' },
    sourceIdentity: { id: 'u1', identityType: 'User', details: { UserPrincipalName: 'u1@contoso.com' } },
    targetIdentity: { id: 't1', identityType: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' },
    provisioningStatusInfo: { status: 'success', errorInformation: null },
  });
  expect(record?.jobId).toMatch(/^scim\.0f9e8d7c6b5a49388271605f4e3d2c1b\.[0-9a-f-]{36}$/);
  expect(record?.provisioningSteps.map((step) => `${step.name} ${step.provisioningStepType}`)).toEqual([
    'EntryImportAdd import',
    'EntrySynchronizationScoping scoping',
    'EntrySynchronizationAdd matching',
    'EntryExportAdd export',
  ]);
  const imported = Object.keys(record?.provisioningSteps[0]?.details ?? {});
  expect(imported).toContain('userPrincipalName');
  expect(imported.filter((name) => name.startsWith('user.'))).toEqual([]);
  expect(record?.modifiedProperties).toContainEqual({
    displayName: 'userName',
    oldValue: null,
    newValue: 'u1@contoso.com',
  });
});

it('a create does not list what was empty and not sent', async () => {
  const mapping = DEFAULT_MAPPING.replace('{ to: title, from: jobTitle }', `{ to: title, expr: 'Trim(" ")' }`);
  world = await openWorld({ directory: everyone([aUser('u1')]), mapping });
  const { requests } = await world.cycle();
  expect(requests.at(-1)?.body).not.toHaveProperty('title');
  const [record] = await world.logs();
  expect(record?.modifiedProperties.map(({ displayName }) => displayName)).toEqual([
    'userName',
    'active',
    'displayName',
    'emails[type eq "work"].value',
    'externalId',
  ]);
});

it('an update shows the target read and what changed', async () => {
  world = await openWorld({ directory: everyone([aUser('u1')]) });
  await world.cycle();
  Object.assign(world.directory.users[0] ?? {}, { displayName: 'Renamed' });
  await world.cycle();
  const record = (await world.logs()).at(-1);
  expect(record?.provisioningSteps.map((step) => step.name)).toEqual([
    'EntryImportUpdate',
    'EntryImport',
    'EntrySynchronizationScoping',
    'EntryExportUpdate',
  ]);
  expect(record?.modifiedProperties).toEqual([
    { displayName: 'displayName', oldValue: 'User u1', newValue: 'Renamed' },
  ]);
});

it('a disable carries the values of the scoping step as text', async () => {
  world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2')]) });
  await world.cycle();
  Object.assign(world.directory.users[0] ?? {}, { accountEnabled: false });
  await world.cycle();
  const record = (await world.logs()).at(-1);
  expect(record?.provisioningAction).toBe('disable');
  const details = record?.provisioningSteps.find((step) => step.provisioningStepType === 'scoping')?.details;
  expect(details).toMatchObject({ 'Active in the source system': 'False', 'Assigned to the application': 'True' });
  expect(record?.provisioningSteps.at(-1)?.name).toBe('EntryExportUpdateSoftDelete');
  expect(record?.modifiedProperties).toEqual([{ displayName: 'active', oldValue: 'True', newValue: 'False' }]);
});

it('GC-25: every attempt names the user and says how it ended, with the step that failed', async () => {
  const directory = everyone([aUser('u1'), aUser('u2'), aUser('u4', { jobTitle: 'no date' })]);
  const mapping = DEFAULT_MAPPING.replace(
    'from: jobTitle',
    'expr: \'FormatDateTime([jobTitle], , "yyyy-MM-dd", "yyyy")\'',
  );
  world = await openWorld({ mapping, directory: { ...directory, users: [...directory.users, aUser('u3')] } });
  const fault = { kind: 'status', status: 400 } as const;
  world.inject({ match: { method: 'GET', path: 'u2@contoso.com' }, times: 'always', fault });
  await world.cycle();
  // u3 is assigned only now, and the one create of the cycle is refused.
  world.directory.applications[0]?.assignments.push({ user: 'u3', role: 'User' });
  world.inject({ match: { method: 'POST' }, times: 'always', fault });
  await world.cycle();
  const told = (await world.logs()).map(({ sourceIdentity, provisioningStatusInfo, provisioningSteps }) => {
    const failed = provisioningSteps.find((step) => step.status === 'failure');
    return [sourceIdentity.details.UserPrincipalName, provisioningStatusInfo.status, failed?.provisioningStepType];
  });
  expect(told.slice(0, 4)).toEqual([
    ['u1@contoso.com', 'success', undefined],
    ['u2@contoso.com', 'failure', 'matching'],
    ['u3@contoso.com', 'skipped', undefined],
    ['u4@contoso.com', 'failure', 'processing'],
  ]);
  expect(told.slice(4)).toContainEqual(['u3@contoso.com', 'failure', 'export']);
});
