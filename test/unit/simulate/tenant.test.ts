/** The tenant of `scimulate/testing`: every change it can make, time, refusals, and what its expectations say when they fail. */
import { readFile } from 'node:fs/promises';
import { createTenant, type Tenant, type TenantOptions } from 'scimulate/testing';
import { afterEach, expect, test } from 'vitest';
import { withControlSurface } from '../../../fixtures/targets/control-surface.ts';
import { createScimApp } from '../../../fixtures/targets/scim-app.ts';

const URL_OF_APP = 'https://app.example.com/scim';
const ANA = { id: 'ana', userPrincipalName: 'ana@contoso.com', displayName: 'Ana', mailNickname: 'ana' };
const BEN = { id: 'ben', userPrincipalName: 'ben@contoso.com', displayName: 'Ben', mailNickname: 'ben' };

let tenant: Tenant;
afterEach(() => tenant.close());

async function open(options: Partial<TenantOptions> = {}): Promise<ReturnType<typeof withControlSurface>> {
  const app = withControlSurface(createScimApp({ token: 'secret' }));
  tenant = await createTenant({ url: URL_OF_APP, token: 'secret', fetch: app.handle, users: [ANA, BEN], ...options });
  return app;
}

const accounts = (users: Readonly<Record<string, unknown>>) => tenant.expect({ target: { users } as never });

test('runs against a fetch handler without a network, initial first', async () => {
  await open();
  expect(await tenant.cycle()).toMatchObject({ kind: 'initial', counts: { created: 2 } });
  expect(await tenant.cycle()).toMatchObject({ kind: 'incremental', counts: { created: 0 } });
  expect(tenant.requests().filter(({ method }) => method === 'POST')).toHaveLength(2);
  expect((await tenant.logs('ana')).map(({ provisioningAction }) => provisioningAction)).toEqual(['create']);
});

test('who was unassigned is not deleted later, also where nothing can be sent to switch them off (cycle.md 3.22)', async () => {
  const map = [{ to: 'userName', from: 'userPrincipalName', match: 1 }];
  await open({ mapping: { objects: [{ name: 'Users', from: 'User', to: 'User', map }] } });
  await tenant.cycle();
  await tenant.unassign('ana');
  await tenant.cycle();
  await tenant.purge('ana');
  await tenant.cycle();
  await tenant.expect({ job: { users: 1 } });
  expect(tenant.requests().filter(({ method }) => method === 'DELETE')).toEqual([]);
  expect((await tenant.logs('ana')).at(-1)?.provisioningSteps.at(-1)?.description).toContain('no longer managed');
});

test.each<[unknown, RegExp]>([
  [{ wirtes: [] }, /"wirtes" is not a setting.*Did you mean "writes"/],
  [{ job: { statu: 'Active' } }, /job.*"statu" is not/],
  [{ logs: [{ objct: 'ana' }] }, /logs.*"objct" is not/],
  [{ target: { usercount: 2 } }, /target.*"usercount" is not/],
  [{ writes: 'POST /Users' }, /writes/],
])('an expectation that cannot be read is refused: %j', async (expectation, message) => {
  await open();
  await tenant.cycle();
  await expect(tenant.expect(expectation as never)).rejects.toMatchObject({
    category: 'configuration',
    message: expect.stringMatching(message),
  });
});

test.each<[string, Partial<TenantOptions>, RegExp]>([
  ['one id twice', { users: [ANA, { ...BEN, id: 'ana' }] }, /duplicate-id/],
  ['no id', { users: [{ userPrincipalName: 'x@contoso.com' } as never] }, /missing-id/],
  ['one id for a user and a group', { groups: [{ id: 'ana', displayName: 'Staff' }] }, /duplicate-id/],
])('people with errors are refused: %s', async (_name, options, message) => {
  const given = { url: URL_OF_APP, users: [ANA, BEN], ...options };
  await expect(createTenant(given)).rejects.toMatchObject({ message: expect.stringMatching(message) });
  await open();
});

