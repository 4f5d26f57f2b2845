/** A configuration file → the configuration, or everything that is wrong with it and its mappings. */
import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import { sortDiagnostics } from '../model/diagnostic.ts';
import { EngineError } from '../model/engine-error.ts';
import { parseDuration } from '../model/instant.ts';
import { parseTenantUrl } from '../scim/tenant-url.ts';
import { configSchema } from './config-schema.ts';
import type {
  AuthenticationConfiguration,
  Configuration,
  JobConfiguration,
  TargetConfiguration,
} from './configuration.ts';
import { loadMapping } from './load-mapping.ts';
import { resolveSecret } from './secrets.ts';
import { type Finding, type KeyPath, readYamlFile, type YamlFile } from './yaml-file.ts';

export type LoadedConfiguration = {
  readonly configuration?: Configuration;
  readonly diagnostics: readonly Diagnostic[];
};

type Environment = Readonly<Record<string, string | undefined>>;
type Loose = Readonly<Record<string, unknown>>;

/** The configuration when nothing is an error; the findings, sorted by place, always. */
export async function loadConfiguration(path: string, env: Environment): Promise<LoadedConfiguration> {
  const file = resolve(path);
  const yaml = await readYamlFile(file, configSchema);
  if (yaml.content === undefined || yaml.diagnostics.length > 0)
    return { diagnostics: sortDiagnostics(yaml.diagnostics) };
  const content = yaml.content as Loose & { jobs: readonly Loose[]; directory: { path: string }; tenantId: string };
  const relative = (name: string) => resolve(dirname(file), name);
  const diagnostics: Diagnostic[] = [...duplicateNames(yaml, content.jobs)];
  const jobs: JobConfiguration[] = [];
  for (const [index, job] of content.jobs.entries()) {
    const loaded = await loadJob({ yaml, job, path: ['jobs', index], env, relative, tenantId: content.tenantId });
    diagnostics.push(...loaded.diagnostics);
    if (loaded.job !== undefined) jobs.push(loaded.job);
  }
  const sorted = sortDiagnostics(diagnostics);
  if (sorted.some((one) => one.severity === 'error')) return { diagnostics: sorted };
  const store = String(content.store ?? '.scimulate/state.db');
  return {
    diagnostics: sorted,
    configuration: {
      path: file,
      tenantId: content.tenantId,
      store: store === 'memory' ? store : relative(store),
      directory: { type: 'file', path: relative(content.directory.path) },
      jobs,
    },
  };
}

type JobInput = {
  readonly yaml: YamlFile;
  readonly job: Loose;
  readonly path: KeyPath;
  readonly env: Environment;
  readonly relative: (name: string) => string;
  readonly tenantId: string;
};

async function loadJob(input: JobInput): Promise<{ job?: JobConfiguration; diagnostics: readonly Diagnostic[] }> {
  const { job, relative } = input;
  const report = (where: KeyPath, finding: Finding) => input.yaml.report([...input.path, ...where], finding);
  const diagnostics: Diagnostic[] = [];
  const mappingPath = relative(String(job.mappings));
  const loaded = await loadMapping(mappingPath);
  if (loaded.diagnostics.some((one) => one.code === 'file-unreadable')) {
    const summary = `The mapping file ${String(job.mappings)} cannot be read. Paths are relative to this file.`;
    diagnostics.push(report(['mappings'], { severity: 'error', code: 'file-unreadable', summary }));
  } else {
    diagnostics.push(...loaded.diagnostics);
  }
  const schedule = (job.schedule ?? {}) as Loose;
  const interval = String(schedule.interval ?? 'PT40M');
  const intervalMs = parseDuration(interval);
  if (intervalMs === undefined || intervalMs === 0) {
    const summary = `"${interval}" is not a duration. Write it like PT40M or PT2H.`;
    diagnostics.push(report(['schedule', 'interval'], { severity: 'error', code: 'bad-duration', summary }));
  }
  const target = loadTarget(job.target as Loose, input, report, diagnostics);
  const { mapping } = loaded;
  if (mapping === undefined || intervalMs === undefined || target === undefined) return { diagnostics };
  const name = String(job.name);
  const template = String(job.template ?? mapping.template);
  const deletions = (job.deletions ?? {}) as Partial<JobConfiguration['deletions']>;
  const quarantine = (job.quarantine ?? {}) as Partial<JobConfiguration['quarantine']>;
  return {
    diagnostics,
    job: {
      jobId: jobIdOf(template, input.tenantId, name),
      name,
      template,
      application: String(job.application ?? name),
      mappingPath,
      mapping,
      scope: job.scope === 'all' ? 'all' : 'assigned',
      defaultAccess: job.defaultAccess === 'skip' ? 'skip' : 'provision',
      intervalMs,
      scheduleState: schedule.state === 'disabled' ? 'disabled' : 'active',
      target,
      deletions: { guard: true, threshold: 500, trigger: 'gt', skipOutOfScope: false, ...deletions },
      quarantine: { minFailures: 5000, proportion: 0.4, baseMax: 40000, totalMax: 60000, ...quarantine },
    },
  };
}

