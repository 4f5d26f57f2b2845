/** `fidelity: sane` repairs what `entra` reproduces: null flow, late references, memberships after a restore. */
import { afterEach, describe, expect, test } from 'vitest';
import { aUser, type DirectoryDocument, everyone, openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const FIDELITIES = ['entra', 'sane'] as const;

function userOf(id: string): Record<string, unknown> {
  const user = world.directory.users.find((one) => one.id === id);
  if (user === undefined) throw new Error(`no user ${id}`);
  return user;
}

function accountOf(id: string): Record<string, unknown> | undefined {
  return world.app.state.users().find(({ userName }) => userName === `${id}@contoso.com`);
}

function staff(members: string[]): Record<string, unknown> {
  return { id: 'g1', displayName: 'Staff', mailNickname: 'staff', securityEnabled: true, members };
}

function membersOfStaff(): number {
  const { members } = world.app.state.groups()[0] ?? {};
  return Array.isArray(members) ? members.length : 0;
}

async function open(fidelity: (typeof FIDELITIES)[number], directory?: DirectoryDocument): Promise<void> {
  world = await openWorld({ job: { fidelity }, ...(directory === undefined ? {} : { directory }) });
}

describe.each(FIDELITIES)('%s', (fidelity) => {
  const sane = fidelity === 'sane';

  test('a cleared attribute', async () => {
    await open(fidelity, everyone([aUser('u1', { jobTitle: 'Clerk' })]));
    await world.cycle();
    delete userOf('u1').jobTitle;
    const { requests } = await world.cycle();
    const patches = requests.filter(({ method }) => method === 'PATCH').map(({ body }) => body);
    expect(patches).toEqual(sane ? [expect.objectContaining({ Operations: [{ op: 'Remove', path: 'title' }] })] : []);
    expect(accountOf('u1')?.title).toBe(sane ? undefined : 'Clerk');
    expect((await world.cycle()).requests).toEqual([]);
  });

  test('a manager who comes into scope later', async () => {
    const directory = everyone([aUser('u1', { manager: 'u2' }), aUser('u2')]);
    const [application] = directory.applications;
    const [, second] = application?.assignments ?? [];
    application?.assignments.splice(1, 1);
    await open(fidelity, directory);
    expect((await world.cycle()).cycle.counts.warnings).toBe(1);
    expect((await world.cycle()).cycle.counts.warnings).toBe(0);
    if (second !== undefined) application?.assignments.push(second);
    const { requests } = await world.cycle();
    expect(requests.filter(({ method }) => method === 'PATCH')).toHaveLength(sane ? 1 : 0);
    expect((await world.cycle()).requests).toEqual([]);
  });

  test('a member who comes into scope later', async () => {
    const users = [aUser('u1'), aUser('u2', { accountEnabled: false })];
    await open(fidelity, everyone(users, [staff(['u1', 'u2'])]));
    await world.cycle();
    expect(membersOfStaff()).toBe(1);
    userOf('u2').accountEnabled = true;
    await world.cycle();
    expect(membersOfStaff()).toBe(sane ? 2 : 1);
  });

  test('memberships of a restored user whom the target threw out of the group', async () => {
    await open(fidelity, everyone([aUser('u1'), aUser('u2')], [staff(['u1', 'u2'])]));
    await world.cycle();
    userOf('u1').deletedDateTime = '2026-01-01T00:00:00Z';
    await world.cycle();
    delete userOf('u1').deletedDateTime;
    const { requests } = await world.cycle();
    const toGroups = requests.filter(({ method, path }) => method === 'PATCH' && path.includes('/Groups/'));
    expect(toGroups).toHaveLength(sane ? 1 : 0);
    expect((await world.cycle()).requests).toEqual([]);
  });

  test('an account whose create got no answer, when its owner leaves before the retry', async () => {
    await open(fidelity, everyone([aUser('u1')]));
    world.inject({ match: { method: 'POST' }, times: 1, fault: { kind: 'commit-then-fail', status: 500 } });
    await world.cycle();
    expect(accountOf('u1')?.active).toBe(true);
    world.directory.applications[0]?.assignments.splice(0, 1);
    await world.cycle();
    expect(accountOf('u1')?.active).toBe(!sane);
  });
});
