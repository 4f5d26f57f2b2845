/** The provisioning log record in the shape seen on the wire (cycle.md 10). */
import { afterEach, expect, it } from 'vitest';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

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
  expect(record?.modifiedProperties).toContainEqual({
    displayName: 'userName',
    oldValue: null,
    newValue: 'u1@contoso.com',
  });
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
