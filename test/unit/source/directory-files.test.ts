/** What is wrong in a directory file is said with its place, and never costs anybody an account (DESIGN 2.4). */
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Directory, Store } from '../../../engine/ports.ts';
import { openDirectory } from '../../../engine/source/index.ts';
import { checkDirectoryFile } from '../../../engine/source/read-content.ts';
import { openStore } from '../../../engine/store/index.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
  store = await openStore('memory');
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const signal = new AbortController().signal;
const open = (name: string): Directory =>
  openDirectory({ type: 'file', path: join(folder, name), mayBeEmpty: false }, { application: 'app', feeds: store });

async function check(name: string, text: string): Promise<readonly string[]> {
  await writeFile(join(folder, name), text);
  return checkDirectoryFile(join(folder, name)).map(
    ({ at, severity, code }) => `${at.line}:${at.column} ${severity} ${code}`,
  );
}

/** Ids that changed or went since the last look. */
async function delta(name: string, since: string | undefined): Promise<{ at: string; ids: readonly string[] }> {
  const directory = open(name);
  const at = await directory.refresh(signal);
  const ids: string[] = [];
  for await (const page of directory.changes({ ...(since === undefined ? {} : { since }), until: at, pageSize: 100 }))
    for (const change of page.changes) ids.push(change.kind === 'present' ? change.object.id : `-${change.id}`);
  return { at, ids };
}

