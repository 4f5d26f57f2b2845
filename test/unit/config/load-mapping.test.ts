/** Mapping files: conversion to Graph's terms, and every finding with its place (mappings-and-scoping.md 2, 6, 8). */
import { describe, expect, test } from 'vitest';
import { briefs, loadMap, MAPPING } from './config-folder.ts';

const withRow = (row: string) => `${MAPPING}      - ${row}\n`;
const withKey = (text: string) => MAPPING.replace('    map:\n', `    ${text}\n    map:\n`);
const withClause = (clause: string) => withKey(`where: [{ all: [${clause}] }]`);

/** Findings about the row or key that a test adds, with the file name left out. */
async function found(text: string): Promise<readonly string[]> {
  return briefs(await loadMap(text)).map((one) => one.replace('mapping.yaml:', ''));
}

describe('a mapping file', () => {
  test('keeps digits as they are written, where YAML reads a number', async () => {
    const { mapping } = await loadMap(
      `${withClause('{ attr: postalCode, op: EQUALS, value: 0100 }')}      - { to: title, const: 0049 }\n      - { to: nickName, from: givenName, default: 1.10 }\n`,
    );
    const [object] = mapping?.objects ?? [];
    expect(object?.scope?.groups?.[0]?.clauses[0]?.targetOperand?.values).toEqual(['0100']);
    expect(object?.map.find(({ target }) => target === 'title')?.source).toEqual({ kind: 'constant', value: '0049' });
    expect(object?.map.find(({ target }) => target === 'nickName')?.defaultValue).toBe('1.10');
  });

  test('comes back with defaults filled in', async () => {
    const { mapping, diagnostics } = await loadMap(MAPPING);
    expect(diagnostics).toEqual([]);
    expect(mapping).toEqual({
      template: 'scim',
      objects: [
        {
          name: 'Users',
          from: 'User',
          to: 'User',
          enabled: true,
          actions: ['create', 'update', 'delete'],
          map: [
            {
              target: 'userName',
              source: { kind: 'direct', attribute: 'userPrincipalName' },
              match: 1,
              apply: 'always',
              when: 'changed',
            },
            {
              target: 'active',
              source: { kind: 'expression', text: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")' },
              apply: 'always',
              when: 'changed',
            },
          ],
        },
      ],
    });
  });

  test.each([
    ['{ to: title, const: Boss }', { source: { kind: 'constant', value: 'Boss' } }],
    ['{ to: x, const: true }', { source: { kind: 'constant', value: 'True' } }],
    ['{ to: x, const: 12 }', { source: { kind: 'constant', value: '12' } }],
    ['{ to: x, default: false }', { source: { kind: 'none' }, defaultValue: 'False' }],
    ['{ to: locale, from: preferredLanguage, default: en }', { defaultValue: 'en' }],
    ['{ to: x, const: y, apply: onCreate, when: everyCycle }', { apply: 'onCreate', when: 'everyCycle' }],
    ['{ to: x, const: y, apply: addValues }', { apply: 'addValues' }],
  ])('reads the row %s', async (row, expected) => {
    const { mapping } = await loadMap(withRow(row));
    expect(mapping?.objects[0]?.map.at(-1)).toMatchObject(expected);
  });

  test('turns filters into the shape of Graph, booleans as Entra writes them', async () => {
    const filters = `where:
      - name: Employees
        all:
          - { attr: department, op: EQUALS, value: Sales }
          - { attr: accountEnabled, op: IS TRUE }
      - { all: [{ attr: level, op: Greater_Than, value: 3 }, { attr: flag, op: EQUALS, value: true }] }
    preFilter: [{ all: [{ attr: city, op: IS NOT NULL }] }]
    category: [{ all: [{ attr: country, op: EQUALS, values: [NO] }] }]`;
    const { mapping } = await loadMap(withKey(filters));
    const clause = (sourceOperandName: string, operatorName: string, ...values: string[]) => ({
      sourceOperandName,
      operatorName,
      targetOperand: { values },
    });
    expect(mapping?.objects[0]?.scope).toEqual({
      groups: [
        { name: 'Employees', clauses: [clause('department', 'EQUALS', 'Sales'), clause('accountEnabled', 'IS TRUE')] },
        { clauses: [clause('level', 'Greater_Than', '3'), clause('flag', 'EQUALS', 'True')] },
      ],
      inputFilterGroups: [{ clauses: [clause('city', 'IS NOT NULL')] }],
      categoryFilterGroups: [{ clauses: [clause('country', 'EQUALS', 'NO')] }],
    });
  });

  test('is not returned when it has an error, and is when it has warnings', async () => {
    expect((await loadMap(withRow('{ to: userName, const: x }'))).mapping).toBeUndefined();
    expect((await loadMap(withRow('{ to: id, const: x }'))).mapping).toBeDefined();
  });
});

describe('findings about a row', () => {
  test.each([
    ['a target written twice', '{ to: USERNAME, from: mail }', ['8:15 error duplicate-target «USERNAME»']],
    [
      'a target written twice in two spellings',
      `{ to: 'urn:ietf:params:scim:schemas:core:2.0:User.username', from: mail }`,
      ["8:15 error duplicate-target «'urn:ietf:params:scim:schemas:core:2.0:User.username'»"],
    ],
    [
      'a whole attribute and its part',
      `{ to: name, from: mail }\n      - { to: name.givenName, from: givenName }`,
      ['8:15 warning overlapping-targets «name»'],
    ],
    [
      'a misspelt target attribute of SCIM, and a part of a name',
      `{ to: displayNam, from: mail }\n      - { to: name.givnName, from: givenName }\n      - { to: badgeNumber, from: mobile }`,
      ['8:15 warning unknown-target-attribute «displayNam»', '9:15 warning unknown-target-attribute «name.givnName»'],
    ],
    [
      'misspelt parts of an element, and of the enterprise extension',
      `{ to: 'emails[tpe eq "work"].vlue', from: mail }
      - { to: 'addresses[type eq "work"].postalcod', from: postalCode }
      - { to: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:departmnt', from: department }
      - { to: 'phoneNumbers[type eq "work"].extension', from: mobile }
      - { to: 'ROLES[PRIMARY eq "True"].display', from: city }`,
      [
        `8:15 warning unknown-target-attribute «'emails[tpe eq "work"].vlue'»`,
        `9:15 warning unknown-target-attribute «'addresses[type eq "work"].postalcod'»`,
        "10:15 warning unknown-target-attribute «'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:departmnt'»",
      ],
    ],
    [
      'a source attribute nobody has',
      '{ to: title, from: jobTitel }',
      ['8:28 warning unknown-source-attribute «jobTitel»'],
    ],
    [
      'one inside of an expression',
      `{ to: title, expr: 'ToLower([departmnt])' }`,
      ['8:37 warning unknown-source-attribute «[departmnt]»'],
    ],
    ['attributes of the tenant', `{ to: title, expr: 'Append([extension_0f9e_costCentre], [badgeNumber])' }`, []],
    ['an argument of the wrong kind', `{ to: title, expr: 'Left([mail], "x")' }`, ['8:42 error invalid-number «"x"»']],
    ['an address without a part', `{ to: 'addresses[type eq "work"]', from: mail }`, ["8:41 error bad-path «'»"]],
    ['a path that is never closed', `{ to: 'emails[type eq "work".value', from: mail }`, ['8:22 error bad-path «[»']],
    ['the id', '{ to: id, from: objectId }', ['8:15 warning anchor-mapped «id»']],
    ['two sources', '{ to: title, from: jobTitle, const: x }', ['8:15 error several-sources «title»']],
    ['no source', '{ to: title }', ['8:15 error no-source «title»']],
    ['a match without a source', '{ to: title, default: x, match: 2 }', ['8:41 error match-without-source «2»']],
    ['a match on a reference', '{ to: manager, from: manager, match: 2 }', ['8:46 error match-on-reference «2»']],
    [
      'role assignments copied as they are',
      '{ to: roles, from: appRoleAssignments }',
      ['8:28 warning raw-role-assignments «appRoleAssignments»'],
    ],
    ['an attribute in the wrong case', '{ to: title, from: JobTitle }', ['8:28 warning attribute-case «JobTitle»']],
    [
      'an attribute in the wrong case inside of an expression',
      `{ to: title, expr: 'ToLower([jobtitle])' }`,
      ['8:37 warning attribute-case «[jobtitle]»'],
    ],
    ['13.14 photos', '{ to: photos, from: thumbnailPhoto }', ['8:15 warning unsupported-target «photos»']],
    ['13.16 entitlements', '{ to: entitlements, from: city }', ['8:15 warning unsupported-target «entitlements»']],
    ['13.13 userType', '{ to: title, from: userType }', ['8:28 warning unreadable-attribute «userType»']],
    [
      '13.13 samAccountName inside of an expression',
      `{ to: title, expr: 'ToLower([samAccountName])' }`,
      ['8:37 warning unreadable-attribute «[samAccountName]»'],
    ],
    [
      'a second row of the same precedence',
      '{ to: x, from: mail, match: 1 }',
      ['8:37 warning same-match-precedence «1»'],
    ],
    [
      'a setting that rows do not have',
      '{ to: x, form: mail }',
      ['8:18 error unknown-key «form»', '8:15 error no-source «x»'],
    ],
    ['a precedence that is no number', '{ to: x, from: mail, match: first }', ['8:37 error wrong-type «first»']],
    ['an unknown way to apply', '{ to: x, from: mail, apply: oncreate }', ['8:37 error bad-value «oncreate»']],
    ['a function that there is not', `{ to: x, expr: 'Coalese([mail])' }`, ['8:25 error unknown-function «Coalese»']],
    ['arguments missing', `{ to: x, expr: 'ToLower()' }`, ['8:25 error argument-count «ToLower»']],
    ['syntax', `{ to: x, expr: 'Trim([mail]' }`, ["8:36 error parse-error «'»"]],
    [
      'Switch on a test for null',
      `{ to: x, expr: 'Switch(IsPresent([mail]), "a", "True", "b")' }`,
      ['8:25 warning switch-on-null-test «Switch»'],
    ],
    [
      'IIF on an attribute that may be null',
      `{ to: x, expr: 'IIF([mail]="a", "b", "c")' }`,
      ['8:25 warning iif-null-condition «IIF»'],
    ],
    [
      'Switch on a reference',
      `{ to: x, expr: 'Switch([manager], "a", "b", "c")' }`,
      ['8:25 warning switch-on-reference «Switch»'],
    ],
    [
      'SelectUniqueValue that would run each cycle',
      `{ to: x, expr: 'SelectUniqueValue("a", "b")' }`,
      [
        '8:25 warning select-unique-value-scope «SelectUniqueValue»',
        '8:25 error unique-value-apply «SelectUniqueValue»',
      ],
    ],
    [
      'SelectUniqueValue used to match',
      `{ to: x, expr: 'SelectUniqueValue("a", "b")', apply: onCreate, match: 2 }`,
      [
        '8:25 warning select-unique-value-scope «SelectUniqueValue»',
        '8:25 error unique-value-match «SelectUniqueValue»',
      ],
    ],
  ])('%s', async (_name, row, expected) => {
    expect([...(await found(withRow(row)))].sort()).toEqual([...expected].sort());
  });

  test('a mistake in a message starts a sentence, and says what was meant', async () => {
    const { diagnostics } = await loadMap(withRow(`{ to: x, expr: 'Coalese([mail])' }`));
    expect(diagnostics[0]?.summary).toBe('There is no function Coalese; did you mean Coalesce?');
  });
});

describe('places inside of an expression', () => {
  test.each([
    ['plain', 'to: x\n        expr: Coalese([mail])', 9, 15],
    ['in single quotes with doubled ones', `{ to: x, expr: 'Join("''", Coalese([mail]))' }`, 8, 36],
    ['in double quotes with escapes', `{ to: x, expr: "Join(\\"\\\\\\u0041\\", Coalese([mail]))" }`, 8, 44],
    ['folded', `to: x\n        expr: >-\n          Join(" ",\n            Coalese([mail]))`, 11, 13],
    ['literal', `to: x\n        expr: |\n          Join(" ",\n            Coalese([mail]))`, 11, 13],
    ['over two lines', `to: x\n        expr: Join(" ",\n          Coalese([mail]))`, 10, 11],
  ])('%s', async (_name, row, line, column) => {
    const { diagnostics } = await loadMap(withRow(row));
    expect(diagnostics.map((one) => one.at)).toEqual([{ file: 'mapping.yaml', line, column, length: 7 }]);
    expect(diagnostics[0]?.sourceLine?.slice(column - 1)).toMatch(/^Coalese/);
  });
});

describe('findings about an object mapping', () => {
  const unmatched = MAPPING.replace(', match: 1', '');

  test('no row that matches', async () => {
    expect(await found(unmatched)).toEqual(['5:5 error no-matching-attribute «map»']);
  });

  test('a disabled mapping of groups needs no matching row', async () => {
    const groups =
      '  - { name: Groups, from: Group, to: Group, enabled: false, map: [{ to: displayName, from: displayName }] }\n';
    expect(await found(`${MAPPING}${groups}`)).toEqual([]);
    expect(await found(`${MAPPING}${groups.replace('enabled: false, ', '')}`)).toEqual([
      '8:45 error no-matching-attribute «map»',
    ]);
  });

  test('a disabled mapping of users, which Entra does not have', async () => {
    expect(await found(withKey('enabled: false'))).toEqual(['5:14 warning user-mapping-disabled «false»']);
  });

  test.each(['[accountEnabled]', '"IsSoftDeleted"'])('users whose leaving is not seen by %s', async (argument) => {
    const text = MAPPING.replace(/expr: .*'/, `expr: 'Switch(${argument}, "a", "b", "c")'`);
    expect(await found(text)).toEqual(['5:5 warning soft-delete-not-mapped «map»']);
  });

  test('two for one kind of object, of which only the first would be looked at', async () => {
    const second = MAPPING.slice(MAPPING.indexOf('  - name')).replace('name: Users', 'name: Developers');
    expect(await found(`${MAPPING}${second}`)).toEqual(['9:11 warning second-object-mapping «User»']);
    const disabled = second.replace('    map:', '    enabled: false\n    map:');
    expect(await found(`${MAPPING}${disabled}`)).toEqual(['11:14 warning user-mapping-disabled «false»']);
  });

  test('two of one name', async () => {
    const second = MAPPING.slice(MAPPING.indexOf('  - name'));
    expect(await found(`${MAPPING}${second}`)).toEqual(['8:11 error duplicate-object-mapping «Users»']);
  });

  test('an unknown source object', async () => {
    expect(await found(MAPPING.replace('from: User\n', 'from: Device\n'))).toEqual(['3:11 error bad-value «Device»']);
  });
});

describe('definitions of the file', () => {
  const defined = (row: string) => `${withRow(row)}directories:
  Microsoft Entra ID: { objects: { User: { attributes: { badge: {}, userPrincipalName: {}, IsSoftDeleted: {} } } } }
  customappsso: { objects: { User: { attributes: { userName: {}, active: {}, badgeNumber: {} } } } }
`;

  test.each([
    ['are known', '{ to: badgeNumber, from: badge }', []],
    [
      'have a say in suggestions',
      '{ to: badgeNumber, from: bagde }',
      ['8:34 warning unknown-source-attribute «bagde»'],
    ],
    ['name targets', '{ to: badgeNumbr, from: badge }', ['8:15 warning unknown-target-attribute «badgeNumbr»']],
    ['need not be complete', '{ to: title, from: jobTitle }', []],
  ])('%s', async (_name, row, expected) => {
    expect(await found(defined(row))).toEqual(expected);
  });
});

describe('definitions of the source', () => {
  const clause = (text: string) => `${withClause(text)}directories:
  Microsoft Entra ID:
    objects:
      User: { attributes: { extension_a_tags: { multi: true }, hired: { type: datetime }, flag: { type: boolean } } }
`;

  test.each([
    [
      '{ attr: extension_a_tags, op: EQUALS, value: x }',
      ['5:29 error unsupported-scoping-attribute «extension_a_tags»'],
    ],
    ['{ attr: hired, op: EQUALS, value: x }', ['5:29 error unsupported-scoping-attribute «hired»']],
    ['{ attr: flag, op: Includes, value: T }', ['5:39 error operator-type «Includes»']],
    ['{ attr: flag, op: IS TRUE }', []],
    ['{ attr: costCode, op: EQUALS, value: x }', []],
  ])('have a say about the filter %s', async (text, expected) => {
    expect(await found(clause(text))).toEqual(expected);
  });
});

test('a reference to users that nobody provisions', async () => {
  const groups = `objects:
  - name: Groups
    from: Group
    to: Group
    map:
      - { to: displayName, from: displayName, match: 1 }
      - { to: members, from: members }
`;
  expect(await found(groups)).toEqual(['7:30 warning reference-without-mapping «members»']);
});

describe('findings about a filter', () => {
  test.each([
    ['{ attr: department, op: EQUAL, value: x }', ['5:45 error unknown-operator «EQUAL»']],
    ['{ attr: department, op: EQUALS }', ['5:21 error operand-count «{ attr: department, op: EQUALS }»']],
    ['{ attr: manager, op: IS NULL }', ['5:29 error unsupported-scoping-attribute «manager»']],
    ['{ attr: IsSoftDeleted, op: IS FALSE }', ['5:29 warning scoping-on-soft-delete «IsSoftDeleted»']],
    ['{ attr: level, op: Greater_Than, value: high }', ['5:61 error operand-not-integer «high»']],
    ['{ attr: department, op: REGEX MATCH, value: "(" }', ['5:65 error bad-pattern «"("»']],
    ['{ attr: department, op: REGEX MATCH, value: Sal }', ['5:65 warning unanchored-pattern «Sal»']],
    ['{ attr: Department, op: EQUALS, value: x }', ['5:29 warning attribute-case «Department»']],
    ['{ attr: city, op: EQUALS, value: x, values: [y] }', ['5:54 error value-and-values «x»']],
    [
      '{ attr: city, op: EQUALS, vaule: x }',
      ['5:47 error unknown-key «vaule»', '5:21 error operand-count «{ attr: city, op: EQUALS, vaule: x }»'],
    ],
  ])('%s', async (clause, expected) => {
    expect([...(await found(withClause(clause)))].sort()).toEqual([...expected].sort());
  });

  test('without clauses', async () => {
    expect(await found(withClause(''))).toEqual(['5:13 error empty-filter «{ all: [] }»']);
  });

  test.each(['preFilter', 'category'])('in %s too', async (set) => {
    const text = withKey(`${set}: [{ all: [{ attr: x, op: NOPE }] }]`);
    expect((await found(text)).map((one) => one.split(' ')[2])).toEqual(['unknown-operator']);
  });
});
