/**
 * The daemon as processes: two on one state run every cycle once, a killed leader is replaced, a stop is clean,
 * a changed file takes effect, a broken one does not (issue: the whole cycle in time).
 * SCIMULATE_DAEMON_SECONDS sets how long the two run side by side (`npm run chaos` lets them run for a minute).
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { openStore } from '../../engine/store/index.ts';
import { withControlSurface } from '../../fixtures/targets/control-surface.ts';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { serveApp } from '../../fixtures/targets/serve-app.ts';
import { runCli } from '../support/cli.ts';
import { type Daemon, startDaemon } from '../support/daemon.ts';
import { aUser, everyone } from '../support/world.ts';

const SIDE_BY_SIDE_MS = Number(process.env.SCIMULATE_DAEMON_SECONDS ?? 4) * 1000;
const LEASE_S = 2;

type Site = {
  readonly folder: string;
  readonly app: ReturnType<typeof createScimApp>;
  readonly inject: ReturnType<typeof withControlSurface>['inject'];
  readonly start: () => Daemon;
  /** Polls until `condition` holds; the daemons' ticks are real seconds. */
  readonly until: (condition: () => boolean | Promise<boolean>, withinMs?: number) => Promise<void>;
  readonly configure: (intervalS: number) => Promise<void>;
  readonly saveDirectory: (text: string) => Promise<void>;
};

const closers: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