test.each<[unknown, RegExp]>([
  [undefined, /the options cannot be read/],
  [{}, /url is missing/],
  [{ url: URL_OF_APP, user: [ANA] }, /"user" is not.*Did you mean "users"/],
  [{ url: URL_OF_APP, users: ANA }, /users/],
  [{ url: URL_OF_APP, fetch: 'x' }, /fetch is a function/],
])('options that cannot be read are refused: %j', async (options, message) => {
  await open();
  await expect(createTenant(options as never)).rejects.toMatchObject({
    category: 'configuration',
    message: expect.stringMatching(message),
  });
});

test('a setting of the job that cannot be used is shown as it was given', async () => {
  await open();
  const job = { schedule: { interval: '40m' } };
  await expect(createTenant({ url: URL_OF_APP, job })).rejects.toMatchObject({
    message: expect.stringMatching(/bad-duration: "40m".*\n {2}"interval": "40m"$/),
  });
});

test('what is asked of a closed tenant says so; closing it again does nothing', async () => {
  await open();
  await tenant.close();
  const asked = [
    () => tenant.cycle(),
    () => tenant.advance('+1d'),
    () => tenant.change('ana', {}),
    () => tenant.logs(),
  ];
  for (const ask of asked)
    await expect(ask()).rejects.toMatchObject({ code: 'closed', message: expect.stringContaining('closed') });
});

test('a group is expected with its members and any other attribute', async () => {
  await open({ groups: [{ id: 'g', displayName: 'Staff', members: ['ana'] }] });
  await tenant.cycle();
  await tenant.expect({ target: { groups: { Staff: { members: ['ana@contoso.com'], externalId: 'g' } } } });
  const misspelt = { target: { groups: { Staff: { member: ['ana@contoso.com'] } } } };
  await expect(tenant.expect(misspelt)).rejects.toThrow(/group Staff.*member/);
});

test('nobody who is not there is assigned, or becomes a member', async () => {
  await open({ groups: [{ id: 'g', displayName: 'Staff', members: [] }] });
  await expect(tenant.assign('zz')).rejects.toMatchObject({ message: expect.stringContaining('no "zz"') });
  await expect(tenant.addMember('g', 'zz')).rejects.toMatchObject({ message: expect.stringContaining('no "zz"') });
});

test('start is taken in any time zone, and refused when it is none', async () => {
  await open({ start: '2026-03-01T00:00:00+02:00' });
  await tenant.cycle();
  await tenant.advance('+2h');
  expect(tenant.now()).toBe('2026-03-01T00:00:00.000Z');
  await expect(createTenant({ url: URL_OF_APP, start: 'yesterday' })).rejects.toMatchObject({
    category: 'configuration',
    message: expect.stringContaining('start is no instant: yesterday'),
  });
});

test('people are added, changed, unassigned, assigned, deleted, restored and purged', async () => {
  await open();
  await tenant.cycle();
  const cia = { id: 'cia', userPrincipalName: 'cia@contoso.com', displayName: 'Cia', mailNickname: 'cia' };
  await tenant.addUser(cia, { assigned: false });
  await tenant.change('ana', { jobTitle: 'Boss' });
  await tenant.cycle();
  await accounts({ 'cia@contoso.com': null, 'ana@contoso.com': { title: 'Boss' } });
  await tenant.assign('cia');
  await tenant.unassign('ben');
  await tenant.softDelete('ana');
  await tenant.cycle();
  await accounts({
    'cia@contoso.com': { active: true },
    'ben@contoso.com': { active: false },
    'ana@contoso.com': { active: false },
  });
  await tenant.restore('ana');
  await tenant.purge('cia');
  await tenant.cycle();
  await accounts({ 'ana@contoso.com': { active: true }, 'cia@contoso.com': null });
});

