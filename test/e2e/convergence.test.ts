/**
 * Model-based: whatever happens to directory and target, once faults stop and retries are due the target holds what the
 * directory says. SCIMULATE_SEQUENCES sets how many sequences are tried (`npm run chaos` tries 10,000).
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { composeEngine } from '../../engine/compose.ts';
import { loadConfiguration } from '../../engine/config/load-config.ts';
import { countingIds } from '../../engine/host/ids.ts';
import { virtualClock } from '../../engine/host/virtual-clock.ts';
import { addMilliseconds, DAY, HOUR } from '../../engine/model/instant.ts';
import { openStore } from '../../engine/store/index.ts';
import { withControlSurface } from '../../fixtures/targets/control-surface.ts';
import type { Fault } from '../../fixtures/targets/faults.ts';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';

const SEQUENCES = Number(process.env.SCIMULATE_SEQUENCES ?? 500);
const START = '2026-01-01T00:00:00.000Z';
const USERS = ['u0', 'u1', 'u2', 'u3', 'u4'] as const;
const TOKEN = 'chaos';

type User = (typeof USERS)[number];
/** `times`: how often the user was created anew, each time under another id. */
type ModelUser = {
  present: boolean;
  enabled: boolean;
  deleted: boolean;
  assigned: boolean;
  title: string;
  times: number;
  /** Before the @ of the user principal name. */
  name: string;
};
type Model = { users: Record<User, ModelUser>; members: Set<User>; groupTimes: number; names: string[] };

type Event =
  | {
      readonly do:
        | 'add'
        | 'purge'
        | 'recreate'
        | 'rename'
        | 'inherit'
        | 'softDelete'
        | 'restore'
        | 'enable'
        | 'disable'
        | 'assign'
        | 'unassign';
      readonly user: User;
    }
  | { readonly do: 'title'; readonly user: User; readonly title: string }
  | { readonly do: 'join' | 'leave'; readonly user: User }
  | { readonly do: 'regroup' }
  | { readonly do: 'restart' }
  | { readonly do: 'spoil'; readonly user: User; readonly how: Spoiling }
  | { readonly do: 'fault'; readonly method: string; readonly times: number; readonly fault: Fault }
  | { readonly do: 'cycle' };

/** A mistake in the directory file that the next cycle finds, and that is mended afterwards. */
type Spoiling = 'wrong value' | 'no id' | 'id twice';

const folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const directoryPath = join(folder, 'directory.json');

await writeFile(directoryPath, '{}');
await writeFile(
  join(folder, 'config.yaml'),
  JSON.stringify({
    tenantId: '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b',
    store: 'memory',
    directory: { type: 'file', path: directoryPath },
    jobs: [
      {
        name: 'app',
        mappings: resolve('mappings/scim.yaml'),
        // Entra forgets late members; what this test is after is everything else.
        fidelity: 'sane',
        schedule: { interval: 'PT6H' },
        deletions: { guard: false },
        target: { url: 'https://app.invalid/scim', auth: { type: 'bearer', token: '${env:T}' } },
      },
    ],
  }),
);
const { configuration } = await loadConfiguration(join(folder, 'config.yaml'), { T: TOKEN });

