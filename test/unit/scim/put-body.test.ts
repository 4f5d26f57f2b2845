/** Bodies of writes of the whole resource: schemas, managers, and what is cleared (scim-wire.md 11; gallery.md 1.2; RFC 7643 sections 2.4, 3). */
import { describe, expect, it } from 'vitest';
import type { JsonValue, ScimResource } from '../../../engine/model/scim-message.ts';
import { CLIENT_PROFILES, type ClientProfileName } from '../../../engine/scim/client-profile.ts';
import { CORE_1_URN, ENTERPRISE_URN, GROUP_URN, USER_URN } from '../../../engine/scim/create-body.ts';
import { buildPutBody } from '../../../engine/scim/put-body.ts';

const ENTERPRISE_1_URN = 'urn:scim:schemas:extension:enterprise:1.0';
const PHONE = 'phoneNumbers[type eq "work"].value';

function body(
  values: Readonly<Record<string, JsonValue>>,
  resource: ScimResource = {},
  client: ClientProfileName = 'okta-aiw',
): ScimResource {
  return buildPutBody(CLIENT_PROFILES[client], { resourceType: 'User', resource, values }) as ScimResource;
}

describe('schemas', () => {
  it('lists an extension that the write brings, behind what the target lists', () => {
    const resource = { schemas: [USER_URN, 'urn:example:extra'], userName: 'ana' };
    expect(body({ [`${ENTERPRISE_URN}:department`]: 'Sales' }, resource)).toEqual({
      schemas: [USER_URN, 'urn:example:extra', ENTERPRISE_URN],
      userName: 'ana',
      [ENTERPRISE_URN]: { department: 'Sales' },
    });
  });

  it('lists nothing twice, in whatever case the target has it', () => {
    const resource = { Schemas: [USER_URN, ENTERPRISE_URN.toLowerCase()], [ENTERPRISE_URN]: { department: 'IT' } };
    expect(body({ title: 'Lead' }, resource)).toEqual({ ...resource, title: 'Lead' });
  });

  it('is made where the target shows none', () => {
    expect(body({ title: 'Lead' })).toEqual({ schemas: [USER_URN], title: 'Lead' });
    const input = { resourceType: 'Group', resource: {}, values: { displayName: 'Sales' } } as const;
    expect(buildPutBody(CLIENT_PROFILES['okta-aiw'], input)).toEqual({ schemas: [GROUP_URN], displayName: 'Sales' });
  });

  it('is listed anew for SCIM 1.1, without the blocks that are left out', () => {
    const status = 'urn:scim:schemas:extension:facebook:accountstatusdetails:1.0';
    const resource = { id: 7, schemas: [CORE_1_URN, status], [status]: { claimed: true } };
    expect(body({ [`${ENTERPRISE_1_URN}.department`]: 'IT' }, resource, 'scim11')).toEqual({
      schemas: [CORE_1_URN, ENTERPRISE_1_URN],
      [ENTERPRISE_1_URN]: { department: 'IT' },
    });
  });
});

describe('managers', () => {
  it('are objects in the shape of the protocol', () => {
    expect(body({ [`${ENTERPRISE_URN}:manager`]: '88' })).toMatchObject({
      [ENTERPRISE_URN]: { manager: { value: '88' } },
    });
    expect(body({ [`${ENTERPRISE_1_URN}.manager`]: 88 }, {}, 'scim11')).toMatchObject({
      [ENTERPRISE_1_URN]: { manager: { managerId: 88 } },
    });
  });

  it('of another schema may be texts', () => {
    expect(body({ 'urn:example:extra:manager': 'Ben Ode' })).toMatchObject({
      'urn:example:extra': { manager: 'Ben Ode' },
    });
  });

  it('that are cleared are null', () => {
    const resource = { [ENTERPRISE_URN]: { manager: { value: '88', displayName: 'Ben' } } };
    expect(body({ [`${ENTERPRISE_URN}:manager`]: null }, resource)).toMatchObject({
      [ENTERPRISE_URN]: { manager: null },
    });
  });
});

describe('what is cleared', () => {
  const resource = {
    title: 'Clerk',
    nickName: null,
    name: { givenName: 'Ana', familyName: 'Sousa' },
    phoneNumbers: [
      { type: 'work', value: '1', primary: true },
      { type: 'mobile', value: '2' },
    ],
    addresses: [{ type: 'work', locality: 'Bern', formatted: 'Bern, CH' }],
  };

  it('is null, for targets that merge; what the target shows as null is left out', () => {
    const { title, nickName, name } = body({ title: null, 'name.familyName': null }, resource);
    expect({ title, nickName, name }).toEqual({ title: null, name: { givenName: 'Ana', familyName: null } });
  });

  it('leaves no element without a value', () => {
    expect(body({ [PHONE]: null }, resource).phoneNumbers).toEqual([{ type: 'mobile', value: '2' }]);
    expect(body({ [PHONE]: null, 'phoneNumbers[type eq "mobile"].value': null }, resource).phoneNumbers).toEqual([]);
    const codes = { 'urn:example:extra': { codes: [{ kind: 'a', value: '1' }] } };
    expect(body({ 'urn:example:extra:codes[kind eq "a"].value': null }, codes)).toMatchObject({
      'urn:example:extra': { codes: [] },
    });
  });

  it('leaves an element that still says something', () => {
    expect(body({ 'addresses[type eq "work"].formatted': null }, resource).addresses).toEqual([
      { type: 'work', locality: 'Bern' },
    ]);
  });
});

describe('the primary work element', () => {
  const values = {
    [PHONE]: '1',
    'phoneNumbers[type eq "mobile"].value': '2',
    'emails[type eq "work"].value': 'a@b.example',
  };
  const input = (resource: ScimResource) =>
    ({ resourceType: 'User', resource, values, primaryWork: ['phoneNumbers'] }) as const;
  const phones = (resource: ScimResource) =>
    (buildPutBody(CLIENT_PROFILES['okta-aiw'], input(resource)) as ScimResource).phoneNumbers;

  it('is the one that the write adds, of the attributes that have one', () => {
    const made = buildPutBody(CLIENT_PROFILES['okta-aiw'], input({}));
    expect(made).toMatchObject({
      phoneNumbers: [
        { type: 'work', value: '1', primary: true },
        { type: 'mobile', value: '2' },
      ],
      emails: [{ type: 'work', value: 'a@b.example' }],
    });
    expect((made as ScimResource).emails).toEqual([{ type: 'work', value: 'a@b.example' }]);
  });

  it('is not one that the target has, nor a second one', () => {
    expect(phones({ phoneNumbers: [{ type: 'work', value: '7' }] })).toContainEqual({ type: 'work', value: '1' });
    expect(phones({ phoneNumbers: [{ type: 'home', value: '7', primary: true }] })).toContainEqual({
      type: 'work',
      value: '1',
    });
  });
});

it('does not change the resource it is given', () => {
  const resource = { phoneNumbers: [{ type: 'work', value: '1' }] };
  body({ [PHONE]: '2' }, resource);
  body({ [PHONE]: null }, resource);
  expect(resource).toEqual({ phoneNumbers: [{ type: 'work', value: '1' }] });
});
