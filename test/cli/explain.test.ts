/** `scimulate explain`: one expression, or with --all every mapping row beside the target's value. */
import { afterEach, describe, expect, test } from 'vitest';
import { runAs } from '../support/cli.ts';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

const MAPPING = `objects:
  - name: Users
    from: User
    to: User
    where: [{ name: Sellers, all: [{ attr: department, op: EQUALS, value: Sales }] }]
    map:
      - { to: userName, from: userPrincipalName, match: 1 }
      - { to: active, expr: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")' }
      - { to: title, from: jobTitle }
      - { to: userType, const: Employee }
      - { to: locale, default: en-US }
      - { to: nickName, from: givenName, apply: onCreate }
      - { to: timezone, expr: 'FormatDateTime([hireDate], , "yyyy-MM-dd", "yyyy")' }
      - { to: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager', from: manager }
`;
const ANA = aUser('ana', {
  department: 'Sales',
  jobTitle: 'Engineer',
  givenName: 'Ana',
  hireDate: 'soon',
  manager: 'leo',
});
const LEO = aUser('leo', { department: 'Sales' });

let world: World;
afterEach(() => world.close());

async function explainAll(...args: readonly string[]) {
  return runAs(['explain', '--all', '-c', world.configPath, ...args], { env: { SCIM_TOKEN: 'test-token' } });
}

/** Sign, target and the rest of each row, blanks folded. */
function rowsOf(out: string): readonly string[] {
  return out
    .split('\n')
    .filter((line) => /^ {2}[=~+·✗] /.test(line))
    .map((line) => line.trim().replace(/ {2,}/g, ' | '));
}

