/** What RFC 7643 says of its attributes, kept where neither the mapping file nor a profile defines them (mappings-and-scoping.md 2.5). */
import { afterEach, describe, expect, it } from 'vitest';
import { ENTERPRISE, everyone, openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const USER = {
  id: 'u1',
  userPrincipalName: 'u1@contoso.example',
  otherMails: ['one@x.example'],
  seats: 5,
  proxyAddresses: ['one@x.example', 'two@x.example'],
};

/** One user, whose userName and `row` are mapped. */
async function start(row: string): Promise<void> {
  const mapping = `objects:
  - name: Users
    from: User
    to: User
    map:
      - { to: userName, from: userPrincipalName, match: 1 }
      - ${row}
`;
  world = await openWorld({ mapping, directory: everyone([USER]) });
}

/** The body of the account that a cycle makes. */
async function created(): Promise<unknown> {
  const { requests } = await world.cycle();
  return requests.find(({ method }) => method === 'POST')?.body;
}

describe('a value for a single-valued attribute', () => {
  it.each([
    ['{ to: nickName, from: otherMails }', { nickName: 'one@x.example' }],
    ['{ to: name.givenName, from: otherMails }', { name: { givenName: 'one@x.example' } }],
    [
      `{ to: 'emails[type eq "other"].value', from: otherMails }`,
      { emails: [{ type: 'other', value: 'one@x.example' }] },
    ],
    [`{ to: '${ENTERPRISE}:division', from: otherMails }`, { [ENTERPRISE]: { division: 'one@x.example' } }],
    [`{ to: active, expr: 'IIF([city] = "x", "True", "")' }`, { userName: 'u1@contoso.example' }],
    ['{ to: title, from: seats }', { title: '5' }],
    ['{ to: userType, from: accountEnabled }', { userType: 'True' }],
    ['{ to: roles, from: proxyAddresses }', { roles: ['one@x.example', 'two@x.example'] }],
    ['{ to: roles, from: userPrincipalName }', { roles: ['u1@contoso.example'] }],
  ])('%s', async (row, expected) => {
    await start(row);
    expect(await created()).toMatchObject(expected);
  });

  it.each([
    '{ to: title, from: proxyAddresses }',
    '{ to: name.givenName, from: proxyAddresses }',
    `{ to: 'emails[type eq "other"].value', from: proxyAddresses }`,
    `{ to: '${ENTERPRISE}:division', from: proxyAddresses }`,
  ])('several fail the object: %s', async (row) => {
    await start(row);
    expect((await world.cycle()).cycle.counts).toMatchObject({ created: 0, failed: 1 });
    const [record] = await world.logs();
    expect(record?.provisioningStatusInfo.errorInformation?.errorCode).toBe('SchemaPropertyCanOnlyAcceptValue');
  });

  it('of an extension nobody defines goes out as it is', async () => {
    const urn = 'urn:ietf:params:scim:schemas:extension:acme:2.0:User';
    await start(`{ to: '${urn}:aliases', from: proxyAddresses }`);
    expect(await created()).toMatchObject({ [urn]: { aliases: USER.proxyAddresses } });
  });
});

describe('a boolean', () => {
  it.each([
    [`{ to: active, const: '1' }`, { active: true }],
    [`{ to: active, const: '0' }`, { active: false }],
    [`{ to: active, const: 'TRUE' }`, { active: true }],
    [`{ to: 'emails[type eq "work"].primary', const: '0' }`, { emails: [{ type: 'work', primary: false }] }],
  ])('%s', async (row, expected) => {
    await start(row);
    expect(await created()).toMatchObject(expected);
  });

  it.each([`{ to: active, const: 'yes' }`, `{ to: 'emails[type eq "work"].primary', const: 'yes' }`])(
    'of another text fails the object: %s',
    async (row) => {
      await start(row);
      expect((await world.cycle()).cycle.counts).toMatchObject({ created: 0, failed: 1 });
      const [record] = await world.logs();
      expect(record?.provisioningStatusInfo.errorInformation?.errorCode).toBe('AttributeMappingFailed');
    },
  );
});

describe('matching', () => {
  const matched = (row: string) =>
    openWorld({
      mapping: `objects:
  - name: Users
    from: User
    to: User
    map:
      - { to: userName, from: userPrincipalName }
      - ${row}
`,
      directory: everyone([USER]),
    });

  it('takes the one value of a list', async () => {
    world = await matched('{ to: externalId, from: otherMails, match: 1 }');
    const { requests, cycle } = await world.cycle();
    expect(requests[0]?.path).toBe('/Users?filter=externalId+eq+%22one%40x.example%22');
    expect(cycle.counts).toMatchObject({ created: 1, skipped: 0 });
  });

  it('fails on several of a single-valued attribute', async () => {
    world = await matched('{ to: externalId, from: proxyAddresses, match: 1 }');
    expect((await world.cycle()).cycle.counts).toMatchObject({ created: 0, failed: 1, skipped: 0 });
    const [record] = await world.logs();
    expect(record?.provisioningStatusInfo.errorInformation?.errorCode).toBe('SchemaPropertyCanOnlyAcceptValue');
  });
});
