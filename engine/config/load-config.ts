/** A configuration file → the configuration, or everything that is wrong with it and its mappings. */
import { dirname, resolve } from 'node:path';
import { type Diagnostic, sortDiagnostics } from '../model/diagnostic.ts';
import type { MappingDocument } from '../model/mapping.ts';
import { configSchema } from './config-schema.ts';
import type { Configuration, JobConfiguration } from './configuration.ts';
import { errorFinding, type KeyPath, type Report } from './finding.ts';
import { loadApi, type YamlApi } from './load-api.ts';
import { loadDaemon, loadMail, type YamlDaemon } from './load-daemon.ts';
import { loadJob, type YamlJob } from './load-job.ts';
import { calledFunctions, type LoadedMapping, loadMapping } from './load-mapping.ts';
import { isReadable } from './load-target.ts';
import type { Environment } from './secrets.ts';
import { readYamlFile, type YamlFile } from './yaml-file.ts';

export type LoadedConfiguration = {
  /** Undefined when a finding is an error. */
  readonly configuration?: Configuration;
  /** Of the configuration and its mapping files, sorted by file and place. */
  readonly diagnostics: readonly Diagnostic[];
};

type YamlConfiguration = {
  readonly tenantId: string;
  readonly defaultDomain?: string;
  readonly store?: string;
  readonly directory: { readonly path: string; readonly mayBeEmpty?: boolean };
  readonly mail?: { readonly smtp: string; readonly from?: string };
  readonly daemon?: YamlDaemon;
  readonly api?: YamlApi;
  readonly jobs: readonly YamlJob[];
};

/** The configuration when nothing is an error; the findings always. Nothing is thrown for what the operator wrote. */
export async function loadConfiguration(path: string, env: Environment): Promise<LoadedConfiguration> {
  const file = resolve(path);
  const yaml = await readYamlFile(file, configSchema);
  const resolvePath = (name: string) => resolve(dirname(file), name);
  const mappings = await loadMappings(yaml.content, resolvePath);
  const diagnostics = [
    ...yaml.diagnostics,
    ...[...mappings.values()].flatMap((loaded) => loaded.diagnostics).filter((one) => !isUnreadable(one)),
  ];
  if (!yaml.hasShape) return { diagnostics: sortDiagnostics(diagnostics) };
  const content = yaml.content as YamlConfiguration;
  const report: Report = (where, finding) => diagnostics.push(yaml.at(where, finding));
  await checkFrame(content, resolvePath, report);
  const jobs = await loadJobs(content, { yaml, env, resolvePath, mappings, diagnostics });
  const daemon = loadDaemon(content.daemon, (where, finding) => report(['daemon', ...where], finding));
  const api = loadApi(content.api, {
    env,
    resolvePath,
    listen: daemon.listen,
    report: (where, finding) => report(['api', ...where], finding),
  });
  const mail = loadMail(content.mail, env, resolvePath, report);
  const sorted = sortDiagnostics(diagnostics);
  if (sorted.some((one) => one.severity === 'error')) return { diagnostics: sorted };
  const store = content.store ?? '.scimulate/state.db';
  return {
    diagnostics: sorted,
    configuration: {
      path: file,
      tenantId: content.tenantId.toLowerCase(),
      ...(content.defaultDomain === undefined ? {} : { defaultDomain: content.defaultDomain }),
      store: store === 'memory' ? store : resolvePath(store),
      directory: {
        type: 'file',
        path: resolvePath(content.directory.path),
        mayBeEmpty: content.directory.mayBeEmpty ?? false,
      },
      ...(mail === undefined ? {} : { mail }),
      daemon,
      api,
      jobs,
    },
  };
}

/** Every mapping file that a job names, once each; also when something else in the configuration is wrong. */
async function loadMappings(
  content: unknown,
  resolvePath: (name: string) => string,
): Promise<ReadonlyMap<string, LoadedMapping>> {
  const jobs: unknown = (content as { jobs?: unknown } | null | undefined)?.jobs;
  const named = (Array.isArray(jobs) ? jobs : []).flatMap((job: { mappings?: unknown } | null) =>
    typeof job?.mappings === 'string' ? [resolvePath(job.mappings)] : [],
  );
  const loaded = new Map<string, LoadedMapping>();
  for (const path of new Set(named)) loaded.set(path, await loadMapping(path));
  return loaded;
}

/** Unreadable mapping files are reported where they are named, not where they are not. */
function isUnreadable(diagnostic: Diagnostic): boolean {
  return diagnostic.code === 'file-unreadable';
}

async function checkFrame(
  content: YamlConfiguration,
  resolvePath: (name: string) => string,
  report: Report,
): Promise<void> {
  const { store, directory, jobs } = content;
  if (store !== undefined && /^\w+:\/\//.test(store)) {
    // The address may hold a password: it is not repeated.
    const summary =
      'State is kept in a SQLite file or in memory; a database server is not built. Write a path, e.g. "store: .scimulate/state.db".';
    report(['store'], errorFinding('unsupported-store', summary));
  }
  if (!(await isReadable(resolvePath(directory.path)))) {
    const summary = `The directory file ${directory.path} cannot be read. Correct the path; it is relative to this file.`;
    report(['directory', 'path'], errorFinding('file-unreadable', summary));
  }
  for (const [index, job] of jobs.entries()) {
    if (jobs.findIndex((other) => other.name === job.name) === index) continue;
    const summary = `Another job above is named "${job.name}". Give each its own name: state is found by it.`;
    report(['jobs', index, 'name'], errorFinding('duplicate-job', summary));
  }
}

/** `DefaultDomain` has nothing to give unless the configuration says it. */
function checkDomain(mapping: MappingDocument | undefined, domain: string | undefined, report: Report): void {
  if (mapping === undefined || domain !== undefined || !calledFunctions(mapping).includes('DefaultDomain')) return;
  const summary =
    'The mapping calls DefaultDomain, and the configuration does not name it. Add "defaultDomain: contoso.com".';
  report(['mappings'], errorFinding('no-default-domain', summary));
}

async function loadJobs(
  content: YamlConfiguration,
  context: {
    readonly yaml: YamlFile;
    readonly env: Environment;
    readonly resolvePath: (name: string) => string;
    readonly mappings: ReadonlyMap<string, LoadedMapping>;
    readonly diagnostics: Diagnostic[];
  },
): Promise<readonly JobConfiguration[]> {
  const { yaml, env, resolvePath, mappings, diagnostics } = context;
  const jobs: JobConfiguration[] = [];
  for (const [index, written] of content.jobs.entries()) {
    const path: KeyPath = ['jobs', index];
    const report: Report = (where, finding) => diagnostics.push(yaml.at([...path, ...where], finding));
    const mappingPath = resolvePath(written.mappings);
    const loaded = mappings.get(mappingPath) ?? { diagnostics: [] };
    if (loaded.diagnostics.some(isUnreadable)) {
      const summary = `The mapping file ${written.mappings} cannot be read. Correct the path; it is relative to this file.`;
      report(['mappings'], errorFinding('file-unreadable', summary));
    }
    const { mapping } = loaded;
    const { tenantId } = content;
    checkDomain(mapping, content.defaultDomain, report);
    const job = await loadJob(written, { tenantId, mappingPath, mapping, env, resolvePath, report });
    if (job !== undefined) jobs.push(job);
  }
  return jobs;
}
