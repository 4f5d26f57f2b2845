/**
 * A tenant in memory for the test suite of a SCIM server: people and groups to change, a clock to turn, cycles against the
 * server's own endpoint, and expectations on what was sent and on what the server holds (DESIGN 2.3, docs/testing.md).
 */
import type { DirectoryEdit } from '../../fixtures/directories/edit-directory.ts';
import { checkSchema } from '../config/check-schema.ts';
import { EXPECTATION_SCHEMA } from '../config/scenario-schema.ts';
import type { SyncResult } from '../engine.ts';
import { shipped } from '../host/package-folder.ts';
import { EngineError } from '../model/engine-error.ts';
import { addMilliseconds, type Instant, parseOffset } from '../model/instant.ts';
import type { CycleCounts, CycleKind } from '../model/job-state.ts';
import type { ProvisioningLogRecord } from '../model/provisioning-log.ts';
import { parseResetFlags } from '../record/job-lifecycle.ts';
import { checkExpectation } from './check-expectation.ts';
import { momentOf, seenSince } from './observe.ts';
import { type Endpoint, readTarget } from './read-target.ts';
import { readExpectation, type WrittenExpectation, withRequestsOnly } from './scenario.ts';
import { SIMULATED_JOB } from './simulated-job.ts';
import { openSimulation, type SimulatedExchange, type Simulation } from './simulation.ts';

/** Attributes of a user or group, under Graph's names; groups have `members`, a list of ids. */
export type Person = { readonly id: string; readonly [attribute: string]: unknown };

export type TenantOptions = {
  /** The SCIM endpoint under test, as an administrator would enter it: `http://127.0.0.1:3000/scim`. */
  readonly url: string;
  /** The server as a function in this process; then nothing is sent over the network. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** The bearer token the server wants. */
  readonly token?: string;
  readonly users?: readonly Person[];
  readonly groups?: readonly Person[];
  /** A mapping file, or what it would hold; without it that of a non-gallery application. */
  readonly mapping?: string | object;
  /** Further settings of the job: scope, fidelity, deletions, quarantine … (config.example.yaml). */
  readonly job?: Readonly<Record<string, unknown>>;
  /** Further settings of its target. */
  readonly target?: Readonly<Record<string, unknown>>;
  /** Where virtual time begins; 2026-01-01T00:00:00.000Z. */
  readonly start?: Instant;
};

/** One cycle, as far as a test wants to know. */
export type CycleReport = {
  readonly kind: CycleKind;
  readonly startedAt: Instant;
  readonly counts: CycleCounts;
  /** Why it stopped early; undefined when it reached its end. */
  readonly error?: { readonly code: string; readonly message: string };
};