const TARGET_DEFAULTS = {
  timeoutMs: 100_000,
  concurrency: 8,
  pace: 'unlimited',
  adapter: 'undici',
  allowInsecureHttp: false,
  maxResponseBytes: 10_485_760,
  managerRemoval: 'replaceEmpty',
  memberBatchSize: 100,
  memberRefNull: false,
  legacyGroupSchema: false,
  postBooleanStrings: false,
  listExtensionSchemas: false,
  onMissingLink: 'fail',
  supportsSoftDelete: true,
} as const;

function loadTarget(
  target: Loose,
  input: JobInput,
  report: (where: KeyPath, finding: Finding) => Diagnostic,
  diagnostics: Diagnostic[],
): TargetConfiguration | undefined {
  const url = checkedUrl(String(target.url), ['target', 'url'], report, diagnostics);
  if (target.override !== undefined) checkedUrl(String(target.override), ['target', 'override'], report, diagnostics);
  const auth = { ...(target.auth as Loose) };
  for (const key of ['token', 'clientSecret']) {
    if (auth[key] === undefined) continue;
    const secret = resolveSecret(String(auth[key]), input.env);
    if ('value' in secret) {
      auth[key] = secret.value;
      continue;
    }
    const finding = { severity: 'error' as const, code: secret.code, summary: secret.problem };
    diagnostics.push(report(['target', 'auth', key], finding));
  }
  if (url === undefined) return undefined;
  const settings: TargetConfiguration = {
    ...TARGET_DEFAULTS,
    patchMode: url.patchMode,
    ...target,
    url: String(target.url),
    // The schema has checked the shape of both kinds.
    auth: auth as AuthenticationConfiguration,
  };
  return settings.caFile === undefined ? settings : { ...settings, caFile: input.relative(settings.caFile) };
}

function checkedUrl(
  text: string,
  where: KeyPath,
  report: (where: KeyPath, finding: Finding) => Diagnostic,
  diagnostics: Diagnostic[],
): ReturnType<typeof parseTenantUrl> | undefined {
  try {
    return parseTenantUrl(text);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    diagnostics.push(
      report(where, { severity: 'error', code: error.code, summary: `${error.message}; ${error.remedy}.` }),
    );
    return undefined;
  }
}

function duplicateNames(yaml: YamlFile, jobs: readonly Loose[]): readonly Diagnostic[] {
  return jobs.flatMap((job, index) => {
    if (jobs.findIndex((other) => other.name === job.name) === index) return [];
    const summary = `Another job above is named "${String(job.name)}".`;
    return [yaml.report(['jobs', index, 'name'], { severity: 'error', code: 'duplicate-job', summary })];
  });
}

/** The id has the service's shape (cycle.md 1.4) and depends on tenant and name alone, so that state is found again. */
function jobIdOf(template: string, tenantId: string, name: string): string {
  const digest = createHash('sha1').update(`${tenantId.toLowerCase()}/${name}`).digest('hex');
  const variant = ((Number.parseInt(digest.slice(16, 18), 16) & 0x3f) | 0x80).toString(16).padStart(2, '0');
  const uuid = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `5${digest.slice(13, 16)}`,
    `${variant}${digest.slice(18, 20)}`,
    digest.slice(20, 32),
  ].join('-');
  return `${template}.${tenantId.replaceAll('-', '').toLowerCase()}.${uuid}`;
}
