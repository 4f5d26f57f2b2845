import { createTenant, type Tenant } from 'scimulate/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ScimmyServer, startScimmyServer } from '../support/scimmy-server.ts';

let server: ScimmyServer;
let entra: Tenant;

beforeEach(async () => {
  server = await startScimmyServer({ token: 'secret' });
  entra = await createTenant({
    url: `${server.url}?aadOptscim062020`,
    token: 'secret',
    users: [
      { id: 'ana', userPrincipalName: 'ana@contoso.com', displayName: 'Ana Sousa', mailNickname: 'ana' },
      { id: 'ben', userPrincipalName: 'ben@contoso.com', displayName: 'Ben Ode', mailNickname: 'ben' },
    ],
    groups: [{ id: 'staff', displayName: 'Staff', members: ['ana'] }],
    job: { schedule: { interval: 'PT6H' } }, // 40 minutes by default; this keeps the month below short
  });
});

afterEach(async () => {
  await entra.close();
  await server.close();
});

test('the first cycle asks for everybody, then creates them', async () => {
  const { kind, counts } = await entra.cycle();
  expect(kind).toBe('initial');
  expect(counts).toMatchObject({ created: 3, failed: 0 });
  await entra.expect({
    sent: ['GET /Users?filter=userName eq "ana@contoso.com"', { request: 'POST /Users', body: { active: true } }],
    logs: [{ object: 'ana@contoso.com', action: 'create', status: 'success' }],
    target: { userCount: 2, groups: { Staff: { members: ['ana@contoso.com'] } } },
  });
});

test('a leaver is disabled by the next cycle, and deleted when the recycle bin lets go', async () => {
  await entra.cycle();
  await entra.softDelete('ana');
  await entra.advance('+6h');
  await entra.expect({ target: { users: { 'ana@contoso.com': { active: false } } } });
  await entra.advance('+31d');
  await entra.expect({ sent: ['DELETE /Users/*'], target: { users: { 'ana@contoso.com': null }, userCount: 1 } });
});

test('members come and go by PATCH', async () => {
  await entra.cycle();
  await entra.addMember('staff', 'ben');
  await entra.removeMember('staff', 'ana');
  await entra.expect({ cycles: 1 });
  await entra.cycle();
  await entra.expect({
    writes: ['PATCH /Groups/*', 'PATCH /Groups/*'],
    target: { groups: { Staff: { members: ['ben@contoso.com'] } } },
  });
});