/** A folder with configuration and directory, an application on loopback, and daemons in between. */
async function openSite(options: { readonly listen?: string } = {}): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
  const app = createScimApp({ token: 'test-token' });
  const target = withControlSurface(app);
  const server = await serveApp(target);
  const daemons: Daemon[] = [];
  closers.push(async () => {
    for (const { child } of daemons) child.kill('SIGKILL');
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const site: Site = {
    folder,
    app,
    inject: target.inject,
    start: () => {
      const daemon = startDaemon(folder);
      daemons.push(daemon);
      return daemon;
    },
    until: async (condition, withinMs = 60_000) => {
      const deadline = Date.now() + withinMs;
      while (!(await condition())) {
        if (Date.now() > deadline)
          throw new Error(`it did not happen in time:\n${daemons.map(({ told }) => told()).join('\n')}`);
        await new Promise((next) => setTimeout(next, 25));
      }
    },
    saveDirectory: (text) => writeFile(join(folder, 'directory.json'), text),
    configure: async (intervalS) => {
      const job = {
        name: 'app',
        mappings: resolve('mappings/scim.yaml'),
        schedule: { interval: `PT${intervalS}S` },
        target: { url: `${server.url}/scim`, auth: { type: 'bearer', token: '${env:SCIM_TOKEN}' } },
      };
      const configuration = {
        tenantId: '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b',
        store: './state.db',
        directory: { type: 'file', path: './directory.json' },
        daemon: { listen: options.listen ?? 'off', lease: `PT${LEASE_S}S` },
        jobs: [job],
      };
      await writeFile(join(folder, 'config.yaml'), JSON.stringify(configuration));
    },
  };
  await site.saveDirectory(JSON.stringify(everyone([aUser('u1'), aUser('u2')])));
  await site.configure(1);
  return site;
}

async function cyclesOf({ folder }: Site): Promise<readonly { startedAt: number; ended: boolean }[]> {
  const store = await openStore(join(folder, 'state.db'));
  const [job] = await store.jobs();
  const cycles = job === undefined ? [] : await store.cycles(job.jobId, 1000);
  await store.close();
  return cycles
    .map(({ startedAt, endedAt }) => ({ startedAt: Date.parse(startedAt), ended: endedAt !== undefined }))
    .sort((a, b) => a.startedAt - b.startedAt);
}

/** The daemon that holds the lease: its process id is in the holder's name. */
function leaderOf({ folder }: Site, daemons: readonly Daemon[]): Daemon | undefined {
  const database = new DatabaseSync(join(folder, 'state.db'));
  const row = database.prepare('select holder from leases').get() as { holder?: string } | undefined;
  database.close();
  return daemons.find(({ child }) => row?.holder?.includes(`:${child.pid}:`) === true);
}

describe.concurrent('the daemon', () => {
  test('two on one state run every cycle once; the leader, killed in the middle of a cycle, is replaced within two leases', {
    timeout: 180_000,
  }, async () => {
    const site = await openSite();
    const daemons = [site.start(), site.start()];
    const ran = () => daemons.reduce((sum, daemon) => sum + daemon.cycles(), 0);
    await Promise.all(daemons.map(({ started }) => started));
    await site.until(() => ran() >= 1);
    await new Promise((next) => setTimeout(next, SIDE_BY_SIDE_MS));
    await site.until(() => ran() >= 3);

    // The next cycle hangs at the application; its process dies.
    site.inject({ match: { method: 'GET' }, times: 1, fault: { kind: 'latency', ms: 5_000 } });
    await site.until(async () => (await cyclesOf(site)).at(-1)?.ended === false);
    const leader = leaderOf(site, daemons);
    const heir = daemons.find((daemon) => daemon !== leader);
    expect(leader).toBeDefined();
    leader?.child.kill('SIGKILL');
    await leader?.ended;
    const killedAt = Date.now();
    const before = heir?.cycles() ?? 0;
    await site.until(() => (heir?.cycles() ?? 0) > before);
    heir?.child.kill('SIGTERM');
    expect(await heir?.ended).toBe(0);

    const cycles = await cyclesOf(site);
    const takenOver = cycles.find(({ startedAt }) => startedAt >= killedAt - 50);
    expect((takenOver?.startedAt ?? 0) - killedAt).toBeLessThanOrEqual(2 * LEASE_S * 1000);
    // Every other cycle ended, was told by exactly one daemon, and began an interval after the one before.
    expect(cycles.filter(({ ended }) => !ended)).toHaveLength(1);
    expect(ran()).toBe(cycles.length - 1);
    const gaps = cycles.slice(1).map(({ startedAt }, index) => startedAt - (cycles[index]?.startedAt ?? 0));
    const replayed = cycles.findIndex(({ ended }) => !ended);
    expect(gaps.filter((gap, index) => gap < 1000 && index !== replayed)).toEqual([]);
    expect(site.app.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });

  test('a changed interval and mapping are taken over, a broken file is reported and ignored', async () => {
    const site = await openSite();
    const config = join(site.folder, 'config.yaml');
    await site.configure(3600);
    const daemon = site.start();
    await site.until(() => daemon.cycles() === 1);
    const good = await readFile(config, 'utf8');
    await writeFile(config, '{ jobs: [');
    await site.until(() => daemon.lines().some(({ msg }) => msg === 'configuration not taken over'));
    expect(daemon.lines().find(({ findings }) => findings !== undefined)?.findings).toContain('config.yaml:1');
    await writeFile(config, good.replace('PT3600S', 'PT1S'));
    await site.until(() => daemon.cycles() >= 2);
    const mapping = await readFile('mappings/scim.yaml', 'utf8');
    await writeFile(join(site.folder, 'own.yaml'), mapping.replace('from: jobTitle', 'from: city'));
    await writeFile(config, (await readFile(config, 'utf8')).replace(resolve('mappings/scim.yaml'), './own.yaml'));
    await site.until(() => daemon.lines().filter(({ kind }) => kind === 'initial').length === 2);
    daemon.child.kill('SIGINT');
    expect(await daemon.ended).toBe(0);
  });

  test('a failing cycle does not end it; one-shot commands, health and metrics work beside it', async () => {
    const site = await openSite({ listen: '127.0.0.1:0' });
    await site.saveDirectory('{ broken');
    const daemon = site.start();
    await site.until(() => daemon.lines().some(({ msg }) => msg === 'cycle failed'));
    await site.saveDirectory(JSON.stringify(everyone([aUser('u1')])));
    await site.until(() => daemon.cycles() >= 1);
    const { listen } = daemon.lines().find(({ msg }) => msg === 'daemon started') ?? {};
    const health = (await (await fetch(`${listen}/healthz`)).json()) as { status: string; jobs: object[] };
    expect(health).toMatchObject({ status: 'ok', jobs: [{ name: 'app', status: 'Active', quarantine: null }] });
    const metrics = await (await fetch(`${listen}/metrics`)).text();
    expect(metrics).toContain('scimulate_cycles_total{job="app",kind="initial",state="Succeeded"} 1');
    expect(metrics).toContain('scimulate_objects_total{job="app",action="created"} 1');
    expect((await runCli(['pause'], { cwd: site.folder })).code).toBe(0);
    const status = await runCli(['status', '--json'], { cwd: site.folder });
    const { jobs } = JSON.parse(status.stdout) as { jobs: { record: { scheduleState: string } }[] };
    expect(jobs[0]?.record.scheduleState).toBe('Paused');
    daemon.child.kill('SIGTERM');
    expect(await daemon.ended).toBe(0);
  });

  test('a stop is bounded although a request hangs, and what was begun is found again', async () => {
    const site = await openSite();
    const config = join(site.folder, 'config.yaml');
    await writeFile(config, (await readFile(config, 'utf8')).replace('"lease"', '"shutdown":"PT1S","lease"'));
    site.inject({ match: { method: 'POST' }, times: 1, fault: { kind: 'latency', ms: 60_000 } });
    const daemon = site.start();
    await site.until(() => site.app.state.users().length >= 1);
    const began = Date.now();
    daemon.child.kill('SIGTERM');
    expect(await daemon.ended).toBe(0);
    expect(Date.now() - began).toBeLessThan(15_000);
    expect((await runCli(['sync'], { cwd: site.folder })).code).toBe(0);
    expect(site.app.state.users()).toHaveLength(2);
  });
});