describe('findings have a place', () => {
  test.each<[string, string, string, readonly string[]]>([
    ['malformed YAML', 'd.yaml', 'users:\n  - id: [u1\n', ['3:1 error malformed-yaml']],
    ['a list at the top', 'd.yaml', '- id: u1\n', ['1:1 error not-a-directory']],
    ['a misspelt part', 'd.yaml', 'usres: []\n', ['1:1 error unknown-key']],
    ['no id', 'd.yaml', 'users:\n  - displayName: A\n', ['2:5 error missing-id']],
    ['a text for an object', 'd.yaml', 'users: [u1]\n', ['1:9 error wrong-type']],
    ['a text for a list', 'd.yaml', 'users: u1\n', ['1:8 error wrong-type']],
    ['a wrong type', 'd.yaml', 'users:\n  - id: u1\n    accountEnabled: "no"\n', ['3:21 error wrong-type']],
    ['a wrong type in JSON', 'd.json', '{"users":[\n {"id":"u1","deletedDateTime":1}]}', ['2:31 error wrong-type']],
    ['an id twice', 'd.yaml', 'users:\n  - id: u1\n  - id: u1\n', ['3:5 error duplicate-id']],
    ['an id of a user and a group', 'd.yaml', 'users:\n  - id: x\ngroups:\n  - id: x\n', ['4:5 error duplicate-id']],
    ['an unknown manager', 'd.yaml', 'users:\n  - { id: u1, manager: u2 }\n', ['2:24 warning unknown-reference']],
    [
      'unknown members, each where it stands',
      'd.yaml',
      'users:\n  - id: u1\ngroups:\n  - id: g1\n    members:\n      - u2\n      - u1\n      - { id: u3 }\n',
      ['6:9 warning unknown-reference', '8:9 warning unknown-reference'],
    ],
    [
      'an unknown member in lines',
      'd.ndjson',
      '{"id":"u1"}\n{"type":"group","id":"g1","members":["u2"]}\n',
      ['2:1 warning unknown-reference'],
    ],
    [
      'an unknown assignee and one without a name',
      'd.yaml',
      'applications:\n  - name: app\n    assignments:\n      - user: u9\n      - role: User\n',
      ['5:9 error wrong-type', '4:9 warning unknown-reference'],
    ],
    [
      'a group that is not a security group',
      'd.yaml',
      'groups:\n  - { id: g1, securityEnabled: false }\napplications:\n  - { name: app, assignments: [{ group: g1 }] }\n',
      ['4:32 warning not-a-security-group'],
    ],
    [
      'an anchor that is not there',
      'd.yaml',
      'users:\n  - id: u1\n  - { id: u2, jobTitle: *x }\n',
      ['3:5 error malformed-yaml'],
    ],
    [
      'a merge of an anchor that is not there, and of what is no map',
      'd.yaml',
      'users:\n  - id: u1\n  - { id: u2, <<: *x }\n  - { id: u3, <<: Clerk }\n',
      ['3:5 error malformed-yaml', '4:5 error malformed-yaml'],
    ],
    ['a second document', 'd.yaml', 'users: []\n---\nusers: []\n', ['2:1 error malformed-yaml']],
    ['a map for a text', 'd.yaml', 'users:\n  - { id: u1, jobTitle: { de: Chefin } }\n', ['2:25 error wrong-type']],
    ['a map that a tenant makes up', 'd.yaml', 'users:\n  - { id: u1, employeeOrgData: { division: A } }\n', []],
    ['a time that is none', 'd.yaml', 'users:\n  - { id: u1, deletedDateTime: soon }\n', ['2:32 error wrong-type']],
    [
      'a day that is none',
      'd.yaml',
      'users:\n  - { id: u1, deletedDateTime: 2026-02-30 }\n',
      ['2:32 error wrong-type'],
    ],
    [
      'a misspelt attribute, once, and none that a tenant makes up',
      'd.yaml',
      'users:\n  - { id: u1, givnName: A, shoeSize: 9, displayNam: B, displayName: C }\n  - { id: u2, givnName: D }\n',
      ['2:5 warning unknown-attribute'],
    ],
    [
      'a misspelt role; Default Access is one everywhere',
      'd.yaml',
      `users:\n  - id: u1\napplications:\n  - name: app\n    roles: [User]\n    assignments:
      - { user: u1, role: Usr }\n      - { user: u1 }\n      - { user: u1, role: user }\n`,
      ['7:9 warning unknown-role'],
    ],
    [
      'a role that has a value alone, or is named by it',
      'd.yaml',
      `users:\n  - id: u1\napplications:\n  - name: app\n    roles: [{ value: User }, { displayName: Sales lead, value: lead }]
    assignments: [{ user: u1, role: User }, { user: u1, role: lead }]\n`,
      [],
    ],
    [
      'a role without a name',
      'd.yaml',
      `users:\n  - id: u1\napplications:\n  - name: app\n    roles: [{ valu: User }]\n    assignments: [{ user: u1 }]\n`,
      ['4:5 error wrong-type'],
    ],
    [
      'a tab, and not what follows from it',
      'd.yaml',
      'users:\n\t- id: u1\n  - id: u2\n    mail: a: b\n',
      ['2:1 error malformed-yaml'],
    ],
    ['a broken line', 'd.ndjson', '{"id":"u1"}\n{"id":\n', ['2:1 error malformed-json']],
    ['a line of an unknown type', 'd.ndjson', '{"id":"u1","type":"device"}\n', ['1:1 error unknown-type']],
    ['an id twice, far apart', 'd.jsonl', '{"id":"a"}\n\n{"id":"a","type":"group"}', ['3:1 error duplicate-id']],
    ['a cell too many', 'u.csv', 'id,displayName\nu1,Ana,Sousa\n', ['2:1 error malformed-csv']],
    ['a quote left open', 'u.csv', 'id,displayName\nu1,"Ana\n', ['2:1 error malformed-csv']],
    ['a misspelt column', 'u.csv', 'id,userPrincipalNmae\nu1,a@b.c\n', ['1:1 warning unknown-column']],
    ['a column of the portal that is near one', 'u.csv', 'id,mail,createdDateTime\nu1,a@b.c,2026-01-01\n', []],
    ['semicolons for commas', 'u.csv', 'id;mail\nu1;a\nu2;b\n', ['1:1 error wrong-separator']],
    ['semicolons and quotation marks', 'u.csv', 'id;mail\nu1;"a; b"\n', ['1:1 error wrong-separator']],
    ['a column twice', 'u.csv', 'id,mail,mail\nu1,a,b\n', ['1:1 error duplicate-column']],
    ['empty columns at the end', 'u.csv', 'id,mail,,\nu1,a,,\n', []],
    ['nothing at all', 'u.csv', '', ['1:1 error missing-column']],
    ['no column for the id', 'u.csv', 'ID,mail\nu1,a\nu2,b\n', ['1:1 error missing-column']],
    ['no id in a row', 'u.csv', 'id,displayName\n,Ana\n', ['2:1 error missing-id']],
    ['neither true nor false', 'u.csv', 'id,accountEnabled\nu1,yes\n', ['2:1 error wrong-type']],
    ['a folder', '.', '', ['1:1 error directory-unreadable']],
  ])('%s', async (_name, name, text, expected) => {
    if (name === '.') expect(checkDirectoryFile(folder).map(({ code }) => code)).toEqual(['directory-unreadable']);
    else expect(await check(name, text)).toEqual(expected);
  });
});

