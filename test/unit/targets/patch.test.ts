/** PATCH at the HTTP edge: every operation of the conformance table, RFC 7644 section 3.5.2, Entra's liberties. */
import isEqual from 'lodash/isEqual.js';
import { describe, expect, it } from 'vitest';
import type { ScimResource } from '../../../engine/model/scim-message.ts';
import { groupDefinition, userDefinition } from '../../../fixtures/targets/scim/core-schemas.ts';
import { parseFilter, parsePath } from '../../../fixtures/targets/scim/filter.ts';
import { caseRuleOf, matchesFilter } from '../../../fixtures/targets/scim/match-filter.ts';
import { applyPatch } from '../../../fixtures/targets/scim/patch.ts';
import { createScimApp } from '../../../fixtures/targets/scim-app.ts';
import cases from '../../conformance/cases/scim-patch.json' with { type: 'json' };
import { clientOf, ENTERPRISE_URN, group, NOW, PATCH_URN, patch, user } from './exchange.ts';

type Case = {
  readonly id: string;
  readonly resourceType: string;
  readonly before: ScimResource;
  readonly desired: ScimResource;
  readonly expectedOperations: readonly ScimResource[];
};

/** Whether the resource holds the wanted value at the path: membership exactly, lists by value, the rest by text. */
function holds(resource: ScimResource, path: string, wanted: unknown): boolean {
  if (path === 'members') {
    const held = (resource.members ?? []) as readonly { value: string }[];
    return isEqual(held.map((one) => one.value).sort(), [...(wanted as readonly string[])].sort());
  }
  if (Array.isArray(wanted)) {
    const name = parsePath(path).name ?? '';
    return wanted.every((one) => JSON.stringify(resource[name] ?? null).includes(JSON.stringify(one.value ?? one)));
  }
  return matchesFilter(resource, parseFilter(`${path} eq ${JSON.stringify(wanted)}`), caseRuleOf(userDefinition));
}

describe('the operations Entra plans', () => {
  it.each(cases as unknown as readonly Case[])('$id leaves the resource as desired', (one) => {
    const definition = one.resourceType === 'User' ? userDefinition : groupDefinition;
    const after =
      one.expectedOperations.length === 0
        ? one.before
        : applyPatch(definition, one.before, patch(...one.expectedOperations));
    // Null source values never flow (scim-wire.md 6.7), except where an operation clears the manager.
    const wanted = Object.entries(one.desired).filter(([, value]) => value !== null && value !== '');
    expect(wanted.filter(([path, value]) => !holds(after, path, value))).toEqual([]);
  });
});

const seedUser = user({
  userName: 'ada',
  displayName: 'Ada',
  title: 'Analyst',
  active: true,
  name: { givenName: 'Ada', familyName: 'Byron' },
  emails: [{ type: 'work', value: 'ada@x.example', primary: true }],
  [ENTERPRISE_URN]: { department: 'Sales', manager: { value: '88d0' } },
});
const seedGroup = group({ displayName: 'Sales', members: [{ value: 'u1' }, { value: 'u2' }, { value: 'u3' }] });

async function patched(...operations: readonly ScimResource[]) {
  const app = createScimApp({ now: () => NOW, seed: { users: [seedUser], groups: [seedGroup] } });
  return clientOf(app)('PATCH', '/Users/user-1', patch(...operations));
}

async function membersAfter(...operations: readonly ScimResource[]) {
  const app = createScimApp({ now: () => NOW, seed: { users: [seedUser], groups: [seedGroup] } });
  const { status } = await clientOf(app)('PATCH', '/Groups/group-1', patch(...operations));
  const members = (app.state.groups()[0]?.members ?? []) as readonly { value: string }[];
  return { status, members: members.map((one) => one.value) };
}

