/** Plays a wire scenario through the engine: the directory changes, the engine runs, the target answers as recorded. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../../../engine/compose.ts';
import type { Engine } from '../../../engine/engine.ts';
import type { ProvisioningLogRecord } from '../../../engine/model/provisioning-log.ts';
import { CYCLE_INTERVAL_MS, fixedClock } from '../../support/fixed-clock.ts';
import { emptyList, keepingTarget, playingTarget, type Seen, type Target } from './recording-target.ts';
import type { Attributes, Change, Dialect, Given, Step } from './wire-case.ts';

/** What one step really did. */
export type Played = {
  readonly step: Step;
  readonly seen: readonly Seen[];
  readonly outcomes: readonly string[];
  readonly error: string | undefined;
};

/** A random value of Test Connection: the ids of these worlds count. */
const GUID = /00000000-0000-4000-8000-\d{12}/;
const JOB = 'app';
const TENANT_URL = 'https://api.fabrikam.example/scim';

/** Every step of the case in turn. The random values of Test Connection read `{guid}` in what comes back. */
export async function playCase(given: Given, steps: readonly Step[], dialect: Dialect): Promise<readonly Played[]> {
  const folder = await mkdtemp(join(tmpdir(), 'scimulate-wire-'));
  const directory = directoryOf(given);
  const save = () => writeFile(join(folder, 'directory.json'), JSON.stringify(directory));
  const clock = fixedClock();
  const home = new URL(given.url ?? TENANT_URL).origin;
  let ids = 0;
  let target: Target = keepingTarget(given.accounts ?? {});
  let seen: Seen[] = [];
  let showsProbes = false;
  const used = new Set<string>();
  const fresh = new Set<string>();
  const fetch = async (request: Request): Promise<Response> => {
    const { origin, pathname, search } = new URL(request.url);
    const line = `${request.method} ${origin === home ? '' : origin}${pathname}${search}`;
    const guid = GUID.exec(line)?.[0];
    // A repeat asks for the same value; the next test takes another.
    if (guid !== undefined && used.has(guid)) throw new Error(`the random value ${guid} was used in an earlier step`);
    if (guid !== undefined) fresh.add(guid);
    if (guid !== undefined && !showsProbes) return emptyList();
    const one = { request: line.replace(GUID, '{guid}'), headers: request.headers, text: await request.text() };
    seen.push(one);
    return target.answer(one);
  };
  await writeFile(join(folder, 'mapping.yaml'), JSON.stringify(mappingOf(given)));
  await writeFile(join(folder, 'config.yaml'), JSON.stringify(configurationOf(given, dialect)));
  await save();
  const opened = await openEngine(join(folder, 'config.yaml'), {
    env: { SCIM_TOKEN: 'tok-1' },
    clock,
    ids: { next: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}` },
    fetch,
  });
  const { engine } = opened;
  try {
    if (engine === undefined) throw new Error(JSON.stringify(opened.diagnostics, null, 1));
    if (given.accounts !== undefined) await engine.sync(JOB);
    const played: Played[] = [];
    for (const step of steps) {
      change(directory, step.change ?? {});
      await save();
      clock.advance(CYCLE_INTERVAL_MS);
      target = playingTarget(step.exchanges);
      const shown: Seen[] = [];
      seen = shown;
      for (const guid of fresh) used.add(guid);
      showsProbes = step.probes === true;
      played.push({ step, seen: shown, ...(await run(engine, step)) });
    }
    return played;
  } finally {
    await engine?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Log records are read where the step says what they are. */
async function run(engine: Engine, step: Step): Promise<Pick<Played, 'outcomes' | 'error'>> {
  const { run: what = 'cycle', restart, outcomes } = step;
  if (restart === true) await engine.restart(JOB);
  if (what !== 'cycle') {
    if (what === 'discover') await engine.discover(JOB);
    else await engine.provision(JOB, what.slice('provision '.length));
    return { outcomes: [], error: undefined };
  }
  const { cycle } = await engine.sync(JOB);
  const records = outcomes === undefined ? [] : (await engine.logs({})).map(({ record }) => record);
  const own = records.filter(({ cycleId }) => cycleId === cycle.cycleId);
  return { outcomes: own.map(outcomeText).sort(), error: cycle.error?.code };
}

function outcomeText(record: ProvisioningLogRecord): string {
  const { status, errorInformation } = record.provisioningStatusInfo;
  const skipped = record.provisioningSteps.at(-1)?.details.SkipReason;
  const parts = [record.sourceIdentity.id, record.provisioningAction, status, errorInformation?.errorCode ?? skipped];
  return parts.filter((part) => part !== undefined).join(' ');
}

type MutableDirectory = {
  users: Attributes[];
  groups: Attributes[];
  applications: { name: string; roles: readonly unknown[]; assignments: Attributes[] }[];
};

function directoryOf({ users = [], groups = [], roles = ['User'], unassigned = [] }: Given): MutableDirectory {
  const directory: MutableDirectory = {
    users: [...users],
    groups: [...groups],
    applications: [{ name: JOB, roles, assignments: [] }],
  };
  const everyone = [...users, ...groups].map(({ id }) => String(id));
  change(directory, { assign: everyone.filter((id) => !unassigned.includes(id)) });
  return directory;
}

function change(
  directory: MutableDirectory,
  { users = {}, groups = {}, assign = [], unassign = [], purge = [] }: Change,
) {
  const [application] = directory.applications;
  if (application === undefined) throw new Error('no application');
  const isNew = (id: string) => ![...directory.users, ...directory.groups].some((one) => one.id === id);
  const added = [...Object.keys(users), ...Object.keys(groups)].filter(isNew);
  directory.users = overlaid(directory.users, users).filter(({ id }) => !purge.includes(String(id)));
  directory.groups = overlaid(directory.groups, groups).filter(({ id }) => !purge.includes(String(id)));
  const leaving = new Set([...unassign, ...purge]);
  const staying = application.assignments.filter(({ user, group }) => !leaving.has(String(user ?? group)));
  const coming = [...added.filter((id) => !leaving.has(id)), ...assign].map((id) => {
    const type = directory.groups.some((group) => group.id === id) ? 'group' : 'user';
    const [role] = application.roles.map((one) => (typeof one === 'string' ? one : (one as Attributes).displayName));
    return { [type]: id, role };
  });
  application.assignments = [...staying, ...coming];
}

function overlaid(list: readonly Attributes[], changes: Readonly<Record<string, Attributes>>): Attributes[] {
  const known = new Set(list.map(({ id }) => id));
  const added = Object.keys(changes).filter((id) => !known.has(id));
  return [...list, ...added.map((id): Attributes => ({ id }))].map((one) => {
    const laid = Object.entries({ ...one, ...changes[String(one.id)] });
    return Object.fromEntries(laid.filter(([, value]) => value !== null));
  });
}

function mappingOf({ mapping = {} }: Given): unknown {
  if (typeof mapping === 'string') return {};
  const { users, groups, userActions } = mapping;
  const object = (type: 'User' | 'Group', map: readonly Attributes[] | undefined, more: Attributes = {}) =>
    map === undefined ? [] : [{ name: `${type}s`, from: type, to: type, map, ...more }];
  const actions = userActions === undefined ? {} : { actions: userActions };
  return { objects: [...object('User', users, actions), ...object('Group', groups)] };
}

function configurationOf(given: Given, dialect: Dialect): unknown {
  const { url = TENANT_URL, mapping, target, job } = given;
  const repository = new URL('../../../', import.meta.url).pathname;
  const flag = url.includes('?') ? '&aadOptscim062020' : '?aadOptscim062020';
  return {
    tenantId: '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b',
    store: 'memory',
    directory: { type: 'file', path: 'directory.json' },
    jobs: [
      {
        name: JOB,
        mappings: typeof mapping === 'string' ? join(repository, mapping) : 'mapping.yaml',
        target: {
          url: dialect === 'flag' ? `${url}${flag}` : url,
          auth: { type: 'bearer', token: '${env:SCIM_TOKEN}' },
          concurrency: 1,
          ...target,
        },
        deletions: { guard: false },
        ...job,
      },
    ],
  };
}
