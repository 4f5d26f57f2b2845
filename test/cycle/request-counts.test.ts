/** What a cycle costs in requests, and that a quiet cycle costs none (cycle.md 2.1, 2.6, 3.2). */
import { afterEach, describe, expect, it } from 'vitest';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => aUser(`u${String(index).padStart(4, '0')}`));

describe('requests of a cycle', () => {
  it('N new users cost exactly 2N requests besides the probe', async () => {
    world = await openWorld({ directory: everyone(many(120)) });
    const trace = await world.cycle();
    expect(trace.probes).toBe(2);
    expect(trace.requests).toHaveLength(240);
    expect(trace.cycle.counts.created).toBe(120);
  });

  it('N matched and equal users cost exactly N requests', async () => {
    const users = many(120);
    const seed = users.map((user) => ({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: String(user.userPrincipalName),
      displayName: String(user.displayName),
      externalId: String(user.mailNickname),
      active: true,
      emails: [{ type: 'work', value: String(user.mail), primary: true }],
    }));
    world = await openWorld({ directory: everyone(users), app: { token: 'test-token', seed: { users: seed } } });
    const trace = await world.cycle();
    expect(trace.requests).toHaveLength(120);
    expect(trace.requests.every((request) => request.method === 'GET')).toBe(true);
    expect(trace.cycle.counts).toMatchObject({ created: 0, updated: 0, skipped: 120 });
  });

  it('a cycle without changes sends the probe and nothing else', async () => {
    world = await openWorld({ directory: everyone(many(30), [{ id: 'g1', displayName: 'All', members: ['u0001'] }]) });
    await world.cycle();
    const quiet = await world.cycle();
    expect(quiet.cycle.kind).toBe('incremental');
    expect(quiet.probes).toBe(2);
    expect(quiet.requests).toEqual([]);
    expect(quiet.cycle.counts).toEqual({
      created: 0,
      updated: 0,
      disabled: 0,
      deleted: 0,
      skipped: 0,
      failed: 0,
      warnings: 0,
    });
  });

  it('members of a large group go out in batches of a hundred', async () => {
    const users = many(250);
    const members = users.map((user) => user.id);
    world = await openWorld({ directory: everyone(users, [{ id: 'g1', displayName: 'All', members }]) });
    const trace = await world.cycle();
    const sizes = trace.requests
      .filter((request) => request.method === 'PATCH')
      .map((request) => (request.body as { Operations: { value: unknown[] }[] }).Operations[0]?.value.length);
    expect(sizes).toEqual([100, 100, 50]);
  });

  it('preview and sync send the same, ids apart', async () => {
    const users = [aUser('u1', { manager: 'u2' }), aUser('u2'), aUser('u3')];
    world = await openWorld({ directory: everyone(users, [{ id: 'g1', displayName: 'All', members: ['u1', 'u2'] }]) });
    const preview = await world.preview();
    const trace = await world.cycle();
    expect(planned(preview)).toEqual(written(trace));

    Object.assign(world.directory.users[0] ?? {}, { jobTitle: 'Lead', manager: 'u3' });
    Object.assign(world.directory.groups[0] ?? {}, { members: ['u2', 'u3'] });
    world.directory.applications[0]?.assignments.splice(1, 1);
    world.directory.users.splice(2, 0, aUser('u4'));
    world.directory.applications[0]?.assignments.push({ user: 'u4', role: 'User' });
    const second = await world.preview();
    const next = await world.cycle();
    expect(planned(second)).toEqual(written(next));
    expect(planned(second).length).toBeGreaterThan(3);
  });
});

/** Planned requests with stand-ins for new ids; sorted, because requests of one page go out side by side. */
function planned(preview: Awaited<ReturnType<World['preview']>>): readonly string[] {
  return preview.operations
    .flatMap((operation) => operation.requests)
    .map((request) => `${request.method} ${request.path} ${JSON.stringify(request.body ?? null)}`)
    .map((line) => line.replace(/\bt\d+\b/g, 'ID').replace(/id-of-[a-z]\d+/g, 'ID'))
    .sort();
}

function written(trace: Awaited<ReturnType<World['cycle']>>): readonly string[] {
  return trace.requests
    .filter((request) => request.method !== 'GET')
    .map(
      (request) => `${request.method} ${request.path.replace(/^.*\/scim/, '')} ${JSON.stringify(request.body ?? null)}`,
    )
    .map((line) => line.replace(/\bt\d+\b/g, 'ID'))
    .sort();
}