describe('PATCH of a user', () => {
  it.each<[string, ScimResource, ScimResource]>([
    ['replaces a simple attribute', { op: 'Replace', path: 'title', value: 'Lead' }, { title: 'Lead' }],
    ['reads "False" as a boolean', { op: 'Replace', path: 'active', value: 'False' }, { active: false }],
    [
      'sets one part of the name',
      { op: 'add', path: 'name.givenName', value: 'A' },
      { name: { givenName: 'A', familyName: 'Byron' } },
    ],
    [
      'merges a complex value',
      { op: 'replace', path: 'name', value: { familyName: 'King' } },
      { name: { givenName: 'Ada', familyName: 'King' } },
    ],
    [
      'changes the matching element',
      { op: 'replace', path: 'emails[type eq "WORK"].value', value: 'b@x' },
      { emails: [{ type: 'work', value: 'b@x', primary: true }] },
    ],
    [
      'makes the element its filter describes',
      { op: 'Add', path: 'emails[type eq "home"].value', value: 'h@x' },
      {
        emails: [
          { type: 'work', value: 'ada@x.example', primary: true },
          { type: 'home', value: 'h@x' },
        ],
      },
    ],
    [
      'makes the first element of an absent list',
      { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1' },
      { phoneNumbers: [{ type: 'mobile', value: '+1' }] },
    ],
    [
      'reads "True" in the filter of a made element',
      { op: 'Add', path: 'roles[primary eq "True"].value', value: 'r' },
      { roles: [{ primary: true, value: 'r' }] },
    ],
    [
      'merges an object into a matching element',
      { op: 'add', path: 'emails[type eq "work"]', value: { display: 'A' } },
      { emails: [{ type: 'work', value: 'ada@x.example', primary: true, display: 'A' }] },
    ],
    [
      'sets the sub-attribute of every element',
      { op: 'replace', path: 'emails.display', value: 'A' },
      { emails: [{ type: 'work', value: 'ada@x.example', primary: true, display: 'A' }] },
    ],
    [
      'lets a new primary value win',
      { op: 'add', path: 'emails', value: [{ type: 'home', value: 'h@x', primary: true }] },
      {
        emails: [
          { type: 'work', value: 'ada@x.example', primary: false },
          { type: 'home', value: 'h@x', primary: true },
        ],
      },
    ],
    [
      'adds a single object to a list',
      { op: 'add', path: 'emails', value: { type: 'home', value: 'h@x' } },
      {
        emails: [
          { type: 'work', value: 'ada@x.example', primary: true },
          { type: 'home', value: 'h@x' },
        ],
      },
    ],
    [
      'does not add a value twice',
      { op: 'add', path: 'emails', value: [{ type: 'work', value: 'ada@x.example' }] },
      { emails: [{ type: 'work', value: 'ada@x.example', primary: true }] },
    ],
    [
      'replaces a whole list',
      { op: 'replace', path: 'emails', value: [{ value: 'z@x' }] },
      { emails: [{ value: 'z@x' }] },
    ],
    [
      'takes a bare manager',
      { op: 'Add', path: `${ENTERPRISE_URN}:manager`, value: '77' },
      { [ENTERPRISE_URN]: { department: 'Sales', manager: { value: '77' } } },
    ],
    [
      'takes a manager object',
      { op: 'replace', path: `${ENTERPRISE_URN}:manager`, value: { value: '77' } },
      { [ENTERPRISE_URN]: { department: 'Sales', manager: { value: '77' } } },
    ],
    [
      'takes a manager by sub-attribute',
      { op: 'replace', path: `${ENTERPRISE_URN}:manager.value`, value: '77' },
      { [ENTERPRISE_URN]: { department: 'Sales', manager: { value: '77' } } },
    ],
    [
      'clears the manager with an empty text',
      { op: 'Replace', path: `${ENTERPRISE_URN}:manager`, value: '' },
      { [ENTERPRISE_URN]: { department: 'Sales' } },
    ],
    [
      'removes the manager by path',
      { op: 'remove', path: `${ENTERPRISE_URN}:manager` },
      { [ENTERPRISE_URN]: { department: 'Sales' } },
    ],
    [
      'removes the manager by filter',
      { op: 'remove', path: `${ENTERPRISE_URN}:manager[value eq "88d0"]` },
      { [ENTERPRISE_URN]: { department: 'Sales' } },
    ],
    [
      'removes the manager by value list',
      { op: 'Remove', path: `${ENTERPRISE_URN}:manager`, value: [{ value: '88d0' }] },
      { [ENTERPRISE_URN]: { department: 'Sales' } },
    ],
    [
      'merges a whole extension',
      { op: 'add', path: ENTERPRISE_URN, value: { division: 'N' } },
      { [ENTERPRISE_URN]: { department: 'Sales', manager: { value: '88d0' }, division: 'N' } },
    ],
    [
      'stores an undeclared extension',
      { op: 'Add', path: 'urn:x:fabrikam:2.0:User:tag', value: '7' },
      { 'urn:x:fabrikam:2.0:User': { tag: '7' } },
    ],
    [
      'reads a dot after the version of a URN',
      { op: 'Add', path: 'urn:scim:schemas:extension:x:1.0.tag', value: '7' },
      { 'urn:scim:schemas:extension:x:1.0': { tag: '7' } },
    ],
    [
      'expands dotted and URN keys without a path',
      { op: 'replace', value: { title: 'L', 'name.givenName': 'G', [`${ENTERPRISE_URN}:department`]: 'R&D' } },
      {
        title: 'L',
        name: { givenName: 'G', familyName: 'Byron' },
        [ENTERPRISE_URN]: { department: 'R&D', manager: { value: '88d0' } },
      },
    ],
    [
      'merges an extension object without a path',
      { op: 'add', value: { [ENTERPRISE_URN]: { department: 'X' } } },
      { [ENTERPRISE_URN]: { department: 'X', manager: { value: '88d0' } } },
    ],
    [
      'ignores read-only keys without a path',
      { op: 'replace', value: { id: 'other', meta: {}, title: 'L' } },
      { id: 'user-1', title: 'L' },
    ],
    ['clears with null', { op: 'replace', path: 'name.givenName', value: null }, { name: { familyName: 'Byron' } }],
    ['stores an empty text', { op: 'replace', path: 'title', value: '' }, { title: '' }],
  ])('%s', async (_name, operation, expected) => {
    const { status, body } = await patched(operation);
    expect(status).toBe(200);
    for (const [key, value] of Object.entries(expected)) expect(body[key]).toEqual(value);
  });

  it.each([
    ['title', 'title'],
    ['emails', 'emails'],
    ['emails[type eq "work"]', 'emails'],
    [ENTERPRISE_URN, ENTERPRISE_URN],
    ['name', 'name'],
  ])('removes %s', async (path, key) => {
    const { status, body } = await patched({ op: 'remove', path });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty([key]);
  });

  it('removes a sub-attribute of matching elements only', async () => {
    const { body } = await patched(
      { op: 'add', path: 'emails', value: [{ type: 'home', value: 'h@x', display: 'H' }] },
      { op: 'add', path: 'emails[type eq "work"].display', value: 'W' },
      { op: 'remove', path: 'emails[type eq "work"].display' },
    );
    expect(body.emails).toEqual([
      { type: 'work', value: 'ada@x.example', primary: true },
      { type: 'home', value: 'h@x', display: 'H' },
    ]);
  });

  it('drops an extension whose last attribute goes', async () => {
    const { body } = await patched(
      { op: 'remove', path: `${ENTERPRISE_URN}:manager` },
      { op: 'remove', path: `${ENTERPRISE_URN}:department` },
    );
    expect(body).not.toHaveProperty([ENTERPRISE_URN]);
    expect(body.schemas).toEqual(seedUser.schemas);
  });

  it('lets the last of several operations on one attribute win', async () => {
    const { body } = await patched(
      { op: 'add', path: 'title', value: 'One' },
      { op: 'Replace', path: 'title', value: 'Two' },
    );
    expect(body.title).toBe('Two');
  });

  it('leaves version and time alone when nothing changes', async () => {
    const { body } = await patched({ op: 'replace', path: 'title', value: 'Analyst' });
    expect(body.meta).toMatchObject({ version: 'W/"1"' });
  });

  it.each<[string, ScimResource, string]>([
    ['an unknown operation', { op: 'move', path: 'title', value: 'x' }, 'invalidSyntax'],
    ['no operation name', { path: 'title', value: 'x' }, 'invalidSyntax'],
    ['an unknown attribute', { op: 'add', path: 'colour', value: 'x' }, 'invalidPath'],
    ['an unknown sub-attribute', { op: 'add', path: 'name.colour', value: 'x' }, 'invalidPath'],
    ['an unknown enterprise attribute', { op: 'add', path: `${ENTERPRISE_URN}:colour`, value: 'x' }, 'invalidPath'],
    ['an unknown key without a path', { op: 'add', value: { colour: 'x' } }, 'invalidPath'],
    ['a path that is no path', { op: 'add', path: 'a b', value: 'x' }, 'invalidPath'],
    ['a path that is no text', { op: 'add', path: 7, value: 'x' }, 'invalidPath'],
    ['a broken value filter', { op: 'add', path: 'emails[type is 1].value', value: 'x' }, 'invalidFilter'],
    ['no value', { op: 'replace', path: 'title' }, 'invalidValue'],
    ['a number for a text', { op: 'replace', path: 'title', value: 7 }, 'invalidValue'],
    ['a text for a list', { op: 'add', path: 'emails', value: 'a@x' }, 'invalidValue'],
    ['a text without a path', { op: 'add', value: 'x' }, 'invalidValue'],
    ['a removal without a path', { op: 'remove' }, 'noTarget'],
    [
      'replacing an element that does not exist',
      { op: 'replace', path: 'emails[type eq "home"].value', value: 'x' },
      'noTarget',
    ],
    [
      'adding through a filter that describes nothing',
      { op: 'add', path: 'emails[value co "zz"].type', value: 'x' },
      'noTarget',
    ],
    ['changing the id', { op: 'replace', path: 'id', value: 'x' }, 'mutability'],
    ['changing the groups of a user', { op: 'add', path: 'groups', value: [{ value: 'g' }] }, 'mutability'],
    ['removing the userName', { op: 'remove', path: 'userName' }, 'mutability'],
    ['emptying the userName', { op: 'replace', path: 'userName', value: '' }, 'invalidValue'],
  ])('refuses %s and changes nothing', async (_name, operation, scimType) => {
    const app = createScimApp({ now: () => NOW, seed: { users: [seedUser] } });
    const before = app.state.users();
    const answer = await clientOf(app)(
      'PATCH',
      '/Users/user-1',
      patch({ op: 'replace', path: 'displayName', value: 'changed' }, operation),
    );
    expect(answer).toMatchObject({ status: 400, body: { scimType } });
    expect(app.state.users()).toEqual(before);
  });

  it.each([
    ['no schemas', { Operations: [{ op: 'add', path: 'title', value: 'x' }] }],
    ['no operations', { schemas: [PATCH_URN], Operations: [] }],
    ['a list', []],
  ])('refuses a body with %s', async (_name, body) => {
    const app = createScimApp({ seed: { users: [seedUser] } });
    const answer = await clientOf(app)('PATCH', '/Users/user-1', body);
    expect(answer).toMatchObject({ status: 400, body: { scimType: 'invalidSyntax' } });
  });

  it('answers 409 when the new userName is taken', async () => {
    const app = createScimApp({ seed: { users: [seedUser, user({ userName: 'eve' })] } });
    const answer = await clientOf(app)(
      'PATCH',
      '/Users/user-1',
      patch({ op: 'replace', path: 'userName', value: 'EVE' }),
    );
    expect(answer).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
  });

  it('takes a new password and forgets it', async () => {
    const { status, body } = await patched({ op: 'replace', path: 'password', value: 'secret' });
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toContain('secret');
  });
});

describe('PATCH of a group', () => {
  it.each<[string, readonly ScimResource[], readonly string[]]>([
    [
      'adds members once',
      [{ op: 'Add', path: 'members', value: [{ $ref: null, value: 'u4' }, { value: 'u1' }] }],
      ['u1', 'u2', 'u3', 'u4'],
    ],
    [
      'removes the listed members',
      [{ op: 'Remove', path: 'members', value: [{ value: 'u1' }, { value: 'u3' }] }],
      ['u2'],
    ],
    ['removes by filter', [{ op: 'remove', path: 'members[value eq "u2"]' }], ['u1', 'u3']],
    [
      'leaves others alone when the member is not there',
      [{ op: 'remove', path: 'members[value eq "u9"]' }],
      ['u1', 'u2', 'u3'],
    ],
    ['compares member ids with case', [{ op: 'remove', path: 'members[value eq "U2"]' }], ['u1', 'u2', 'u3']],
    ['removes all without a value', [{ op: 'remove', path: 'members' }], []],
    ['replaces the membership', [{ op: 'replace', path: 'members', value: [{ value: 'u7' }] }], ['u7']],
    [
      'takes two additions in one request',
      [
        { op: 'add', path: 'members', value: [{ value: 'u4' }] },
        { op: 'add', path: 'members', value: [{ value: 'u5' }] },
      ],
      ['u1', 'u2', 'u3', 'u4', 'u5'],
    ],
  ])('%s and answers 204', async (_name, operations, members) => {
    expect(await membersAfter(...operations)).toEqual({ status: 204, members });
  });

  it('answers with the resource when attributes are named', async () => {
    const app = createScimApp({ seed: { groups: [seedGroup] } });
    const body = patch({ op: 'replace', value: { displayName: 'Europe' } });
    const answer = await clientOf(app)('PATCH', '/Groups/group-1?attributes=displayName', body);
    expect(answer).toMatchObject({ status: 200, body: { displayName: 'Europe' } });
  });
});
