/** Parts of a resource as SCIM 1.1 writes them: lists replaced whole, what is cleared by its name (scim-wire.md 11.1). */
import { expect, it } from 'vitest';
import type { JsonValue } from '../../../engine/model/scim-message.ts';
import { CLIENT_PROFILES } from '../../../engine/scim/client-profile.ts';
import { CORE_1_URN } from '../../../engine/scim/create-body.ts';
import { buildPartialBody } from '../../../engine/scim/partial-body.ts';

const resource = {
  title: 'Clerk',
  phoneNumbers: [{ type: 'work', value: '1' }],
  addresses: [{ type: 'work', locality: 'Bern', country: 'CH' }],
};

function body(values: Readonly<Record<string, JsonValue>>, primaryWork: readonly string[] = []): JsonValue {
  const operations = Object.entries(values).map(([path, value]) => ({ op: 'Replace', path, value }));
  return buildPartialBody(CLIENT_PROFILES.scim11, { resourceType: 'User', resource, values, operations, primaryWork });
}

const schemas = [CORE_1_URN];

it('names what is cleared, a list that becomes empty and a list that was not mapped by element alike', () => {
  const values = { title: null, 'phoneNumbers[type eq "work"].value': null, roles: ['admin'] };
  expect(body(values)).toEqual({ roles: ['admin'], schemas, meta: { attributes: ['title', 'phoneNumbers', 'roles'] } });
});

it('sends a list once, however many of its elements change', () => {
  const values = { 'addresses[type eq "work"].locality': 'Basel', 'addresses[type eq "other"].formatted': 'Office 7' };
  expect(body(values)).toEqual({
    addresses: [
      { type: 'work', locality: 'Basel', country: 'CH' },
      { type: 'other', formatted: 'Office 7' },
    ],
    schemas,
    meta: { attributes: ['addresses'] },
  });
});

it('says of the work element that it adds that it is the primary one', () => {
  expect(body({ 'emails[type eq "work"].value': 'a@b.example' }, ['emails'])).toMatchObject({
    emails: [{ type: 'work', value: 'a@b.example', primary: true }],
  });
});
