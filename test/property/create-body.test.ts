/** `createBodies` keeps shapes of bodies; what comes out is what `buildCreateBody` composes, key for key. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonValue } from '../../engine/model/scim-message.ts';
import { CLIENT_PROFILES } from '../../engine/scim/client-profile.ts';
import { buildCreateBody, type CreateBodySettings, createBodies } from '../../engine/scim/create-body.ts';

/** Paths of every form, among them some of which a value decides where another goes. */
const PATHS = [
  'id',
  'userName',
  'USERNAME',
  'active',
  'name.givenName',
  'Name.familyName',
  'emails',
  'emails[type eq "work"].value',
  'emails[type eq "WORK"].primary',
  'emails[type eq "home"].type',
  'emails[value eq "x"].display',
  'emails[type eq "\u00001"].value',
  'emails[display eq "work"].type',
  'roles[primary eq "True"].value',
  'roles[primary eq "True"].display',
  'addresses[type eq "work"].locality',
  'urn:ietf:params:scim:schemas:core:2.0:User:title',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
  'urn:ietf:params:scim:schemas:extension:Fabrikam:2.0:User:rank',
];

const value = fc.oneof(
  fc.constantFrom<JsonValue>('', null, [], 'work', 'x', 'True', 'false', true, 7, '\u00001'),
  fc.string(),
  fc.constantFrom<JsonValue>(['a', 'b'], { value: 'v' }, [{ type: 'work', value: 'v' }]),
);
const object = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...PATHS), value), { selector: ([path]) => path })
  .map((entries) => new Map(entries));
const settings: fc.Arbitrary<CreateBodySettings> = fc.record({
  resourceType: fc.constantFrom('User', 'Group'),
  client: fc.constantFrom(...Object.values(CLIENT_PROFILES)),
  primaryWork: fc.constantFrom(['emails'], ['emails', 'addresses'], []),
  options: fc.record({ postBooleanStrings: fc.boolean(), legacyGroupSchema: fc.boolean() }),
});

test('bodies of many objects are those of each by itself', () => {
  fc.assert(
    fc.property(settings, fc.array(object, { minLength: 1, maxLength: 8 }), (given, objects) => {
      const bodyOf = createBodies(given);
      // Twice: composed the first time, copied the second.
      for (const values of [...objects, ...objects]) {
        const body = bodyOf(values);
        expect(JSON.stringify(body)).toBe(JSON.stringify(buildCreateBody({ ...given, values })));
      }
    }),
    { numRuns: 500 },
  );
});

test('a body shares nothing with the next one', () => {
  const bodyOf = createBodies({ resourceType: 'User', options: {} });
  const values = new Map([['emails[type eq "work"].value', 'a@contoso.example']]);
  const first = bodyOf(values) as { schemas: string[]; emails: { value: string }[] };
  first.schemas.push('urn:mine');
  for (const email of first.emails) email.value = 'changed';
  expect(bodyOf(values)).toEqual(buildCreateBody({ resourceType: 'User', options: {}, values }));
});
