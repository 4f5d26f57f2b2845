/** A killed process loses nothing: the rerun finds what was done and ends in the same target state (style 3.7). */
import type { ChildProcess } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const USERS = 300;
const KILLS = 50;

/** Small repeatable generator: the points of death differ, the run does not. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

it('SIGKILL at 50 points of initial cycles leaves no duplicate, no missing account and no lost link', async () => {
  const random = randomNumbers(7);
  let kills = 0;
  while (kills < KILLS) {
    const users = Array.from({ length: USERS }, (_, index) =>
      aUser(`u${String(index).padStart(3, '0')}`, index === 0 ? {} : { manager: 'u000' }),
    );
    world = await openWorld({
      directory: everyone(users, [{ id: 'g1', displayName: 'All', members: ['u001', 'u002'] }]),
    });
    await world.engine().close();
    for (let round = 0; round < 10 && kills < KILLS; round += 1) {
      if (await killDuring(world, Math.floor(random() * 160) + 1)) kills += 1;
    }
    const last = await runCli(['sync', '-c', world.configPath, '--json']);
    expect(last.stderr).toBe('');
    expect(last.code).toBe(0);
    await expectConverged(world);
    await world.close();
    world = undefined;
  }
});

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

async function expectConverged(here: World): Promise<void> {
  const names = here.app.state.users().map((user) => String(user.userName));
  expect(new Set(names).size).toBe(USERS);
  expect(names).toHaveLength(USERS);
  expect(here.app.state.groups()).toHaveLength(1);
  await here.reopen();
  const targets = new Set<string>();
  let users = 0;
  for await (const link of here.engine().links('app')) {
    targets.add(link.targetId);
    if (link.type === 'User') users += 1;
  }
  expect(users).toBe(USERS);
  expect(targets.size).toBe(USERS + 1);
  const [group] = here.app.state.groups();
  expect(group?.members).toHaveLength(2);
}
