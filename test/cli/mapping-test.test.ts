/** `scimulate test`: which files run, what a failing case says, what coverage names, exit codes. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runAs } from '../support/cli.ts';

const MAPPING = `objects:
  - name: Users
    from: User
    to: User
    where:
      - name: Employees
        all:
          - { attr: department, op: EQUALS, value: Sales }
          - { attr: employeeId, op: IS NOT NULL }
    map:
      - { to: userName, from: userPrincipalName, match: 1 }
      - { to: active, expr: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")' }
      - { to: title, expr: 'IIF([jobTitle] = "", "none", Switch([jobTitle], "other", "CEO", "chief"))' }
      - { to: userType, default: Employee }
      - { to: nickName, expr: 'SelectUniqueValue([givenName], Append([givenName], "2"))', apply: onCreate }
      - { to: hired, expr: 'FormatDateTime([hireDate], , "yyyy-MM-dd", "yyyy")' }
  - name: Groups
    from: Group
    to: Group
    map: [{ to: displayName, from: displayName, match: 1 }]
`;
const ANA = '{ userPrincipalName: ana@contoso.com, department: Sales, employeeId: "7" }';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-test-'));
  await mkdir(join(folder, 'mappings'));
  await write('mappings/app.yaml', MAPPING);
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text);
}

function run(...args: readonly string[]) {
  return runAs(['test', ...args], { cwd: folder });
}

describe('cases', () => {
  test('a value that the attribute does not take, a manager written on creation only, an object that is not created', async () => {
    const mapping = `directories:
  Target:
    objects:
      User:
        attributes:
          userName: {}
          title: { type: integer }
          manager: { type: reference, refs: [User] }
objects:
  - name: Users
    from: User
    to: User
    map:
      - { to: userName, from: userPrincipalName, match: 1 }
      - { to: title, from: jobTitle }
      - { to: manager, from: manager, apply: onCreate }
      - { to: nickName, expr: 'IIF([department] = "Ghosts", IgnoreObjectFlow, [givenName])' }
`;
    await write('mappings/m.yaml', mapping);
    await write(
      'mappings/m.test.yaml',
      `cases:
  - name: no integer
    given: { userPrincipalName: a@b.c, jobTitle: boss }
    expect: { userName: a@b.c }
    fails: { title: AttributeMappingFailed }
  - name: has a manager already
    given: { userPrincipalName: a@b.c, manager: m1 }
    holds: { userName: a@b.c }
    expect: { manager: null }
  - name: is not created
    given: { userPrincipalName: a@b.c, department: Ghosts }
    only: true
    expect: {}
`,
    );
    const { out, code } = await run('mappings/m.test.yaml');
    expect(out).toContain('3 cases in 1 file, all passed');
    expect(code).toBe(0);
  });

  test('roles and options of expressions are those of the job', async () => {
    const mapping = `objects:
  - name: Users
    from: User
    to: User
    map:
      - { to: userName, from: userPrincipalName, match: 1 }
      - { to: userType, expr: 'SingleAppRoleAssignment([appRoleAssignments])' }
      - { to: nickName, expr: 'Mid([givenName], 9, 2)' }
`;
    const cases = (expected: string) => `cases:
  - name: without a role
    given: { userPrincipalName: a@b.c, givenName: Ana }
    assigned: Default Access
    expect: { userType: Default Access, ${expected} }
  - name: with a role
    given: { userPrincipalName: a@b.c }
    expect: { userType: User }
`;
    await write('mappings/m.yaml', mapping);
    await write('mappings/m.test.yaml', cases('nickName: null'));
    await write('mappings/m.input.test.yaml', `expressions: { midOutOfRange: input }\n${cases('nickName: Ana')}`);
    const { out, code } = await run('mappings/m.yaml');
    expect(out).toContain('4 cases in 2 files, all passed');
    expect(code).toBe(0);
  });

  test('compare what flows, booleans by their text, and the scope', async () => {
    await write(
      'mappings/app.test.yaml',
      `cases:
  - name: a seller
    given: ${ANA}
    because: filter Employees passes
    expect: { userName: ana@contoso.com, active: true, title: none, userType: Employee, hired: null }
  - name: a developer
    given: { userPrincipalName: dan@contoso.com, department: IT, employeeId: '8' }
    inScope: false
    because: department "IT" fails clause EQUALS "Sales" of filter Employees
    expect: { active: False }
  - name: default values fill only what is empty
    given: ${ANA}
    holds: { userType: Guest }
    expect: { userType: null, nickName: null }
  - name: a taken name
    given: { userPrincipalName: a@contoso.com, department: Sales, employeeId: '9', givenName: Ana }
    taken: [ana]
    expect: { nickname: Ana2 }
  - name: a date nobody can read
    given: { userPrincipalName: a@contoso.com, department: Sales, employeeId: '9', hireDate: soon }
    fails: { hired: InvalidDate }
  - name: a group
    object: Groups
    given: { displayName: Sales }
    only: true
    expect: { displayName: Sales }
`,
    );
    expect(await run()).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('6 cases in 1 file, all passed'),
    });
  });

  test('a failing one shows expected and actual per attribute, and is exit 3', async () => {
    await write(
      'mappings/app.test.yaml',
      `cases:
  - name: a seller
    given: ${ANA}
    only: true
    expect: { userName: Ana@contoso.com, active: true, title: Chief, nickName: Ana }
  - name: a broken date
    given: { userPrincipalName: dan@contoso.com, department: IT, employeeId: '8', hireDate: soon }
    because: x
    expect: { hired: '2026' }
`,
    );
    const { code, out } = await run();
    expect(code).toBe(3);
    expect(out.split('\n')).toEqual([
      'mappings/app.test.yaml',
      '  ✗ a seller  mappings/app.test.yaml:2',
      '      userName  expected "Ana@contoso.com", got "ana@contoso.com"',
      '      title     expected "Chief", got "none"',
      '      nickName  expected "Ana", got the error NoUniqueValue: SelectUniqueValue: none of the rules gives a value',
      '      userType  expected nothing, got "Employee"',
      '  ✗ a broken date  mappings/app.test.yaml:6',
      expect.stringMatching(/^ {6}scope {2}expected in, is out: department "IT" fails clause EQUALS "Sales"/),
      expect.stringMatching(/^ {6}hired {2}expected "2026", got the error InvalidDate: /),
      '',
      '2 cases in 1 file, 2 failed',
      '',
    ]);
  });

  test('the reason is compared when the side is right', async () => {
    await write('mappings/app.test.yaml', `cases: [{ name: a seller, given: ${ANA}, because: through group }]\n`);
    const { out } = await run();
    expect(out).toContain(
      'scope  the reason does not hold "through group": assigned as "User"; filter Employees passes',
    );
  });
});

describe('coverage', () => {
  test('names every branch and clause that no case reaches, with its place', async () => {
    await write('mappings/app.test.yaml', `cases: [{ name: a seller, given: ${ANA} }]\n`);
    const { code, out } = await run('--coverage');
    expect(code).toBe(0);
    expect(out.split('\n').slice(2, 9)).toEqual([
      '  coverage  2 of 6 branches, 0 of 2 scoping clauses',
      '    mappings/app.yaml:12:81  active: no case reaches the Switch key "True"',
      '    mappings/app.yaml:13:58  title: IIF is never false',
      '    mappings/app.yaml:13:77  title: no case reaches the default of Switch',
      '    mappings/app.yaml:13:93  title: no case reaches the Switch key "CEO"',
      '    mappings/app.yaml:8:13  clause department EQUALS stops no case',
      '    mappings/app.yaml:9:13  clause employeeId IS NOT NULL stops no case',
    ]);
  });
});

describe('which files run', () => {
  const CASE = `cases: [{ name: a seller, given: ${ANA} }]\n`;

  test('those beside the mapping files of the configuration, however broken the rest of it is', async () => {
    await mkdir(join(folder, 'elsewhere'));
    await write('elsewhere/app.yaml', MAPPING);
    await write('elsewhere/app.test.yaml', CASE);
    await write('mappings/app.test.yaml', CASE);
    await write('config.yaml', 'jobs: [{ name: x, mappings: elsewhere/app.yaml }]\n');
    expect((await run()).out).toMatch(/^elsewhere\/app\.test\.yaml\n/);
  });

  test('one mapping file may have several, named after it', async () => {
    await write('mappings/app.test.yaml', CASE);
    await write('mappings/app.leavers.test.yaml', CASE);
    expect((await run('mappings/app.yaml')).out).toContain('2 cases in 2 files');
  });

  test('nothing to run is a usage error that says what to write', async () => {
    const { code, err } = await run();
    expect([code, err]).toEqual([2, expect.stringContaining('mappings/scim.test.yaml shows how')]);
    const [, example = ''] = /write one: (.*) shows how, and README.md beside it/.exec(err) ?? [];
    expect(isAbsolute(example) && existsSync(example) && existsSync(join(example, '..', 'README.md'))).toBe(true);
  });

  test('a configuration that is named must be there', async () => {
    expect(await run('-c', 'none.yaml')).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no none.yaml'),
    });
  });
});

describe('mistakes', () => {
  test.each([
    ['case: []', /1:1 {2}error {2}unknown-key\n.*"case" is not a setting of the file\. Did you mean "cases"\?/],
    [`cases: [{ name: x, givn: ${ANA} }]`, /unknown-key\n.*of a case\. Did you mean "given"\?/],
    [`cases: [{ name: x, given: ${ANA}, object: User }]`, /unknown-object-mapping\n.*Did you mean "Users"\?/],
    [`cases: [{ name: x, given: ${ANA}, expect: { usrName: y } }]`, /unknown-target\n.*Did you mean userName\?/],
    ['cases: [{ name: x, given: { IsSoftDeleted: true } }]', /computed-attribute\n.*accountEnabled: false/],
    ['cases: [{ name: x, given: { surName: Sousa } }]', /warning {2}attribute-case\n.*Write surname\./],
    ['cases: [{ name: x, given: { departmnt: Sales } }]', /warning {2}unread-attribute\n.*Did you mean "department"\?/],
    [`now: soon\ncases: [{ name: x, given: ${ANA} }]`, /bad-time\n.*"soon" is not a time/],
    [`mapping: ap.yaml\ncases: [{ name: x, given: ${ANA} }]`, /1:10 {2}error {2}file-unreadable\n.*ap\.yaml/],
  ])('%s', async (text, message) => {
    await write('mappings/app.test.yaml', `${text}\n`);
    const { code, err } = await run();
    expect(err).toMatch(message);
    expect(code).toBe(err.includes('error') ? 2 : 3);
  });

  test('an error in the mapping is shown at its place', async () => {
    await write('mappings/app.yaml', MAPPING.replace('IIF', 'IFF'));
    await write('mappings/app.test.yaml', `cases: [{ name: x, given: ${ANA} }]\n`);
    const { code, err } = await run();
    expect([code, err]).toEqual([2, expect.stringMatching(/mappings\/app\.yaml:13:.*unknown-function/)]);
  });
});

test('--json and --junit say the same', async () => {
  await write(
    'mappings/app.test.yaml',
    `cases:
  - { name: good, given: ${ANA} }
  - { name: bad & ugly, given: ${ANA}, expect: { title: null, hired: 2026 } }
`,
  );
  const { code, out } = await run('--json', '--junit', 'report.xml');
  expect(code).toBe(3);
  const document = JSON.parse(out) as { readonly files: readonly { readonly cases: readonly unknown[] }[] };
  expect(document).toMatchObject({ formatVersion: 1, passed: false });
  expect(document.files[0]?.cases).toMatchObject([
    { name: 'good', passed: true, inScope: true, differences: [] },
    {
      name: 'bad & ugly',
      line: 3,
      differences: [
        { about: 'attribute', target: 'title', expected: null, actual: 'none' },
        { about: 'attribute', target: 'hired', expected: 2026, actual: null },
      ],
    },
  ]);
  const xml = await readFile(join(folder, 'report.xml'), 'utf8');
  expect(xml).toContain('tests="2" failures="1"');
  expect(xml).toContain('name="bad &amp; ugly" classname="mappings/app.test.yaml"');
  expect(xml).toContain('title  expected nothing, got &quot;none&quot;');
});
