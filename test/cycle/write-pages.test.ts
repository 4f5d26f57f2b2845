/** A page is committed while the next one is on its way, and when the state refuses it nothing more is sent. */
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { composePorts } from '../../engine/compose.ts';
import { loadConfiguration } from '../../engine/config/load-config.ts';
import { Engine } from '../../engine/engine.ts';
import { EngineError } from '../../engine/model/engine-error.ts';
import type { Store } from '../../engine/ports.ts';
import type { StateChange } from '../../engine/record/state-change.ts';
import { openStore } from '../../engine/store/index.ts';
import { aUser, everyone, openWorld, TOKEN, type World } from '../support/world.ts';

const PAGE = 100;

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** A world of so many users, and its engine on a store whose commits go through `onCommit` first. */
async function openWith(users: number, onCommit: (changes: readonly StateChange[], here: World) => Promise<void>) {
  const many = Array.from({ length: users }, (_, index) => aUser(`u${String(index).padStart(4, '0')}`));
  const here = await openWorld({ directory: everyone(many) });
  world = here;
  const { configuration } = await loadConfiguration(here.configPath, { SCIM_TOKEN: TOKEN });
  if (configuration === undefined) throw new Error('the configuration has errors');
  const kept = await openStore(join(here.folder, 'other-state.db'));
  const store: Store = {
    ...kept,
    commit: async (jobId, changes, fence) => {
      await onCommit(changes, here);
      await kept.commit(jobId, changes, fence);
    },
  };
  const engine = new Engine(composePorts(configuration, store, { env: { SCIM_TOKEN: TOKEN }, clock: here.clock }));
  return { here, engine, kept, jobId: configuration.jobs[0]?.jobId ?? '' };
}

const links = (changes: readonly StateChange[]) => changes.filter(({ kind }) => kind === 'link').length;
const posts = ({ app }: World) => app.requests.filter(({ method }) => method === 'POST').length;

it('the writes of a page go out before the page ahead of it is committed; commits keep the order', async () => {
  const committed: string[] = [];
  const { here, engine, kept } = await openWith(3 * PAGE, async (changes, present) => {
    if (links(changes) === 0) return;
    // Would wait for ever if the second page waited for this commit.
    while (committed.length === 0 && posts(present) <= PAGE) await new Promise((resolve) => setImmediate(resolve));
    for (const change of changes) if (change.kind === 'link') committed.push(change.link.sourceId);
  });
  const { cycle } = await engine.sync('app');
  expect(cycle.counts).toMatchObject({ created: 3 * PAGE, failed: 0 });
  expect(committed).toEqual(here.directory.users.map(({ id }) => id));
  const records = await kept.logs({});
  expect(records.map(({ record }) => record.sourceIdentity.id)).toEqual(committed);
  await kept.close();
});

it('a page that the state refuses ends the cycle: the page on its way is broken off, and none follows', async () => {
  let pages = 0;
  const { here, engine, kept, jobId } = await openWith(5 * PAGE, async (changes) => {
    if (links(changes) === 0) return;
    pages += 1;
    if (pages < 2) return;
    throw new EngineError('the state cannot be written: disk full', { category: 'job', code: 'state-unwritable' });
  });
  await expect(engine.sync('app')).rejects.toMatchObject({ code: 'state-unwritable' });
  expect(posts(here)).toBeGreaterThanOrEqual(2 * PAGE);
  expect(posts(here)).toBeLessThan(4 * PAGE);
  const found = await kept.links(jobId, undefined, 10 * PAGE);
  expect(found.rows).toHaveLength(PAGE);
  await kept.close();
});
