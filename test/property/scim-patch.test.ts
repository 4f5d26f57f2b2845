/** PATCH planning converges for any resource: apply what was planned and nothing is left to plan (scim-wire.md 6.5). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue, PatchOperation, ScimResource } from '../../engine/model/scim-message.ts';
import { type AttributePath, parseAttributePath, readPath } from '../../engine/scim/attribute-path.ts';
import { sameValue } from '../../engine/scim/compare-values.ts';
import { buildCreateBody } from '../../engine/scim/create-body.ts';
import { planPatch } from '../../engine/scim/patch.ts';
import { encodeFilterValue, findRequest } from '../../engine/scim/request.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const TEXT_PATHS = [
  'title',
  'nickName',
  'name.givenName',
  'name.familyName',
  'emails[type eq "work"].value',
  'emails[type eq "home"].value',
  'addresses[type eq "work"].locality',
  'roles[primary eq "True"].value',
  `${ENTERPRISE}:department`,
  `${ENTERPRISE}:employeeNumber`,
];

type Values = Record<string, JsonValue>;

const text = fc.string({ unit: 'grapheme', minLength: 0, maxLength: 6 });
const values: fc.Arbitrary<Values> = fc
  .record(
    {
      ...Object.fromEntries(TEXT_PATHS.map((path) => [path, text])),
      active: fc.constantFrom('True', 'False'),
      logins: fc.nat(99),
      tags: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 3 }),
    },
    { requiredKeys: [] },
  )
  .map((record) => record as Values);
const mode = fc.constantFrom('legacy' as const, 'aadOptscim062020' as const);

describe('planPatch', () => {
  it('turns any resource into the desired one, and then has nothing left to do', () => {
    fc.assert(
      fc.property(mode, values, values, (dialect, held, desired) => {
        const before = asResource(held);
        const plan = (resource: ScimResource) =>
          planPatch({ mode: dialect, resourceType: 'User', before: resource, desired });
        const after = applyAll(before, plan(before));
        for (const [path, value] of Object.entries(desired)) {
          const current = readPath(after, parseAttributePath(path));
          if (isEmpty(value)) expect(current).toEqual(readPath(before, parseAttributePath(path)));
          else expect(current !== undefined && sameValue(current, value), path).toBe(true);
        }
        expect(plan(after)).toEqual([]);
      }),
    );
  });

  it('turns any membership into the desired one', () => {
    const ids = fc.uniqueArray(fc.constantFrom('a', 'b"', 'c\\', 'd', 'e'));
    fc.assert(
      fc.property(mode, ids, ids, (dialect, held, wanted) => {
        const before = { members: held.map((value) => ({ value })) };
        const plan = (resource: ScimResource) =>
          planPatch({ mode: dialect, resourceType: 'Group', before: resource, desired: { members: wanted } });
        const after = applyAll(before, plan(before));
        expect(memberIds(after)).toEqual([...wanted].sort());
        expect(plan(after)).toEqual([]);
      }),
    );
  });
});

describe('encodeFilterValue', () => {
  it('survives the query string of any server', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const { path } = findRequest('User', 'userName', value);
        const filter = new URL(path, 'https://host.example').searchParams.get('filter') ?? '';
        expect(filter.startsWith('userName eq ')).toBe(true);
        expect(JSON.parse(filter.slice('userName eq '.length))).toBe(value);
        expect(path.endsWith(encodeFilterValue(value))).toBe(true);
        expect(path).toMatch(/^\/Users\?filter=[\w.!*()%+-]+$/);
      }),
    );
  });
});

/** A resource with these values at these paths. */
function asResource(held: Values): ScimResource {
  return buildCreateBody({ resourceType: 'User', values: new Map(Object.entries(held)), options: {} }) as ScimResource;
}

/** The reference server: applies operations in order, as a forgiving implementation of RFC 7644 section 3.5.2. */
function applyAll(resource: ScimResource, operations: readonly PatchOperation[]): ScimResource {
  const copy = structuredClone(resource) as Record<string, JsonValue>;
  for (const { op, path, value } of operations) {
    if (path === undefined) {
      for (const [key, item] of Object.entries(value as Values)) write(copy, parseAttributePath(key), item);
    } else if (path.startsWith('members')) {
      changeMembers(copy, op.toLowerCase(), parseAttributePath(path), value);
    } else {
      write(copy, parseAttributePath(path), value ?? null);
    }
  }
  return copy;
}

function write(resource: Record<string, JsonValue>, path: AttributePath, value: JsonValue): void {
  const container = path.urn === undefined ? resource : objectAt(resource, path.urn);
  if (path.filter === undefined) {
    if (path.sub === undefined) container[path.attribute] = value;
    else objectAt(container, path.attribute)[path.sub] = value;
    return;
  }
  const { attribute, value: wanted } = path.filter;
  const list = (container[path.attribute] ?? []) as Values[];
  container[path.attribute] = list;
  let element = list.find((item) => String(item[attribute]).toLowerCase() === String(wanted).toLowerCase());
  if (element === undefined) {
    element = { [attribute]: wanted };
    list.push(element);
  }
  element[path.sub ?? 'value'] = value;
}

function changeMembers(
  resource: Record<string, JsonValue>,
  op: string,
  path: AttributePath,
  value: JsonValue | undefined,
): void {
  const listed =
    path.filter === undefined ? (value as { value: string }[]).map((item) => item.value) : [path.filter.value];
  const present = memberIds(resource);
  const ids = op === 'add' ? [...present, ...listed] : present.filter((id) => !listed.includes(id));
  resource.members = ids.map((id) => ({ value: id }));
}

function memberIds(resource: ScimResource): readonly (string | boolean)[] {
  return ((resource.members ?? []) as { value: string }[]).map((item) => item.value).sort();
}

function objectAt(container: Record<string, JsonValue>, key: string): Record<string, JsonValue> {
  const made = (container[key] ?? {}) as Record<string, JsonValue>;
  container[key] = made;
  return made;
}

function isEmpty(value: JsonValue): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}