test('groups are added and assigned, members come and go', async () => {
  await open();
  await tenant.addGroup({ id: 'g', displayName: 'Staff', securityEnabled: true }, { assigned: false });
  await tenant.addMember('g', 'ana');
  await tenant.cycle();
  await tenant.expect({ target: { groups: { Staff: null } } });
  await tenant.assign('g');
  await tenant.cycle();
  await tenant.expect({ target: { groups: { Staff: { members: ['ana@contoso.com'] } } } });
  await tenant.removeMember('g', 'ana');
  await tenant.cycle();
  await tenant.expect({ target: { groups: { Staff: { members: [] } } } });
  await tenant.purge('g');
  await tenant.cycle();
  await tenant.expect({ target: { groups: { Staff: null } } });
});

test('time is virtual: cycles that become due run, pause stops them, restart begins anew', async () => {
  await open();
  expect(await tenant.advance('+2h')).toHaveLength(4);
  expect(tenant.now()).toBe('2026-01-01T02:00:00.000Z');
  await tenant.pause();
  expect(await tenant.advance('+2h')).toEqual([]);
  await tenant.start();
  expect((await tenant.advance('+40m')).map(({ kind }) => kind)).toEqual(['incremental', 'incremental']);
  await tenant.restart('Full');
  expect((await tenant.advance('+1m')).map(({ kind }) => kind)).toEqual(['initial']);
  await expect(tenant.restart('Ful')).rejects.toMatchObject({ remedy: 'did you mean Full?' });
  await expect(tenant.advance('soon')).rejects.toMatchObject({ remedy: 'write +40m, +2d or +1d6h30m' });
});

test('a server that refuses the token quarantines the job, and the report says why', async () => {
  await open({ token: 'wrong' });
  const { error } = await tenant.cycle();
  expect(error?.code).toBe('InvalidCredentials');
  await tenant.expect({ job: { status: 'Quarantine', quarantine: 'EncounteredQuarantineException' } });
  await expect(tenant.expect({ target: { userCount: 0 } })).rejects.toMatchObject({ code: 'target-unreadable' });
});

test('a failing expectation says what was seen since the last one', async () => {
  await open();
  await tenant.cycle();
  await expect(tenant.expect({ counts: { created: 1 }, sent: ['DELETE /Users/*'] })).rejects.toThrow(
    /created in the last cycle: expected 1, saw 2\nrequest DELETE \/Users\/\* was not sent; sent were\n {6}GET \/Users/,
  );
  await tenant.cycle();
  await tenant.expect({ cycles: 1, writes: [] });
});

test('an expectation that names no request, and a second object of one id, are refused', async () => {
  await open();
  await tenant.cycle();
  await expect(tenant.expect({ notSent: ['DELETE'] })).rejects.toThrow('cannot be "DELETE"');
  await tenant.expect({ notSent: ['DELETE *'] });
  await expect(tenant.addUser({ ...ANA, userPrincipalName: 'x@contoso.com' })).rejects.toThrow('has a "ana" already');
  await expect(tenant.addUser({ userPrincipalName: 'x@contoso.com' } as never)).rejects.toThrow('needs an id');
});

test('takes a mapping as data and settings of the job, and lists what is wrong with them', async () => {
  const map = [{ to: 'userName', from: 'userPrincipalName', match: 1 }];
  await open({ mapping: { template: 'scim', objects: [{ name: 'Users', from: 'User', to: 'User', map }] } });
  await tenant.cycle();
  await tenant.expect({ writes: ['POST /Users', 'POST /Users'] });
  await expect(createTenant({ url: URL_OF_APP, job: { fidelty: 'sane' } })).rejects.toThrow('Did you mean "fidelity"');
});

test('a server with pages is read to the end', async () => {
  const users = Array.from({ length: 130 }, (_, index) => ({
    ...ANA,
    id: `u${index}`,
    userPrincipalName: `u${index}@c.d`,
  }));
  await open({ users });
  await tenant.cycle();
  await tenant.expect({ target: { userCount: 130 } });
});

test('docs/testing.md shows the example that is tested', async () => {
  await open();
  const page = await readFile('docs/testing.md', 'utf8');
  expect(page).toContain(await readFile('test/examples/scim-server.test.ts', 'utf8'));
});
