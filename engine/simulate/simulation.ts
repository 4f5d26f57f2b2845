/**
 * A tenant, a job and a clock in one hand: change the directory, turn the clock, look at what was sent.
 * Cycles run when they are due, as the daemon would run them; nothing waits (DESIGN 3.5).
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type DirectoryEdit, editDirectory } from '../../fixtures/directories/edit-directory.ts';
import { emptyLists, softDeletions } from '../../fixtures/directories/recycle-bin.ts';
import { composeEngine, type OpenOptions, openEngine } from '../compose.ts';
import { loadConfiguration } from '../config/load-config.ts';
import type { Engine, SyncResult } from '../engine.ts';
import { countingIds } from '../host/ids.ts';
import { virtualClock } from '../host/virtual-clock.ts';
import { EngineError } from '../model/engine-error.ts';
import { addMilliseconds, DAY, type Instant, parseTime } from '../model/instant.ts';
import type { News } from '../record/notification.ts';
import { SIMULATED_JOB } from './simulated-job.ts';

export type SimulatedExchange = {
  readonly at: Instant;
  readonly method: string;
  /** Path and query below the tenant URL. */
  readonly path: string;
  readonly body?: unknown;
  readonly status: number;
};

export type SimulationOptions = {
  /** A directory as text (YAML or JSON), with an application named `app`, or the one that `job.application` names. */
  readonly directory: string;
  /** Path of a mapping file, or what it would hold. */
  readonly mapping: string | object;
  /** The endpoint: a URL, or a handler in this process. */
  readonly target: {
    readonly url?: string;
    readonly token?: string;
    readonly fetch?: (request: Request) => Promise<Response>;
    /** Further settings of `target` in the configuration. */
    readonly settings?: Readonly<Record<string, unknown>>;
  };
  /** Further settings of the job. */
  readonly job?: Readonly<Record<string, unknown>>;
  /** Values of further secrets that the settings refer to as `${env:NAME}`. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Where virtual time begins; 2026-01-01T00:00:00.000Z. */
  readonly start?: Instant;
  /** Told about every HTTP exchange, secrets redacted. */
  readonly record?: OpenOptions['record'];
};

export interface Simulation {
  readonly engine: () => Engine;
  readonly now: () => Instant;
  /** Everything sent so far, probes included. */
  readonly exchanges: readonly SimulatedExchange[];
  readonly notifications: readonly News[];
  /** Changes the directory; soft deletions leave the recycle bin after 30 days by themselves. */
  readonly edit: (edits: readonly DirectoryEdit[]) => Promise<void>;
  readonly directoryText: () => Promise<string>;
  /** Writes the directory file as it stands, for a source that breaks. */
  readonly writeDirectory: (text: string) => Promise<void>;
  /** Takes over other settings of the job, of its target, or another mapping. */
  readonly configure: (change: {
    readonly job?: Readonly<Record<string, unknown>>;
    readonly target?: Readonly<Record<string, unknown>>;
    readonly mapping?: string | object;
    readonly secrets?: Readonly<Record<string, string>>;
  }) => Promise<void>;
  /** One cycle now. */
  readonly sync: () => Promise<SyncResult>;
  /** Moves time to `instant`; cycles due before it run at their time, those due at it as well if `inclusive`. */
  readonly advanceTo: (instant: Instant, inclusive?: boolean) => Promise<readonly SyncResult[]>;
  readonly close: () => Promise<void>;
}

const START = '2026-01-01T00:00:00.000Z';
const TENANT = '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b';
const TOKEN = 'simulated-token';
const RECYCLE_BIN_MS = 30 * DAY;

