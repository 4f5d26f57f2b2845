/** Cycles over directories that are not YAML: the configuration names the file, its ending says the format (DESIGN 2.4). */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runAs } from '../support/cli.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

/** The world with another directory file, for everybody in it. */
async function over(name: string, text: string): Promise<void> {
  const config = JSON.parse(await readFile(world.configPath, 'utf8')) as {
    directory: { path: string };
    jobs: Record<string, unknown>[];
  };
  config.directory.path = `./${name}`;
  for (const job of config.jobs) job.scope = 'all';
  await writeFile(world.configPath, JSON.stringify(config));
  await write(name, text);
}
const write = (name: string, text: string) => writeFile(join(world.folder, name), text);
const sync = () => runAs(['sync', '-c', world.configPath, '--json']);
const counts = (out: string) => (JSON.parse(out) as { jobs: { counts: Record<string, number> }[] }).jobs[0]?.counts;
const titles = () => Object.fromEntries(world.app.state.users().map((user) => [user.userName, user.title]));

test('CSV: created, changed, disabled, purged', async () => {
  const head = 'id,userPrincipalName,displayName,jobTitle,accountEnabled';
  await over(
    'users.csv',
    `${head}\nu1,ana@contoso.com,Ana,Clerk,true\nu2,bo@contoso.com,Bo,,\nu3,cy@contoso.com,Cy,,\n`,
  );
  expect(counts((await sync()).out)).toMatchObject({ created: 3, failed: 0 });
  await write('users.csv', `${head}\nu1,ana@contoso.com,Ana,Chief,true\nu2,bo@contoso.com,Bo,,false\n`);
  expect(counts((await sync()).out)).toMatchObject({ updated: 1, disabled: 1, deleted: 1 });
  expect(titles()).toEqual({ 'ana@contoso.com': 'Chief', 'bo@contoso.com': undefined });
});

test('a directory file that moved: what changes afterwards is seen, and nobody is created twice', async () => {
  const text = (title: string) =>
    JSON.stringify({ users: [{ id: 'u1', userPrincipalName: 'a@b.c', jobTitle: title }] });
  await over('here.json', text('one'));
  expect(counts((await sync()).out)).toMatchObject({ created: 1 });
  for (const title of ['two', 'three']) {
    await write('here.json', text(title));
    expect(counts((await sync()).out)).toMatchObject({ updated: 1 });
  }
  await over('there.json', text('four'));
  expect(counts((await sync()).out)).toMatchObject({ created: 0, updated: 1 });
  expect(titles()).toEqual({ 'a@b.c': 'four' });
});

test('an application that the file does not hold is warned of by the cycle that reads it', async () => {
  world.directory.users.push({ id: 'u1', userPrincipalName: 'a@b.c' });
  world.directory.applications.splice(0, Infinity, { name: 'ap', assignments: [] });
  await world.save();
  const told = /unknown-application\n.*nobody is assigned\. Did you mean "ap"\?/;
  for (const _cycle of [1, 2]) expect((await sync()).err).toMatch(told);
  const config = JSON.parse(await readFile(world.configPath, 'utf8')) as { jobs: { scope?: string }[] };
  for (const job of config.jobs) job.scope = 'all';
  await writeFile(world.configPath, JSON.stringify(config));
  expect((await sync()).err).not.toMatch(told);
});

test('NDJSON: users, managers, groups and members; a broken line is reported and costs nobody an account', async () => {
  const lines = [
    '{"id":"u1","userPrincipalName":"ana@contoso.com","displayName":"Ana"}',
    '{"id":"u2","userPrincipalName":"bo@contoso.com","displayName":"Bo","manager":"ana@contoso.com"}',
    '{"type":"group","id":"g1","displayName":"Sales","members":["u1","bo@contoso.com"]}',
  ];
  await over('directory.ndjson', lines.join('\n'));
  expect(counts((await sync()).out)).toMatchObject({ created: 3, failed: 0 });
  expect(world.app.state.groups()[0]?.members).toHaveLength(2);
  await write('directory.ndjson', [lines[0], lines[1]?.slice(0, 30), lines[2]].join('\n'));
  const { code, err } = await sync();
  expect(code).toBe(3);
  expect(err).toMatch(/directory\.ndjson:2:1 {2}error {2}malformed-json/);
  expect(world.app.state.users().filter(({ active }) => active === true)).toHaveLength(2);
});
