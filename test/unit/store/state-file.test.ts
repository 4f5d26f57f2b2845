/** The state file: all or nothing, never silently started over, copies that do not touch it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Link } from '../../../engine/model/link.ts';
import type { ProvisioningLogRecord } from '../../../engine/model/provisioning-log.ts';
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

/** A record with a value in every field. */
function record(id: string): ProvisioningLogRecord {
  return {
    id,
    activityDateTime: NOW,
    tenantId: 'tenant',
    jobId: 'j',
    cycleId: 'c1',
    changeId: `change-${id}`,
    provisioningAction: 'create',
    durationInMilliseconds: 7,
    initiatedBy: { id: '', displayName: 'service', initiatorType: 'system' },
    servicePrincipal: { id: 'sp', displayName: 'app' },
    sourceSystem: { id: 's', displayName: 'directory', details: { region: 'here' } },
    targetSystem: { id: 't', displayName: 'app', details: { ApplicationId: 'a' } },
    sourceIdentity: {
      id: 'u1',
      displayName: 'Ada',
      identityType: 'User',
      details: { UserPrincipalName: 'ada@x.example' },
    },
    targetIdentity: { id: 't1', displayName: '', identityType: 'urn:user', details: {} },
    provisioningStatusInfo: {
      status: 'failure',
      errorInformation: {
        errorCode: 'Code',
        reason: 'because',
        errorCategory: 'failure',
        recommendedAction: null,
        additionalDetails: 'more',
      },
    },
    provisioningSteps: [
      {
        name: 'EntryImportAdd',
        provisioningStepType: 'import',
        status: 'success',
        description: 'd',
        details: { a: 'b' },
      },
    ],
    modifiedProperties: [{ displayName: 'userName', oldValue: null, newValue: 'ada@x.example' }],
  };
}

/** The statement that kept a record before there were frames. */
function oldRow(jobId: string, cycleId: string, one: ProvisioningLogRecord): string {
  const values = [jobId, cycleId, NOW, 'u1', 't1', 'ada', 'ada@x.example', 'failure', 'create', JSON.stringify(one)];
  const texts = values.map((value) => `'${value}'`).join(', ');
  return `insert into log_records (job_id, cycle_id, activity, source_id, target_id, display_name, principal_name, status, action, record) values (${texts})`;
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
    await first.commitFeed('feed', { sequence: 3, fingerprint: 'f', objects: 1, problems: [], revision: 0 }, []);
    await first.close();
    const database = new DatabaseSync(path);
    for (const statement of [
      'drop table leases',
      'drop table audits',
      'drop table managed_jobs',
      'drop table log_records',
      'drop table log_frames',
      'create table log_records (position integer primary key autoincrement, job_id text not null, cycle_id text not null, activity text not null, source_id text not null, target_id text not null, display_name text not null, principal_name text not null, status text not null, action text not null, record text not null)',
      'create index log_records_cycle on log_records (job_id, cycle_id)',
      'create index log_records_source on log_records (source_id)',
      ...[oldRow('j', 'c1', record('r1')), oldRow('j', 'c2', record('r2')), oldRow('other', 'c3', record('r3'))],
      'drop index memberships_target',
      'alter table memberships drop column uncertain',
      'alter table feeds drop column problems',
      'alter table feeds drop column revision',
      "update meta set value = '1' where key = 'version'",
    ])
      database.exec(statement);
    database.close();
    const store = await openStore(path);
    expect((await store.countLinks('j')).User).toBe(1);
    expect([...(await store.membersOf('j', 'g')).held]).toEqual(['a']);
    expect(await store.feedState('feed')).toMatchObject({ sequence: 3, problems: [] });
    expect((await store.logs({ jobId: 'j' })).map((row) => row.record)).toEqual([record('r1'), record('r2')]);
    const fresh = { ...record('r4'), jobId: 'j', cycleId: 'c2' };
    await store.commit('j', [{ kind: 'log', record: fresh }]);
    expect((await store.logs({ cycleId: 'c2' })).map((row) => row.record)).toEqual([record('r2'), fresh]);
    await store.close();
  });
});

