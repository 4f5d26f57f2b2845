/** Jobs created, changed and removed at run time (graph-api.md 6.2, 6.3, 7.1, 8.2; gallery.md WM-14 to WM-16). */
import isEqual from 'lodash/isEqual.js';
import type { Configuration, JobConfiguration } from '../config/configuration.ts';
import { jobIdOf, servicePrincipalIdOf } from '../config/job-id.ts';
import type { Instant } from '../model/instant.ts';
import type { JobRecord } from '../model/job-state.ts';
import type { ManagedJob, MappingContent, Secret } from '../model/managed-job.ts';
import type { Clock, SecretStore, Store } from '../ports.ts';
import { audit, createdJob } from '../record/job-lifecycle.ts';
import type { StateChange } from '../record/state-change.ts';
import { overlayConfiguration } from './overlay-configuration.ts';
import { secretValue } from './secret-keys.ts';
import { isUntouched, mappingAt, type Template } from './templates.ts';

export type ManagePorts = {
  readonly store: Store;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  /** What runs. */
  readonly configuration: Configuration;
  /** What the file says. */
  readonly written: Configuration;
};

/** Who did it, for audit records. */
export type Actor = string;

/** A job with the template's mapping, Disabled until somebody starts it; its id. */
export async function createJob(
  ports: ManagePorts,
  request: {
    readonly application: string;
    readonly template: string;
    readonly mapping: MappingContent;
    readonly actor: Actor;
  },
): Promise<string> {
  const { store, secrets, clock, configuration } = ports;
  const { application, template, mapping, actor } = request;
  const jobId = freeJobId(configuration, template, application);
  const at = clock.now();
  const known = await secrets.get(servicePrincipalIdOf(configuration.tenantId, application));
  const created = createdJob({ jobId, name: application });
  const record: JobRecord = known.length === 0 ? created : { ...created, status: 'NotRun' };
  await store.commit(jobId, [
    { kind: 'managed', job: { kind: 'created', jobId, application, at, template, mapping } },
    { kind: 'job', job: record },
    audit({ jobId }, 'Add provisioning configuration', `from the template ${template}, by ${actor}`, at),
  ]);
  return jobId;
}

/** The second job of a template gets `.2` (graph-api.md 6.2). */
function freeJobId({ jobs, tenantId }: Configuration, template: string, application: string): string {
  const plain = jobIdOf(template, tenantId, application);
  let jobId = plain;
  for (let count = 2; jobs.some((job) => job.jobId === jobId); count += 1) jobId = `${plain}.${count}`;
  return jobId;
}

/**
 * The job is gone with links, watermark, escrows and schedule; a cycle that runs commits nothing more. Log records and audits stay.
 * With the last job of an application its credentials go, too.
 */
export async function removeJob(ports: ManagePorts, job: JobConfiguration, actor: Actor): Promise<void> {
  const { store, secrets, clock, configuration, written } = ports;
  const { jobId, application } = job;
  const at = clock.now();
  const isOfTheFile = written.jobs.some((other) => other.jobId === jobId);
  const forget = (['links', 'escrows', 'references', 'staged', 'job'] as const).map(
    (what): StateChange => ({ kind: 'forget', what }),
  );
  await store.commit(jobId, [
    { kind: 'lease-broken' },
    ...forget,
    isOfTheFile ? { kind: 'managed', job: { kind: 'removed', jobId, application, at } } : { kind: 'unmanaged' },
    audit({ jobId }, 'Delete provisioning configuration', `with links, escrows and watermark, by ${actor}`, at),
  ]);
  const others = configuration.jobs.filter((other) => other.application === application && other.jobId !== jobId);
  if (others.length === 0) await secrets.put(servicePrincipalIdOf(configuration.tenantId, application), []);
}

