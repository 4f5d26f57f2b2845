/** Against an independent SCIM server (scimmy): initial cycle, a quiet cycle, and one of changes, in flag mode. */
import { afterEach, expect, it } from 'vitest';
import { startScimmyServer } from '../support/scimmy-server.ts';
import { aUser, DEFAULT_MAPPING, everyone, openWorld, TOKEN, type World } from '../support/world.ts';

let world: World | undefined;
let server: Awaited<ReturnType<typeof startScimmyServer>> | undefined;
afterEach(async () => {
  await world?.close();
  await server?.close();
  world = undefined;
  server = undefined;
});

it('keeps an independent server in step', async () => {
  server = await startScimmyServer({ token: TOKEN });
  const users = [aUser('u1', { department: 'Sales' }), aUser('u2'), aUser('u3'), aUser('u4')];
  world = await openWorld({
    targetUrl: server.url,
    flags: '?aadOptscim062020',
    mapping: DEFAULT_MAPPING,
    directory: everyone(users, [{ id: 'g1', displayName: 'Sales', members: ['u1', 'u2'] }]),
  });
  const first = await world.cycle();
  expect(first.error).toBeUndefined();
  expect(first.cycle.counts).toMatchObject({ created: 5, failed: 0 });
  expect(server.users().size).toBe(4);
  expect(server.groups().size).toBe(1);

  const quiet = await world.cycle();
  expect(quiet.cycle.counts).toMatchObject({ created: 0, updated: 0, skipped: 0 });

  const [u1, , u3, u4] = world.directory.users;
  Object.assign(u1 ?? {}, { displayName: 'Renamed', department: 'IT', jobTitle: 'Lead' });
  Object.assign(u3 ?? {}, { accountEnabled: false });
  Object.assign(world.directory.groups[0] ?? {}, { displayName: 'Sales Europe', members: ['u2', 'u4'] });
  Object.assign(u4 ?? {}, { jobTitle: 'Vet' });
  const changes = await world.cycle();
  expect(changes.cycle.counts).toMatchObject({ updated: 3, disabled: 1, failed: 0 });
  const all = [...server.users().values()] as Record<string, unknown>[];
  expect(all.find((user) => user.userName === 'u1@contoso.com')).toMatchObject({
    displayName: 'Renamed',
    title: 'Lead',
  });
  expect(all.find((user) => user.userName === 'u3@contoso.com')).toMatchObject({ active: false });

  world.directory.users.splice(3, 1);
  const purge = await world.cycle();
  expect(purge.cycle.counts.deleted).toBe(1);
  expect(server.users().size).toBe(3);
});
