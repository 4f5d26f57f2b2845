import { expect, it } from 'vitest';
import { openStore } from '../../engine/store/index.ts';

it('keeps a link and copies without the original', async () => {
  const store = await openStore('memory');
  const link = {
    sourceId: 'a',
    type: 'User',
    targetId: 't',
    displayName: 'A',
    managed: true,
    disabled: false,
    linkedAt: '2026-01-01T00:00:00.000Z',
    held: { x: '1' },
  } as const;
  await store.commit('j', [
    { kind: 'link', link },
    { kind: 'members', groupId: 'g', added: ['t', 'u'], removed: [] },
  ]);
  const copy = await store.copy();
  await copy.commit('j', [{ kind: 'unlink', sourceId: 'a' }]);
  expect((await store.linksOf('j', ['a'])).get('a')).toEqual(link);
  expect((await copy.linksOf('j', ['a'])).size).toBe(0);
  expect([...(await copy.membersOf('j', 'g'))]).toEqual(['t', 'u']);
  await store.close();
});
