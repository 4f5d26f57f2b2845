/** Matching, creating and the gates before them (cycle.md 2). */
import { afterEach, describe, expect, it } from 'vitest';
import { aUser, DEFAULT_MAPPING, everyone, openWorld, type World } from '../support/world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const SCHEMAS = ['urn:ietf:params:scim:schemas:core:2.0:User'];
const account = (userName: string, rest: Readonly<Record<string, string>> = {}) => ({
  schemas: SCHEMAS,
  userName,
  ...rest,
});

describe('matching', () => {
  it('2.9 two hits fail the object and nothing is written', async () => {
    const mapping = DEFAULT_MAPPING.replace('from: userPrincipalName, match: 1', 'from: userPrincipalName').replace(
      'to: displayName, from: displayName }\n      - { to: title',
      'to: displayName, from: displayName, match: 1 }\n      - { to: title',
    );
    const seed = {
      users: [account('a@x.com', { displayName: 'User u1' }), account('b@x.com', { displayName: 'User u1' })],
    };
    world = await openWorld({ mapping, directory: everyone([aUser('u1')]), app: { token: 'test-token', seed } });
    const trace = await world.cycle();
    expect(trace.requests.map((request) => request.method)).toEqual(['GET']);
    const [record] = await world.logs();
    expect(record?.provisioningStatusInfo.errorInformation?.errorCode).toBe('DuplicateTargetEntries');
    expect(trace.escrows.objects).toBe(1);
  });

  it('2.6 asks by the next matching attribute when the first finds nothing', async () => {
    const mapping = DEFAULT_MAPPING.replace('from: mailNickname }', 'from: mailNickname, match: 2 }');
    const seed = { users: [account('old-name@contoso.com', { externalId: 'u1' })] };
    world = await openWorld({ mapping, directory: everyone([aUser('u1')]), app: { token: 'test-token', seed } });
    const trace = await world.cycle();
    expect(trace.requests.map((request) => request.method)).toEqual(['GET', 'GET', 'PATCH']);
    expect(world.app.state.users()[0]?.userName).toBe('u1@contoso.com');
  });

  it('2.10 two sources with one matching value are linked to the same resource, with a warning', async () => {
    const users = [aUser('u1'), aUser('u2', { userPrincipalName: 'u1@contoso.com' })];
    const seed = { users: [account('u1@contoso.com')] };
    world = await openWorld({ directory: everyone(users), app: { token: 'test-token', seed } });
    const trace = await world.cycle();
    expect(trace.cycle.counts.warnings).toBe(1);
    const targets: string[] = [];
    for await (const link of world.engine().links('app')) targets.push(link.targetId);
    expect(new Set(targets).size).toBe(1);
    expect(targets).toHaveLength(2);
  });

  it('2.15 a user whose required attribute is empty is not created', async () => {
    const mapping = DEFAULT_MAPPING.replace('from: userPrincipalName, match: 1', 'from: employeeId').replace(
      'from: mailNickname }',
      'from: mailNickname, match: 1 }',
    );
    world = await openWorld({ mapping, directory: everyone([aUser('u1')]) });
    await world.cycle();
    const [record] = await world.logs();
    expect(record).toMatchObject({ provisioningAction: 'create', provisioningStatusInfo: { status: 'skipped' } });
    expect(record?.provisioningSteps.at(-1)?.details).toMatchObject({
      SkipReason: 'AttributeValidationFailed',
      PropertyName: 'userName',
    });
  });

  it.each([
    ['create', 'CreateNotEnabled', ['GET']],
    ['update', 'UpdateNotEnabled', ['GET', 'POST', 'GET']],
  ])('2.16 without the %s action: %s', async (action, code, methods) => {
    const actions = ['create', 'update', 'delete'].filter((one) => one !== action).join(', ');
    const mapping = DEFAULT_MAPPING.replace('to: User\n', `to: User\n    actions: [${actions}]\n`);
    world = await openWorld({ mapping, directory: everyone([aUser('u1')]) });
    const first = await world.cycle();
    let seen = first.requests.map((request) => request.method);
    if (action === 'update') {
      Object.assign(world.directory.users[0] ?? {}, { accountEnabled: false });
      const next = await world.cycle();
      seen = [...seen, ...next.requests.map((request) => request.method)];
    }
    expect(seen).toEqual(methods);
    const records = await world.logs();
    expect(records.at(-1)?.provisioningSteps.at(-1)?.details.SkipReason).toBe(code);
  });

  it('2.16 without the delete action a purge sends nothing', async () => {
    const mapping = DEFAULT_MAPPING.replace('to: User\n', 'to: User\n    actions: [create, update]\n');
    world = await openWorld({ mapping });
    await world.cycle();
    world.directory.users.splice(0, 1);
    const trace = await world.cycle();
    expect(trace.requests).toEqual([]);
    expect(world.app.state.users()).toHaveLength(2);
  });

  it('3.5 a linked resource that is gone fails with InvalidAnchor', async () => {
    world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2')]) });
    await world.cycle();
    await remove(world, 't1');
    Object.assign(world.directory.users[0] ?? {}, { jobTitle: 'Lead' });
    const trace = await world.cycle();
    expect(trace.cycle.counts.failed).toBe(1);
    const record = (await world.logs()).at(-1);
    expect(record?.provisioningStatusInfo.errorInformation?.errorCode).toBe('InvalidAnchor');
  });

  it('R2 with onMissingLink: rematch the account is made again', async () => {
    world = await openWorld({ directory: everyone([aUser('u1')]), target: { onMissingLink: 'rematch' } });
    await world.cycle();
    await remove(world, 't1');
    Object.assign(world.directory.users[0] ?? {}, { jobTitle: 'Lead' });
    const trace = await world.cycle();
    expect(trace.requests.map((request) => request.method)).toEqual(['GET', 'GET', 'POST']);
    expect(trace.cycle.counts.created).toBe(1);
  });

  it('a changed mapping makes the next cycle initial and keeps the links', async () => {
    world = await openWorld({ directory: everyone([aUser('u1')]) });
    await world.cycle();
    const { writeFile } = await import('node:fs/promises');
    await writeFile(
      `${world.folder}/mapping.yaml`,
      DEFAULT_MAPPING.replace('to: title, from: jobTitle', 'to: title, from: city'),
    );
    await world.reopen();
    const trace = await world.cycle();
    expect(trace.cycle.kind).toBe('initial');
    expect(trace.requests.map((request) => request.method)).toEqual(['GET']);
  });
});

async function remove(here: World, id: string): Promise<void> {
  await here.app.handle(
    new Request(`http://localhost/scim/Users/${id}`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer test-token' },
    }),
  );
}
