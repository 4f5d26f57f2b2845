/** The state file: all or nothing, never silently started over, copies that do not touch it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Link } from '../../../engine/model/link.ts';
import { openStore } from '../../../engine/store/index.ts';
import { aUser, everyone, openWorld } from '../../support/world.ts';

const NOW = '2026-01-01T00:00:00.000Z';
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
  path = join(folder, 'state.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

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

describe('a file that cannot be used is an error with a remedy, and stays as it is', () => {
  const unusable = { category: 'configuration', remedy: expect.stringContaining('another file under "store"') };

  test('not a database', async () => {
    await writeFile(path, 'hello, this is no database at all '.repeat(100));
    await expect(openStore(path)).rejects.toMatchObject({ ...unusable, code: 'state-unusable' });
    expect(await readFile(path, 'utf8')).toContain('no database');
  });

  test('damaged in the middle', async () => {
    const store = await openStore(path);
    await store.commit(
      'j',
      Array.from({ length: 2000 }, (_, index) => ({ kind: 'link' as const, link: link(`u${index}`) })),
    );
    await store.close();
    const database = new DatabaseSync(path);
    database.exec('pragma wal_checkpoint(truncate)');
    database.close();
    const bytes = await readFile(path);
    bytes.fill(0x5a, 4096 * 40, bytes.length);
    await writeFile(path, bytes);
    const read = async () => {
      const opened = await openStore(path);
      await opened.links('j', undefined, 5000).finally(() => opened.close());
    };
    await expect(read()).rejects.toMatchObject({ code: 'state-damaged', remedy: expect.stringContaining('backup') });
  });

  test('of a newer version', async () => {
    await (await openStore(path)).close();
    const database = new DatabaseSync(path);
    database.exec("update meta set value = '999' where key = 'version'");
    database.close();
    await expect(openStore(path)).rejects.toMatchObject({ ...unusable, code: 'newer-state' });
  });

  test('of an older version is brought up to date with everything in it', async () => {
    const first = await openStore(path);
    await first.commit('j', [
      { kind: 'link', link: link('u1') },
      { kind: 'members', groupId: 'g', added: ['a'], removed: [] },
    ]);
    await first.close();
    const database = new DatabaseSync(path);
    for (const statement of [
      'drop table leases',
      'drop table audits',
      'drop table managed_jobs',
      'drop index log_records_activity',
      'drop index memberships_target',
      'alter table memberships drop column uncertain',
      "update meta set value = '1' where key = 'version'",
    ])
      database.exec(statement);
    database.close();
    const store = await openStore(path);
    expect((await store.countLinks('j')).User).toBe(1);
    expect([...(await store.membersOf('j', 'g')).held]).toEqual(['a']);
    await store.close();
  });
});

describe('a disk that fills up while a cycle runs', () => {
  test('the cycle stops before its next write to the target; nothing is created twice afterwards', async () => {
    const users = Array.from({ length: 200 }, (_, index) => aUser(`u${String(index).padStart(3, '0')}`));
    const world = await openWorld({ directory: everyone(users) });
    await world.save();
    await world.reopen();
    const full = await openStore(join(world.folder, 'state.db'));
    await full.close();
    // The limit makes SQLite say "database or disk is full" once the file would grow.
    const database = new DatabaseSync(join(world.folder, 'state.db'));
    database.exec(
      "create trigger full_disk before insert on links when (select count(*) from links) > 40 begin select raise(abort, 'database or disk is full'); end",
    );
    database.close();
    await expect(world.engine().sync('app')).rejects.toMatchObject({
      code: 'state-unwritable',
      remedy: expect.stringContaining('free disk space'),
    });
    // The page that was under way when the disk refused; no further write is begun.
    expect(world.app.state.users()).toHaveLength(100);
    // It is not the target's fault: no quarantine.
    expect((await world.engine().status('app')).record).toMatchObject({ status: 'NotRun' });
    const again = new DatabaseSync(join(world.folder, 'state.db'));
    again.exec('drop trigger full_disk');
    again.close();
    const result = await world.cycle();
    expect(result.error).toBeUndefined();
    expect(world.app.state.users()).toHaveLength(200);
    await world.close();
  });
});
