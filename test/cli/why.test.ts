/** `why`: one page on one object, whatever its state (ux.md). */
import { afterEach, expect, test } from 'vitest';
import { runAs } from '../support/cli.ts';
import { aUser, DEFAULT_MAPPING, everyone, openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const FILTERED = DEFAULT_MAPPING.replace(
  '    to: User\n',
  '    to: User\n    where:\n      - name: Employees\n        all: [{ attr: department, op: EQUALS, value: Sales }]\n',
);

/** The page as title → text; times are those of the test clock. */
async function why(reference: string): Promise<Readonly<Record<string, string>>> {
  await world.save();
  const { out, code } = await runAs(['why', reference, '--offline'], { cwd: world.folder });
  expect(code).toBe(0);
  const rows: Record<string, string> = {};
  let title = '';
  for (const line of out.split('\n').slice(1)) {
    title = line.slice(2, 11).trim() || title;
    rows[title] = `${rows[title] ?? ''} ${line.slice(12).trim()}`.trim();
  }
  return rows;
}

const staff = (members: string[]) => ({ id: 'g1', displayName: 'Staff', securityEnabled: true, members });

test('a refused create: scope with its way, attempt, cause, retries, what to do', async () => {
  const user = aUser('u1', { mail: null, department: 'Sales' });
  const directory = everyone([user], [staff(['u1'])]);
  directory.applications[0]?.assignments.shift();
  world = await openWorld({ directory, mapping: FILTERED });
  const detail = 'Missing Email field: You must provide an email';
  world.inject({
    match: { method: 'POST', path: '/Users' },
    times: 'always',
    fault: { kind: 'status', status: 400, body: { detail } },
  });
  await world.cycle();
  await world.cycle();
  expect(await why('u1@contoso.com')).toMatchObject({
    scope: 'in: assigned as "User" through group "Staff"; filter Employees passes',
    link: 'none: never created or found at the target',
    'last try': expect.stringContaining(`${detail} (BadRequest)`),
    cause: 'target attribute emails[type eq "work"].value is fed by [mail], which is empty',
    retry:
      '1 done, next with the first cycle from 2026-01-01T07:20:00Z on, then from 2026-01-01T13:20:00Z; gives up 2026-01-29',
    fix: 'give the user a value for mail, map Coalesce([mail],[userPrincipalName]), or unassign it',
  });
});

test('a failure whose retry was reset is tried by nobody, and both commands say so', async () => {
  world = await openWorld();
  world.inject({ match: { method: 'POST' }, times: 1, fault: { kind: 'status', status: 400 } });
  await world.cycle();
  const restart = (reset: string) => runAs(['restart', '--reset', reset], { cwd: world.folder });
  expect(await restart('Escrows')).toMatchObject({
    code: 0,
    err: 'app: warning  what failed is not tried again before a change; everybody anew: scimulate restart --reset Watermark\n',
  });
  expect((await restart('Escrows')).err).toBe('');
  expect(await why('u1@contoso.com')).toMatchObject({
    next: 'nothing: it has not changed, and no retry is due',
    fix: 'its retries are over or were reset; once more: scimulate provision u1@contoso.com',
  });
  expect((await restart('Escrows,Watermark')).err).toBe('');
  expect(await why('u1@contoso.com')).not.toHaveProperty('fix');
});

test.each<[string, Record<string, unknown>, string]>([
  [
    'the clause that fails',
    { department: 'IT' },
    'out: department "IT" fails clause EQUALS "Sales" of filter Employees',
  ],
  ['a blocked account', { department: 'Sales', accountEnabled: false }, 'out: sign-in is blocked'],
  ['the recycle bin', { department: 'Sales', deletedDateTime: '2026-01-01T00:00:00Z' }, 'out: '],
])('out of scope by %s', async (_name, attributes, scope) => {
  world = await openWorld({ directory: everyone([aUser('u1', attributes)]), mapping: FILTERED });
  await world.cycle();
  const page = await why('u1');
  expect(page.scope?.startsWith(scope)).toBe(true);
  expect(page.scope?.endsWith('(NotEffectivelyEntitled)')).toBe(true);
  expect(page.link).toContain('none');
  expect(page.next).toBe('nothing: it has not changed, and no retry is due');
});

test('a linked account: since when, and what a change will do', async () => {
  world = await openWorld();
  await world.cycle();
  expect((await why('u1')).link).toContain('t1 since 2026-01-01T00:40:00');
  Object.assign(world.directory.users[0] ?? {}, { jobTitle: 'Boss' });
  expect((await why('u1')).next).toMatch(/^update: /);
});

test('an unassigned account: disabled there, no longer managed', async () => {
  world = await openWorld();
  await world.cycle();
  world.directory.applications[0]?.assignments.shift();
  expect((await why('u1')).next).toContain('disable (out of scope): not assigned');
  await world.cycle();
  expect((await why('u1')).link).toContain('disabled there, no longer managed: a purge will not delete it');
});

test('held by the guard: how to allow it, how to take it back', async () => {
  world = await openWorld({ job: { deletions: { threshold: 0 } } });
  await world.cycle();
  world.directory.applications[0]?.assignments.shift();
  await world.cycle();
  const page = await why('u1');
  expect(page.held).toContain('too many in one cycle');
  expect(page.fix).toContain('scimulate restart --reset ForceDeletes --yes');
});

test('a group whose member was left out says what to do', async () => {
  const users = [aUser('u1'), aUser('u2', { accountEnabled: false })];
  world = await openWorld({ directory: everyone(users, [staff(['u1', 'u2'])]) });
  await world.cycle();
  const page = await why('Staff');
  expect(page['last try']).toContain('1 left out (not linked to the target)');
  expect(page.fix).toContain('scimulate restart');
});

test('somebody who is gone from the directory: what became of the account, and what waits', async () => {
  world = await openWorld({ directory: everyone(['u1', 'u2', 'u3'].map((id) => aUser(id))) });
  await world.cycle();
  world.directory.users.splice(0, 1);
  world.inject({ match: { method: 'DELETE' }, times: 1, fault: { kind: 'status', status: 400 } });
  await world.cycle();
  const gone = { scope: 'out: gone from the directory', link: expect.stringContaining('t1 since') };
  expect(await why('u1')).toMatchObject({ ...gone, 'last try': expect.stringContaining('delete failure') });
  await world.cycle();
  expect(await why('u1')).toMatchObject({
    scope: 'out: gone from the directory',
    link: 'none: the account is gone, or was given up',
    'last try': expect.stringContaining('delete success'),
    next: 'nothing: it has not changed, and no retry is due',
  });
});

test('a misspelt name is refused with the nearest one', async () => {
  world = await openWorld();
  await world.save();
  const { code, err } = await runAs(['why', 'u1@contso.com'], { cwd: world.folder });
  expect(code).toBe(2);
  expect(err).toContain('did you mean "u1@contoso.com"?');
});

test('a value that its attribute does not take', async () => {
  const mapping = DEFAULT_MAPPING.replace('    map:\n', '    map:\n      - { to: nickName, from: proxyAddresses }\n');
  const user = aUser('u1', { proxyAddresses: ['a', 'b'] });
  world = await openWorld({ directory: everyone([user]), mapping });
  await world.cycle();
  expect(await why('u1@contoso.com')).toMatchObject({
    'last try': expect.stringContaining('SchemaPropertyCanOnlyAcceptValue'),
  });
});
