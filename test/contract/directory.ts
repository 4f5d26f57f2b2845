/** What every source of users and groups does, whatever it reads from: the contract of the port `Directory` (ports.ts). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { idOf, type SourceChange } from '../../engine/model/source-object.ts';
import type { Directory, Watermark } from '../../engine/ports.ts';

/** People and groups of the contract, as attributes under Graph's names. */
export type Content = {
  readonly users: readonly Readonly<Record<string, unknown>>[];
  readonly groups: readonly (Readonly<Record<string, unknown>> & { readonly members?: readonly string[] })[];
  readonly assignments: readonly Readonly<Record<string, unknown>>[];
};

export type DirectoryUnderTest = {
  /** Makes the source hold exactly this. */
  readonly write: (content: Content) => Promise<void>;
  /** The directory as the application "app" sees it, new each time but with the same memory. */
  readonly open: () => Directory;
  readonly close: () => Promise<void>;
};

export type DirectoryAbilities = {
  /** Groups with members, and assignments. */
  readonly groups: boolean;
};

const signal = new AbortController().signal;

const CONTENT: Content = {
  users: [
    { id: 'u1', userPrincipalName: 'ana@contoso.com', displayName: 'Ana', manager: 'u3' },
    { id: 'u2', userPrincipalName: 'bo@contoso.com', displayName: 'Bo', manager: 'ana@contoso.com' },
    { id: 'u3', userPrincipalName: 'cy@contoso.com', displayName: 'Cy', mail: 'cyrus@contoso.com' },
  ],
  groups: [
    { id: 'g1', displayName: 'Sales', members: ['u2', 'cyrus@contoso.com'] },
    { id: 'g2', displayName: 'All', members: ['Sales', 'u1'] },
  ],
  assignments: [{ group: 'Sales', role: 'User' }, { user: 'ana@contoso.com' }],
};