/** The job under another mapping; its next cycle is initial, also when nothing in the mapping differs. */
export async function replaceMapping(
  ports: ManagePorts,
  job: Pick<JobConfiguration, 'jobId' | 'application'>,
  mapping: MappingContent,
): Promise<void> {
  const { store, clock } = ports;
  const { jobId, application } = job;
  const at = clock.now();
  const decided = (await store.managedJobs()).find((one) => one.jobId === jobId);
  const managed: ManagedJob =
    decided?.kind === 'created' ? { ...decided, at, mapping } : { kind: 'changed', jobId, application, at, mapping };
  await changeRecord(store, jobId, withoutWatermark, { kind: 'managed', job: managed });
}

/** Replaces the whole set and tells the jobs of the application; their next cycle is initial when scope or mapping changed. */
export async function replaceSecrets(
  ports: ManagePorts,
  application: string,
  request: {
    readonly secrets: readonly Secret[];
    readonly templates: readonly Template[];
    readonly actor: Actor;
  },
): Promise<void> {
  const { store, secrets, clock, configuration, written } = ports;
  const { secrets: replacement, templates, actor } = request;
  await secrets.put(servicePrincipalIdOf(configuration.tenantId, application), replacement);
  await followTenantUrl(ports, application, templates, secretValue(replacement, 'BaseAddress'));
  const managed = { jobs: await store.managedJobs(), secrets: new Map([[application, replacement]]) };
  const keys = replacement.map(({ key }) => key).join(', ') || 'none';
  for (const after of overlayConfiguration(written, managed).jobs) {
    if (after.application !== application) continue;
    const { jobId } = after;
    const before = configuration.jobs.find((job) => job.jobId === jobId);
    const now = clock.now();
    await changeRecord(
      store,
      jobId,
      (record) => underSecrets(record, { before, after, now }),
      audit({ jobId }, 'Update provisioning setting or credentials', `now ${keys}, by ${actor}`, now),
    );
  }
}

/** A job whose mapping nobody changed gets that of the application at the new address (gallery.md WF-11). */
async function followTenantUrl(
  ports: ManagePorts,
  application: string,
  templates: readonly Template[],
  url: string | undefined,
): Promise<void> {
  for (const job of await ports.store.managedJobs()) {
    if (job.kind !== 'created' || job.application !== application) continue;
    const template = templates.find(({ id }) => id === job.template);
    if (template === undefined || !isUntouched(template, job.mapping)) continue;
    const mapping = mappingAt(template, url) as unknown as MappingContent;
    if (!isEqual(mapping, job.mapping)) await replaceMapping(ports, job, mapping);
  }
}

/** Changes the job's record, when it has one, and commits `beside` with it. */
async function changeRecord(
  store: Store,
  jobId: string,
  change: (record: JobRecord) => JobRecord,
  beside: StateChange,
): Promise<void> {
  await store.changeJob(jobId, (record) => ({
    changes: [...(record === undefined ? [] : [{ kind: 'job', job: change(record) } as const]), beside],
    result: undefined,
  }));
}

/** Complete credentials configure a job, and are tried at once where the old ones were refused (graph-api.md 6.7). */
function underSecrets(
  record: JobRecord,
  change: { readonly before: JobConfiguration | undefined; readonly after: JobConfiguration; readonly now: Instant },
): JobRecord {
  const { before, after, now } = change;
  const next = before?.scope === after.scope ? record : withoutWatermark(record);
  const complete = after.lacks === undefined;
  if (next.status === 'NotConfigured' && complete) return { ...next, status: 'NotRun' };
  if (next.status === 'NotRun' && next.scheduleState === 'Disabled' && !complete) {
    return { ...next, status: 'NotConfigured' };
  }
  const refused = next.quarantine?.reason === 'EncounteredQuarantineException';
  return refused && complete ? { ...next, requestedAt: now } : next;
}

/** Without it the next cycle is initial. */
function withoutWatermark({ watermark: _dropped, ...record }: JobRecord): JobRecord {
  return record;
}
