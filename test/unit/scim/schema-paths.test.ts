/** What an application says of its schemas, as target paths (scim-wire.md 3). */
import { describe, expect, test } from 'vitest';
import { schemaPaths } from '../../../engine/scim/schema-paths.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const paths = (id: string, attributes: object[]) =>
  schemaPaths([{ id, attributes: attributes as never }])
    .get(id)
    ?.map(({ path }) => path);

describe('schema discovery adds target attributes (OK-10)', () => {
  test('plain and complex attributes of the core stand alone, those of an extension behind its URN', () => {
    const name = { name: 'name', type: 'complex', subAttributes: [{ name: 'givenName' }, { name: 'familyName' }] };
    expect(paths(USER, [{ name: 'userName' }, name])).toEqual(['userName', 'name.givenName', 'name.familyName']);
    expect(paths(ENTERPRISE, [{ name: 'department' }])).toEqual([`${ENTERPRISE}:department`]);
  });

  test('several values expand per canonical type', () => {
    const emails = {
      name: 'emails',
      type: 'complex',
      multiValued: true,
      subAttributes: [
        { name: 'value' },
        { name: 'primary', type: 'boolean' },
        { name: 'type', canonicalValues: ['work', 'home'] },
      ],
    };
    expect(paths(USER, [emails])).toEqual(['emails[type eq "work"].value', 'emails[type eq "home"].value']);
    const untyped = { ...emails, subAttributes: [{ name: 'value' }] };
    expect(paths(USER, [untyped])).toEqual([]);
  });

  test('manager and members are references, whatever they consist of', () => {
    const manager = { name: 'manager', type: 'complex', subAttributes: [{ name: 'value' }] };
    expect(schemaPaths([{ id: ENTERPRISE, attributes: [manager] }]).get(ENTERPRISE)).toEqual([
      { path: `${ENTERPRISE}:manager`, type: 'reference', readOnly: false },
    ]);
  });

  test('read-only attributes are marked, in any case', () => {
    const found = schemaPaths([{ id: USER, attributes: [{ name: 'groups', mutability: 'ReadOnly' }] }]).get(USER);
    expect(found).toEqual([{ path: 'groups', type: 'string', readOnly: true }]);
  });

  test('schemas of the protocol itself, and what is no schema, are left out', () => {
    const config = {
      id: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
      attributes: [{ name: 'patch' }],
    };
    expect(schemaPaths([config, {}, { id: 7, attributes: 'none' }] as never).size).toBe(0);
  });
});
