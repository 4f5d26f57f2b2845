/** `scimulate preview --against`: who changes, and how, when another mapping replaces the present one. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { runAs } from '../support/cli.ts';
import { aUser, ENTERPRISE, everyone, openWorld, type World } from '../support/world.ts';

const ACTIVE = `{ to: active, expr: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")' }`;

/** A mapping of users with these rows and filter, and of groups unless `groups` is false. */
function mapping(rows: readonly string[], department: string | undefined, groups = true): string {
  const where =
    department === undefined
      ? ''
      : `\n    where: [{ name: Only, all: [{ attr: department, op: EQUALS, value: ${department} }] }]`;
  const groupMapping = groups
    ? '\n  - name: Groups\n    from: Group\n    to: Group\n    map: [{ to: displayName, from: displayName, match: 1 }]'
    : '';
  return `objects:
  - name: Users
    from: User
    to: User${where}
    map:
      - { to: userName, from: userPrincipalName, match: 1 }
      - ${ACTIVE}
${rows.map((row) => `      - ${row}`).join('\n')}${groupMapping}
`;
}

const SALES = mapping(
  ['{ to: title, from: jobTitle }', '{ to: locale, default: en }', '{ to: nickName, from: givenName }'],
  'Sales',
);
const PEOPLE = () =>
  everyone(
    [
      aUser('ana', { department: 'Sales', jobTitle: 'Lead', givenName: 'Ana', manager: 'leo' }),
      aUser('leo', { department: 'Sales', jobTitle: 'Head' }),
      aUser('dan', { department: 'IT', jobTitle: 'Dev' }),
      aUser('eva', { department: 'Legal' }),
    ],
    [{ id: 'g1', displayName: 'Staff', members: [] }],
  );

let world: World;
afterEach(() => world.close());

async function against(other: string, ...args: readonly string[]) {
  await writeFile(join(world.folder, 'other.yaml'), other);
  return runAs(['preview', '--against', 'other.yaml', ...args], {
    cwd: world.folder,
    env: { SCIM_TOKEN: 'test-token' },
  });
}

function people(out: string): readonly string[] {
  return out
    .split('\n')
    .filter((line) => /^ {2}[+~·✗-] | {20}/.test(line))
    .map((line) => line.trim().replace(/ {2,}/g, ' | '));
}

describe('what changes', () => {
  test('another filter creates and disables, another row updates; totals come first; nobody is asked', async () => {
    world = await openWorld({ mapping: SALES, directory: PEOPLE() });
    const rows = [
      `{ to: title, expr: 'ToUpper([jobTitle])' }`,
      '{ to: locale, default: en }',
      '{ to: nickName, from: nick }',
    ];
    const { code, out } = await against(mapping(rows, undefined));
    expect(code).toBe(0);
    expect(out.split('\n')[2]).toBe('  2 to create, 2 to update, 0 to disable, 1 unchanged');
    expect(out).toContain('updated attributes: title 2');
    expect(people(out)).toEqual([
      '+ create | dan@contoso.com | assigned as "User"',
      '+ create | eva@contoso.com | assigned as "User"',
      '~ update | ana@contoso.com | title | "Lead" → "LEAD"',
      'no value any more, the target keeps it: nickName',
      '~ update | leo@contoso.com | title | "Head" → "HEAD"',
    ]);
    const narrower = await against(mapping(['{ to: title, from: jobTitle }'], 'IT'));
    expect(narrower.out.split('\n').slice(2, 4)).toEqual([
      '  1 to create, 0 to update, 2 to disable, 2 unchanged',
      '  no longer written, the target keeps its values: locale, nickName',
    ]);
    expect(people(narrower.out)).toContain(
      '~ disable | ana@contoso.com | department "Sales" fails clause EQUALS "IT" of filter Only',
    );
    expect(world.app.requests).toEqual([]);
  });

  test('the same mapping changes nothing, whatever is random, taken by default or only for creation', async () => {
    const rows = [
      `{ to: title, expr: 'Guid()' }`,
      '{ to: locale, default: en }',
      '{ to: nickName, from: nick, apply: onCreate }',
    ];
    world = await openWorld({ mapping: mapping(rows, 'Sales'), directory: PEOPLE() });
    const { out } = await against(mapping(rows, 'Sales'));
    expect(out).toContain('0 to create, 0 to update, 0 to disable, 5 unchanged');
    expect(out).toContain('nothing changes for anybody');
  });

  test('a reference, a failing expression, and a type that is not mapped any more', async () => {
    world = await openWorld({ mapping: SALES, directory: PEOPLE() });
    const rows = [`{ to: '${ENTERPRISE}:manager', from: manager }`, `{ to: title, expr: 'CDate([department])' }`];
    const { out } = await against(mapping(rows, 'Sales', false));
    expect(people(out)).toEqual([
      '· stays | Staff | the other mapping has nothing for a Group: it stays as it is',
      expect.stringMatching(/^✗ fail \| ana@contoso\.com \| the mapping of title failed: .*InvalidDate in$/),
      'CDate([department]))',
      expect.stringMatching(/^✗ fail \| leo@contoso\.com \| .*InvalidDate in$/),
      'CDate([department]))',
    ]);
    const fine = await against(mapping([rows[0] ?? ''], 'Sales'));
    expect(people(fine.out)).toEqual(['~ update | ana@contoso.com | manager User leo']);
  });

  test('target object actions and accidental-deletion prevention have their say', async () => {
    world = await openWorld({ mapping: SALES, directory: PEOPLE(), job: { deletions: { threshold: 1 } } });
    const other = mapping(['{ to: title, from: jobTitle }'], 'IT').replace(
      'to: User\n',
      'to: User\n    actions: [update]\n',
    );
    const { out } = await against(other);
    expect(out).toContain('0 to create, 0 to update, 2 to disable, 1 left as they are, 2 unchanged');
    expect(out).toContain('accidental-deletion prevention would hold them: 2 objects would be disabled or deleted');
    expect(people(out)).toContain(
      '· stays | dan@contoso.com | not in the target, and the Create action of "Users" is off',
    );
  });

  test('who left the present scope is still in the target, and comes back by an update', async () => {
    world = await openWorld({ mapping: SALES, directory: PEOPLE() });
    await world.cycle();
    Object.assign(world.directory.users[0] ?? {}, { department: 'IT' });
    await world.cycle();
    const before = world.app.requests.length;
    const { out } = await against(mapping(['{ to: title, from: jobTitle }'], undefined));
    expect(people(out)).toContain('~ update | ana@contoso.com | active | "False" → "True"');
    expect(world.app.requests.length).toBe(before);
  });

  test('--online compares with what the target holds, and only reads it', async () => {
    world = await openWorld({ mapping: SALES, directory: PEOPLE() });
    await world.cycle();
    const before = world.app.requests.length;
    await world.app.handle(
      new Request('http://localhost/scim/Users/t1', {
        method: 'PATCH',
        headers: { authorization: 'Bearer test-token', 'content-type': 'application/scim+json' },
        body: JSON.stringify({
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [{ op: 'replace', path: 'title', value: 'Somebody wrote this' }],
        }),
      }),
    );
    expect(people((await against(SALES)).out)).toEqual([]);
    const { out } = await against(SALES, '--online');
    expect(people(out)).toEqual(['~ update | ana@contoso.com | title | "Somebody wrote this" → "Lead"']);
    expect(world.app.requests.slice(before + 1).every(({ method }) => method === 'GET')).toBe(true);
  });
});

