/**
 * Two jobs of one application share the memory behind its change feed, and so do a process and the one that took over from it.
 * The file may be written between their looks: whoever is overtaken looks again, and nobody misses or dreams up a change.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { idOf } from '../../../engine/model/source-object.ts';
import type { Directory, FeedStore, Store } from '../../../engine/ports.ts';
import { openDirectory } from '../../../engine/source/index.ts';
import { openStore } from '../../../engine/store/index.ts';

const signal = new AbortController().signal;
let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
  store = await openStore('memory');
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const open = (feeds: FeedStore = store): Directory =>
  openDirectory(
    { type: 'file', path: join(folder, 'd.json'), mayBeEmpty: false },
    { application: 'app', needsAssignments: false, feeds },
  );

type Person = { readonly id: string; readonly displayName: string };

const write = (...users: readonly Person[]): Promise<void> =>
  writeFile(join(folder, 'd.json'), JSON.stringify({ users, applications: [{ name: 'app' }] }));

const person = (id: string, displayName = id): Person => ({ id, displayName });

/** What is handed out, as `id name` and `-id`, and the position after it. */
async function look(directory: Directory, since: string): Promise<{ at: string; changes: readonly string[] }> {
  const until = await directory.refresh(signal);
  const changes: string[] = [];
  for await (const page of directory.changes({ since, until, pageSize: 100 }))
    for (const change of page.changes)
      changes.push(
        change.kind === 'present' ? `${change.object.id} ${change.object.attributes.displayName}` : `-${idOf(change)}`,
      );
  return { at: until, changes };
}

/** The store, with `meanwhile` happening once: just before `method` answers. */
function overtaken(method: 'feedEntries' | 'feedChanges' | 'feedState', meanwhile: () => Promise<void>): FeedStore {
  let first = true;
  const answer = store[method] as (...values: unknown[]) => Promise<unknown>;
  return {
    ...store,
    [method]: async (...values: unknown[]) => {
      const found = await answer(...values);
      if (first) {
        first = false;
        await meanwhile();
      }
      return found;
    },
  };
}

test('overtaken while it compares: it looks again, and each sees each change', async () => {
  await write(person('u1'), person('u2'), person('u3'));
  const start = await open().refresh(signal);
  // For a moment u3 is not in the file.
  await write(person('u1', 'new'), person('u2'));
  let other: Awaited<ReturnType<typeof look>> | undefined;
  const feeds = overtaken('feedEntries', async () => {
    await write(person('u1'), person('u2', 'new'), person('u3'));
    other = await look(open(), start);
  });
  const mine = await look(open(feeds), start);
  expect(other?.changes).toEqual(['u2 new']);
  expect(mine.changes).toEqual(['u2 new']);
  await write(person('u1', 'new'), person('u2', 'new'), person('u3'));
  expect((await look(open(), mine.at)).changes).toEqual(['u1 new']);
  expect((await look(open(), other?.at ?? '')).changes).toEqual(['u1 new']);
});

test('overtaken at the very first look', async () => {
  await write(person('u1'));
  const feeds = overtaken('feedState', async () => {
    await write(person('u1'), person('u2'));
    await open().refresh(signal);
  });
  const mine = await look(open(feeds), '0');
  expect(mine.changes).toEqual(['u1 u1', 'u2 u2']);
  expect((await look(open(), mine.at)).changes).toEqual([]);
});

test('what another job noticed of an object meanwhile is not forgotten when this one passes it by', async () => {
  await write(person('u1'), person('u2'));
  const start = await open().refresh(signal);
  await write(person('u1', 'new'), person('u2'));
  const noticed = await open().refresh(signal);
  // A reader that sees u1 twice in the file cannot say what it is like.
  await write(person('u1', 'new'), person('u1', 'newer'), person('u2'));
  const feeds = overtaken('feedChanges', async () => {
    await write(person('u1', 'newest'), person('u2'));
    expect((await look(open(), noticed)).changes).toEqual(['u1 newest']);
  });
  const reader = open(feeds);
  expect((await look(reader, start)).changes).toEqual([]);
  expect((await look(open(), noticed)).changes).toEqual(['u1 newest']);
  expect((await look(open(), await open().refresh(signal))).changes).toEqual([]);
});
