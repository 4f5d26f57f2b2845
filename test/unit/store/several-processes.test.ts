/** Several processes that open one state file at the same moment: a daemon and its stand-in, a command beside a daemon. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { Kysely } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../engine/store/database.ts';
import { openStore } from '../../../engine/store/index.ts';
import { migrate } from '../../../engine/store/migrations.ts';
import type { Tables } from '../../../engine/store/schema.ts';
import { sqliteDialect } from '../../../engine/store/sqlite-dialect.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
  path = join(folder, 'state.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The database, with `meanwhile` happening between the first look at the version and its answer. */
function overtaken(database: Database, meanwhile: () => Promise<void>): Database {
  let first = true;
  return {
    ...database,
    execute: async (statement) => {
      const result = await database.execute(statement);
      if (first && /^select .*"meta"/.test(statement.sql)) {
        first = false;
        await meanwhile();
      }
      return result;
    },
  };
}

test('one that is overtaken while it looks at the version finds the work done', async () => {
  let overtakings = 0;
  const database = overtaken(openDatabase(path), async () => {
    overtakings += 1;
    await (await openStore(path)).close();
  });
  const db = new Kysely<Tables>({ dialect: sqliteDialect(database) });
  await migrate(db);
  await db.destroy();
  expect(overtakings).toBe(1);
  const store = await openStore(path);
  expect(await store.jobs()).toEqual([]);
  await store.close();
});

test('one that meets a new file in the hands of another process waits for it', async () => {
  const holder = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { DatabaseSync } from '@photostructure/sqlite';
       const database = new DatabaseSync(${JSON.stringify(path)});
       database.exec('begin immediate; create table other (a)');
       console.log('held');
       setTimeout(() => database.exec('commit'), 300);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(holder, 'close');
  await once(holder.stdout, 'data');
  const store = await openStore(path);
  expect(await store.jobs()).toEqual([]);
  await store.close();
  await ended;
  const database = new DatabaseSync(path);
  expect(database.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
  database.close();
});