/** @throws EngineError `configuration` when directory, mapping or settings have errors; the message lists them */
export async function openSimulation(options: SimulationOptions): Promise<Simulation> {
  const folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
  const configPath = join(folder, 'config.yaml');
  const directoryPath = join(folder, 'directory.yaml');
  const clock = virtualClock(options.start === undefined ? START : startOf(options.start));
  const exchanges: SimulatedExchange[] = [];
  const notifications: News[] = [];
  let settings = { job: options.job ?? {}, target: options.target.settings ?? {}, mapping: '', mayBeEmpty: false };
  let written = 0;
  /** Absolute path of the mapping; what is no file yet becomes one. */
  const pathOf = async (mapping: string | object): Promise<string> => {
    if (typeof mapping === 'string') return resolve(mapping);
    written += 1;
    const path = join(folder, `mapping-${written}.json`);
    await writeFile(path, JSON.stringify(mapping));
    return path;
  };
  settings.mapping = await pathOf(options.mapping);
  const saveConfiguration = () =>
    writeFile(configPath, JSON.stringify(configuration(settings, options.target.url), null, 1));
  await writeFile(directoryPath, options.directory);
  await saveConfiguration();
  const env: Record<string, string> = { SCIM_TOKEN: options.target.token ?? TOKEN, ...options.secrets };
  const openOptions = {
    env,
    clock,
    ids: countingIds(),
    notifier: { notify: async (news: News) => void notifications.push(news) },
    onExchange: ({ startedAt: at, request: { method, path, body }, status }: Exchange) => {
      exchanges.push({ at, method, path, status, ...(body === undefined ? {} : { body }) });
    },
    ...(options.target.fetch === undefined ? {} : { fetch: options.target.fetch }),
    ...(options.record === undefined ? {} : { record: options.record }),
  };
  const opened = await openEngine(configPath, openOptions);
  if (opened.engine === undefined) {
    await rm(folder, { recursive: true, force: true });
    throw refused(opened.diagnostics);
  }
  const { store } = opened;
  let { engine } = opened;
  let bin = softDeletions(options.directory);
  let emptied: readonly string[] = [];
  let isOpen = true;
  const present = (): Engine => {
    if (isOpen) return engine;
    throw new EngineError('the simulated tenant is closed already', {
      category: 'configuration',
      code: 'closed',
      remedy: 'close it last, after every cycle and expectation was awaited',
    });
  };

  const meanEmpty = async (mayBeEmpty: boolean) => {
    if (settings.mayBeEmpty === mayBeEmpty) return;
    settings = { ...settings, mayBeEmpty };
    await compose();
  };
  const compose = async () => {
    await saveConfiguration();
    const loaded = await loadConfiguration(configPath, env);
    if (loaded.configuration === undefined) throw refused(loaded.diagnostics);
    engine = composeEngine(loaded.configuration, store, openOptions);
  };
  const editText = async (edits: readonly DirectoryEdit[]) => {
    present();
    const before = await readFile(directoryPath, 'utf8');
    const text = editDirectory(before, edits);
    await writeFile(directoryPath, text);
    bin = softDeletions(text);
    // Who purges the last user or group means it; a file that is found without any is an accident.
    emptied = emptyLists(text).filter((list) => emptied.includes(list) || !emptyLists(before).includes(list));
    await meanEmpty(emptied.length > 0);
  };
  const emptyBin = async () => {
    const due = bin.filter(({ at }) => addMilliseconds(at, RECYCLE_BIN_MS) <= clock.now());
    if (due.length > 0)
      await editText(due.map(({ object }) => ({ what: 'left the recycle bin', do: 'purge', object })));
  };

  return {
    engine: present,
    now: clock.now,
    exchanges,
    notifications,
    edit: editText,
    directoryText: () => readFile(directoryPath, 'utf8'),
    writeDirectory: async (text) => {
      await meanEmpty(false);
      await writeFile(directoryPath, text);
    },
    configure: async (change) => {
      const saved = settings;
      Object.assign(env, change.secrets);
      settings = {
        ...settings,
        job: { ...settings.job, ...change.job },
        target: { ...settings.target, ...change.target },
        mapping: change.mapping === undefined ? settings.mapping : await pathOf(change.mapping),
      };
      try {
        await compose();
      } catch (error) {
        // What is refused is not stored (GC-06).
        settings = saved;
        await saveConfiguration();
        throw error;
      }
    },
    sync: async () => {
      const to = present();
      await emptyBin();
      return to.sync(SIMULATED_JOB);
    },
    advanceTo: async (instant, inclusive = true) => {
      const results: SyncResult[] = [];
      for (;;) {
        const next = await present().nextStart(SIMULATED_JOB);
        if (next === undefined || next > instant || (next === instant && !inclusive)) break;
        clock.moveTo(next);
        await emptyBin();
        results.push(await engine.sync(SIMULATED_JOB));
      }
      clock.moveTo(instant);
      await emptyBin();
      return results;
    },
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Exchange = {
  readonly startedAt: string;
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly status: number;
};

function configuration(
  settings: { readonly job: object; readonly target: object; readonly mapping: string; readonly mayBeEmpty: boolean },
  url: string | undefined,
): unknown {
  return {
    tenantId: TENANT,
    store: 'memory',
    directory: { type: 'file', path: 'directory.yaml', mayBeEmpty: settings.mayBeEmpty },
    jobs: [
      {
        name: SIMULATED_JOB,
        mappings: settings.mapping,
        target: {
          url: url ?? 'https://app.simulated.invalid/scim',
          auth: { type: 'bearer', token: '${env:SCIM_TOKEN}' },
          ...settings.target,
        },
        ...settings.job,
      },
    ],
  };
}

/** As the engine writes instants. @throws EngineError `configuration` */
function startOf(start: unknown): Instant {
  const at = typeof start === 'string' ? parseTime(start) : undefined;
  if (at !== undefined) return new Date(at).toISOString();
  throw new EngineError(`start is no instant: ${String(start)}`, {
    category: 'configuration',
    code: 'bad-value',
    remedy: 'write it as ISO 8601, e.g. 2026-03-01T07:00:00Z',
  });
}

function refused(diagnostics: Awaited<ReturnType<typeof loadConfiguration>>['diagnostics']): EngineError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  // The file it stands in is made for the simulation; the line tells which setting is meant.
  const lines = errors.map(({ code, summary, sourceLine = '' }) =>
    [`${code}: ${summary}`, ...(sourceLine.trim() === '' ? [] : [`  ${sourceLine.trim().replace(/,$/, '')}`])].join(
      '\n',
    ),
  );
  return new EngineError(lines.join('\n'), {
    category: 'configuration',
    code: 'bad-configuration',
    remedy: 'correct the settings of the job and its mapping',
  });
}
