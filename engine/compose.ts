/** Configuration → concrete ports: the one place that constructs adapters. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { toJob } from './compose-job.ts';
import { checkMail } from './config/check-mail.ts';
import { configSchema } from './config/config-schema.ts';
import type { Configuration, JobConfiguration, TargetConfiguration } from './config/configuration.ts';
import { warningFinding } from './config/finding.ts';
import { loadConfiguration } from './config/load-config.ts';
import { jobDefaults } from './config/load-job.ts';
import { type LoadedMappingTest, loadMappingTest } from './config/load-mapping-test.ts';
import { readYamlFile } from './config/yaml-file.ts';
import type { LeaseSettings } from './cycle/hold-lease.ts';
import { Engine, type EnginePorts, type JobPorts } from './engine.ts';
import type { EvaluationContext } from './expression/function-definition.ts';
import { systemClock } from './host/clock.ts';
import { randomIds } from './host/ids.ts';
import { isHolderGone, processHolder, systemHeartbeat } from './host/lease-holder.ts';
import { type HarFile, openHarFile } from './http/har-file.ts';
import type { RecordExchange } from './http/transport.ts';
import { apiDecisions } from './manage/api-decisions.ts';
import { type Managed, overlayConfiguration } from './manage/overlay-configuration.ts';
import { readManaged } from './manage/read-managed.ts';
import { compileMapping } from './map/compile-mapping.ts';
import type { Application } from './model/application.ts';
import type { AuthenticationSettings } from './model/authentication.ts';
import type { Diagnostic } from './model/diagnostic.ts';
import { PACES, type Pace } from './model/pace.ts';
import { openNotifier } from './notify/index.ts';
import type { Clock, Directory, FeedStore, Ids, Notifier, SecretStore, Store } from './ports.ts';
import { followApplications } from './source/applications.ts';
import { openDirectory, rememberedFingerprint } from './source/index.ts';
import { checkDirectoryFile } from './source/read-content.ts';
import { sourceObject } from './source/source-object.ts';
import { openStore } from './store/index.ts';
import { openSecrets } from './store/secret-files.ts';
import { openHeldTarget } from './target/held-target.ts';
import { openScimTarget, type RecordedExchange, type TargetSettings } from './target/scim-target.ts';
import { openScimWire, type ScimWire } from './target/scim-wire.ts';
import { openUnconfiguredTarget } from './target/unconfigured-target.ts';

export { untilWritten } from './source/file-times.ts';

export type OpenOptions = {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** Told about each request and its answer, secrets redacted. */
  readonly onExchange?: (exchange: RecordedExchange) => void;
  /** Told about every HTTP exchange with a target, sign-in and repeats included, secrets redacted. */
  readonly record?: RecordExchange;
  /** Answers in place of every target: a simulated application in this process. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** Takes the news of a quarantine instead of mail and webhook. */
  readonly notifier?: Notifier;
  /** A source of the caller's own in place of the configured one, seen by the application of that name. */
  readonly directory?: (application: string, feeds: FeedStore) => Directory;
};

/** What the first engine on a store takes besides. */
export type FirstOpenOptions = OpenOptions & {
  /** File that gets every HTTP exchange as HAR 1.2, until the engine is closed. */
  readonly har?: string;
  /** Nothing is to be kept: a state that is not there is not made. */
  readonly looksOnly?: boolean;
};

/** An engine with what it stands on. */
export type RunningEngine = {
  readonly engine: Engine;
  /** The state beneath the engine, for another engine on it. Closed with the engine. */
  readonly store: Store;
  /** Credentials that came through the management API. */
  readonly secrets: SecretStore;
  /** What runs: the file, with what the management API decided above it. */
  readonly configuration: Configuration;
  /** Where exchanges are recorded, for another engine on the same store. */
  readonly record?: RecordExchange;
  /** What the file says. */
  readonly written: Configuration;
};

/** The engine, or nothing of it when a finding is an error. */
export type OpenedEngine = { readonly diagnostics: readonly Diagnostic[] } & (
  | RunningEngine
  | { readonly [Part in keyof RunningEngine]?: never }
);

/**
 * Opens the engine of a configuration file. Findings about the file are returned, not thrown.
 * @throws EngineError `configuration` when the state file cannot be used, or the recording not be written
 */