describe('a broken object', () => {
  const good = '{"id":"u1","displayName":"Ana"}\n{"id":"u2"}\n{"id":"u3"}\n';

  test.each([
    ['without an id', '{"displayName":"Ana"}\n{"id":"u2","displayName":"Bo"}\n{"id":"u3"}\n', ['u2']],
    ['with the id of another', '{"id":"u1"}\n{"id":"u2","displayName":"Bo"}\n{"id":"u1","displayName":"C"}\n', ['u2']],
    ['with a wrong value', '{"id":"u1","accountEnabled":1}\n{"id":"u2","displayName":"Bo"}\n{"id":"u3"}\n', ['u2']],
    ['cut off', '{"id":"u1","disp\n{"id":"u2","displayName":"Bo"}\n', ['u2']],
  ])('%s keeps its last state; the others go on and nobody is purged', async (_name, text, expected) => {
    await writeFile(join(folder, 'd.ndjson'), good);
    const first = await delta('d.ndjson', undefined);
    await writeFile(join(folder, 'd.ndjson'), text);
    const second = await delta('d.ndjson', first.at);
    expect(second.ids).toEqual(expected);
    await writeFile(join(folder, 'd.ndjson'), good);
    expect((await delta('d.ndjson', second.at)).ids).toEqual(['u2']);
  });
});

test('NDJSON: what is wrong with references is found as well', async () => {
  const text = '{"id":"u1","manager":"u9"}\n{"type":"group","id":"g1","members":["u1","u8"]}\n';
  expect(await check('d.ndjson', text)).toEqual(['1:1 warning unknown-reference', '2:1 warning unknown-reference']);
});

describe('an application that a job names and the directory does not hold', () => {
  test.each([
    ['one that is nearly so called', 'applications:\n  - name: Workplace\n', 'Did you mean "Workplace"?'],
    ['none at all', 'users: []\n', 'or give the job scope: all'],
  ])('%s', async (_name, text, hint) => {
    await writeFile(join(folder, 'd.yaml'), text);
    const [finding] = checkDirectoryFile(join(folder, 'd.yaml'), ['Workplce']);
    expect(finding).toMatchObject({ severity: 'warning', code: 'unknown-application' });
    expect(finding?.summary).toContain(hint);
  });

  test('is not missed when it is there', async () => {
    await writeFile(join(folder, 'd.yaml'), 'applications:\n  - name: Workplace\n');
    expect(checkDirectoryFile(join(folder, 'd.yaml'), ['workplace'])).toEqual([]);
  });
});