test('--json, --object and --detailed-exitcode', async () => {
  world = await openWorld({ mapping: SALES, directory: PEOPLE() });
  const other = mapping(['{ to: title, expr: "ToUpper([jobTitle])" }'], 'Sales');
  const { code, out } = await against(other, '--json', '--object', 'ana', '--detailed-exitcode');
  expect(code).toBe(10);
  expect(JSON.parse(out)).toMatchObject({
    formatVersion: 1,
    against: 'other.yaml',
    jobs: [
      {
        name: 'app',
        counts: { create: 0, update: 2, disable: 0, unchanged: 3 },
        noLongerWritten: { User: ['locale', 'nickName'], Group: [] },
        objects: [
          {
            objectType: 'User',
            sourceId: 'ana',
            change: 'update',
            modifiedProperties: [{ displayName: 'title', oldValue: 'Lead', newValue: 'LEAD' }],
          },
        ],
      },
    ],
  });
  expect((await against(SALES, '--detailed-exitcode')).code).toBe(0);
});

test('--object: what changes for one is told from what changes for everybody', async () => {
  world = await openWorld({ mapping: SALES, directory: PEOPLE() });
  const other = mapping(['{ to: title, expr: "ToUpper([jobTitle])" }'], 'Sales');
  const everybody = 'for everybody: 0 to create, 2 to update';
  const [ana, staff] = [await against(other, '--object', 'ana'), await against(other, '--object', 'staff')];
  expect([people(ana.out), ana.out]).toEqual([
    [expect.stringContaining('ana@contoso.com')],
    expect.stringContaining(everybody),
  ]);
  expect(staff.out).toContain(everybody);
  expect(staff.out).toContain('nothing changes for staff');
});

test('what is wrong with the directory is said, as by every preview', async () => {
  const people = PEOPLE();
  Object.assign(people.users[1] ?? {}, { id: 'ana' });
  world = await openWorld({ mapping: SALES, directory: people });
  expect(await against(SALES)).toMatchObject({ code: 0, err: expect.stringContaining('duplicate-id') });
  const { jobs } = JSON.parse((await against(SALES, '--json')).out) as { jobs: { diagnostics: object[] }[] };
  const found = expect.objectContaining({ severity: 'error', code: 'duplicate-id' });
  expect(jobs[0]?.diagnostics).toContainEqual(found);
});

test('mistakes are usage errors', async () => {
  world = await openWorld({ mapping: SALES, directory: PEOPLE() });
  const broken = await against(SALES.replace('ToUpper', 'x').replace('jobTitle }', 'jobTitle, aply: always }'));
  expect(broken).toMatchObject({
    code: 2,
    err: expect.stringMatching(/other\.yaml:9:.*unknown-key\n.*Did you mean "apply"/),
  });
  expect(await against(SALES, '--online', '--offline')).toMatchObject({ code: 2 });
  expect(await against(SALES, '--object', 'nobody')).toMatchObject({
    code: 2,
    err: expect.stringContaining('"nobody"'),
  });
  const missing = await runAs(['preview', '--against', 'none.yaml'], { cwd: world.folder });
  expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('There is no file') });
  expect(await runAs(['preview', '--online'], { cwd: world.folder })).toMatchObject({ code: 2 });
});
