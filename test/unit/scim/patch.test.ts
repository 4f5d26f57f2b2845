/** PATCH planning beside the conformance table: members in batches, manager shapes, comparison (scim-wire.md 6.5, 6.6, 8.3). */
import { describe, expect, it } from 'vitest';
import { managerOperation, memberOperations, planPatch } from '../../../engine/scim/patch.ts';

const MANAGER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager';

describe('memberOperations', () => {
  const changes = { added: ['a', 'b', 'c'], removed: ['x', 'y', 'z'], batchSize: 2 } as const;

  it('legacy: one operation per request, adds before removes', () => {
    expect(memberOperations({ ...changes, mode: 'legacy' })).toEqual([
      [{ op: 'Add', path: 'members', value: [{ value: 'a' }, { value: 'b' }] }],
      [{ op: 'Add', path: 'members', value: [{ value: 'c' }] }],
      [{ op: 'Remove', path: 'members', value: [{ value: 'x' }, { value: 'y' }] }],
      [{ op: 'Remove', path: 'members', value: [{ value: 'z' }] }],
    ]);
  });

  it('flag: one remove per member, batchSize of them in a request', () => {
    expect(memberOperations({ ...changes, mode: 'aadOptscim062020', added: ['a'] })).toEqual([
      [{ op: 'add', path: 'members', value: [{ value: 'a' }] }],
      [
        { op: 'remove', path: 'members[value eq "x"]' },
        { op: 'remove', path: 'members[value eq "y"]' },
      ],
      [{ op: 'remove', path: 'members[value eq "z"]' }],
    ]);
  });

  it('plans no request without a change', () => {
    expect(memberOperations({ mode: 'legacy', added: [], removed: [], batchSize: 100 })).toEqual([]);
  });

  it('writes "$ref": null into added members when asked', () => {
    const [[add] = []] = memberOperations({
      mode: 'legacy',
      added: ['a'],
      removed: [],
      batchSize: 1,
      memberRefNull: true,
    });
    expect(add?.value).toEqual([{ $ref: null, value: 'a' }]);
  });
});

describe('managerOperation', () => {
  const removal = 'replaceEmpty';

  it('sets, changes and leaves alone', () => {
    expect(managerOperation({ mode: 'legacy', path: MANAGER, desired: '88d0', removal })).toEqual([
      { op: 'Add', path: MANAGER, value: '88d0' },
    ]);
    expect(
      managerOperation({ mode: 'aadOptscim062020', path: MANAGER, current: '77', desired: '88d0', removal }),
    ).toEqual([{ op: 'replace', path: MANAGER, value: '88d0' }]);
    expect(managerOperation({ mode: 'legacy', path: MANAGER, current: '88d0', desired: '88d0', removal })).toEqual([]);
    expect(managerOperation({ mode: 'legacy', path: MANAGER, removal })).toEqual([]);
  });

  it.each([
    ['replaceEmpty', [{ op: 'Replace', path: MANAGER, value: '' }]],
    ['removeFiltered', [{ op: 'Remove', path: `${MANAGER}[value eq "88d0"]` }]],
    ['removePath', [{ op: 'Remove', path: MANAGER }]],
    ['removeValue', [{ op: 'Remove', path: MANAGER, value: [{ value: '88d0' }] }]],
    ['none', []],
  ] as const)('clears in the shape %s', (shape, operations) => {
    expect(managerOperation({ mode: 'legacy', path: MANAGER, current: '88d0', removal: shape })).toEqual(operations);
  });
});

describe('planPatch', () => {
  const user = { mode: 'aadOptscim062020', resourceType: 'User' } as const;

  it('sends a declared reference alone in the flag dialect', () => {
    const operations = planPatch({
      ...user,
      before: {},
      desired: { title: 'Lead', nickName: 'Babs', buddy: '9f2c' },
      references: ['buddy'],
    });
    expect(operations).toEqual([
      { op: 'add', path: 'buddy', value: '9f2c' },
      { op: 'add', value: { title: 'Lead', nickName: 'Babs' } },
    ]);
  });

  it('compares text exactly, and without case only where the definition says so', () => {
    const input = {
      ...user,
      before: { userName: 'Lena@contoso.example' },
      desired: { userName: 'lena@contoso.example' },
    };
    expect(planPatch(input)).toHaveLength(1);
    expect(planPatch({ ...input, ignoreCase: ['userName'] })).toEqual([]);
  });

  it('compares lists as sets', () => {
    const before = { nicknames: [{ value: 'b' }, { value: 'a' }] };
    expect(planPatch({ ...user, before, desired: { nicknames: ['a', 'b', 'a'] } })).toEqual([]);
  });

  it('empties a group whose wanted membership is empty, and leaves it alone when none is given', () => {
    const group = { mode: 'legacy', resourceType: 'Group', before: { members: [{ value: 'a' }] } } as const;
    expect(planPatch({ ...group, desired: { members: [] } })).toEqual([
      { op: 'Remove', path: 'members', value: [{ value: 'a' }] },
    ]);
    expect(planPatch({ ...group, desired: {} })).toEqual([]);
  });
});

it.each([
  [{ mode: 'Legacy' }, 'planPatch has no mode "Legacy"'],
  [{ resourceType: 'group' }, 'planPatch has no resourceType "group"'],
])('a dialect or type that there is not is refused: %j', (odd, message) => {
  const input = { mode: 'legacy', resourceType: 'User', before: { id: '1' }, desired: {}, ...odd };
  expect(() => planPatch(input as never)).toThrow(message);
});
