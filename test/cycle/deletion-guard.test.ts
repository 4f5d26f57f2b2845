/** Accidental-deletion prevention (cycle.md 7, D-18), and what befalls a source: nobody is disabled or deleted by accident. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { composePorts } from '../../engine/compose.ts';
import { loadConfiguration } from '../../engine/config/load-config.ts';
import { Engine } from '../../engine/engine.ts';
import { EngineError } from '../../engine/model/engine-error.ts';
import type { Directory } from '../../engine/ports.ts';
import { openStore } from '../../engine/store/index.ts';
import { afterAccident } from '../../fixtures/directories/accidents.ts';
import { runAs } from '../support/cli.ts';
import { aUser, type CycleTrace, everyone, openWorld, TOKEN, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const TWENTY = Array.from({ length: 20 }, (_, index) => aUser(`u${String(index).padStart(2, '0')}`));
const staff = { id: 'g1', displayName: 'Staff', securityEnabled: true, members: ['u18', 'u19'] };
const people = () => structuredClone(everyone(TWENTY, [staff]));

const writesOf = (trace: CycleTrace) => trace.requests.filter(({ method }) => method !== 'GET');
const active = () => world.app.state.users().filter((user) => user.active === true).length;
const assignments = () => world.directory.applications[0]?.assignments ?? [];

describe('accidents of the source lead to zero disables and deletes', () => {
  const file = () => join(world.folder, 'directory.json');

  test.each<[string, (text: string) => string | undefined]>([
    ['1 it returns nothing', (text) => afterAccident(text, 'empty')],
    ['2 it returns half', (text) => afterAccident(text, 'half')],
    ['3 it breaks off in the middle', (text) => afterAccident(text, 'truncated')],
    ['4 it is gone', () => undefined],
    ['5 it returns objects without their ids', (text) => text.replaceAll(/"id": "u1[0-7]",/g, '')],
  ])('%s', async (_name, accident) => {
    world = await openWorld({ directory: people(), job: { deletions: { percent: 30 } } });
    await world.cycle();
    const text = await readFile(file(), 'utf8');
    const broken = accident(text);
    if (broken === undefined) await rm(file());
    else await writeFile(file(), broken);
    const before = world.app.requests.length;
    await world.engine().sync('app');
    expect(world.app.requests.slice(before).filter(({ method }) => method !== 'GET')).toEqual([]);
    await writeFile(file(), text);
    await world.engine().restart('app');
    const mended = await world.engine().sync('app');
    expect(mended.cycle.counts).toMatchObject({ disabled: 0, deleted: 0, failed: 0 });
    expect(mended.job).toMatchObject({ status: 'Active' });
    expect(active()).toBe(20);
    expect(world.app.state.groups()).toHaveLength(1);
  });

  test('an error after the first page: what the page had staged is not carried out, neither then nor later', async () => {
    const many = Array.from({ length: 150 }, (_, index) => aUser(`u${String(index).padStart(3, '0')}`));
    world = await openWorld({ directory: everyone([...many]) });
    await world.cycle();
    const { configuration } = await loadConfiguration(world.configPath, { SCIM_TOKEN: TOKEN });
    if (configuration === undefined) throw new Error('the configuration has errors');
    const store = await openStore(join(world.folder, 'state.db'));
    const ports = composePorts(configuration, store, { env: { SCIM_TOKEN: TOKEN }, clock: world.clock });
    const brokenOff = (directory: Directory): Directory => ({
      ...directory,
      changes: async function* (range) {
        for await (const page of directory.changes(range)) {
          yield page;
          throw new EngineError('page 2: connection reset', { category: 'job', code: 'DirectoryUnreadable' });
        }
      },
    });
    const jobs = ports.jobs.map((job) => ({
      ...job,
      openDirectory: async (feeds: typeof store) => brokenOff(await job.openDirectory(feeds)),
    }));
    world.directory.users.splice(0, 120);
    await world.save();
    const failed = await new Engine({ ...ports, jobs }).sync('app');
    await store.close();
    expect(failed.error?.code).toBe('DirectoryUnreadable');
    expect(failed.job).toMatchObject({ status: 'Active', watermark: expect.any(String) });
    expect(active()).toBe(150);
    world.directory.users.unshift(...many.slice(0, 120));
    expect(writesOf(await world.cycle())).toEqual([]);
    expect(active()).toBe(150);
  });
});

describe('the guard', () => {
  test('per cent of the linked users, or of the groups, besides the threshold; two leavers are never an accident', async () => {
    world = await openWorld({ directory: people(), job: { deletions: { percent: 20 } } });
    await world.cycle();
    assignments().splice(0, 2);
    expect((await world.cycle()).cycle.counts.disabled).toBe(2);
    assignments().splice(0, 5);
    const { job, cycle } = await world.cycle();
    expect(cycle.counts.disabled).toBe(0);
    expect(job.quarantine?.error.message).toContain(
      '5 of 20 linked users would be disabled or deleted, more than 20 %',
    );
  });

  test('trigger gte trips when the threshold is reached', async () => {
    world = await openWorld({ directory: people(), job: { deletions: { threshold: 2, trigger: 'gte' } } });
    await world.cycle();
    assignments().splice(0, 2);
    expect((await world.cycle()).job.quarantine?.reason).toBe('TooManyDeletes');
  });

  test('7.4 leaving a group is no deprovision', async () => {
    world = await openWorld({ directory: people(), job: { deletions: { threshold: 0 } } });
    await world.cycle();
    Object.assign(world.directory.groups[0] ?? {}, { members: [] });
    const trace = await world.cycle();
    expect(writesOf(trace)).toHaveLength(1);
    expect(trace.job.status).toBe('Active');
  });

  test('D-18 allowed deprovisions are carried out for those who still leave, not for who came back meanwhile', async () => {
    world = await openWorld({ directory: people(), job: { deletions: { threshold: 2 } } });
    await world.cycle();
    const [returning] = assignments().splice(0, 4);
    expect((await world.cycle()).job.quarantine?.reason).toBe('TooManyDeletes');
    if (returning !== undefined) assignments().push(returning);
    await world.engine().restart('app', ['ForceDeletes']);
    const { cycle, job } = await world.cycle();
    expect(cycle.counts.disabled).toBe(3);
    expect(job).toMatchObject({ status: 'Active' });
    expect(job.forceDeletes).toBeUndefined();
    expect(world.app.state.users().find(({ userName }) => userName === 'u00@contoso.com')?.active).toBe(true);
    expect((await world.engine().status('app')).stagedDeprovisions).toBe(0);
  });

  test('7.11 what is left after a partial undo stays held, however few, until somebody decides', async () => {
    world = await openWorld({ directory: people(), job: { deletions: { threshold: 2 } } });
    await world.cycle();
    const [returning] = assignments().splice(0, 3);
    expect((await world.cycle()).job.quarantine?.reason).toBe('TooManyDeletes');
    if (returning !== undefined) assignments().push(returning);
    for (const left of [2, 3]) {
      const trace = await world.cycle();
      expect(writesOf(trace)).toEqual([]);
      expect(trace.job.quarantine?.error.message).toContain(`${left} objects are still held back`);
      expect((await world.engine().status('app')).stagedDeprovisions).toBe(left);
      // Another leaver waits as well.
      assignments().splice(0, 1);
    }
    expect(active()).toBe(20);
    await world.engine().restart('app');
    assignments().splice(0, 0, { user: 'u03', role: 'User' }, { user: 'u04', role: 'User' });
    const { cycle, job } = await world.cycle();
    expect(cycle.counts.disabled).toBe(2);
    expect(job).toMatchObject({ status: 'Active' });
  });

  test('when everybody is back, the quarantine ends by itself', async () => {
    world = await openWorld({ directory: people(), job: { deletions: { threshold: 2 } } });
    await world.cycle();
    const gone = assignments().splice(0, 3);
    await world.cycle();
    assignments().push(...gone);
    expect((await world.cycle()).job).toMatchObject({ status: 'Active' });
    expect(active()).toBe(20);
  });

  test('what was held is not carried out when the job leaves out-of-scope objects alone meanwhile', async () => {
    world = await openWorld({ directory: people(), job: { deletions: { threshold: 2 } } });
    await world.cycle();
    assignments().splice(0, 4);
    await world.cycle();
    const text = await readFile(world.configPath, 'utf8');
    await writeFile(world.configPath, text.replace('"threshold": 2', '"threshold": 2, "skipOutOfScope": true'));
    await world.reopen();
    await world.engine().restart('app', ['ForceDeletes']);
    expect((await world.cycle()).cycle.counts.disabled).toBe(0);
    expect(active()).toBe(20);
  });

  test('held is exit code 5; --allow-deletions lets so many through once', async () => {
    world = await openWorld({ directory: people(), job: { deletions: { threshold: 1 } } });
    await world.cycle();
    assignments().splice(0, 3);
    await world.save();
    const sync = (...more: string[]) => runAs(['sync', ...more], { cwd: world.folder });
    const held = await sync();
    expect(held.code).toBe(5);
    expect(held.out).toContain('3 objects would be disabled or deleted, more than the threshold of 1');
    expect(held.out).toContain('scimulate restart --reset ForceDeletes');
    expect((await sync('--allow-deletions', '2')).code).toBe(5);
    expect(active()).toBe(20);
    world.inject({ times: 1, fault: { kind: 'status', status: 401 } });
    expect((await sync()).code).toBe(4);
    const allowed = await sync('--allow-deletions', '3');
    expect(allowed.code).toBe(0);
    expect(active()).toBe(17);
    assignments().splice(0, 2);
    await world.save();
    expect((await sync()).code).toBe(5);
  });
});
