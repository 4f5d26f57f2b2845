/** The PATCH table: compare as an unordered list of operations, a null member counts as absent (scim-wire.md 6.5). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PatchMode, PatchOperation, ResourceType, ScimResource } from '../../engine/model/scim-message.ts';
import { planPatch } from '../../engine/scim/patch.ts';

type Case = {
  readonly id: string;
  readonly mode: PatchMode;
  readonly resourceType: ResourceType;
  readonly before: ScimResource;
  readonly desired: ScimResource;
  readonly expectedOperations: readonly PatchOperation[];
};

const cases = JSON.parse(readFileSync(new URL('./cases/scim-patch.json', import.meta.url), 'utf8')) as readonly Case[];

describe('scim-patch.json', () => {
  it('has all 48 cases', () => {
    expect(cases).toHaveLength(48);
  });

  it.each(cases.map((one) => [one.id, one] as const))(
    '%s',
    (_id, { mode, resourceType, before, desired, expectedOperations }) => {
      const actual = planPatch({ mode, resourceType, before, desired });
      expect(actual.map(canonical).sort()).toEqual(expectedOperations.map(canonical).sort());
    },
  );
});

/** JSON with sorted keys and without null members. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(
      Object.entries(item)
        .filter(([, member]) => member !== null)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  });
}
