/** What every store does, wherever it keeps its rows: the contract of the port `Store` (ports.ts). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Escrow } from '../../engine/model/job-state.ts';
import type { Link } from '../../engine/model/link.ts';
import type { FeedEntry, Store } from '../../engine/ports.ts';
import { createdJob } from '../../engine/record/job-lifecycle.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-01T01:00:00.000Z';

function link(sourceId: string): Link {
  return {
    sourceId,
    type: 'User',
    targetId: `t-${sourceId}`,
    displayName: sourceId,
    managed: true,
    disabled: false,
    linkedAt: NOW,
  };
}

function escrow(sourceId: string, nextAttempt: string): Escrow {
  return {
    sourceId,
    type: 'User',
    displayName: sourceId,
    modificationType: 'Add',
    createdAt: NOW,
    nextAttempt,
    retryCount: 0,
    errorCode: 'Conflict',
    errorMessage: 'taken',
    isReference: false,
  };
}

function entry(id: string, sequence: number, more: Partial<FeedEntry> = {}): FeedEntry {
  return {
    id,
    type: 'User',
    displayName: id,
    hash: `h${sequence}`,
    sequence,
    firstSequence: 1,
    purged: false,
    ...more,
  };
}

/** Runs the contract on what `create` opens: an empty store, new each time. */
export function storeContract(name: string, create: () => Promise<Store>): void {
  describe(name, () => {
    let store: Store;
    beforeEach(async () => {
      store = await create();
    });
    afterEach(() => store.close());

    test('a commit is all or nothing', async () => {
      const broken = { kind: 'link', link: { ...link('u2'), targetId: null } } as unknown as {
        kind: 'link';
        link: Link;
      };
      await expect(store.commit('j', [{ kind: 'link', link: link('u1') }, broken])).rejects.toMatchObject({
        category: 'job',
        code: 'state-unwritable',
      });
      expect((await store.linksOf('j', ['u1', 'u2'])).size).toBe(0);
    });

    test('jobs do not see each other', async () => {
      await store.commit('a', [{ kind: 'link', link: link('u1') }]);
      expect((await store.countLinks('a')).User).toBe(1);
      expect((await store.countLinks('b')).User).toBe(0);
      await store.commit('b', [{ kind: 'forget', what: 'links' }]);
      expect((await store.countLinks('a')).User).toBe(1);
    });

    test('a copy has the state and goes its own way', async () => {
      await store.commit('j', [{ kind: 'link', link: link('u1') }]);
      const copy = await store.copy();
      await copy.commit('j', [{ kind: 'link', link: link('u2') }]);
      expect([...(await copy.linksOf('j', ['u1', 'u2'])).keys()]).toEqual(['u1', 'u2']);
      expect([...(await store.linksOf('j', ['u1', 'u2'])).keys()]).toEqual(['u1']);
      await copy.close();
    });

    test('links come back as they were, page by page', async () => {
      const whole: Link = { ...link('u1'), manager: 't9', held: { title: 'Clerk', active: 'True' }, disabled: true };
      await store.commit('j', [
        ...['u3', 'u2'].map((id) => ({ kind: 'link' as const, link: link(id) })),
        { kind: 'link', link: whole },
      ]);
      const first = await store.links('j', undefined, 2);
      expect(first.rows).toEqual([whole, link('u2')]);
      expect((await store.links('j', first.next, 2)).rows).toEqual([link('u3')]);
    });

    test('rows that are alike in every column are one', async () => {
      await store.commit('j', [{ kind: 'members', groupId: 'g', added: ['a', 'a', 'a'], removed: [] }]);
      expect([...(await store.membersOf('j', 'g')).held]).toEqual(['a']);
    });

    test('believed members: certain, uncertain, gone', async () => {
      const members = (added: string[], removed: string[], uncertain: string[] = []) =>
        store.commit('j', [{ kind: 'members', groupId: 'g', added, removed, uncertain }]);
      await members(['a', 'b', 'c'], []);
      await members([], ['a'], ['b']);
      const believed = await store.membersOf('j', 'g');
      expect([[...believed.held], [...believed.uncertain]]).toEqual([['c'], ['b']]);
      expect(await store.groupsHolding('j', 'c')).toEqual(['g']);
      await store.commit('j', [{ kind: 'unlink', sourceId: 'g' }]);
      expect((await store.membersOf('j', 'g')).held.size).toBe(0);
    });

    test('old log records and cycles are pruned, audits stay', async () => {
      await store.commit('j', [
        { kind: 'audit', record: { at: NOW, jobId: 'j', activity: 'Quarantine', detail: 'imposed' } },
        {
          kind: 'cycle',
          cycle: {
            cycleId: 'c',
            kind: 'initial',
            startedAt: NOW,
            counts: { created: 0, updated: 0, disabled: 0, deleted: 0, skipped: 0, failed: 0, warnings: 0 },
            references: { managers: 0, members: 0 },
          },
        },
      ]);
      await store.prune('2026-02-01T00:00:00.000Z');
      expect(await store.cycles('j', 10)).toEqual([]);
      expect(await store.audits('j', 10)).toHaveLength(1);
    });

    describe('leases', () => {
      const ask = (holder: string, now: string, isGone = false) =>
        store.acquireLease({ jobId: 'j', holder, now, ttlMs: 60_000, isGone: () => isGone });

      test('one holder at a time; who is gone or silent for too long loses it', async () => {
        expect(await ask('a', NOW)).toMatchObject({ holder: 'a' });
        expect(await ask('b', NOW)).toEqual({ heldBy: 'a' });
        expect(await ask('b', NOW, true)).toMatchObject({ holder: 'b' });
        expect(await ask('c', LATER)).toMatchObject({ holder: 'c' });
      });

      test('a replaced holder commits nothing and cannot extend', async () => {
        const first = await ask('a', NOW);
        const second = await ask('b', LATER);
        if ('heldBy' in first || 'heldBy' in second) throw new Error('refused');
        await expect(store.commit('j', [{ kind: 'link', link: link('u1') }], first.token)).rejects.toMatchObject({
          category: 'job',
          code: 'LeaseLost',
        });
        expect(await store.extendLease(first, LATER)).toBe(false);
        await store.commit('j', [{ kind: 'link', link: link('u1') }], second.token);
        expect((await store.countLinks('j')).User).toBe(1);
        const decide = () => ({
          changes: [{ kind: 'job', job: createdJob({ jobId: 'j', name: 'j' }) } as const],
          result: 1,
        });
        await expect(store.changeJob('j', decide, first.token)).rejects.toMatchObject({ code: 'LeaseLost' });
        expect(await store.job('j')).toBeUndefined();
        expect(await store.changeJob('j', decide, second.token)).toBe(1);
      });

      test('a broken one is lost together with what is committed beside', async () => {
        const lease = await ask('a', NOW);
        if ('heldBy' in lease) throw new Error('refused');
        await store.commit('j', [{ kind: 'lease-broken' }, { kind: 'link', link: link('u1') }]);
        await expect(store.commit('j', [], lease.token)).resolves.toBeUndefined();
        await expect(store.commit('j', [{ kind: 'link', link: link('u2') }], lease.token)).rejects.toMatchObject({
          code: 'LeaseLost',
        });
        expect(await ask('b', NOW)).toMatchObject({ holder: 'b' });
      });
    });

    test.each([undefined, createdJob({ jobId: 'j', name: 'j' })])(
      'a job that somebody else changes meanwhile is decided about again (%j at first)',
      async (first) => {
        if (first !== undefined) await store.commit('j', [{ kind: 'job', job: first }]);
        const other = { ...createdJob({ jobId: 'j', name: 'j' }), scheduleState: 'Paused' } as const;
        const found: unknown[] = [];
        let meanwhile: Promise<void> | undefined;
        await store.changeJob('j', (present = createdJob({ jobId: 'j', name: 'j' })) => {
          found.push(present.scheduleState);
          meanwhile ??= store.commit('j', [{ kind: 'job', job: other }]);
          return { changes: [{ kind: 'job', job: { ...present, successiveFailures: 7 } }], result: undefined };
        });
        await meanwhile;
        expect(found).toEqual(['Disabled', 'Paused']);
        expect(await store.job('j')).toEqual({ ...other, successiveFailures: 7 });
      },
    );

    test('escrows that are due, page by page, by source id', async () => {
      const waiting = [escrow('u3', NOW), escrow('u1', NOW), escrow('u2', LATER)];
      await store.commit(
        'j',
        waiting.map((one) => ({ kind: 'escrow', escrow: one })),
      );
      const first = await store.dueEscrows('j', NOW, undefined, 1);
      expect(first.rows).toEqual([waiting[1]]);
      expect((await store.dueEscrows('j', NOW, first.next, 10)).rows).toEqual([waiting[0]]);
      expect((await store.dueEscrows('j', LATER, undefined, 10)).rows).toHaveLength(3);
      await store.commit('j', [{ kind: 'escrow-cleared', sourceId: 'u1' }]);
      expect([...(await store.escrowsOf('j', ['u1', 'u2', 'u3'])).keys()].sort()).toEqual(['u2', 'u3']);
    });

    test('a feed: changes between two positions, by type and id; what is present; all or nothing', async () => {
      expect(await store.latestFeedSequence()).toBe(0);
      const at = { file: 'd.csv', line: 2, column: 1, length: 1 };
      const problems = [{ severity: 'error', code: 'missing-id', summary: 'No id.', at } as const];
      const state = { sequence: 2, fingerprint: 'f', objects: 3, problems, revision: 0 };
      const entries = [entry('b', 2), entry('a', 2), entry('c', 1), entry('g', 2, { type: 'Group' })];
      expect(await store.commitFeed('feed', state, [...entries, entry('gone', 1, { purged: true })])).toBe(1);
      expect(await store.feedState('feed')).toEqual({ ...state, revision: 1 });
      expect(await store.feedState('another')).toBeUndefined();
      await store.commitFeed('another', { ...state, sequence: 1 }, []);
      expect(await store.latestFeedSequence()).toBe(2);
      const range = { type: 'User', since: 1, until: 2 } as const;
      const first = await store.feedChanges('feed', range, undefined, 1);
      expect(first.rows).toEqual([entry('a', 2)]);
      expect((await store.feedChanges('feed', range, first.next, 10)).rows).toEqual([entry('b', 2)]);
      expect(await store.countFeedChanges('feed', range)).toBe(2);
      expect((await store.feedPresent('feed', undefined, 10)).rows.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'g']);
      expect(await store.countFeedPresent('feed', 'User')).toBe(3);
      expect(await store.countFeedPresent('feed', 'Group')).toBe(1);
      const broken = { ...entry('d', 3), displayName: null } as unknown as FeedEntry;
      const next = { ...state, sequence: 3, revision: 1 };
      await expect(store.commitFeed('feed', next, [entry('a', 3), broken])).rejects.toThrow();
      expect(await store.feedState('feed')).toEqual({ ...state, revision: 1 });
      expect((await store.feedEntries('feed', ['a'])).get('a')).toEqual(entry('a', 2));
    });

    test('a feed: who has not seen the last commit changes nothing', async () => {
      const state = { sequence: 1, fingerprint: 'f', objects: 1, problems: [], revision: 0 };
      expect(await store.commitFeed('feed', state, [entry('a', 1)])).toBe(1);
      expect(await store.commitFeed('feed', { ...state, sequence: 9 }, [entry('b', 9)])).toBeUndefined();
      expect(await store.commitFeed('feed', { ...state, sequence: 2, revision: 1 }, [entry('c', 2)])).toBe(2);
      expect(await store.commitFeed('feed', { ...state, sequence: 9, revision: 1 }, [entry('b', 9)])).toBeUndefined();
      expect(await store.feedState('feed')).toEqual({ ...state, sequence: 2, revision: 2 });
      expect([...(await store.feedEntries('feed', ['a', 'b', 'c'])).keys()].sort()).toEqual(['a', 'c']);
    });
  });
}
