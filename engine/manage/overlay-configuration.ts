/** The configuration as it runs: what the file says, with what the management API decided above it (docs/adr/0007). */
import type { Configuration, JobConfiguration } from '../config/configuration.ts';
import { toMappingDocument, type YamlMapping } from '../config/mapping-file.ts';
import type { ManagedJob, MappingContent, Secret } from '../model/managed-job.ts';
import { applySecrets, meansOf } from './apply-secrets.ts';
import { draftJob } from './draft-job.ts';

/** What the API decided, as the store has it. */
export type Managed = {
  readonly jobs: readonly ManagedJob[];
  /** By application. */
  readonly secrets: ReadonlyMap<string, readonly Secret[]>;
};

/** The jobs of the file first, in its order, then those of the API in the order of their creation. */
export function overlayConfiguration(written: Configuration, managed: Managed): Configuration {
  const ofTheFile = written.jobs.flatMap((job): readonly JobConfiguration[] => {
    const decided = managed.jobs.find(({ jobId }) => jobId === job.jobId);
    if (decided === undefined) return [job];
    if (decided.kind !== 'changed') return [];
    return [{ ...job, mapping: toMappingDocument(contentOf(decided.mapping), job.template) }];
  });
  const secretsOf = (application: string) => managed.secrets.get(application) ?? [];
  const jobs = ofTheFile.map((job) => {
    const secrets = secretsOf(job.application);
    return secrets.length === 0 ? job : applySecrets(job, secrets, meansOf(written, job.application));
  });
  for (const decided of managed.jobs) {
    if (decided.kind !== 'created') continue;
    const { jobId, template, application } = decided;
    const identity = { jobId, template, application, name: freeName(application, jobs) };
    jobs.push(
      draftJob(
        { ...identity, mapping: contentOf(decided.mapping) },
        secretsOf(application),
        meansOf(written, application),
      ),
    );
  }
  return { ...written, jobs };
}

/** Applications that have a job, or had one that the API removed. */
export function applicationsOf(written: Configuration, jobs: readonly ManagedJob[]): readonly string[] {
  return [...new Set([...written.jobs, ...jobs].map(({ application }) => application))];
}

/** Names of jobs are unique; a job of the API has no name of its own and takes its application's. */
function freeName(wanted: string, jobs: readonly JobConfiguration[]): string {
  let name = wanted;
  for (let count = 2; jobs.some((job) => job.name === name); count += 1) name = `${wanted} ${count}`;
  return name;
}

/** What is stored was checked when it came in. */
export function contentOf(mapping: MappingContent): YamlMapping {
  return mapping as unknown as YamlMapping;
}
