/** A killed process loses nothing: the rerun finds what was done and ends in the same target state (style 3.7). */
import type { ChildProcess } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

const open = new Set<World>();
afterEach(async () => {
  for (const world of open) await world.close();
  open.clear();
});

/** Kills are shared among worlds of their own, side by side: most of the time goes into starting processes. */
const LANES = 2;
const KILLS_PER_LANE = 25;
const USERS = 300;
/** The process is killed at one of the first so many requests of its cycle. */
const REQUESTS = 160;

/** Small repeatable generator: the points of death differ, the run does not. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

it('SIGKILL at 50 points of initial cycles leaves no duplicate, no missing account and no lost link', {
  timeout: 400_000,
}, async () => {
  await Promise.all(Array.from({ length: LANES }, (_, lane) => killAndRerun(randomNumbers(7 + lane))));
});

/** Initial cycles killed at random points, ten of them in a row, each row ended by a cycle that is let be. */
async function killAndRerun(random: () => number): Promise<void> {
  let kills = 0;
  while (kills < KILLS_PER_LANE) {
    const users = Array.from({ length: USERS }, (_, index) =>
      aUser(`u${String(index).padStart(4, '0')}`, index === 0 ? {} : { manager: 'u0000' }),
    );
    const world = await openWorld({
      directory: everyone(users, [{ id: 'g1', displayName: 'All', members: ['u0001', 'u0002'] }]),
    });
    open.add(world);
    await world.engine().close();
    for (let round = 0; round < 10 && kills < KILLS_PER_LANE; round += 1) {
      if (await killDuring(world, 1 + Math.floor(random() * REQUESTS))) kills += 1;
    }
    const last = await runCli(['sync', '-c', world.configPath, '--json']);
    expect(last.stderr).toBe('');
    expect(last.code).toBe(0);
    await expectConverged(world, USERS);
    open.delete(world);
    await world.close();
  }
}

/** Starts a cycle and kills the process at the n-th request the target sees; false when the cycle ended before. */
async function killDuring(here: World, atRequest: number): Promise<boolean> {
  const start = here.app.requests.length;
  let child: ChildProcess | undefined;
  const timer = setInterval(() => {
    if (here.app.requests.length - start >= atRequest) child?.kill('SIGKILL');
  }, 1);
  const result = await runCli(['sync', '-c', here.configPath], {
    onStart: (started) => {
      child = started;
    },
  });
  clearInterval(timer);
  return result.code === null;
}

async function expectConverged(here: World, count: number): Promise<void> {
  const names = here.app.state.users().map((user) => String(user.userName));
  expect(new Set(names).size).toBe(count);
  expect(names).toHaveLength(count);
  expect(here.app.state.groups()).toHaveLength(1);
  await here.reopen();
  const targets = new Set<string>();
  let users = 0;
  for await (const link of here.engine().links('app')) {
    targets.add(link.targetId);
    if (link.type === 'User') users += 1;
  }
  expect(users).toBe(count);
  expect(targets.size).toBe(count + 1);
  const [group] = here.app.state.groups();
  expect(group?.members).toHaveLength(2);
}
