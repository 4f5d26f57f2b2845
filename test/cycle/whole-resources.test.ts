/** Clients that write whole resources: what they must read first, and what such a write may not lose (scim-wire.md 11.2). */
import { afterEach, expect, test } from 'vitest';
import { type CycleTrace, openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const writes = ({ requests }: CycleTrace) =>
  requests.flatMap(({ method, path, body }) => (method === 'GET' ? [] : [[`${method} ${path}`, body] as const]));

/** The directory has nobody of this id any more. */
function purge(id: string): void {
  const { users, applications } = world.directory;
  users.splice(
    users.findIndex((user) => user.id === id),
    1,
  );
  const [application] = applications;
  if (application !== undefined) application.assignments = application.assignments.filter(({ user }) => user !== id);
}

test.each([
  [404, 'InvalidAnchor'],
  [403, 'InsufficientRights'],
])('who is purged and answered %i fails alone, and is tried again', async (status, code) => {
  world = await openWorld({ target: { client: 'okta-aiw' } });
  await world.cycle();
  purge('u1');
  for (const user of world.directory.users) user.jobTitle = 'Boss';
  world.inject({ match: { method: 'GET', path: '/Users/t1' }, times: 1, fault: { kind: 'status', status } });
  const first = await world.cycle();
  expect(first.cycle.error).toBeUndefined();
  expect(first.cycle.counts).toMatchObject({ updated: 1, failed: 1 });
  const codes = (await world.logs()).map((record) => record.provisioningStatusInfo.errorInformation?.errorCode);
  expect(codes).toContain(code);
  expect(writes(await world.cycle())).toEqual([
    ['PUT /Users/t1', expect.objectContaining({ userName: 'u1@contoso.com', active: false })],
  ]);
});