const user = fc.constantFrom(...USERS);
const times = fc.integer({ min: 1, max: 3 });
const method = fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE');
const fault = fc.constantFrom<Fault>(
  { kind: 'status', status: 400 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 429, headers: { 'retry-after': '5' } },
  { kind: 'drop' },
  { kind: 'broken-json' },
  { kind: 'commit-then-fail', status: 500 },
);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Event>({ do: 'cycle' }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'add',
        'purge',
        'recreate',
        'softDelete',
        'restore',
        'enable',
        'disable',
        'assign',
        'unassign',
        'rename',
        'inherit',
      ),
      user,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('title'), user, title: fc.constantFrom('A', 'B', "O'Neil") }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('join', 'leave'), user }) },
  { weight: 1, arbitrary: fc.constantFrom<Event>({ do: 'regroup' }, { do: 'restart' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('spoil'),
      user,
      how: fc.constantFrom<Spoiling>('wrong value', 'no id', 'id twice'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fault'), method, times, fault }) },
);

function fresh(times: number, name: string): ModelUser {
  return { present: true, enabled: true, deleted: false, assigned: true, title: 'A', times, name };
}

/** Its id in the directory. */
function sourceId(model: Model, id: User): string {
  const { times } = model.users[id];
  return times === 0 ? id : `${id}-${times}`;
}

function groupId({ groupTimes }: Model): string {
  return `g${groupTimes}`;
}

function newModel(): Model {
  return {
    users: Object.fromEntries(USERS.map((id) => [id, fresh(0, id)])) as Record<User, ModelUser>,
    members: new Set(['u0', 'u1']),
    groupTimes: 0,
    names: [...USERS],
  };
}

function isTaken(model: Model, name: string): boolean {
  return USERS.some((id) => model.users[id].present && model.users[id].name === name);
}

/** The name it had, if nobody has it by now. */
function freeName(model: Model, id: User): string {
  const { name } = model.users[id];
  return isTaken(model, name) ? newName(model, id) : name;
}

function newName(model: Model, id: User): string {
  const name = `${id}.${model.names.length}`;
  model.names.push(name);
  return name;
}

function change(model: Model, one: Exclude<Event, { do: 'fault' | 'cycle' | 'regroup' | 'restart' | 'spoil' }>): void {
  const state = model.users[one.user];
  switch (one.do) {
    case 'add':
      if (!state.present) model.users[one.user] = fresh(state.times, freeName(model, one.user));
      return;
    case 'recreate':
      // Whatever became of the account, the newcomer finds it by its name.
      model.users[one.user] = fresh(state.times + 1, state.present ? state.name : freeName(model, one.user));
      return;
    case 'rename':
      if (state.present) state.name = newName(model, one.user);
      return;
    case 'inherit': {
      // A newcomer gets a name that somebody else has given up.
      const [released] = model.names.filter((name) => !isTaken(model, name));
      if (!state.present && released !== undefined) model.users[one.user] = fresh(state.times + 1, released);
      return;
    }
    case 'purge':
      state.present = false;
      model.members.delete(one.user);
      return;
    case 'softDelete':
      state.deleted = true;
      return;
    case 'restore':
      state.deleted = false;
      return;
    case 'enable':
    case 'disable':
      state.enabled = one.do === 'enable';
      return;
    case 'assign':
    case 'unassign':
      state.assigned = one.do === 'assign';
      return;
    case 'title':
      state.title = one.title;
      return;
    case 'join':
      if (state.present) model.members.add(one.user);
      return;
    case 'leave':
      model.members.delete(one.user);
  }
}

function directoryOf(model: Model, spoilt: ReadonlyMap<User, Spoiling>): string {
  const present = USERS.filter((id) => model.users[id].present);
  return JSON.stringify({
    users: present.flatMap((id): readonly object[] => {
      const { enabled, deleted, title } = model.users[id];
      const bin = deleted ? { deletedDateTime: START } : {};
      const row = {
        id: sourceId(model, id),
        userPrincipalName: `${model.users[id].name}@contoso.com`,
        displayName: id,
        mailNickname: id,
        jobTitle: title,
        accountEnabled: enabled,
        ...bin,
      };
      const how = spoilt.get(id);
      if (how === 'wrong value') return [{ ...row, accountEnabled: 'perhaps', jobTitle: 'wrong' }];
      if (how === 'no id') return [{ ...row, id: undefined, jobTitle: 'wrong' }];
      return how === 'id twice' ? [{ ...row, jobTitle: 'wrong' }, row] : [row];
    }),
    groups: [
      {
        id: groupId(model),
        displayName: 'Staff',
        mailNickname: 'staff',
        securityEnabled: true,
        members: [...model.members].map((id) => sourceId(model, id)).sort(),
      },
    ],
    applications: [
      {
        name: 'app',
        roles: ['User'],
        assignments: [
          ...present
            .filter((id) => model.users[id].assigned)
            .map((id) => ({ user: sourceId(model, id), role: 'User' })),
          { group: groupId(model), role: 'User' },
        ],
      },
    ],
  });
}

/** What the directory says of each present user's account; a member of the assigned group is assigned. */
function isInScope(model: Model, id: User): boolean {
  const { present, enabled, deleted, assigned } = model.users[id];
  return present && enabled && !deleted && (assigned || model.members.has(id));
}

async function play(events: readonly Event[]): Promise<void> {
  if (configuration === undefined) throw new Error('the configuration has errors');
  const clock = virtualClock(START);
  const store = await openStore('memory');
  const app = createScimApp({ token: TOKEN });
  const target = withControlSurface(app);
  const engine = composeEngine(configuration, store, { clock, ids: countingIds(), fetch: target.handle });
  const model = newModel();
  const spoilt = new Map<User, Spoiling>();
  let written = '';
  const cycle = async () => {
    const text = directoryOf(model, spoilt);
    spoilt.clear();
    if (text !== written) await writeFile(directoryPath, text);
    written = text;
    clock.moveTo(addMilliseconds(clock.now(), 6 * HOUR));
    if (await engine.isDue('app')) await engine.sync('app');
  };
  const waits = async () => {
    const { record, escrows, stagedDeprovisions } = await engine.status('app');
    return record?.status !== 'Active' || escrows.objects + escrows.references + stagedDeprovisions > 0;
  };
  try {
    for (const one of events) {
      if (one.do === 'cycle') await cycle();
      else if (one.do === 'regroup') model.groupTimes += 1;
      else if (one.do === 'restart') await engine.restart('app');
      else if (one.do === 'spoil') spoilt.set(one.user, one.how);
      else if (one.do === 'fault') target.inject({ match: { method: one.method }, times: one.times, fault: one.fault });
      else change(model, one);
    }
    if (spoilt.size > 0) await cycle();
    target.clearFaults();
    // Until nothing waits and a cycle was quiet: at the longest any step of the escrow and quarantine ladders these few
    // cycles can have climbed. A reference to somebody found at the end of one cycle is written in the next.
    const latest = addMilliseconds(clock.now(), 3 * DAY);
    let writes = 0;
    do {
      const before = app.requests.length;
      await cycle();
      writes = app.requests.slice(before).filter(({ method: verb }) => verb !== 'GET').length;
    } while (clock.now() < latest && (writes > 0 || (await waits())));
    check(model, app);
    expect(writes).toBe(0);
  } finally {
    await engine.close();
  }
}

function check(model: Model, app: ReturnType<typeof createScimApp>): void {
  const accounts = app.state.users();
  const accountsOf = (id: User) =>
    accounts.filter(({ userName }) => userName === `${model.users[id].name}@contoso.com`);
  for (const id of USERS.filter((one) => model.users[one].present || !isTaken(model, model.users[one].name))) {
    const found = accountsOf(id);
    expect(found.length, `accounts of ${id}`).toBeLessThanOrEqual(1);
    if (isInScope(model, id))
      expect(found[0], `account of ${id}`).toMatchObject({ active: true, title: model.users[id].title });
    else if (found.length > 0) expect(found[0]?.active, `active of ${id}`).toBe(false);
  }
  // Who is out of scope keeps the name the account had, and the memberships.
  const inScope = USERS.filter((id) => isInScope(model, id));
  const known = new Set(inScope.flatMap(accountsOf).map(({ id }) => id));
  const wanted = inScope.flatMap((id) => (model.members.has(id) ? accountsOf(id).map((account) => account.id) : []));
  const { members } = app.state.groups()[0] ?? {};
  const held = (Array.isArray(members) ? members : []).map((member) => (member as { value: string }).value);
  expect(held.filter((id) => known.has(id)).sort(), 'members of Staff').toEqual(wanted.sort());
}

test(`the target converges after ${SEQUENCES} sequences of changes and faults`, { timeout: 1_800_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 14 }), play), {
    numRuns: SEQUENCES,
    seed: 20_260_101,
    endOnFailure: SEQUENCES > 500,
  });
});
