/** Plays a sequence of steps on a job and judges what reaches the target. */
import { writeFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { composeEngine } from '../../../engine/compose.ts';
import { countingIds } from '../../../engine/host/ids.ts';
import { virtualClock } from '../../../engine/host/virtual-clock.ts';
import { EngineError } from '../../../engine/model/engine-error.ts';
import { addMilliseconds, DAY, HOUR } from '../../../engine/model/instant.ts';
import type { Link } from '../../../engine/model/link.ts';
import type { ResetFlag } from '../../../engine/record/job-lifecycle.ts';
import { openStore } from '../../../engine/store/index.ts';
import { createScimApp } from '../../../fixtures/targets/scim-app.ts';
import {
  change,
  directoryOf,
  groupId,
  isTaken,
  type Model,
  newModel,
  sourceId,
  titleOf,
  USERS,
  type User,
} from './directory-model.ts';
import { type Seen, violations } from './invariants.ts';
import { configure, deletes, directoryPath, disables, isInScope, PLAIN_SETTINGS, type Settings } from './settings.ts';
import type { Step } from './steps.ts';
import { watchTarget } from './watch-target.ts';

const START = '2026-01-01T00:00:00.000Z';
const TOKEN = 'chaos';

export async function play(folder: string, steps: readonly Step[]): Promise<void> {
  const world = await openWorld(folder);
  try {
    await world.cycle();
    for (const step of steps) await take(world, step);
    world.target.clearFaults();
    // A changed mapping or directory is looked at by itself; other settings ask for a restart (cycle.md 1.18, D-05).
    await (steps.every(isSeenByItself) ? world.engine().start('app') : world.lookAgain());
    await world.settle();
    checkTarget(world, world.settings());
    await world.set(PLAIN_SETTINGS);
    await world.lookAgain();
    await world.settle();
    checkTarget(world, PLAIN_SETTINGS);
  } finally {
    await world.close();
  }
}

const BY_ITSELF: ReadonlySet<string> = new Set([
  'actions',
  'active',
  'title',
  'filter',
  'groups',
  'directory',
  'updateMethod',
]);

function isSeenByItself(step: Step): boolean {
  return step.do === 'set' ? Object.keys(step.what).every((key) => BY_ITSELF.has(key)) : step.do !== 'reset';
}

type World = Awaited<ReturnType<typeof openWorld>>;

async function take(world: World, step: Step): Promise<void> {
  switch (step.do) {
    case 'cycle':
      return world.cycle();
    case 'pause':
      return world.engine().pause('app');
    case 'start':
      return world.engine().start('app');
    case 'set':
      return world.set(step.what);
    case 'undo':
      for (const user of USERS)
        for (const back of ['assign', 'restore', 'enable'] as const) change(world.model, { do: back, user });
      return;
    case 'reset':
      return world.reset(step.flags);
    case 'provision':
      return world.provision(step.user, step.withGroup);
    case 'fault':
      return world.target.inject({ match: { method: step.method }, times: step.times, fault: step.fault });
    default:
      return change(world.model, step);
  }
}

async function openWorld(folder: string) {
  const clock = virtualClock(START);
  const store = await openStore('memory');
  const app = createScimApp({ token: TOKEN });
  const target = watchTarget(app);
  const model = newModel();
  /** Accounts that nobody knows of any more: their links were forgotten, or whoever was unassigned is gone. */
  const orphans = new Set<string>();
  let settings = PLAIN_SETTINGS;
  await writeFile(directoryPath(folder, { directory: 'here' }), directoryOf(model));
  await writeFile(directoryPath(folder, { directory: 'there' }), directoryOf(model));
  const compose = async () =>
    composeEngine(await configure(folder, settings, TOKEN), store, { clock, ids: countingIds(), fetch: target.handle });
  let engine = await compose();
  let logged = 0;
  let forgotten = false;
  /** Accounts of who was unassigned: nothing deletes them (cycle.md 3.22). */
  let unmanaged = new Set<string>();

  const present = () => [...app.state.users(), ...app.state.groups()].map(({ id }) => String(id));
  const links = async (): Promise<readonly Link[]> => {
    const all: Link[] = [];
    for await (const link of engine.links('app')) all.push(link);
    return all;
  };
  /** Accounts without a link, whom only an escrow may still remember. */
  const forget = async () => {
    const linked = new Set((await links()).map(({ targetId }) => targetId));
    for (const id of present()) if (!linked.has(id)) orphans.add(id);
  };
  const judged = async (act: () => Promise<Seen['kind'] | undefined>) => {
    await writeFile(directoryPath(folder, settings), directoryOf(model));
    const before = await links();
    const job = (await engine.status('app')).record;
    target.taken();
    const kind = await act();
    if (kind === undefined) return;
    const all = (await engine.logs({})).map(({ record }) => record);
    const after = await links();
    const seen = {
      model,
      settings,
      writes: target.taken(),
      links: [before, after] as const,
      job,
      kind,
      records: all.slice(logged),
    };
    logged = all.length;
    const found = violations({ ...seen, present: new Set(present()) });
    expect(found, JSON.stringify(seen.writes)).toEqual([]);
    const linked = new Set(after.map(({ targetId }) => targetId));
    for (const id of linked) orphans.delete(id);
    unmanaged = new Set(after.filter(({ managed }) => !managed).map(({ targetId }) => targetId));
    for (const { targetId, managed } of before) if (!managed && !linked.has(targetId)) orphans.add(targetId);
  };
  const cycle = () =>
    judged(async () => {
      clock.moveTo(addMilliseconds(clock.now(), 6 * HOUR));
      return (await engine.isDue('app')) ? (await engine.sync('app')).cycle.kind : undefined;
    });
  const set = async (what: Partial<Settings>) => {
    settings = { ...settings, ...what };
    engine = await compose();
  };
  const reset = async (flags: readonly ResetFlag[]) => {
    await engine.restart('app', flags);
    if (flags.includes('Full') || flags.includes('ConnectorDataStore')) forgotten = true;
    await forget();
  };
  const waits = async () => {
    const { record, escrows, stagedDeprovisions } = await engine.status('app');
    return record?.status !== 'Active' || escrows.objects + escrows.references + stagedDeprovisions > 0;
  };
  return {
    model,
    app,
    target,
    wasForgotten: () => forgotten,
    isKept: (id: string) => orphans.has(id) || (deletes(settings) && unmanaged.has(id)),
    engine: () => engine,
    settings: () => settings,
    cycle,
    set,
    reset,
    provision: (user: User, withGroup: boolean) =>
      judged(async () => {
        const members = withGroup && model.members.has(user) ? { members: [sourceId(model, user)] } : {};
        try {
          await engine.provision('app', withGroup ? groupId(model) : sourceId(model, user), members);
        } catch (error) {
          if (!(error instanceof EngineError) || error.category === 'bug') throw error;
        }
        // A failure on demand is not tried again (cycle.md 9.12).
        await forget();
        return 'on demand';
      }),
    lookAgain: () => engine.restart('app', ['QuarantineState', 'Watermark', 'ForceDeletes']),
    /** Cycles until one is quiet. */
    settle: async () => {
      const latest = addMilliseconds(clock.now(), 3 * DAY);
      let writes = 0;
      do {
        const before = app.requests.length;
        await cycle();
        writes = app.requests.slice(before).filter(({ method }) => method !== 'GET').length;
      } while (clock.now() < latest && (writes > 0 || (await waits())));
      expect(writes).toBe(0);
    },
    close: () => engine.close(),
  };
}

/** What the directory says of each account. */
function checkTarget({ model, app, isKept, wasForgotten }: World, settings: Settings): void {
  const accountsOf = (id: User) =>
    app.state.users().filter(({ userName }) => userName === `${model.users[id].name}@contoso.com`);
  const writesAll = settings.actions.includes('create') && settings.actions.includes('update');
  for (const id of USERS.filter((one) => model.users[one].present || !isTaken(model, model.users[one].name))) {
    const found = accountsOf(id);
    expect(found.length, `accounts of ${id}`).toBeLessThanOrEqual(1);
    if (isInScope(model, id, settings)) {
      if (writesAll) expect(found, `account of ${id}`).toMatchObject([expected(model, id, settings)]);
    } else if (takesAway(model, id, settings) && found.length > 0 && !isKept(String(found[0]?.id)))
      expect(found[0]?.active, `active of ${id}`).toBe(false);
  }
  if (!writesAll || !settings.groups || !model.groupAssigned) return;
  // Who is out of scope keeps the memberships.
  const inScope = USERS.filter((id) => isInScope(model, id, settings));
  const known = new Set(inScope.flatMap(accountsOf).map(({ id }) => id));
  const wanted = inScope.flatMap((id) => (model.members.has(id) ? accountsOf(id).map((account) => account.id) : []));
  const { members } = app.state.groups()[0] ?? {};
  const held = (Array.isArray(members) ? members : []).map((member) => (member as { value: string }).value);
  expect(new Set(held), 'members of Staff').toEqual(new Set([...held, ...wanted]));
  // Nobody reads members: whom the group held when its link was forgotten it keeps (cycle.md 1b).
  if (!wasForgotten()) expect(held.filter((id) => known.has(id)).sort(), 'members of Staff').toEqual(wanted.sort());
}

/** Whether the account of somebody out of scope is disabled or deleted. */
function takesAway(model: Model, id: User, settings: Settings): boolean {
  if (!model.users[id].present) return settings.actions.includes('delete');
  return disables(settings) || deletes(settings);
}

function expected(model: Model, id: User, { active, title }: Settings): Record<string, unknown> {
  const text = titleOf(model, id);
  return {
    displayName: id,
    ...(active === 'IsSoftDeleted' || active === 'accountEnabled' ? { active: true } : {}),
    ...(title === 'jobTitle' ? { title: text } : {}),
    ...(title === 'upper' ? { title: text.toUpperCase() } : {}),
  };
}