describe('--all', () => {
  test('before a creation every value is new, and one failing row hides no other', async () => {
    world = await openWorld({ mapping: MAPPING, directory: everyone([ANA, LEO]) });
    const { code, out } = await explainAll('--object', 'ana@contoso.com');
    expect(code).toBe(3);
    expect(out).toContain('scope   in: assigned as "User"; filter Sellers passes');
    expect(out).toContain('target  nobody has the matching attribute: it would be created');
    expect(rowsOf(out)).toEqual([
      '+ userName | [userPrincipalName] | "ana@contoso.com" | nothing',
      '+ active | Switch([IsSoftDeleted], , "Fa… | "True" | nothing',
      '+ title | [jobTitle] | "Engineer" | nothing',
      '+ userType | "Employee" | "Employee" | nothing',
      '+ locale | none | "en-US" | nothing | (default)',
      '+ nickName | [givenName] | "Ana" | nothing',
      expect.stringMatching(/^✗ timezone .* InvalidDate: FormatDateTime: "soon" does not fit/),
      '· …:manager | [manager] | nothing | nothing | (1 of 1 not linked in the target yet)',
    ]);
    expect(out).toContain('8 rows: 6 new, 1 with nothing to send, 1 failed');
  });

  test('a linked object stands beside what the target holds now; offline, beside what was last written', async () => {
    const ana = { ...ANA, hireDate: '2026-02-01' };
    world = await openWorld({ mapping: MAPPING, directory: everyone([ana, LEO]) });
    await world.cycle();
    Object.assign(world.directory.users[0] ?? {}, { jobTitle: 'Lead', givenName: 'Anna' });
    await world.save();
    const before = world.app.requests.length;
    const offline = rowsOf((await explainAll('--object', 'ana', '--offline')).out);
    expect(world.app.requests.length).toBe(before);
    const { code, out } = await explainAll('--object', 'ana');
    expect(code).toBe(0);
    expect(out).toMatch(/target {2}linked to t1, read just now/);
    expect(rowsOf(out)).toEqual([
      expect.stringMatching(/^= userName .* the same$/),
      expect.stringMatching(/^= active .* "True" \| the same$/),
      '~ title | [jobTitle] | "Lead" | "Engineer"',
      expect.stringMatching(/^= userType .* the same$/),
      '· locale | none | nothing | "en-US"',
      '· nickName | [givenName] | nothing | "Ana" | (on creation only)',
      expect.stringMatching(/^= timezone .* "2026" \| the same$/),
      '= …:manager | [manager] | "t2" | the same',
    ]);
    expect(offline).toEqual(rowsOf(out));
    expect(world.app.requests.slice(before).every(({ method }) => method === 'GET')).toBe(true);
  });

  test('who left keeps the scope reason; offline nobody is asked about an unlinked object', async () => {
    world = await openWorld({ mapping: MAPPING, directory: everyone([{ ...LEO, department: 'IT' }]) });
    const { out } = await explainAll('--object', 'leo', '--offline');
    expect(out).toContain('scope   out: department "IT" fails clause EQUALS "Sales" of filter Sellers');
    expect(out).toContain('target  not linked, and not asked (--offline)');
    expect(rowsOf(out)[1]).toBe('+ active | Switch([IsSoftDeleted], , "Fa… | "False"');
    expect(world.app.requests).toEqual([]);
  });

  test('--json gives the same as data', async () => {
    world = await openWorld({ mapping: MAPPING, directory: everyone([ANA]) });
    const document = JSON.parse((await explainAll('--object', 'ana', '--json')).out) as unknown;
    expect(document).toMatchObject({
      formatVersion: 1,
      job: 'app',
      mapping: 'Users',
      id: 'ana',
      scope: { inScope: true },
      target: { kind: 'absent' },
    });
  });

  test.each([
    [[], '--all needs an object'],
    [['[mail]', '--object', 'ana'], '--all takes no expression'],
    [['--input', '{}'], 'not --input'],
    [['--object', 'nobody'], 'there is no "nobody" in the directory'],
  ])('%j is a usage error', async (args, message) => {
    world = await openWorld({ mapping: MAPPING });
    expect(await explainAll(...args)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });

  test('an object of a type that is not mapped says so', async () => {
    world = await openWorld({ mapping: MAPPING, directory: everyone([], [{ id: 'g1', displayName: 'Staff' }]) });
    const { code, err } = await explainAll('--object', 'Staff');
    expect([code, err]).toEqual([2, expect.stringContaining('job app has no enabled object mapping for a Group')]);
  });
});

describe('one expression', () => {
  test('IsSoftDeleted is what the job makes of it: scoping filters count, assignments only where they matter', async () => {
    const directory = { ...everyone([{ ...LEO, department: 'IT' }, ANA]), applications: [] };
    world = await openWorld({ mapping: MAPPING, directory, job: { scope: 'all' } });
    const explain = (object: string) =>
      runAs(['explain', '[IsSoftDeleted]', '-c', world.configPath, '--object', object]);
    expect((await explain('leo')).out).toBe('[IsSoftDeleted]  "True"\n');
    expect((await explain('ana')).out).toBe('[IsSoftDeleted]  "False"\n');
  });

  test('random functions work, and a misspelt attribute is named', async () => {
    world = await openWorld();
    const guid = await runAs(['explain', 'Guid()']);
    expect(guid).toMatchObject({ code: 0, out: expect.stringMatching(/"[0-9a-f]{8}-[0-9a-f-]{27}"/) });
    const { code, err } = await runAs(['explain', 'Left([mial], 3)', '--input', '{"mail":"ana@contoso.com"}']);
    expect([code, err]).toEqual([
      0,
      'warning  unknown-attribute  there is no source attribute mial; did you mean [mail]? (case matters)\n' +
        '  Left([mial], 3)\n       ^^^^^^\n',
    ]);
  });

  test('a configuration or job that is named has its say, and has to be there', async () => {
    world = await openWorld({ job: { expressions: { midOutOfRange: 'input' } } });
    const mid = ['explain', 'Mid([mail], 9, 2)', '--input', '{"mail":"ana"}'];
    expect((await runAs(mid)).out).toContain('Mid([mail], 9, 2)  ""');
    expect((await runAs([...mid, '-c', world.configPath])).out).toContain('Mid([mail], 9, 2)  "ana"');
    const missing = await runAs([...mid, '-c', 'none.yaml']);
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('there is no none.yaml here') });
    const unknown = await runAs([...mid, '-c', world.configPath, '--job', 'ap']);
    expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('did you mean "app"?') });
  });

  test('input that cannot be read, or too much of it, is a usage error', async () => {
    world = await openWorld();
    for (const args of [
      ['--input', '@none.json'],
      ['--input', '{'],
      ['--input', '{}', '--object', 'u1'],
    ]) {
      expect(await runAs(['explain', '[mail]', ...args]), args.join(' ')).toMatchObject({ code: 2 });
    }
  });

  test('without one, and without --all, says what to write', async () => {
    world = await openWorld();
    expect(await runAs(['explain'])).toMatchObject({ code: 2, err: expect.stringContaining('no expression is given') });
  });
});