export interface Tenant {
  readonly now: () => Instant;
  /** Everything sent so far: method, path below the endpoint, body, status of the answer. */
  readonly requests: () => readonly SimulatedExchange[];
  /** Adds users, assigned unless `assigned: false`. */
  readonly addUser: (user: Person, options?: { readonly assigned?: boolean }) => Promise<void>;
  readonly addGroup: (group: Person, options?: { readonly assigned?: boolean }) => Promise<void>;
  /** Changes attributes; null clears. */
  readonly change: (id: string, attributes: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly assign: (id: string) => Promise<void>;
  readonly unassign: (id: string) => Promise<void>;
  readonly addMember: (group: string, member: string) => Promise<void>;
  readonly removeMember: (group: string, member: string) => Promise<void>;
  /** Into the recycle bin, which lets go by itself after 30 days of virtual time. */
  readonly softDelete: (id: string) => Promise<void>;
  readonly restore: (id: string) => Promise<void>;
  /** Deletes for good. */
  readonly purge: (id: string) => Promise<void>;
  /** One cycle now: initial the first time, incremental afterwards. */
  readonly cycle: () => Promise<CycleReport>;
  /** Turns the clock by `+40m`, `+2d`, …; every cycle that becomes due runs at its time. */
  readonly advance: (offset: string) => Promise<readonly CycleReport[]>;
  readonly start: () => Promise<void>;
  readonly pause: () => Promise<void>;
  /** With the reset flags of Graph, `Full` or `Watermark,Escrows`; without, as in the portal. */
  readonly restart: (flags?: string) => Promise<void>;
  /** Provisioning log records, oldest first; of one object when given. */
  readonly logs: (object?: string) => Promise<readonly ProvisioningLogRecord[]>;
  /**
   * Checks what was seen since the last call, and the server as it is now.
   * @throws Error that says what was seen instead, one line for each expectation that does not hold
   */
  readonly expect: (expectation: WrittenExpectation) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** @throws EngineError `configuration` when mapping, settings, users or groups have errors; the message lists them */
export async function createTenant(options: TenantOptions): Promise<Tenant> {
  assertOptions(options);
  const simulation = await openSimulation({
    directory: directoryText(options),
    mapping: options.mapping ?? defaultMapping(),
    ...(options.job === undefined ? {} : { job: options.job }),
    ...(options.start === undefined ? {} : { start: options.start }),
    target: {
      url: options.url,
      ...(options.token === undefined ? {} : { token: options.token }),
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
      ...(options.target === undefined ? {} : { settings: options.target }),
    },
  });
  const found = await simulation.engine().directoryProblems(SIMULATED_JOB);
  const problems = found.filter(({ severity }) => severity === 'error');
  if (problems.length > 0) {
    await simulation.close();
    throw badContent(
      'users and groups have errors',
      problems.map(({ code, summary }) => `${code}: ${summary}`),
    );
  }
  return tenantOn(simulation, options);
}

const OPTIONS_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    url: { type: 'string' },
    fetch: {},
    token: { type: 'string' },
    users: { type: 'array', items: { type: 'object' } },
    groups: { type: 'array', items: { type: 'object' } },
    mapping: { type: ['string', 'object'] },
    job: { type: 'object' },
    target: { type: 'object' },
    start: { type: 'string' },
  } satisfies Record<keyof TenantOptions, object>,
};

/** A test suite in JavaScript has no compiler, and an option that is not read tests something else than it says. */
function assertOptions(options: unknown): void {
  const problems = checkSchema(OPTIONS_SCHEMA, options).map(({ path, finding }) =>
    path.length === 0 ? finding.summary : `${path.join('.')}: ${finding.summary}`,
  );
  const { url, fetch } = { ...(options as Partial<TenantOptions> | undefined) };
  if (fetch !== undefined && typeof fetch !== 'function') problems.push('fetch is a function of a Request.');
  if (url === undefined && fetch === undefined) problems.push('url is missing: where is the server under test?');
  if (problems.length > 0) throw badContent('the options cannot be read', problems);
}

