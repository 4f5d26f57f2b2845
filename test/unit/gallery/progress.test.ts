/** How far a cycle is can be seen while it runs and when it is over. */
import { expect, test } from 'vitest';
import { aUser, everyone, openWorld } from '../../support/world.ts';

test('GC-26, MN-12: a cycle tells its kind and the pages behind it, up to the last; then how many users and groups there are', async () => {
  const assigned = everyone([aUser('u1'), aUser('u2')], [{ id: 'g1', displayName: 'Staff', members: ['u1'] }]);
  const others = Array.from({ length: 249 }, (_, index) => aUser(`other${index}`));
  const world = await openWorld({ directory: { ...assigned, users: [...assigned.users, ...others] } });
  const pages: string[] = [];
  const onProgress = (completed: number, total: number, kind: string) => {
    pages.push(`${kind} ${completed}/${total}`);
  };
  await world.engine().sync('app', { onProgress });
  expect(pages).toEqual(['initial 1/4', 'initial 2/4', 'initial 3/4', 'initial 4/4']);

  const over = await world.engine().status('app');
  expect(over.links).toEqual({ User: 2, Group: 1 });
  expect(over.record?.lastCycle).toMatchObject({ kind: 'initial', state: 'Succeeded', counts: { created: 3 } });
  // Every action, and every object that was left alone, is in the log.
  const logged = new Set((await world.logs()).map(({ sourceIdentity }) => sourceIdentity.id));
  expect(logged.size).toBe(252);

  Object.assign(world.directory.users[0] ?? {}, { jobTitle: 'Planner' });
  await world.save();
  await world.engine().sync('app', { onProgress });
  expect(pages.slice(4)).toEqual(['incremental 1/1']);
  await world.close();
});