describe.each(['yaml', 'ndjson'])('one broken object takes nothing from others (%s)', (format) => {
  type Written = Record<string, unknown>;
  const users: Written[] = [{ id: 'u1' }, { id: 'u2', manager: 'u1' }, { id: 'u3' }];
  const groups: Written[] = [
    { id: 'g1', displayName: 'Sales', members: ['u1', 'u2'] },
    { id: 'g2', displayName: 'All', members: ['u1', 'u2', 'u3'] },
  ];
  const name = `d.${format}`;
  const save = (people: readonly Written[], teams: readonly Written[]) => {
    const applications = [{ name: 'app', assignments: [{ group: 'Sales' }, { user: 'u3' }] }];
    const lines = [
      ...people,
      ...teams.map((group) => ({ type: 'group', ...group })),
      ...applications.map((application) => ({ type: 'application', ...application })),
    ];
    const text =
      format === 'yaml'
        ? JSON.stringify({ users: people, groups: teams, applications })
        : lines.map((line) => JSON.stringify(line)).join('\n');
    return writeFile(join(folder, name), text);
  };
  const spoilt = (list: readonly Written[], id: string, change: Written) =>
    list.map((one) => (one.id === id ? { ...one, ...change } : one));

  test.each<[string, () => Promise<void>]>([
    ['a member, and manager, that lost its id', () => save(spoilt(users, 'u1', { id: 7 }), groups)],
    ['an assigned group that lost its id', () => save(users, spoilt(groups, 'g1', { id: undefined }))],
    ['an assigned group whose members are no list', () => save(users, spoilt(groups, 'g1', { members: 'u1' }))],
    ['an assigned user that lost its id', () => save(spoilt(users, 'u3', { id: '' }), groups)],
  ])('%s', async (_name, spoil) => {
    await save(users, groups);
    const { at } = await delta(name, undefined);
    await spoil();
    expect((await delta(name, at)).ids).toEqual([]);
    await save(users, groups);
    expect((await delta(name, at)).ids).toEqual([]);
  });

  test('what is certain goes on', async () => {
    await save(users, groups);
    const { at } = await delta(name, undefined);
    await save(spoilt(spoilt(users, 'u1', { id: 7 }), 'u3', { displayName: 'Cy' }), groups);
    expect((await delta(name, at)).ids).toEqual(['u3']);
  });
});

describe.each(['yaml', 'ndjson'])('an application with an error takes an assignment from nobody (%s)', (format) => {
  const users = [{ id: 'u1' }, { id: 'u2' }];
  const groups = [{ id: 'g1', displayName: 'Sales', members: ['u2'] }];
  const app = { name: 'app', roles: ['User'], assignments: [{ user: 'u1', role: 'User' }, { group: 'g1' }] };
  const name = `d.${format}`;
  const save = (...applications: readonly object[]) => {
    const lines = [
      ...users,
      ...groups.map((one) => ({ type: 'group', ...one })),
      ...applications.map((one) => ({ type: 'application', ...one })),
    ];
    const text = lines.map((line) => JSON.stringify(line)).join('\n');
    return writeFile(join(folder, name), format === 'yaml' ? JSON.stringify({ users, groups, applications }) : text);
  };
  const { assignments, roles, ...rest } = app;

  test.each<[string, string, readonly object[]]>([
    ['a misspelt list', 'unknown-key', [{ ...rest, roles, assigments: assignments }]],
    ['a list that is none', 'wrong-type', [{ ...rest, roles, assignments: { user: 'u1' } }]],
    ['a misspelt name', 'missing-name', [{ nam: 'app', roles, assignments }]],
    ['a misspelt user', 'wrong-type', [{ ...app, assignments: [{ usr: 'u1' }, { group: 'g1' }] }]],
    ['a misspelt role', 'wrong-type', [{ ...app, assignments: [{ user: 'u1', rol: 'User' }, { group: 'g1' }] }]],
    ['a user and a group', 'wrong-type', [{ ...app, assignments: [{ user: 'u1', group: 'g1' }] }]],
    ['two of one name', 'duplicate-application', [{ ...rest, assignments: [{ user: 'u1', role: 'User' }] }, app]],
  ])('%s', async (_what, code, applications) => {
    await save(app);
    const { at } = await delta(name, undefined);
    await save(...applications);
    expect(checkDirectoryFile(join(folder, name)).map((one) => one.code)).toContain(code);
    expect((await delta(name, at)).ids).toEqual([]);
    await save({ ...app, assignments: [{ user: 'u1', role: 'User' }] });
    expect((await delta(name, at)).ids).toEqual(['u2', 'g1']);
  });
});

