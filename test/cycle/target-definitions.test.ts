/** What the attribute definitions of a mapping file do to values on their way out (mappings-and-scoping.md 2.5, 3.5, 7.4). */
import { afterEach, describe, expect, it } from 'vitest';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const EXTENSION = 'urn:ietf:params:scim:schemas:extension:acme:2.0:User';

/** A world whose users have one attribute `flag`, fed by `from` and defined so. */
async function start(definition: string, user: Readonly<Record<string, unknown>>, from = 'jobTitle'): Promise<void> {
  const mapping = `objects:
  - name: Users
    from: User
    to: User
    map:
      - { to: userName, from: userPrincipalName, match: 1 }
      - { to: '${EXTENSION}:flag', from: ${from} }
directories:
  customappsso:
    objects:
      User:
        attributes:
          userName: { required: true }
          '${EXTENSION}:flag': ${definition}
`;
  world = await openWorld({ mapping, directory: everyone([aUser('u1', user)]) });
}

const kept = () => (world.app.state.users()[0]?.[EXTENSION] as { flag?: unknown } | undefined)?.flag;

describe('types', () => {
  it.each([
    ['{ type: boolean }', 'TRUE', true],
    ['{ type: boolean }', '0', false],
    ['{ type: integer }', '12', 12],
    ['{ type: integer }', '12345678901234567890', '12345678901234567890'],
    ['{ type: string }', '12', '12'],
    ['{ type: datetime }', '2026-01-01', '2026-01-01'],
    ["{ raw: { metadata: [{ key: MaximumLength, value: '4' }] } }", 'Boss', 'Boss'],
    ['{ type: string, multi: true }', 'x', ['x']],
  ])('%s takes %j as %j', async (definition, jobTitle, sent) => {
    await start(definition, { jobTitle });
    await world.cycle();
    expect(kept()).toEqual(sent);
  });

  it('a list goes into a list, one of one item into a single value', async () => {
    await start('{ type: string, multi: true }', { proxyAddresses: ['a', 'b'] }, 'proxyAddresses');
    await world.cycle();
    expect(kept()).toEqual(['a', 'b']);
    await world.close();
    await start('{ type: string }', { proxyAddresses: ['a'] }, 'proxyAddresses');
    await world.cycle();
    expect(kept()).toBe('a');
  });

  it.each([
    ['{ type: boolean }', { jobTitle: 'maybe' }, 'jobTitle', 'AttributeMappingFailed'],
    ['{ type: integer }', { jobTitle: '1x' }, 'jobTitle', 'AttributeMappingFailed'],
    [
      "{ raw: { metadata: [{ key: MaximumLength, value: '3' }] } }",
      { jobTitle: 'Boss' },
      'jobTitle',
      'AttributeMappingFailed',
    ],
    ['{ type: string }', { proxyAddresses: ['a', 'b'] }, 'proxyAddresses', 'SchemaPropertyCanOnlyAcceptValue'],
  ])('%s refuses %j: the object fails, and nothing is sent', async (definition, user, from, code) => {
    await start(definition, user, from);
    const trace = await world.cycle();
    expect(trace.cycle.counts).toMatchObject({ created: 0, failed: 1 });
    expect(world.app.state.users()).toEqual([]);
    const [record] = await world.logs();
    expect(record?.provisioningStatusInfo.errorInformation?.errorCode).toBe(code);
  });
});

describe('access', () => {
  it.each([
    ['ro', undefined, undefined],
    ['immutable', 'Clerk', 'Clerk'],
    ['wo', 'Clerk', 'Boss'],
  ])('%s: %j on creation, %j after a change', async (access, created, changed) => {
    await start(`{ access: ${access} }`, { jobTitle: 'Clerk' });
    await world.cycle();
    expect(kept()).toBe(created);
    Object.assign(world.directory.users[0] ?? {}, { jobTitle: 'Boss' });
    await world.cycle();
    expect(kept()).toBe(changed);
  });
});

it('a required attribute without a value takes the default of its definition, on creation', async () => {
  await start('{ required: true, default: Z }', {});
  await world.cycle();
  expect(kept()).toBe('Z');
  await world.close();
  await start('{ required: true }', {});
  expect((await world.cycle()).cycle.counts).toMatchObject({ created: 0, skipped: 1 });
});

it('a definition is that of every spelling of its path', async () => {
  const mapping = `objects:
  - name: Users
    from: User
    to: User
    map:
      - { to: userName, from: userPrincipalName, match: 1 }
      - { to: 'emails[type eq "work"]', from: mail }
directories:
  customappsso:
    objects:
      User:
        attributes:
          userName: { required: true }
          'emails[type eq "work"].value': { caseExact: false, raw: { metadata: [{ key: MaximumLength, value: '20' }] } }
`;
  world = await openWorld({ mapping, directory: everyone([aUser('u1', { mail: `${'x'.repeat(20)}@contoso.com` })]) });
  expect((await world.cycle()).cycle.counts).toMatchObject({ created: 0, failed: 1 });
});
