/** Bodies of creates, with the key order of the documented example (scim-wire.md 5.1, 8.1). */
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../engine/model/scim-message.ts';
import { buildCreateBody, type CreateBodyInput } from '../../../engine/scim/create-body.ts';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CUSTOM = 'urn:ietf:params:scim:schemas:extension:Fabrikam:2.0:User';

const body = (
  values: Record<string, JsonValue>,
  options: CreateBodyInput['options'] = {},
  resourceType: CreateBodyInput['resourceType'] = 'User',
) => buildCreateBody({ resourceType, values: new Map(Object.entries(values)), options }) as Record<string, JsonValue>;

describe('buildCreateBody', () => {
  it('writes the documented example, key for key', () => {
    const actual = body({
      [`${ENTERPRISE}:department`]: 'Sales',
      [`${ENTERPRISE}:employeeNumber`]: '7101',
      userName: 'lena@contoso.example',
      active: 'True',
      displayName: 'Lena Ort',
      title: 'Analyst',
      'emails[type eq "work"].value': 'lena@contoso.example',
      'name.givenName': 'Lena',
      'name.familyName': 'Ort',
      'name.formatted': 'Lena Ort',
      'addresses[type eq "work"].streetAddress': '1 Old Way',
      'addresses[type eq "WORK"].postalCode': '98052',
      'phoneNumbers[type eq "work"].value': '+1 425 555 0110',
      'phoneNumbers[type eq "mobile"].value': '+1 425 555 0111',
      externalId: '2d0b6f0a',
    });
    expect(JSON.stringify(actual)).toBe(
      JSON.stringify({
        schemas: [CORE, ENTERPRISE],
        externalId: '2d0b6f0a',
        userName: 'lena@contoso.example',
        active: true,
        displayName: 'Lena Ort',
        title: 'Analyst',
        emails: [{ primary: true, type: 'work', value: 'lena@contoso.example' }],
        phoneNumbers: [
          { type: 'work', value: '+1 425 555 0110' },
          { type: 'mobile', value: '+1 425 555 0111' },
        ],
        addresses: [{ type: 'work', streetAddress: '1 Old Way', postalCode: '98052' }],
        name: { formatted: 'Lena Ort', familyName: 'Ort', givenName: 'Lena' },
        meta: { resourceType: 'User' },
        [ENTERPRISE]: { department: 'Sales', employeeNumber: '7101' },
      }),
    );
  });

  it('leaves out null, empty text, empty lists and the id', () => {
    expect(body({ id: '1', userName: 'x', title: '', nickName: null, roles: [] })).toEqual({
      schemas: [CORE, ENTERPRISE],
      userName: 'x',
      meta: { resourceType: 'User' },
    });
  });

  it('turns a role filtered by primary into a boolean and gives it the type of the service', () => {
    expect(
      body({ 'roles[primary eq "True"].value': 'admin', 'roles[primary eq "True"].display': 'Admin' }).roles,
    ).toEqual([{ primary: true, type: 'WindowsAzureActiveDirectoryRole', value: 'admin', display: 'Admin' }]);
  });

  it('lets a mapped primary decide which mail is primary', () => {
    const { emails } = body({
      'emails[type eq "work"].value': 'w@x.example',
      'emails[type eq "home"].value': 'h@x.example',
      'emails[type eq "home"].primary': 'True',
    });
    expect(emails).toEqual([
      { type: 'work', value: 'w@x.example' },
      { primary: true, type: 'home', value: 'h@x.example' },
    ]);
  });

  it('joins names that differ in case only', () => {
    expect(body({ 'name.givenName': 'Lena', 'Name.familyName': 'Ort' })).toMatchObject({
      name: { familyName: 'Ort', givenName: 'Lena' },
    });
  });

  it('lists custom extensions in schemas unless told not to', () => {
    const values = { userName: 'x', [`${CUSTOM}:tag`]: 'a' };
    expect(body(values)).toMatchObject({ schemas: [CORE, ENTERPRISE, CUSTOM], [CUSTOM]: { tag: 'a' } });
    expect(body(values, { listExtensionSchemas: false })).toMatchObject({
      schemas: [CORE, ENTERPRISE],
      [CUSTOM]: { tag: 'a' },
    });
  });

  it('writes booleans as text when the job asks for the behaviour of 2020', () => {
    expect(body({ active: true, 'emails[type eq "work"].value': 'a' }, { postBooleanStrings: true })).toMatchObject({
      active: 'True',
      emails: [{ primary: 'True' }],
    });
  });

  it('writes groups with the core schema, and the older one on request', () => {
    const values = { displayName: 'Sales', externalId: '8aa1' };
    expect(JSON.stringify(body(values, {}, 'Group'))).toBe(
      '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"externalId":"8aa1","displayName":"Sales","meta":{"resourceType":"Group"}}',
    );
    expect(body(values, { legacyGroupSchema: true }, 'Group').schemas).toEqual([
      'urn:ietf:params:scim:schemas:core:2.0:Group',
      'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
    ]);
  });
});