export async function openEngine(configPath: string, options: FirstOpenOptions = {}): Promise<OpenedEngine> {
  const { configuration: written, diagnostics } = await loadConfiguration(configPath, options.env ?? process.env);
  if (written === undefined) return { diagnostics };
  const recording = options.har === undefined ? undefined : openHarFile(options.har);
  const isMissing = written.store !== 'memory' && !existsSync(written.store);
  const location = isMissing && options.looksOnly === true ? 'memory' : written.store;
  const store = await openStore(location).catch((error: unknown) => {
    recording?.close();
    throw error;
  });
  const { record = recording?.record } = options;
  const recorded = record === undefined ? {} : { record };
  const ending: Store = recording === undefined ? store : closingWith(store, recording);
  const secrets = openSecrets(written.store);
  try {
    const configuration = overlayConfiguration(written, await readManaged(written, ending, secrets));
    const engine = composeEngine(configuration, ending, { ...options, ...recorded });
    return { engine, store: ending, secrets, configuration, written, ...recorded, diagnostics };
  } catch (error) {
    await ending.close();
    throw error;
  }
}

/** A recording of HTTP exchanges, to be closed. @throws EngineError `configuration` when it cannot be written */
export function openRecording(path: string): HarFile {
  return openHarFile(path);
}

/** The store whose end is also that of the recording: both last as long as the first engine. */
function closingWith(store: Store, recording: HarFile): Store {
  return {
    ...store,
    close: async () => {
      await store.close();
      recording.close();
    },
  };
}

/** An engine for a configuration on an open store; several may share one. */
export function composeEngine(configuration: Configuration, store: Store, options: OpenOptions = {}): Engine {
  return new Engine(composePorts(configuration, store, options));
}

/** What such an engine is made of, for whoever wants to put one part in another's place. */
export function composePorts(configuration: Configuration, store: Store, options: OpenOptions = {}): EnginePorts {
  const clock = options.clock ?? systemClock;
  const ids = options.ids ?? randomIds;
  const jobs = configuration.jobs.map((job) => composeJob(configuration, job, { ...options, clock, ids }));
  const lease: LeaseSettings = {
    holder: processHolder(randomIds.next()),
    ttlMs: configuration.daemon.leaseMs,
    isGone: isHolderGone,
    heartbeat: systemHeartbeat,
  };
  const notifier = options.notifier ?? openNotifier(configuration, clock);
  return { jobs, store, clock, ids, lease, notifier };
}

/** The applications of the configured directory with their roles, as they stand at each look. */
export function followDirectory({ directory }: Configuration): () => Promise<readonly Application[]> {
  return followApplications(directory.path);
}

/** Every finding about a configuration file, its mappings and its directory; opens and writes nothing. */
export async function checkConfiguration(
  configPath: string,
  options: Pick<OpenOptions, 'env'> = {},
): Promise<readonly Diagnostic[]> {
  const { configuration, diagnostics } = await loadConfiguration(configPath, options.env ?? process.env);
  if (configuration === undefined) return diagnostics;
  return [
    ...diagnostics,
    ...checkDirectoryFile(configuration.directory.path, assigningApplications(configuration)),
    ...(await checkInPlace(configuration)),
  ];
}

function assigningApplications({ jobs }: Configuration): readonly string[] {
  return jobs.filter(({ scope }) => scope === 'assigned').map(({ application }) => application);
}

/** What only the whole configuration shows, at the jobs it is about; and where the API has the last word. */
async function checkInPlace(written: Configuration): Promise<readonly Diagnostic[]> {
  const decisions = apiDecisions(written, await readDecisions(written)).map(({ index, what, summary }) => ({
    path: ['jobs', index, 'name'],
    finding: warningFinding(`api-${what}`, summary),
  }));
  const found = [...checkMail(written), ...decisions];
  if (found.length === 0) return [];
  const { at } = await readYamlFile(written.path, configSchema);
  return found.map(({ path, finding }) => at(path, finding));
}

/** What the API decided, without an engine. A state that is not there has decided nothing, and is not made. */
export async function readDecisions(written: Configuration): Promise<Managed> {
  if (written.store === 'memory' || !existsSync(written.store)) return { jobs: [], secrets: new Map() };
  const store = await openStore(written.store);
  try {
    return await readManaged(written, store, openSecrets(written.store));
  } finally {
    await store.close();
  }
}

/** A mapping test file, its objects made as the directory would make them. Findings are returned, not thrown. */
export async function openMappingTest(path: string): Promise<LoadedMappingTest> {
  return loadMappingTest(path, sourceObject);
}

export type EndpointOptions = {
  /** As an administrator would enter it, flags included. */
  readonly url: string;
  /** Undefined: requests go without credentials. */
  readonly auth?: AuthenticationSettings;
  /** Certificate authority to trust, PEM. */
  readonly ca?: string;
  readonly allowInsecureHttp: boolean;
  readonly allowLinkLocal: boolean;
  /** Entra sends none. */
  readonly userAgent?: string;
  /** File that every HTTP exchange is recorded in. */
  readonly har?: string;
};

/**
 * The way to an endpoint that no configuration knows: conformance checks.
 * @throws EngineError `configuration` for an unusable URL, or when the recording cannot be written
 */
