/** Where an application's profile and RFC 7643 both have a say about an attribute (mappings-and-scoping.md 2.5). */
import { expect, it } from 'vitest';
import { compileMapping } from '../../../engine/map/compile-mapping.ts';
import { mapObject } from '../../../engine/map/map-object.ts';
import type { JsonValue } from '../../../engine/model/scim-message.ts';

const EXTENSION = 'urn:scim:schemas:extension:facebook:frontline:1.0.is_frontline';

/** What flows to `target`, which the profile calls a boolean. */
function flowed(target: string, value: unknown): JsonValue | undefined {
  const [mapping] = compileMapping(
    {
      template: 'scim',
      objects: [
        {
          name: 'Users',
          from: 'User',
          to: 'User',
          enabled: true,
          actions: ['create'],
          map: [{ target, source: { kind: 'direct', attribute: 'x' }, apply: 'always', when: 'changed' }],
        },
      ],
    },
    { User: [{ name: target, type: 'boolean' }] },
  );
  if (mapping === undefined) throw new Error('no mapping');
  return mapObject(mapping, { x: value }, { purpose: 'create', context: {} }).values.get(target);
}

it.each([
  ['active', 'True', true],
  ['active', '0', false],
  ['active', ['false'], false],
  [EXTENSION, 'True', true],
  [EXTENSION, 'maybe', 'maybe'],
  [EXTENSION, ['a', 'b'], ['a', 'b']],
])('%s: %j → %j', (target, value, expected) => {
  expect(flowed(target, value)).toEqual(expected);
});

it('a text that is no boolean fails where RFC 7643 knows the attribute', () => {
  expect(() => flowed('active', 'maybe')).toThrow('the attribute is defined as boolean');
});

it.each([
  ['title', { de: 'Chefin' }],
  ['title', [{ de: 'Chefin' }]],
  ['name.familyName', { de: 'Lima' }],
  ['emails[type eq "work"].value', { address: 'ana@contoso.com' }],
])('%s takes no map: %j', (target, value) => {
  expect(() => flowed(target, value)).toThrow(`the mapping of ${target} failed`);
});

it.each([
  ['name', { familyName: 'Lima' }],
  ['phoneNumbers', [{ type: 'work', value: '1' }]],
])('what consists of sub-attributes takes maps: %s', (target, value) => {
  expect(flowed(target, value)).toEqual(value);
});