/** Runs the contract on what `create` makes. */
export function directoryContract(
  name: string,
  create: () => Promise<DirectoryUnderTest>,
  abilities: DirectoryAbilities,
): void {
  describe(name, () => {
    let under: DirectoryUnderTest;
    beforeEach(async () => {
      under = await create();
    });
    afterEach(() => under.close());

    const content = abilities.groups ? CONTENT : { ...CONTENT, groups: [], assignments: [] };
    const without = (id: string): Content => ({ ...content, users: content.users.filter((user) => user.id !== id) });
    const changed = (id: string, change: Readonly<Record<string, unknown>>): Content => ({
      ...content,
      users: content.users.map((user) => (user.id === id ? { ...user, ...change } : user)),
    });
    const changes = async (directory: Directory, range: { since?: Watermark; until: Watermark }, pageSize = 100) => {
      const found: SourceChange[] = [];
      for await (const page of directory.changes({ ...range, pageSize })) found.push(...page.changes);
      return found;
    };

    /** The position after reading `content`. */
    async function read(of: Content): Promise<{ directory: Directory; at: Watermark }> {
      await under.write(of);
      const directory = under.open();
      return { directory, at: await directory.refresh(signal) };
    }

    test('hands out everything at first, users before groups, each by id', async () => {
      const { directory, at } = await read(content);
      const all = await changes(directory, { until: at });
      expect(all.map(idOf)).toEqual(abilities.groups ? ['u1', 'u2', 'u3', 'g1', 'g2'] : ['u1', 'u2', 'u3']);
      expect(all.every((change) => change.kind === 'present' && !change.known)).toBe(true);
    });

    test('pages do not change what is handed out, and count themselves', async () => {
      const { directory, at } = await read(content);
      const whole = await changes(directory, { until: at });
      expect(await changes(directory, { until: at }, 1)).toEqual(whole);
      const progress: string[] = [];
      for await (const page of directory.changes({ until: at, pageSize: 2 }))
        progress.push(`${page.completedPages}/${page.totalPages}`);
      expect(progress).toEqual(abilities.groups ? ['1/3', '2/3', '3/3'] : ['1/2', '2/2']);
    });

    test('nothing changed: the same position, and nothing is handed out', async () => {
      const first = await read(content);
      const second = await read(content);
      expect(second.at).toBe(first.at);
      expect(await changes(second.directory, { since: first.at, until: second.at })).toEqual([]);
    });

    test('only what changed, and known is told from new', async () => {
      const first = await read(content);
      const next = changed('u2', { displayName: 'Bo Berg' });
      const { directory, at } = await read({ ...next, users: [...next.users, { id: 'u0', displayName: 'New' }] });
      const found = await changes(directory, { since: first.at, until: at });
      expect(found.map((one) => [idOf(one), one.kind === 'present' && one.known])).toEqual([
        ['u0', false],
        ['u2', true],
      ]);
    });

    test('several changes between two looks are handed out as one', async () => {
      const first = await read(content);
      await read(changed('u1', { displayName: 'Ann' }));
      const { directory, at } = await read(changed('u1', { displayName: 'Anna' }));
      const found = await changes(directory, { since: first.at, until: at });
      expect(found).toMatchObject([{ kind: 'present', object: { id: 'u1', attributes: { displayName: 'Anna' } } }]);
    });

    test('gone for good is purged, once; back again is new', async () => {
      const first = await read(content);
      const gone = await read(without('u3'));
      const purged = (await changes(gone.directory, { since: first.at, until: gone.at })).filter(
        ({ kind }) => kind === 'purged',
      );
      expect(purged).toEqual([{ kind: 'purged', type: 'User', id: 'u3', displayName: 'cy@contoso.com' }]);
      const back = await read(content);
      const found = await changes(back.directory, { since: gone.at, until: back.at });
      expect(found.find((one) => idOf(one) === 'u3')).toMatchObject({ kind: 'present', known: false });
    });

    test('a cycle that did not finish sees the same changes again', async () => {
      const first = await read(content);
      const second = await read(changed('u1', { displayName: 'Ann' }));
      const once = await changes(second.directory, { since: first.at, until: second.at });
      expect(await changes(under.open(), { since: first.at, until: second.at })).toEqual(once);
    });

    test('soft-deleted and blocked are states, not absence', async () => {
      const { directory } = await read(
        changed('u1', { deletedDateTime: '2026-01-01T00:00:00Z', accountEnabled: false }),
      );
      const found = await directory.objects(['u1', 'u2']);
      expect(found.get('u1')).toMatchObject({ softDeleted: true, accountEnabled: false });
      expect(found.get('u2')).toMatchObject({ softDeleted: false, accountEnabled: true });
    });

    test('managers by id and by name become ids', async () => {
      const { directory } = await read(content);
      const found = await directory.objects(['u1', 'u2', 'u3', 'nobody']);
      expect([...found.values()].map(({ manager }) => manager)).toEqual(['u3', 'u1', undefined]);
      expect(found.get('u2')?.attributes.manager).toBe('u1');
    });

    test('finds by id, userPrincipalName, mail and display name, case aside', async () => {
      const { directory } = await read(content);
      for (const reference of ['u3', 'CY@contoso.com', 'cyrus@contoso.com', 'cy'])
        expect((await directory.find(reference)).map(({ id }) => id)).toEqual(['u3']);
      expect(await directory.find('nobody')).toEqual([]);
    });

    test('counts users and groups', async () => {
      const { directory } = await read(content);
      expect(await directory.count()).toEqual({ User: 3, Group: abilities.groups ? 2 : 0 });
    });

    if (!abilities.groups) return;
    describe('groups', () => {
      test('members by id and by name, groups among them', async () => {
        const { directory } = await read(content);
        const found = await directory.objects(['g1', 'g2']);
        expect(found.get('g1')?.members).toEqual([
          { id: 'u2', type: 'User' },
          { id: 'u3', type: 'User' },
        ]);
        expect(found.get('g2')?.members).toEqual([
          { id: 'g1', type: 'Group' },
          { id: 'u1', type: 'User' },
        ]);
      });

      test('assignments reach the immediate members of a group and nobody further', async () => {
        const { directory } = await read(content);
        const found = await directory.objects(['u1', 'u2', 'g1', 'g2']);
        expect(found.get('u1')?.assignments).toMatchObject([{ role: 'Default Access' }]);
        expect(found.get('u2')?.assignments).toMatchObject([{ role: 'User', throughGroup: 'Sales' }]);
        expect(found.get('g1')?.assignments).toMatchObject([{ role: 'User' }]);
        expect(found.get('g2')?.assignments).toEqual([]);
      });

      test('a changed membership is a change of the group, and of who is assigned through it', async () => {
        const first = await read(content);
        const groups = content.groups.map((group) => (group.id === 'g1' ? { ...group, members: ['u2'] } : group));
        const { directory, at } = await read({ ...content, groups });
        const found = await changes(directory, { since: first.at, until: at });
        expect(found.map(idOf)).toEqual(['u3', 'g1']);
      });

      test('a renamed group does not change its members', async () => {
        const first = await read({ ...content, assignments: [{ group: 'g1' }] });
        const groups = content.groups.map((group) => (group.id === 'g1' ? { ...group, displayName: 'S' } : group));
        const { directory, at } = await read({
          ...content,
          groups: groups.slice(0, 1),
          assignments: [{ group: 'g1' }],
        });
        const found = await changes(directory, { since: first.at, until: at });
        expect(found.map(idOf)).toEqual(['g1', 'g2']);
      });
    });
  });
}
