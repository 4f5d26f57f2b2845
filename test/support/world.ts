/** A whole small world in a temporary folder: a directory file, the bundled SCIM app on loopback, and the engine between them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../../engine/compose.ts';
import type { Engine, Preview, SyncResult } from '../../engine/engine.ts';
import type { ProvisioningLogRecord } from '../../engine/model/provisioning-log.ts';
import { withControlSurface } from '../../fixtures/targets/control-surface.ts';
import type { Injection } from '../../fixtures/targets/faults.ts';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { serveApp } from '../../fixtures/targets/serve-app.ts';
import type { TargetApp } from '../../fixtures/targets/target-app.ts';
import { CYCLE_INTERVAL_MS, fixedClock, type TestClock } from './fixed-clock.ts';

export type DirectoryDocument = {
  users: Record<string, unknown>[];
  groups: Record<string, unknown>[];
  applications: { name: string; roles?: unknown[]; assignments: Record<string, unknown>[] }[];
};

export type WorldOptions = {
  readonly directory?: DirectoryDocument;
  /** YAML of the mapping file; the default maps the usual user and group attributes. */
  readonly mapping?: string;
  /** More keys for the job. */
  readonly job?: Readonly<Record<string, unknown>>;
  /** More keys for the target. */
  readonly target?: Readonly<Record<string, unknown>>;
  /** More keys at the top of the configuration. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** Environment variables besides the token's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Query of the tenant URL, e.g. `?aadOptscim062020`. */
  readonly flags?: string;
  readonly app?: Parameters<typeof createScimApp>[0];
  /** Where the target is, when it is not the bundled app. */
  readonly targetUrl?: string;
};

export type World = {
  readonly folder: string;
  readonly configPath: string;
  readonly directory: DirectoryDocument;
  readonly app: TargetApp;
  /** SCIM base of the application. */
  readonly targetUrl: string;
  /** Breaks requests at the target. */
  readonly inject: (injection: Injection) => void;
  readonly clock: TestClock;
  readonly engine: () => Engine;
  /** Writes the directory file as the document stands now. */
  readonly save: () => Promise<void>;
  /** Saves the directory, waits one interval, runs a cycle; returns its requests (writes and reads, without the probe). */
  readonly cycle: () => Promise<CycleTrace>;
  readonly preview: (options?: { offline?: boolean }) => Promise<Preview>;
  readonly logs: () => Promise<readonly ProvisioningLogRecord[]>;
  /** Closes and opens the engine again on the same state. */
  readonly reopen: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export type Exchange = {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly status: number;
};
export type CycleTrace = SyncResult & { readonly requests: readonly Exchange[]; readonly probes: number };

export const TOKEN = 'test-token';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export const DEFAULT_MAPPING = `template: scim
objects:
  - name: Users
    from: User
    to: User
    map:
      - { to: userName, from: userPrincipalName, match: 1 }
      - { to: active, expr: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")' }
      - { to: displayName, from: displayName }
      - { to: title, from: jobTitle }
      - { to: 'emails[type eq "work"].value', from: mail }
      - { to: name.givenName, from: givenName }
      - { to: name.familyName, from: surname }
      - { to: externalId, from: mailNickname }
      - { to: '${ENTERPRISE}:department', from: department }
      - { to: '${ENTERPRISE}:manager', from: manager }
  - name: Groups
    from: Group
    to: Group
    map:
      - { to: displayName, from: displayName, match: 1 }
      - { to: externalId, from: objectId }
      - { to: members, from: members }
`;

/** A mapping that matches users by userName, switches them off, and has these rows besides. */
export function usersMapping(...rows: readonly string[]): string {
  return `objects:
  - name: Users
    from: User
    to: User
    map:
      - { to: userName, from: userPrincipalName, match: 1 }
      - { to: active, expr: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")' }
${rows.map((row) => `      - ${row}\n`).join('')}`;
}

/** A user with the usual attributes. */
export function aUser(id: string, attributes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id,
    userPrincipalName: `${id}@contoso.com`,
    displayName: `User ${id}`,
    mail: `${id}@contoso.com`,
    mailNickname: id,
    ...attributes,
  };
}

/** A directory where everybody is assigned to the application of the job. */
export function everyone(users: Record<string, unknown>[], groups: Record<string, unknown>[] = []): DirectoryDocument {
  const assignments = [
    ...users.map((user) => ({ user: user.id, role: 'User' })),
    ...groups.map((group) => ({ group: group.id, role: 'User' })),
  ];
  return { users, groups, applications: [{ name: 'app', roles: ['User'], assignments }] };
}

/** Opens the world; close it after the test. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
  const directory = options.directory ?? everyone([aUser('u1'), aUser('u2')]);
  let created = 0;
  const app = createScimApp({ token: TOKEN, nextId: () => `t${++created}`, ...options.app });
  const target = withControlSurface(app);
  const server = await serveApp(target);
  const configPath = join(folder, 'config.yaml');
  const clock = fixedClock();
  let ids = 0;
  const save = () => writeFile(join(folder, 'directory.json'), JSON.stringify(directory, null, 1));
  await save();
  await writeFile(join(folder, 'mapping.yaml'), options.mapping ?? DEFAULT_MAPPING);
  await writeFile(
    configPath,
    JSON.stringify(configuration(options, options.targetUrl ?? `${server.url}/scim`), null, 1),
  );
  const open = async () => {
    const opened = await openEngine(configPath, {
      env: { SCIM_TOKEN: TOKEN, ...options.env },
      clock,
      ids: { next: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}` },
    });
    if (opened.engine === undefined) throw new Error(JSON.stringify(opened.diagnostics, null, 1));
    return opened.engine;
  };
  let engine = await open();
  return {
    folder,
    configPath,
    directory,
    app,
    targetUrl: `${server.url}/scim`,
    inject: target.inject,
    clock,
    engine: () => engine,
    save,
    cycle: async () => {
      await save();
      clock.advance(CYCLE_INTERVAL_MS);
      const before = app.requests.length;
      const result = await engine.sync('app');
      const all = app.requests
        .slice(before)
        .map(({ method, url, body, status }): Exchange => ({ method, path: url, body, status }));
      const isProbe = (exchange: Exchange) => /%2200000000-0000-4000-8000-\d{12}%22/.test(exchange.path);
      return { ...result, requests: all.filter((one) => !isProbe(one)), probes: all.filter(isProbe).length };
    },
    preview: async (previewOptions = {}) => {
      await save();
      return engine.preview('app', previewOptions);
    },
    logs: async () => (await engine.logs({})).map(({ record }) => record),
    reopen: async () => {
      await engine.close();
      engine = await open();
    },
    close: async () => {
      await engine.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(options: WorldOptions, url: string): Record<string, unknown> {
  return {
    tenantId: '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b',
    store: './state.db',
    directory: { type: 'file', path: './directory.json' },
    ...options.configuration,
    jobs: [
      {
        name: 'app',
        mappings: './mapping.yaml',
        target: {
          url: `${url}${options.flags ?? ''}`,
          auth: { type: 'bearer', token: '${env:SCIM_TOKEN}' },
          ...options.target,
        },
        ...options.job,
      },
    ],
  };
}
