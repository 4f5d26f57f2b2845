/** Target paths: parsing, the position of mistakes, and what counts as missing (mappings-and-scoping.md 3.1, scim-wire.md 6.2). */
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../engine/model/engine-error.ts';
import { checkAttributePath, parseAttributePath, readPath, shortPath } from '../../../engine/scim/attribute-path.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe('parseAttributePath', () => {
  it.each([
    ['userName', { attribute: 'userName' }],
    ['name.givenName', { attribute: 'name', sub: 'givenName' }],
    [
      'emails[type eq "work"].value',
      { attribute: 'emails', filter: { attribute: 'type', value: 'work' }, sub: 'value' },
    ],
    ['members[value eq "9f2c"]', { attribute: 'members', filter: { attribute: 'value', value: '9f2c' } }],
    [
      'roles[primary eq "True"].value',
      { attribute: 'roles', filter: { attribute: 'primary', value: true }, sub: 'value' },
    ],
    ['emails[primary EQ true]', { attribute: 'emails', filter: { attribute: 'primary', value: true } }],
    [`${ENTERPRISE}:department`, { urn: ENTERPRISE, attribute: 'department' }],
    [`${ENTERPRISE}:manager.value`, { urn: ENTERPRISE, attribute: 'manager', sub: 'value' }],
    ['x[type eq "a\\"b:c]d"]', { attribute: 'x', filter: { attribute: 'type', value: 'a"b:c]d' } }],
  ])('reads %s', (text, parts) => {
    expect(parseAttributePath(text)).toEqual({ text, ...parts });
  });

  it.each([
    ['', 'it is empty', 0],
    ['emails[type eq "work".value', 'never closed', 6],
    ['emails type]', 'without a "["', 11],
    ['emails[type co "work"].value', 'one comparison', 7],
    ['given name', 'no spaces', 5],
    ['a.b.c', 'at most two levels', 3],
    ['[type eq "work"].value', 'before the "["', 0],
    [`${ENTERPRISE}:`, 'missing at the end', ENTERPRISE.length + 1],
  ])('refuses "%s" and points at the mistake', (text, message, offset) => {
    const problem = checkAttributePath(text);
    expect(problem?.message).toContain(message);
    expect(problem?.offset).toBe(offset);
    const error = caught(() => parseAttributePath(text));
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ category: 'configuration', code: 'bad-path', remedy: expect.stringContaining('[') });
    expect(String(error)).toContain(`(character ${offset + 1})`);
  });

  it('finds nothing wrong with a good path', () => {
    expect(checkAttributePath('phoneNumbers[type eq "mobile"].value')).toBeUndefined();
  });
});

describe('readPath', () => {
  const resource = {
    UserName: 'lena',
    nickName: '',
    title: null,
    roles: [
      { primary: false, value: 'reader' },
      { primary: 'true', value: 'admin' },
    ],
    emails: [
      { Type: 'WORK', value: 'a@b.example' },
      { type: 'work', value: 'second@b.example' },
    ],
    phoneNumbers: [],
    [ENTERPRISE.toUpperCase()]: { department: 'Sales', manager: { value: '88d0', displayName: 'Boss' } },
  };
  const read = (path: string) => readPath(resource, parseAttributePath(path));

  it('ignores the case of names, URNs and filter values, and takes the first element', () => {
    expect(read('username')).toBe('lena');
    expect(read('emails[type eq "work"].value')).toBe('a@b.example');
    expect(read(`${ENTERPRISE}:Department`)).toBe('Sales');
  });

  it('reads primary as true whether boolean or text', () => {
    expect(read('roles[primary eq "True"].value')).toBe('admin');
  });

  it('reads a manager object as its value and a bare text as it is', () => {
    expect(read(`${ENTERPRISE}:manager`)).toBe('88d0');
    expect(readPath({ manager: '88d0' }, parseAttributePath('manager'))).toBe('88d0');
  });

  it.each(['absent', 'nickName', 'title', 'phoneNumbers', 'emails[type eq "home"].value', 'name.givenName', 'urn:x:y'])(
    'takes %s for missing',
    (path) => {
      expect(read(path)).toBeUndefined();
    },
  );
});

function caught(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

describe('the three spellings of extension attributes (gallery.md 0.6)', () => {
  it.each([
    [
      'urn:scim:schemas:extension:enterprise:1.0.manager',
      'urn:scim:schemas:extension:enterprise:1.0',
      'manager',
      undefined,
    ],
    [
      'urn:scim:schemas:extension:facebook:auth_method:1.0:auth_method',
      'urn:scim:schemas:extension:facebook:auth_method:1.0',
      'auth_method',
      undefined,
    ],
    [
      'urn:scim:schemas:extension:enterprise:1.0:manager.managerId',
      'urn:scim:schemas:extension:enterprise:1.0',
      'manager',
      'managerId',
    ],
    [
      'urn:scim:schemas:extension:enterprise:1.0.manager.managerId',
      'urn:scim:schemas:extension:enterprise:1.0',
      'manager',
      'managerId',
    ],
    [
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
      'department',
      undefined,
    ],
    ['URN:SCIM:schemas:core:1.0.userName', 'URN:SCIM:schemas:core:1.0', 'userName', undefined],
  ])('%s', (text, urn, attribute, sub) => {
    expect(checkAttributePath(text)).toBeUndefined();
    expect(parseAttributePath(text)).toEqual({ text, urn, attribute, ...(sub === undefined ? {} : { sub }) });
  });

  it('a dot after any other URN stays an error', () => {
    expect(checkAttributePath('urn:contoso:1.0.badge')).toBeDefined();
  });
});

it.each([
  ['userName', 'userName'],
  ['emails[type eq "work"].value', 'emails[type eq "work"].value'],
  [`${ENTERPRISE}:department`, 'department'],
  ['urn:scim:schemas:extension:enterprise:1.0.department', 'department'],
  ['urn:scim:schemas:extension:facebook:frontline:1.0.is_frontline', 'is_frontline'],
  ['urn:acme:User:badges[type eq "a:b"].value', 'badges[type eq "a:b"].value'],
  ['no path (of a target)', 'no path (of a target)'],
])('people read %s as %s', (text, short) => {
  expect(shortPath(text)).toBe(short);
});
