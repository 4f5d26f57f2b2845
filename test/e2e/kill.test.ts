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

type Plan = {
  readonly users: number;
  readonly kills: number;
  /** The process is killed at one of so many requests of its cycle, after so many that are let be. */
  readonly requests: number;
  readonly after: number;
};

/** Kills are shared among worlds of their own, side by side: most of the time goes into starting processes. */
const LANES = 2;
const SMALL: Plan = { users: 300, kills: 25, requests: 160, after: 1 };
/** So many that the state file has a thread of its own when the process dies. */
const LARGE: Plan = { users: 1500, kills: 4, requests: 900, after: 1200 };

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
  await Promise.all(Array.from({ length: LANES }, (_, lane) => killAndRerun(SMALL, randomNumbers(7 + lane))));
});

it('nor does it while a thread writes the state', { timeout: 400_000 }, () => killAndRerun(LARGE, randomNumbers(3)));

/** Initial cycles killed at random points, ten of them in a row, each row ended by a cycle that is let be. */
async function killAndRerun(plan: Plan, random: () => number): Promise<void> {
  let kills = 0;
  while (kills < plan.kills) {
    const users = Array.from({ length: plan.users }, (_, index) =>
      aUser(`u${String(index).padStart(4, '0')}`, index === 0 ? {} : { manager: 'u0000' }),
    );
    const world = await openWorld({
      directory: everyone(users, [{ id: 'g1', displayName: 'All', members: ['u0001', 'u0002'] }]),
    });
    open.add(world);
    await world.engine().close();
    for (let round = 0; round < 10 && kills < plan.kills; round += 1) {
      if (await killDuring(world, Math.floor(random() * plan.requests) + plan.after)) kills += 1;
    }
    const last = await runCli(['sync', '-c', world.configPath, '--json']);
    expect(last.stderr).toBe('');
    expect(last.code).toBe(0);
    await expectConverged(world, plan.users);
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
