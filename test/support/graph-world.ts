/** A world whose daemon has the management API: requests go to its fetch handler, cycles run when a test says so. */

import { createDaemonApp } from '../../engine/api/daemon-app.ts';
import type { Progress } from '../../engine/api/graph/graph-request.ts';
import { openGraph } from '../../engine/api/open-graph.ts';
import { openEngine } from '../../engine/compose.ts';
import { servicePrincipalIdOf } from '../../engine/config/job-id.ts';
import type { Engine, SyncResult } from '../../engine/engine.ts';
import { followFiles, type Look } from '../../engine/reload.ts';
import { CYCLE_INTERVAL_MS } from './fixed-clock.ts';
import { openWorld, TOKEN, type World, type WorldOptions } from './world.ts';

export const TENANT = '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b';
export const ADMIN_KEY = 'admin-key-0123456789abcdef';
/** Manages, but lacks Directory.ReadWrite.All. */
export const SYNC_KEY = 'sync-key-0123456789abcdef';
/** Has every permission and no role. */
export const GUEST_KEY = 'guest-key-0123456789abcdef';
export const OWNER_KEY = 'owner-key-0123456789abcdef';
export const GLOBAL_KEY = 'global-key-0123456789abcdef';

const ALL = ['Directory.ReadWrite.All', 'Synchronization.ReadWrite.All', 'AuditLog.Read.All'];

type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON, `{}` when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of many shapes, and every read is an assertion
  readonly json: any;
};

type CallOptions = {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, instead of JSON. */
  readonly text?: string;
};

export type GraphWorld = World & {
  /** The daemon's fetch handler. */
  readonly handle: (request: Request) => Promise<Response>;
  /** `call('GET', '/v1.0/…')`; the body is sent as JSON. */
  readonly call: (method: string, path: string, body?: unknown, options?: CallOptions) => Promise<Answer>;
  /** Id of an application's service principal. */
  readonly principal: (application?: string) => string;
  /** `/v1.0/servicePrincipals/{id}/synchronization` of an application. */
  readonly sync: (application?: string) => string;
  readonly look: () => Promise<Look>;
  /** Saves the directory, lets an interval pass, and runs what is due; the results by job name. */
  readonly tick: () => Promise<Readonly<Record<string, SyncResult>>>;
  /** Another process runs a cycle of the job. */
  readonly holdLease: (jobId: string) => Promise<void>;
  /** What the daemon's log was warned of. */
  readonly warnings: readonly string[];
  /** What it was told of changes. */
  readonly notes: readonly string[];
  readonly progress: Map<string, Progress>;
};

/** The keys of `api` as a configuration file has them. */
export const API = {
  keys: [
    key('admin', 'ADMIN_KEY', ['Cloud Application Administrator'], ALL),
    key('sync', 'SYNC_KEY', ['Application Administrator'], ['Synchronization.ReadWrite.All']),
    key('guest', 'GUEST_KEY', [], ALL),
    { ...key('owner', 'OWNER_KEY', ['Application Owner'], ALL), owns: ['app'] },
    key('global', 'GLOBAL_KEY', ['Global Administrator'], ALL),
  ],
};

export const KEYS = { ADMIN_KEY, SYNC_KEY, GUEST_KEY, OWNER_KEY, GLOBAL_KEY };

function key(name: string, variable: string, roles: readonly string[], permissions: readonly string[]) {
  return { name, key: `\${env:${variable}}`, roles, permissions };
}

export async function openGraphWorld(options: WorldOptions = {}): Promise<GraphWorld> {
  const world = await openWorld({ ...options, configuration: { api: API, ...options.configuration }, env: KEYS });
  const env = { SCIM_TOKEN: TOKEN, ...KEYS };
  let ids = 0;
  const openOptions = {
    env,
    clock: world.clock,
    ids: { next: () => `10000000-0000-4000-8000-${String(++ids).padStart(12, '0')}` },
  };
  const opened = await openEngine(world.configPath, openOptions);
  if (opened.engine === undefined) throw new Error('the world has no engine');
  const { engine, store } = opened;
  const { look } = followFiles(opened, openOptions);
  const warnings: string[] = [];
  const notes: string[] = [];
  const progress = new Map<string, Progress>();
  const graph = openGraph(opened, {
    ...openOptions,
    look,
    progress: (job) => progress.get(job),
    note: (message, { by, request }) => notes.push(`${message}: ${by}: ${request}`),
    warn: (message) => warnings.push(message),
  });
  const daemon = createDaemonApp({
    jobs: async () => [],
    metrics: async () => ({ text: '', contentType: 'text/plain' }),
    lastTick: () => 0,
    now: () => 0,
    graph,
  });
  const principal = (application = 'app') => servicePrincipalIdOf(TENANT, application);
  const due = async (present: Engine): Promise<Record<string, SyncResult>> => {
    const results: Record<string, SyncResult> = {};
    for (const name of present.jobNames) {
      const result = await present.syncIfDue(name);
      if (result !== undefined) results[name] = result;
    }
    return results;
  };
  return {
    ...world,
    handle: daemon.handle,
    call: async (method, path, body, { key: bearer = ADMIN_KEY, headers = {}, text } = {}) => {
      const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
      const request = new Request(`http://127.0.0.1:9464${path}`, {
        method,
        headers: {
          ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }),
          ...(content === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(content === undefined ? {} : { body: content }),
      });
      const response = await daemon.handle(request);
      const answer = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
      return {
        status: response.status,
        headers: response.headers,
        text: answer,
        json: isJson ? JSON.parse(answer) : {},
      };
    },
    principal,
    sync: (application) => `/v1.0/servicePrincipals/${principal(application)}/synchronization`,
    look,
    tick: async () => {
      await world.save();
      world.clock.advance(CYCLE_INTERVAL_MS);
      return due((await look()).engine);
    },
    holdLease: async (job) => {
      const now = world.clock.now();
      await store.acquireLease({ jobId: job, holder: 'another', now, ttlMs: 60_000, isGone: () => false });
    },
    warnings,
    notes,
    progress,
    close: async () => {
      await engine.close();
      await world.close();
    },
  };
}
