/**
 * Everything at once on one state: two daemons, two jobs of one application, commands beside them, a directory that changes under
 * their eyes, a daemon that is replaced. Nothing breaks, and in the end both applications hold what the directory says.
 * SCIMULATE_SIDE_BY_SIDE_SECONDS sets for how long (`npm run chaos` lets them run for a minute).
 */
import { mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { serveApp } from '../../fixtures/targets/serve-app.ts';
import { type CliResult, runCli } from '../support/cli.ts';
import { type Daemon, startDaemon } from '../support/daemon.ts';
import { aUser } from '../support/world.ts';

const DURATION_MS = Number(process.env.SCIMULATE_SIDE_BY_SIDE_SECONDS ?? 10) * 1000;
const JOBS = ['first', 'second'] as const;
const EDIT_EVERY_MS = 150;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

type Application = ReturnType<typeof createScimApp>;
type Person = ReturnType<typeof aUser> & { displayName?: unknown; accountEnabled?: unknown };
type Team = { readonly id: string; readonly displayName: string; members: string[] };

/** The directory, and one edit after another: newcomers, leavers, other names, blocked and let in again, in and out of teams. */
class ChangingDirectory {
  readonly people = new Map<string, Person>();
  readonly teams: readonly Team[] = ['red', 'blue'].map((id) => ({ id, displayName: id, members: [] }));
  readonly #folder: string;
  #edits = 0;

  constructor(folder: string) {
    this.#folder = folder;
    for (let number = 0; number < 30; number += 1) this.#join(`u${number}`);
  }

  async save(): Promise<void> {
    const draft = join(this.#folder, 'directory.tmp');
    const content = { users: [...this.people.values()], groups: this.teams, applications: [{ name: 'app' }] };
    await writeFile(draft, JSON.stringify(content));
    // A whole file in the place of another, written a moment before: how an export should be put there.
    await utimes(draft, new Date(), new Date(Date.now() - 100));
    await rename(draft, join(this.#folder, 'directory.json'));
  }

  async edit(): Promise<void> {
    const edit = this.#edits++;
    const ids = [...this.people.keys()];
    const id = ids[(edit * 7) % ids.length] ?? '';
    const person = this.people.get(id) ?? {};
    const team = this.teams[edit % 2];
    if (edit % 5 === 0) this.#join(`n${edit}`);
    else if (edit % 5 === 1) this.people.delete(id);
    else if (edit % 5 === 2) Object.assign(person, { displayName: `${id} ${edit}` });
    else if (edit % 5 === 3) Object.assign(person, { accountEnabled: person.accountEnabled === false });
    else if (team !== undefined)
      team.members = team.members.includes(id) ? team.members.filter((one) => one !== id) : [...team.members, id];
    for (const one of this.teams) one.members = one.members.filter((member) => this.people.has(member));
    await this.save();
  }

  #join(id: string): void {
    this.people.set(id, aUser(id, { displayName: id, accountEnabled: true }));
  }
}

/** Who can sign in at the application, under which name; who is in which team there. */
function heldBy(app: Application) {
  const names = new Map(app.state.users().map(({ id, userName }) => [id, String(userName)]));
  return {
    people: app.state
      .users()
      .filter(({ active }) => active === true)
      .map(({ userName, displayName }) => `${userName} ${displayName}`)
      .sort(),
    teams: Object.fromEntries(
      app.state.groups().map(({ displayName, members }) => {
        const ids = ((members ?? []) as { value: string }[]).map(({ value }) => value);
        return [String(displayName), ids.map((id) => names.get(id) ?? id).sort()];
      }),
    ),
  };
}

/** The same as the directory wants it: who is blocked and never got an account is in no team. */
function wanted({ people, teams }: ChangingDirectory, app: Application): ReturnType<typeof heldBy> {
  const accounts = new Set(app.state.users().map(({ userName }) => userName));
  const nameOf = (id: string) => String(people.get(id)?.userPrincipalName);
  return {
    people: [...people.values()]
      .filter(({ accountEnabled }) => accountEnabled === true)
      .map(({ userPrincipalName, displayName }) => `${userPrincipalName} ${displayName}`)
      .sort(),
    teams: Object.fromEntries(
      teams.map(({ displayName, members }) => {
        const names = members.map(nameOf).filter((name) => accounts.has(name));
        return [displayName, names.sort()];
      }),
    ),
  };
}

/** Two jobs of one application, each with a target of its own. */
async function configure(folder: string): Promise<readonly Application[]> {
  const apps: Application[] = [];
  const jobs: object[] = [];
  for (const name of JOBS) {
    const app = createScimApp({ token: 'test-token' });
    const server = await serveApp(app);
    closers.push(server.close);
    apps.push(app);
    jobs.push({
      name,
      application: 'app',
      mappings: resolve('mappings/scim.yaml'),
      scope: 'all',
      schedule: { interval: 'PT1S' },
      deletions: { guard: false },
      target: { url: `${server.url}/scim`, auth: { type: 'bearer', token: '${env:SCIM_TOKEN}' } },
    });
  }
  const configuration = {
    tenantId: '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b',
    store: './state.db',
    directory: { type: 'file', path: './directory.json' },
    daemon: { listen: 'off', lease: 'PT2S' },
    jobs,
  };
  await writeFile(join(folder, 'config.yaml'), JSON.stringify(configuration));
  return apps;
}

const COMMANDS: readonly (readonly string[])[] = [
  ['status', '--json'],
  ['sync', '--job', 'first'],
  ['preview'],
  ['pause', '--job', 'second'],
  ['sync', '--job', 'second', '--verify'],
  ['provision', 'u1', '--job', 'first'],
  ['start', '--job', 'second'],
  ['why', 'u1', '--job', 'second'],
  ['restart', '--job', 'first', '--yes'],
  ['verify', '--job', 'first'],
  ['accounts', '--job', 'second'],
  ['logs', '--job', 'first'],
];

/** What a command may say no with while others are at work, or people come and go. */
const MAY_REFUSE = /is paused|is running a cycle|was restarted, or taken over|there is no "u1"|blocked from signing in/;

const isFine = ({ code, stderr }: CliResult): boolean => code === 0 || code === 3 || MAY_REFUSE.test(stderr);

test('two daemons, two jobs of one application and commands beside them', { timeout: 600_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const directory = new ChangingDirectory(folder);
  await directory.save();
  const apps = await configure(folder);
  const daemons: Daemon[] = [startDaemon(folder), startDaemon(folder)];
  closers.push(async () => {
    for (const { child } of daemons) child.kill('SIGKILL');
  });

  await Promise.all(daemons.map(({ started }) => started));
  const until = Date.now() + DURATION_MS;
  const odd: (CliResult & { readonly command: string })[] = [];
  const edit = async () => {
    while (Date.now() < until) {
      await directory.edit();
      await new Promise((next) => setTimeout(next, EDIT_EVERY_MS));
    }
  };
  const command = async () => {
    for (let turn = 0; Date.now() < until; turn += 1) {
      const args = COMMANDS[turn % COMMANDS.length] ?? [];
      const result = await runCli(args, { cwd: folder });
      if (!isFine(result)) odd.push({ command: args.join(' '), ...result });
    }
  };
  const replace = async () => {
    while (Date.now() + DURATION_MS / 3 < until) {
      await new Promise((next) => setTimeout(next, DURATION_MS / 3));
      daemons.at(-2)?.child.kill('SIGTERM');
      const successor = startDaemon(folder);
      daemons.push(successor);
      await successor.started;
    }
  };
  await Promise.all([edit(), command(), replace()]);
  expect(odd).toEqual([]);
  for (const { child } of daemons) child.kill('SIGTERM');
  const ended = await Promise.all(daemons.map(async ({ ended, told }) => ({ code: await ended, told: told() })));
  expect(ended.filter(({ code, told }) => code !== 0 || /broken off|"level":(?:50|60)/.test(told))).toEqual([]);

  for (const job of JOBS) {
    await runCli(['start', '--job', job], { cwd: folder });
    expect(await runCli(['sync', '--job', job, '--verify'], { cwd: folder })).toMatchObject({ code: 0 });
  }
  for (const app of apps) {
    expect(heldBy(app)).toEqual(wanted(directory, app));
    expect(new Set(app.state.users().map(({ userName }) => userName)).size).toBe(app.state.users().length);
  }
});
