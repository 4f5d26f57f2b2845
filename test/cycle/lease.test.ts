/** One cycle at a time per job, and no commit of a holder that was replaced (DESIGN 3.8, D-01, D-38). */
import { afterEach, describe, expect, test } from 'vitest';
import { openEngine } from '../../engine/compose.ts';
import { isHolderGone, processHolder } from '../../engine/host/lease-holder.ts';
import { openStore } from '../../engine/store/index.ts';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function second(opened: World): Promise<NonNullable<Awaited<ReturnType<typeof openEngine>>['engine']>> {
  const { engine } = await openEngine(opened.configPath, { env: { SCIM_TOKEN: 'test-token' }, clock: opened.clock });
  if (engine === undefined) throw new Error('the second engine did not open');
  return engine;
}

test('a second process finds the job busy, and may run it afterwards', async () => {
  world = await openWorld();
  await world.save();
  const other = await second(world);
  let refused: unknown;
  const first = await world.engine().sync('app', {
    onOutcome: () => {
      refused ??= other.sync('app').catch((error: unknown) => error);
    },
  });
  expect(first.cycle.counts.created).toBe(2);
  expect(await refused).toMatchObject({ category: 'job', code: 'job-busy' });
  expect((await other.sync('app')).cycle.kind).toBe('incremental');
  await other.close();
});

test('a restart cuts a running cycle at its next commit, and the next cycle is initial', async () => {
  const users = Array.from({ length: 250 }, (_, index) => aUser(`u${index}`));
  world = await openWorld({ directory: everyone(users) });
  await world.save();
  const other = await second(world);
  let restarted = false;
  const engine = world.engine();
  const cut = engine.sync('app', {
    onOutcome: () => {
      if (restarted) return;
      restarted = true;
      void other.restart('app');
    },
  });
  await expect(cut).rejects.toMatchObject({ code: 'LeaseLost' });
  const again = await world.cycle();
  expect(again.cycle.kind).toBe('initial');
  expect(world.app.state.users()).toHaveLength(250);
  expect((await engine.status('app')).links.User).toBe(250);
  await other.close();
});

test('a pause while a cycle runs lets it finish and holds the next one', async () => {
  world = await openWorld();
  await world.save();
  const engine = world.engine();
  let paused: Promise<void> | undefined;
  const result = await engine.sync('app', {
    onOutcome: () => {
      paused ??= engine.pause('app');
    },
  });
  await paused;
  expect(result.cycle.state).toBe('Succeeded');
  await expect(world.cycle()).rejects.toMatchObject({ code: 'job-paused' });
  expect(await engine.nextStart('app')).toBeUndefined();
});

describe('the store', () => {
  const request = (holder: string, now: string, isGone = false) => ({
    jobId: 'j',
    holder,
    now,
    ttlMs: 30_000,
    isGone: () => isGone,
  });

  test('hands a lease on when it ran out, or its holder is gone, with a higher token', async () => {
    const store = await openStore('memory');
    const first = await store.acquireLease(request('a', '2026-01-01T00:00:00.000Z'));
    expect(await store.acquireLease(request('b', '2026-01-01T00:00:29.000Z'))).toEqual({ heldBy: 'a' });
    const late = await store.acquireLease(request('b', '2026-01-01T00:00:30.000Z'));
    expect(late).toMatchObject({ holder: 'b', token: 2 });
    const gone = await store.acquireLease(request('c', '2026-01-01T00:00:31.000Z', true));
    expect(gone).toMatchObject({ holder: 'c', token: 3 });
    if ('token' in first) {
      expect(await store.extendLease(first, '2026-01-01T01:00:00.000Z')).toBe(false);
      await expect(store.commit('j', [{ kind: 'forget', what: 'links' }], first.token)).rejects.toMatchObject({
        code: 'LeaseLost',
      });
    }
    await store.close();
  });
});

test('a holder of this host is gone when its process is; one elsewhere never is', () => {
  expect(isHolderGone(processHolder('x'))).toBe(false);
  expect(isHolderGone(processHolder('x').replace(/:\d+:/, ':4194304:'))).toBe(true);
  expect(isHolderGone('elsewhere:4194304:x')).toBe(false);
});