test.each([
  ['acountEnabled of a user', 'users', { id: 'x', accountEnabled: false }, { id: 'x', acountEnabled: false }],
  [
    'deletedDateTim of a user',
    'users',
    { id: 'x', deletedDateTime: '2026-01-01' },
    { id: 'x', deletedDateTim: '2026-01-01' },
  ],
  ['a manager that is no reference', 'users', { id: 'x', manager: 'y' }, { id: 'x', manager: { user: 'y' } }],
  ['a member that is none', 'groups', { id: 'x', members: ['y'] }, { id: 'x', members: [{ user: 'y' }] }],
])('%s keeps the last state', async (_what, list, right, wrong) => {
  const save = (one: object) =>
    writeFile(join(folder, 'd.json'), JSON.stringify({ users: [{ id: 'y' }], [list]: [{ id: 'y' }, one] }));
  await save(right);
  const { at } = await delta('d.json', undefined);
  await save(wrong);
  expect(checkDirectoryFile(join(folder, 'd.json')).map((one) => one.severity)).toContain('error');
  expect((await delta('d.json', at)).ids).toEqual([]);
});

test('what groups and assignments have besides is no misspelling', async () => {
  const text =
    'users:\n  - id: u1\ngroups:\n  - { id: g1, memberOf: [g2] }\napplications:\n  - { name: app, assignments: [{ user: u1, group: null }, { user: null, group: g1 }] }\n';
  expect(await check('d.yaml', text)).toEqual([]);
});

test('anchors, aliases and merge keys stand for what they name', async () => {
  const text = [
    'users:',
    '  - &base { id: u1, jobTitle: &title Clerk, department: Sales }',
    '  - { <<: *base, id: u2, jobTitle: *title, department: IT }',
    'groups:',
    '  - { id: g1, members: &all [u1, u2] }',
    '  - { id: g2, members: *all }',
  ].join('\n');
  expect(await check('d.yaml', text)).toEqual([]);
  const found = await open('d.yaml').objects(['u2', 'g2']);
  expect(found.get('u2')?.attributes).toMatchObject({ objectId: 'u2', jobTitle: 'Clerk', department: 'IT' });
  expect(found.get('g2')?.members).toHaveLength(2);
});

test('an alias is what the last anchor of its name before it says', async () => {
  const text =
    'users:\n  - { id: u1, jobTitle: &t Clerk }\n  - { id: u2, jobTitle: *t }\n  - { id: &t u3, jobTitle: *t }\n';
  expect(await check('d.yaml', text)).toEqual([]);
  const found = await open('d.yaml').objects(['u2', 'u3']);
  expect([...found.values()].map(({ attributes }) => attributes.jobTitle)).toEqual(['Clerk', 'u3']);
});

test('a role is taken by its name before another one that has it for a value', async () => {
  const roles = [
    { displayName: 'Administrator', value: 'User' },
    { displayName: 'User', value: 'Basic' },
  ];
  const app = { name: 'app', roles, assignments: [{ user: 'u1', role: 'User' }] };
  await writeFile(join(folder, 'd.json'), JSON.stringify({ users: [{ id: 'u1' }], applications: [app] }));
  const found = await open('d.json').objects(['u1']);
  expect(found.get('u1')?.assignments).toMatchObject([{ role: 'User', roleValue: 'Basic' }]);
});

test('whoever is blocked by an attribute in another case keeps the last state', async () => {
  const text = (key: string, value: boolean) => `users:\n  - { id: u1, ${key}: ${value} }\n`;
  await writeFile(join(folder, 'd.yaml'), text('accountEnabled', true));
  const { at } = await delta('d.yaml', undefined);
  expect(await check('d.yaml', text('AccountEnabled', false))).toEqual([
    '2:31 error wrong-type',
    '2:5 warning unknown-attribute',
  ]);
  expect((await delta('d.yaml', at)).ids).toEqual([]);
});

