/** Objects that the directory has errors about: each command says so as long as it lasts, and nothing is done to them. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runAs } from '../support/cli.ts';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2'), aUser('u3')]) });
  await world.cycle();
});
afterEach(() => world.close());

const run = (...line: readonly string[]) => runAs([...line, '-c', world.configPath]);
const account = (name: string) => world.app.state.users().find(({ userName }) => userName === `${name}@contoso.com`);

/** u3 gets the id of u2; both get another title. */
async function mistakeAnId(): Promise<void> {
  const [, second = {}, third = {}] = world.directory.users;
  Object.assign(second, { jobTitle: 'Clerk' });
  Object.assign(third, { id: 'u2', jobTitle: 'Boss' });
  await world.save();
}

describe('two objects with one id', () => {
  beforeEach(mistakeAnId);

  test('preview, each cycle and the status afterwards say so', async () => {
    const told = /directory\.json:\d+:\d+ {2}error {2}duplicate-id/;
    expect((await run('preview')).err).toMatch(told);
    for (const _cycle of [1, 2]) {
      const { code, err } = await run('sync');
      expect(err).toMatch(told);
      expect(code).toBe(3);
    }
    expect((await run('status')).out).toMatch(/findings directory\.json:\d+: Another object above has the id "u2"/);
  });

  test('in JSON too', async () => {
    for (const command of ['preview', 'sync', 'sync']) {
      const { out } = await run(command, '--json');
      const [job] = (JSON.parse(out) as { jobs: { diagnostics: unknown[] }[] }).jobs;
      expect(job?.diagnostics).toContainEqual(expect.objectContaining({ severity: 'error', code: 'duplicate-id' }));
    }
  });

  test('neither is touched, also when everybody is looked at again', async () => {
    await run('sync');
    await world.engine().restart('app');
    const { requests } = await world.cycle();
    expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(account('u2')?.title).toBeUndefined();
    expect(account('u3')?.active).toBe(true);
  });

  test('nor can they be provisioned on demand; why tells the reason', async () => {
    const { code, err } = await run('provision', 'u2');
    expect(err).toContain('the directory has errors about u2; nothing was sent');
    expect(code).toBe(2);
    expect((await run('why', 'u2')).out).toMatch(/error +the directory has errors about it/);
  });

  test('once mended, nothing is said any more', async () => {
    await run('sync');
    Object.assign(world.directory.users[2] ?? {}, { id: 'u3' });
    await world.save();
    const { code, err } = await run('sync');
    expect([code, err]).toEqual([0, '']);
    expect((await run('status')).out).not.toContain('findings');
    expect(account('u3')?.title).toBe('Boss');
  });
});

test('the lines of a broken file are shown, and not kept', async () => {
  const secret = 'a-line-with-a-secret';
  const rows = `id,userPrincipalName,accountEnabled,note\nu1,u1@contoso.com,perhaps,${secret}\n`;
  await writeFile(join(world.folder, 'users.csv'), rows);
  const config = await readFile(world.configPath, 'utf8');
  await writeFile(world.configPath, config.replace('directory.json', 'users.csv'));
  expect((await run('sync')).err).toContain(secret);
  const again = await run('sync');
  expect(again.err).toMatch(/users\.csv:2:1 {2}error {2}wrong-type/);
  expect(again.err).not.toContain(secret);
});

test.each<[string, (user: Record<string, unknown>) => void]>([
  ['has an error', (user) => Object.assign(user, { accountEnabled: 'perhaps' })],
  ['cannot be identified', (user) => Reflect.deleteProperty(user, 'id')],
])('who %s while a new mapping is applied to everybody gets it once that is mended', async (_what, spoil) => {
  const second = world.directory.users[1] ?? {};
  const before = { ...second };
  spoil(second);
  const path = join(world.folder, 'mapping.yaml');
  const mapping = await readFile(path, 'utf8');
  await writeFile(path, mapping.replace('{ to: title, from: jobTitle }', '{ to: title, const: Clerk }'));
  await world.reopen();
  expect((await world.cycle()).cycle.kind).toBe('initial');
  expect([account('u1')?.title, account('u2')?.title]).toEqual(['Clerk', undefined]);
  world.directory.users[1] = before;
  await world.cycle();
  expect(account('u2')?.title).toBe('Clerk');
});

test('memberships are restored without loss while one of the members cannot be identified', async () => {
  await world.close();
  const users = [aUser('u1'), aUser('u2'), aUser('u3')];
  const staff = { id: 'g1', displayName: 'Staff', members: ['u1', 'u2', 'u3'] };
  world = await openWorld({ directory: everyone(users, [staff]), job: { fidelity: 'sane' } });
  await world.cycle();
  const [first = {}, second = {}] = world.directory.users;
  const before = { ...second };
  first.deletedDateTime = '2026-01-01T00:00:00Z';
  await world.cycle();
  Reflect.deleteProperty(first, 'deletedDateTime');
  Reflect.deleteProperty(second, 'id');
  await world.cycle();
  expect(account('u1')?.active).toBe(true);
  expect(world.app.state.groups()[0]?.members).toHaveLength(3);
  world.directory.users[1] = before;
  await world.cycle();
  expect(world.app.state.groups()[0]?.members).toHaveLength(3);
});

test('a held deprovision waits as well, whatever was decided about the others', async () => {
  await world.close();
  const job = { deletions: { threshold: 1 } };
  world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2'), aUser('u3')]), job });
  await world.cycle();
  const [application] = world.directory.applications;
  application?.assignments.splice(0, 2);
  expect((await world.cycle()).job.quarantine?.reason).toBe('TooManyDeletes');
  const [, second = {}] = world.directory.users;
  const before = { ...second };
  second.accountEnabled = 'perhaps';
  await world.engine().restart('app', ['ForceDeletes']);
  await world.cycle();
  expect([account('u1')?.active, account('u2')?.active]).toEqual([false, true]);
  world.directory.users[1] = before;
  await world.cycle();
  expect(account('u2')?.active).toBe(false);
  expect((await world.engine().status('app')).stagedDeprovisions).toBe(0);
});

test('a retry waits while its object may be the one that could not be identified', async () => {
  Object.assign(world.directory.users[1] ?? {}, { jobTitle: 'Boss' });
  world.inject({ match: { method: 'PATCH' }, times: 1, fault: { kind: 'status', status: 400 } });
  await world.cycle();
  expect((await world.engine().status('app')).escrows.objects).toBe(1);
  const whole = world.directory.users;
  const nameless = { ...whole[1], id: undefined };
  await writeFile(
    join(world.folder, 'directory.json'),
    JSON.stringify({ ...world.directory, users: [whole[0], nameless, whole[2]] }),
  );
  world.clock.advance(24 * 60 * 60_000);
  const { requests } = await trace();
  expect(requests).toEqual([]);
  expect((await world.engine().status('app')).escrows.objects).toBe(1);
  await world.cycle();
  expect(account('u2')?.title).toBe('Boss');
  expect((await world.engine().status('app')).escrows.objects).toBe(0);
});

/** A cycle over the file as it stands. */
async function trace(): Promise<{ readonly requests: readonly unknown[] }> {
  const requests: unknown[] = [];
  await world.engine().sync('app', { onOutcome: ({ operation }) => requests.push(...operation.requests) });
  return { requests };
}