describe('what state format 4 spelled out is read as it was kept', () => {
  const steps = [['EntryImportAdd', 'import', 'success', 'd', { a: 'b' }]];
  const properties = [['userName', null, 'ada@x.example']];
  test.each([
    ['a list for each step and property', steps, properties],
    ['flat', steps.flat(), properties.flat()],
  ])('%s', async (_form, keptSteps, keptProperties) => {
    const expected = record('r1');
    const first = await openStore(path);
    await first.commit('j', [
      { kind: 'link', link: { ...link('u1'), held: { userName: 'ada', active: true } } },
      { kind: 'log', record: expected },
    ]);
    await first.close();
    const database = new DatabaseSync(path);
    const identity = ['Ada', 'User', { UserPrincipalName: 'ada@x.example' }];
    const { errorInformation } = expected.provisioningStatusInfo;
    const kept = ['r1', 'change-r1', 7, identity, ['', 'urn:user', {}], errorInformation, keptSteps, keptProperties];
    database.prepare('update log_records set record = ?').run(JSON.stringify(kept));
    database.prepare('update links set held = ?').run('{"userName":"ada","active":true}');
    database.exec('alter table feeds drop column problems');
    database.exec('alter table feeds drop column revision');
    database.prepare("update meta set value = '4' where key = 'version'").run();
    database.close();
    const store = await openStore(path);
    expect((await store.logs({})).map((row) => row.record)).toEqual([expected]);
    expect((await store.linksOf('j', ['u1'])).get('u1')?.held).toEqual({ userName: 'ada', active: true });
    await store.close();
  });
});

describe('log records come back as they were committed', () => {
  test('whether they share what stands for the whole cycle or not', async () => {
    const store = await openStore(path);
    const one = record('r1');
    const alike = { ...one, id: 'r2', changeId: 'x2' };
    const renamed = { ...one, id: 'r3', servicePrincipal: { id: 'sp', displayName: 'renamed' } };
    const other = { ...one, id: 'r4', jobId: 'k', cycleId: 'c9' };
    const records = [one, alike, renamed, other, { ...one, id: 'r5' }];
    await store.commit(
      'j',
      records.map((each) => ({ kind: 'log', record: each })),
    );
    expect((await store.logs({})).map((row) => row.record)).toEqual(records);
    expect((await store.logs({ jobId: 'k', cycleId: 'c9' })).map((row) => row.record)).toEqual([other]);
    await store.close();
  });

  test('those that are pruned leave nothing behind', async () => {
    const store = await openStore(path);
    const later = { ...record('r2'), cycleId: 'c2', activityDateTime: '2026-02-01T00:00:00.000Z' };
    await store.commit('j', [
      { kind: 'log', record: record('r1') },
      { kind: 'log', record: later },
    ]);
    expect(await store.prune('2026-01-15T00:00:00.000Z')).toBe(1);
    expect((await store.logs({})).map((row) => row.record)).toEqual([later]);
    await store.close();
    const database = new DatabaseSync(path);
    expect(database.prepare('select cycle_id from log_frames').all()).toEqual([{ cycle_id: 'c2' }]);
    database.close();
  });
});

test('a commit that the disk refuses is told with a remedy, and nothing of it is kept', async () => {
  const store = await openStore(path);
  await store.commit('j', [{ kind: 'link', link: link('u1') }]);
  const database = new DatabaseSync(path);
  database.exec(
    "create trigger full before insert on audits begin select raise(abort, 'database or disk is full'); end",
  );
  database.close();
  const record = { at: NOW, jobId: 'j', activity: 'Quarantine', detail: 'too many errors' } as const;
  const refused = store.commit('j', [
    { kind: 'link', link: link('u2') },
    { kind: 'audit', record },
  ]);
  await expect(refused).rejects.toMatchObject({
    code: 'state-unwritable',
    message: expect.stringContaining('disk is full'),
    remedy: expect.stringContaining('free disk space'),
  });
  expect((await store.countLinks('j')).User).toBe(1);
  await store.close();
});

describe('a disk that fills up while a cycle runs', () => {
  test('the cycle stops; nothing is created twice afterwards', async () => {
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
    // The page that the disk refused, and what was on its way just then; no further write is begun.
    const sent = world.app.state.users().length;
    expect(sent).toBeGreaterThanOrEqual(100);
    expect(sent).toBeLessThan(200);
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