test('a group that may have lost its members to a misspelling keeps them', async () => {
  const text = (key: string) => `users:\n  - id: u1\ngroups:\n  - { id: g1, ${key}: [u1] }\n`;
  await writeFile(join(folder, 'd.yaml'), text('members'));
  const { at } = await delta('d.yaml', undefined);
  expect(await check('d.yaml', text('member'))).toEqual(['4:23 error wrong-type', '4:5 warning unknown-attribute']);
  expect((await delta('d.yaml', at)).ids).toEqual([]);
});

describe('a file that cannot be used fails and forgets nothing', () => {
  test.each([
    ['empty', 'd.json', '{"users":[]}', 'DirectoryEmpty'],
    ['malformed', 'd.json', '{"users":[', 'DirectoryUnreadable'],
    ['with a misspelt part', 'd.json', '{"Users":[{"id":"u1"}]}', 'DirectoryUnreadable'],
    ['no bytes', 'd.yaml', '', 'DirectoryUnreadable'],
    ['no lines', 'd.ndjson', '\n', 'DirectoryEmpty'],
    ['lines of something else', 'd.ndjson', 'users:\n  - id: u1\n', 'DirectoryUnreadable'],
    ['a header alone', 'd.csv', 'id\n', 'DirectoryEmpty'],
    ['malformed cells', 'd.csv', 'id\nu1,u2\n', 'DirectoryUnreadable'],
  ])('%s (%s)', async (_name, name, text, code) => {
    const good = name.endsWith('.csv')
      ? 'id\nu1\n'
      : name.endsWith('.ndjson')
        ? '{"id":"u1"}'
        : '{"users":[{"id":"u1"}]}';
    await writeFile(join(folder, name), good);
    const { at } = await delta(name, undefined);
    await writeFile(join(folder, name), text);
    await expect(open(name).refresh(signal)).rejects.toMatchObject({ category: 'job', code });
    await rm(join(folder, name));
    await expect(open(name).refresh(signal)).rejects.toMatchObject({ code: 'DirectoryUnreadable' });
    await writeFile(join(folder, name), good);
    expect(await delta(name, at)).toEqual({ at, ids: [] });
  });
});

describe('NDJSON', () => {
  test('a reference to what comes later, to another spelling of an id, and across long lines', async () => {
    const many = Array.from({ length: 60_000 }, (_, index) => `{"id":"user-number-${index}"}`);
    const members = JSON.stringify(many.map((_, index) => `user-number-${index}`));
    const head = `{"type":"group","id":"g1","displayName":"Zoë's","members":${members}}\n{"id":"u1","manager":"USER-NUMBER-7"}\n`;
    await writeFile(join(folder, 'd.ndjson'), `${head}${many.join('\n')}`);
    const found = await open('d.ndjson').objects(['g1', 'u1', 'user-number-59999']);
    expect(found.get('g1')?.members).toHaveLength(60_000);
    expect(found.get('g1')?.attributes.displayName).toBe("Zoë's");
    expect(found.get('u1')?.manager).toBe('user-number-7');
    expect(found.has('user-number-59999')).toBe(true);
  });

  test('a file exchanged while it is read fails the cycle', async () => {
    await writeFile(join(folder, 'd.ndjson'), '{"id":"u1"}\n{"id":"u2"}\n');
    const directory = open('d.ndjson');
    await directory.refresh(signal);
    await writeFile(join(folder, 'new'), '{"id":"u0"}\n{"id":"u1"}\n');
    await rename(join(folder, 'new'), join(folder, 'd.ndjson'));
    await expect(directory.objects(['u1'])).rejects.toMatchObject({ category: 'job', code: 'DirectoryChanged' });
  });
});

