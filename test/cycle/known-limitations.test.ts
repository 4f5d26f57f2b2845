/** Known limitations of Entra that a job reproduces where it is told to (cycle.md 13, D-09, D-13). */
import { afterEach, describe, expect, test } from 'vitest';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const accounts = () => world.app.state.users();

describe('13.11 a matching value with a special character', () => {
  const directory = () => everyone([aUser('u1', { userPrincipalName: "j.o'neil@contoso.com" }), aUser('u2')]);

  test('fails the object, and says which character stands in the way', async () => {
    world = await openWorld({ directory: directory(), target: { unmatchableCharacters: "'#" } });
    const { cycle, requests } = await world.cycle();
    expect(cycle.counts).toMatchObject({ created: 1, failed: 1 });
    expect(requests.filter(({ path }) => path.includes('neil'))).toEqual([]);
    const failed = (await world.logs()).find(({ provisioningStatusInfo: { status } }) => status === 'failure');
    expect(failed?.provisioningStatusInfo.errorInformation?.reason).toContain("j.o'neil@contoso.com");
  });

  test('is asked for like any other by default', async () => {
    world = await openWorld({ directory: directory() });
    expect((await world.cycle()).cycle.counts).toMatchObject({ created: 2, failed: 0 });
  });
});

describe('13.18 two users with one matching value', () => {
  const mapping = (to: string) => `template: scim
objects:
  - name: Users
    from: User
    to: User
    map:
      - { to: userName, from: userPrincipalName }
      - { to: ${to}, from: department, match: 1 }
`;

  test.each([
    ['link', { warnings: 1, failed: 0 }, 2],
    ['fail', { warnings: 0, failed: 1 }, 1],
  ])('onSharedTarget: %s', async (onSharedTarget, counts, links) => {
    const users = [aUser('u1', { department: 'shared' }), aUser('u2', { department: 'shared' })];
    world = await openWorld({
      directory: everyone(users.slice(0, 1)),
      mapping: mapping('externalId'),
      target: { onSharedTarget },
    });
    await world.cycle();
    Object.assign(world.directory, everyone(users));
    expect((await world.cycle()).cycle.counts).toMatchObject(counts);
    expect((await world.engine().status('app')).links.User).toBe(links);
    expect(accounts()).toHaveLength(1);
  });
});

describe('3.29, 13.20 somebody purged between two cycles', () => {
  const purge = async (target: Readonly<Record<string, unknown>>) => {
    world = await openWorld({ target });
    await world.cycle();
    world.directory.users.splice(0, 1);
    return world.cycle();
  };

  test('is deleted, as documented', async () => {
    expect((await purge({})).cycle.counts.deleted).toBe(1);
    expect(accounts()).toHaveLength(1);
  });

  test('stays with dropUnseenPurge, as seen once', async () => {
    const { cycle, requests } = await purge({ dropUnseenPurge: true });
    expect(cycle.counts).toMatchObject({ deleted: 0, skipped: 1 });
    expect(requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
    expect(accounts()).toHaveLength(2);
  });

  test('dropUnseenPurge still deletes who was disabled before', async () => {
    world = await openWorld({ target: { dropUnseenPurge: true } });
    await world.cycle();
    Object.assign(world.directory.users[0] ?? {}, { deletedDateTime: '2026-01-01T00:00:00Z' });
    await world.cycle();
    world.directory.users.splice(0, 1);
    expect((await world.cycle()).cycle.counts.deleted).toBe(1);
  });
});
