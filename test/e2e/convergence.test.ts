/**
 * Model-based: whatever happens to directory and target, once faults stop and retries are due the target holds what the
 * directory says. SCIMULATE_SEQUENCES sets how many sequences are tried (`npm run chaos` tries 10,000), SCIMULATE_SEED which ones.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { composeEngine } from '../../engine/compose.ts';
import { loadConfiguration } from '../../engine/config/load-config.ts';
import { countingIds } from '../../engine/host/ids.ts';
import { virtualClock } from '../../engine/host/virtual-clock.ts';
import { addMilliseconds, DAY, HOUR } from '../../engine/model/instant.ts';
import { openStore } from '../../engine/store/index.ts';
import { withControlSurface } from '../../fixtures/targets/control-surface.ts';
import type { Fault } from '../../fixtures/targets/faults.ts';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import {
  anyUser,
  change,
  type DirectoryEvent,
  directoryEvent,
  directoryOf,
  isTaken,
  type Model,
  newModel,
  type Spoiling,
  titleOf,
  USERS,
  type User,
} from '../support/chaos/directory-model.ts';
import { isInScope, PLAIN_SETTINGS } from '../support/chaos/settings.ts';

const SEQUENCES = Number(process.env.SCIMULATE_SEQUENCES ?? 500);
const START = '2026-01-01T00:00:00.000Z';
const TOKEN = 'chaos';

type Event =
  | DirectoryEvent
  | { readonly do: 'restart' }
  | { readonly do: 'spoil'; readonly user: User; readonly how: Spoiling }
  | { readonly do: 'fault'; readonly method: string; readonly times: number; readonly fault: Fault }
  | { readonly do: 'cycle' };

const folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const directoryPath = join(folder, 'directory.json');

await writeFile(directoryPath, '{}');
await writeFile(
  join(folder, 'config.yaml'),
  JSON.stringify({
    tenantId: '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b',
    store: 'memory',
    directory: { type: 'file', path: directoryPath },
    jobs: [
      {
        name: 'app',
        mappings: resolve('mappings/scim.yaml'),
        // Entra forgets late members; what this test is after is everything else.
        fidelity: 'sane',
        schedule: { interval: 'PT6H' },
        deletions: { guard: false },
        target: { url: 'https://app.invalid/scim', auth: { type: 'bearer', token: '${env:T}' } },
      },
    ],
  }),
);
const { configuration } = await loadConfiguration(join(folder, 'config.yaml'), { T: TOKEN });

const times = fc.integer({ min: 1, max: 3 });
const method = fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE');
const fault = fc.constantFrom<Fault>(
  { kind: 'status', status: 400 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 429, headers: { 'retry-after': '5' } },
  { kind: 'drop' },
  { kind: 'broken-json' },
  { kind: 'commit-then-fail', status: 500 },
);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Event>({ do: 'cycle' }) },
  { weight: 14, arbitrary: directoryEvent },
  { weight: 1, arbitrary: fc.constant<Event>({ do: 'restart' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('spoil'),
      user: anyUser,
      how: fc.constantFrom<Spoiling>('wrong value', 'no id', 'id twice'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fault'), method, times, fault }) },
);

async function play(events: readonly Event[]): Promise<void> {
  if (configuration === undefined) throw new Error('the configuration has errors');
  const clock = virtualClock(START);
  const store = await openStore('memory');
  const app = createScimApp({ token: TOKEN });
  const target = withControlSurface(app);
  const engine = composeEngine(configuration, store, { clock, ids: countingIds(), fetch: target.handle });
  const model = newModel();
  const spoilt = new Map<User, Spoiling>();
  let written = '';
  const cycle = async () => {
    const text = directoryOf(model, spoilt);
    spoilt.clear();
    if (text !== written) await writeFile(directoryPath, text);
    written = text;
    clock.moveTo(addMilliseconds(clock.now(), 6 * HOUR));
    if (await engine.isDue('app')) await engine.sync('app');
  };
  const waits = async () => {
    const { record, escrows, stagedDeprovisions } = await engine.status('app');
    return record?.status !== 'Active' || escrows.objects + escrows.references + stagedDeprovisions > 0;
  };
  try {
    for (const one of events) {
      if (one.do === 'cycle') await cycle();
      else if (one.do === 'restart') await engine.restart('app');
      else if (one.do === 'spoil') spoilt.set(one.user, one.how);
      else if (one.do === 'fault') target.inject({ match: { method: one.method }, times: one.times, fault: one.fault });
      else change(model, one);
    }
    if (spoilt.size > 0) await cycle();
    target.clearFaults();
    // Until nothing waits and a cycle was quiet: at the longest any step of the escrow and quarantine ladders these few
    // cycles can have climbed. A reference to somebody found at the end of one cycle is written in the next.
    const latest = addMilliseconds(clock.now(), 3 * DAY);
    let writes = 0;
    do {
      const before = app.requests.length;
      await cycle();
      writes = app.requests.slice(before).filter(({ method: verb }) => verb !== 'GET').length;
    } while (clock.now() < latest && (writes > 0 || (await waits())));
    check(model, app);
    expect(writes).toBe(0);
  } finally {
    await engine.close();
  }
}

function check(model: Model, app: ReturnType<typeof createScimApp>): void {
  const accounts = app.state.users();
  const accountsOf = (id: User) =>
    accounts.filter(({ userName }) => userName === `${model.users[id].name}@contoso.com`);
  for (const id of USERS.filter((one) => model.users[one].present || !isTaken(model, model.users[one].name))) {
    const found = accountsOf(id);
    expect(found.length, `accounts of ${id}`).toBeLessThanOrEqual(1);
    if (isInScope(model, id, PLAIN_SETTINGS))
      expect(found[0], `account of ${id}`).toMatchObject({ active: true, title: titleOf(model, id) });
    else if (found.length > 0) expect(found[0]?.active, `active of ${id}`).toBe(false);
  }
  if (!model.groupAssigned) return;
  // Who is out of scope keeps the name the account had, and the memberships.
  const inScope = USERS.filter((id) => isInScope(model, id, PLAIN_SETTINGS));
  const known = new Set(inScope.flatMap(accountsOf).map(({ id }) => id));
  const wanted = inScope.flatMap((id) => (model.members.has(id) ? accountsOf(id).map((account) => account.id) : []));
  const { members } = app.state.groups()[0] ?? {};
  const held = (Array.isArray(members) ? members : []).map((member) => (member as { value: string }).value);
  expect(held.filter((id) => known.has(id)).sort(), 'members of Staff').toEqual(wanted.sort());
}

test(`the target converges after ${SEQUENCES} sequences of changes and faults`, { timeout: 1_800_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 14 }), play), {
    numRuns: SEQUENCES,
    seed: Number(process.env.SCIMULATE_SEED ?? 20_260_101),
    endOnFailure: SEQUENCES > 500,
  });
});