describe('CSV', () => {
  test('cells become attributes: no value, true and false, lists, quotes', async () => {
    const text =
      '\uFEFFid,displayName,accountEnabled,proxyAddresses,manager\r\nu1,"Sousa, ""Ana""",FALSE,SMTP:a; smtp:b,\r\n';
    await writeFile(join(folder, 'u.csv'), text);
    const user = (await open('u.csv').objects(['u1'])).get('u1');
    expect(user).toMatchObject({
      accountEnabled: false,
      attributes: { displayName: 'Sousa, "Ana"', proxyAddresses: ['SMTP:a', 'smtp:b'] },
    });
    expect(user?.attributes).not.toHaveProperty('manager');
  });
});

describe("the service's own names", () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['mobilePhone is mobile', { mobilePhone: '1' }, { mobile: '1' }],
    ['the first business phone', { businessPhones: ['1', '2'] }, { telephoneNumber: '1' }],
    [
      'extension attributes',
      { onPremisesExtensionAttributes: { extensionAttribute1: 'x' } },
      { extensionAttribute1: 'x' },
    ],
    [
      'a guest goes by the invited address (cycle.md 4.10)',
      { userPrincipalName: 'dan_o_fabrikam.net#EXT#@contoso.com' },
      { userPrincipalName: 'dan_o@fabrikam.net', originalUserPrincipalName: 'dan_o_fabrikam.net#EXT#@contoso.com' },
    ],
  ])('%s', async (_name, written, read) => {
    await writeFile(join(folder, 'd.json'), JSON.stringify({ users: [{ id: 'u1', ...written }] }));
    expect((await open('d.json').objects(['u1'])).get('u1')?.attributes).toMatchObject({ objectId: 'u1', ...read });
  });
});

test('a line that is not UTF-8 is refused, and only that', async () => {
  await writeFile(join(folder, 'd.ndjson'), Buffer.from('{"id":"u1","displayName":"José"}\n{"id":"u2"}\n', 'latin1'));
  const findings = checkDirectoryFile(join(folder, 'd.ndjson')).map(({ code, at }) => `${at.line} ${code}`);
  expect(findings).toEqual(['1 not-utf-8']);
});

test.each([
  ['UTF-16, as PowerShell writes', Buffer.from('\ufeffusers: []\n', 'utf16le')],
  ['Latin-1, as spreadsheets write', Buffer.from('users:\n  - { id: u1, displayName: José }\n', 'latin1')],
])('%s is refused, so that nobody gets a broken name', async (_name, bytes) => {
  await writeFile(join(folder, 'd.yaml'), bytes);
  expect(checkDirectoryFile(join(folder, 'd.yaml'))).toMatchObject([
    { code: 'directory-unreadable', summary: expect.stringContaining('it is not UTF-8 text; save it as UTF-8') },
  ]);
});

describe('digits of an attribute that holds texts are kept as they are written', () => {
  const written = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    const directory = open(name);
    await directory.refresh(signal);
    return (await directory.objects(['u7'])).get('u7')?.attributes;
  };

  test('in YAML, where +351 and 0042 are the numbers 351 and 42', async () => {
    const text = [
      'users:',
      '  - id: u7',
      '    telephoneNumber: +351210007',
      '    postalCode: 01234',
      '    employeeId: 12345678901234567890',
      '    businessPhones: [+49301]',
      '    onPremisesExtensionAttributes: { extensionAttribute1: 1.10 }',
      '    seats: 5',
      '    accountEnabled: true',
    ].join('\n');
    expect(await written('d.yaml', text)).toMatchObject({
      telephoneNumber: '+351210007',
      postalCode: '01234',
      employeeId: '12345678901234567890',
      businessPhones: ['+49301'],
      extensionAttribute1: '1.10',
      seats: 5,
      accountEnabled: true,
    });
  });

  test('in JSON lines', async () => {
    const line = '{"type":"user","id":"u7","employeeId":99,"seats":5}\n';
    expect(await written('d.ndjson', line)).toMatchObject({ employeeId: '99', seats: 5 });
  });
});