function tenantOn(simulation: Simulation, endpoint: Endpoint): Tenant {
  const engine = simulation.engine;
  const start = simulation.now();
  let unseen: SyncResult[] = [];
  let moment = { exchanges: 0, notifications: 0, logged: 0 };
  const application = SIMULATED_JOB;
  const ran = (results: readonly SyncResult[]) => {
    unseen.push(...results);
    return results.map(report);
  };
  const edit = (change: DirectoryEdit) => simulation.edit([change]);
  const add = async (kind: 'addUser' | 'addGroup', one: Person, assigned: boolean) => {
    await edit({ what: kind, do: kind, attributes: one });
    if (assigned) await edit({ what: 'assign', do: 'assign', application, principal: principal(kind, one.id) });
  };
  return {
    now: simulation.now,
    requests: () => [...simulation.exchanges],
    addUser: (user, { assigned = true } = {}) => add('addUser', user, assigned),
    addGroup: (group, { assigned = true } = {}) => add('addGroup', { members: [], ...group }, assigned),
    change: (object, attributes) => edit({ what: 'change', do: 'set', object, attributes }),
    assign: async (id) => {
      const [found] = await engine().find(SIMULATED_JOB, id);
      if (found === undefined) throw badContent('nobody can be assigned', [`the directory has no "${id}"`]);
      const kind = found.type === 'Group' ? 'addGroup' : 'addUser';
      await edit({ what: 'assign', do: 'assign', application, principal: principal(kind, id) });
    },
    unassign: (id) => edit({ what: 'unassign', do: 'unassign', application, principal: id }),
    addMember: async (group, member) => {
      const [found] = await engine().find(SIMULATED_JOB, member);
      if (found === undefined) throw badContent('nobody can be a member', [`the directory has no "${member}"`]);
      await edit({ what: 'member', do: 'addMember', group, member });
    },
    removeMember: (group, member) => edit({ what: 'member', do: 'removeMember', group, member }),
    softDelete: (object) => edit({ what: 'soft delete', do: 'softDelete', object, at: simulation.now() }),
    restore: (object) => edit({ what: 'restore', do: 'restore', object }),
    purge: (object) => edit({ what: 'purge', do: 'purge', object }),
    cycle: async () => {
      const result = await simulation.sync();
      ran([result]);
      return report(result);
    },
    advance: async (offset) => ran(await simulation.advanceTo(addMilliseconds(simulation.now(), readOffset(offset)))),
    start: () => engine().start(SIMULATED_JOB),
    pause: () => engine().pause(SIMULATED_JOB),
    restart: async (flags = '') => engine().restart(SIMULATED_JOB, parseResetFlags(flags)),
    logs: async (object) => (await engine().logs(object === undefined ? {} : { object })).map(({ record }) => record),
    expect: async (expectation) => {
      assertReadable(expectation);
      const target = expectation.target === undefined ? { users: [], groups: [] } : await readTarget(endpoint);
      const seen = await seenSince(simulation, moment, { start, cycles: unseen, target });
      moment = await momentOf(simulation);
      unseen = [];
      const failures = checkExpectation(withRequestsOnly(readExpectation(expectation)), seen);
      if (failures.length > 0) throw new Error(failures.join('\n'));
    },
    close: simulation.close,
  };
}

/** An expectation with a misspelt key would hold for ever. @throws EngineError `configuration` */
function assertReadable(expectation: WrittenExpectation): void {
  const problems = checkSchema(EXPECTATION_SCHEMA, expectation).map(({ path, finding }) => {
    const place = path.length === 0 ? '' : `${path.join('.')}: `;
    return `${place}${finding.summary}`;
  });
  if (problems.length > 0) throw badContent('the expectation cannot be read', problems);
}

function badContent(what: string, problems: readonly string[]): EngineError {
  return new EngineError(`${what}: ${problems.join(' ')}`, {
    category: 'configuration',
    code: 'bad-value',
    remedy: 'docs/testing.md lists what there is',
  });
}

function report({ cycle, error }: SyncResult): CycleReport {
  const { kind, startedAt, counts } = cycle;
  return {
    kind,
    startedAt,
    counts,
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
  };
}

function principal(kind: 'addUser' | 'addGroup', id: string): Readonly<Record<string, string>> {
  return { [kind === 'addUser' ? 'user' : 'group']: id, role: 'User' };
}

function directoryText({ users = [], groups = [] }: TenantOptions): string {
  const assignments = [
    ...users.map(({ id }) => principal('addUser', id)),
    ...groups.map(({ id }) => principal('addGroup', id)),
  ];
  const listed = groups.map((group) => ({ members: [], ...group }));
  return JSON.stringify({
    users,
    groups: listed,
    applications: [{ name: SIMULATED_JOB, roles: ['User'], assignments }],
  });
}

/** The mapping file of a non-gallery application, which the package ships. */
function defaultMapping(): string {
  return shipped('mappings', 'scim.yaml');
}

function readOffset(text: string): number {
  const milliseconds = parseOffset(text);
  if (milliseconds !== undefined) return milliseconds;
  throw new EngineError(`"${text}" is not a length of time`, {
    category: 'configuration',
    code: 'bad-time',
    remedy: 'write +40m, +2d or +1d6h30m',
  });
}