export function openEndpoint(options: EndpointOptions, clock: Clock = systemClock): ScimWire {
  const recording = options.har === undefined ? undefined : openHarFile(options.har);
  const wire = openScimWire(
    {
      tenantUrl: options.url,
      auth: options.auth ?? { type: 'bearer', token: '' },
      timeoutMs: 30_000,
      concurrency: 8,
      adapter: 'undici',
      maxResponseBytes: 10_485_760,
      allowInsecureHttp: options.allowInsecureHttp,
      allowLinkLocal: options.allowLinkLocal,
      ...(options.userAgent === undefined ? {} : { userAgent: options.userAgent }),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    },
    clock,
    recording === undefined ? {} : { record: recording.record },
  );
  return {
    ...wire,
    exchange: (request, signal, anonymous) =>
      wire.exchange(request, signal, anonymous === true || options.auth === undefined),
    close: async () => {
      await wire.close();
      recording?.close();
    },
  };
}

function composeJob(
  configuration: Configuration,
  settings: JobConfiguration,
  options: OpenOptions & { readonly clock: Clock; readonly ids: Ids },
): JobPorts {
  const { clock, ids, fetch, onExchange, record } = options;
  const fingerprintOf = rememberedFingerprint();
  const job = toJob(configuration, settings);
  const { target } = settings;
  const managerPath = job.mappings
    .flatMap((mapping) => mapping.references)
    .find((reference) => reference.kind === 'manager')?.path.text;
  return {
    job,
    address: { tenantUrl: target.url, ...(target.override === undefined ? {} : { override: target.override }) },
    intervalMs: settings.intervalMs,
    usualIntervalMs: jobDefaults(settings.profile).intervalMs,
    startsOnChange: settings.trigger === 'change',
    openDirectory: async (store) =>
      options.directory?.(settings.application, store) ??
      openDirectory(configuration.directory, {
        application: settings.application,
        needsAssignments: settings.scope === 'assigned',
        feeds: store,
        fingerprintOf,
      }),
    openTarget: async () => {
      if (settings.lacks !== undefined) return openUnconfiguredTarget(settings.lacks);
      return openScimTarget({ ...toTargetSettings(settings), ...(fetch === undefined ? {} : { fetch }) }, clock, {
        ...(onExchange === undefined ? {} : { onExchange }),
        ...(record === undefined ? {} : { record }),
      });
    },
    openHeldTarget: (store) => openHeldTarget(store, job.jobId, managerPath),
    context: evaluationContext(clock, ids, configuration.defaultDomain, settings.expressions),
    compile: (document) => compileMapping(document, settings.attributes),
    notify: settings.notify,
    paused: settings.scheduleState === 'disabled',
    waitsForStart: settings.mappingPath === undefined,
    exists: async (store) => {
      const decided = (await store.managedJobs()).find(({ jobId }) => jobId === settings.jobId);
      if (settings.mappingPath === undefined) return decided?.kind === 'created';
      return decided === undefined || decided.kind === 'changed';
    },
  };
}

function toTargetSettings(settings: JobConfiguration): TargetSettings {
  const { target } = settings;
  return {
    tenantUrl: target.url,
    client: target.client,
    auth: target.auth,
    timeoutMs: target.timeoutMs,
    concurrency: target.concurrency,
    adapter: target.adapter,
    maxResponseBytes: target.maxResponseBytes,
    allowInsecureHttp: target.allowInsecureHttp,
    allowLinkLocal: target.allowLinkLocal,
    throttleMode: target.throttleMode,
    ...paceOf(target),
    ...(target.override === undefined ? {} : { override: target.override }),
    ...(target.userAgent === undefined ? {} : { userAgent: target.userAgent }),
    ...(settings.profile === undefined ? {} : { adminRight: settings.profile.adminRight }),
    ...(target.caFile === undefined ? {} : { ca: readFileSync(target.caFile, 'utf8') }),
  };
}

/** The named pace with the numbers that override it (ruling R4). */
function paceOf({
  pace,
  maxRequestsPerSecond,
  burst,
}: TargetConfiguration): Pick<TargetSettings, 'perSecond' | 'burst'> {
  const named: Pace = PACES[pace];
  const perSecond = maxRequestsPerSecond ?? named.perSecond;
  const atOnce = burst ?? (maxRequestsPerSecond === undefined ? named.burst : undefined);
  return { ...(perSecond === undefined ? {} : { perSecond }), ...(atOnce === undefined ? {} : { burst: atOnce }) };
}

function evaluationContext(
  clock: Clock,
  ids: Ids,
  defaultDomain: string | undefined,
  options: JobConfiguration['expressions'],
): EvaluationContext {
  return {
    options,
    ...(defaultDomain === undefined ? {} : { defaultDomain }),
    get now() {
      return clock.now();
    },
    nextId: () => ids.next(),
    random: (bytes: number) => randomBytes(bytes),
  };
}
