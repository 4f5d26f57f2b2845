/** Jobs of a service principal: list, get, create, delete (graph-api.md 6.1 to 6.3). */
import type { JobConfiguration } from '../../config/configuration.ts';
import { createJob, removeJob } from '../../manage/manage-jobs.ts';
import { secretValue } from '../../manage/secret-keys.ts';
import { findTemplate, mappingAt } from '../../manage/templates.ts';
import type { MappingContent } from '../../model/managed-job.ts';
import { neverStarted } from '../../record/job-lifecycle.ts';
import { badRequest, GraphError, missing, notFound } from './graph-error.ts';
import { collection, type GraphContext, type Handler } from './graph-request.ts';
import { hasExports, jobView } from './job-view.ts';
import { compileFilter, type Property } from './odata-filter.ts';
import { selected } from './query-options.ts';
import { counted, NO_CONTENT, ok } from './reply.ts';
import { bodyFields, textMember } from './request-body.ts';
import { jobsOf, managedPrincipal, type ServicePrincipal } from './service-principals.ts';

export type FoundJob = { readonly principal: ServicePrincipal; readonly job: JobConfiguration };

/** The job that the path names. @throws GraphError 403, 404 */
export async function managedJob(context: GraphContext): Promise<FoundJob> {
  const principal = await managedPrincipal(context);
  const { job: id = '' } = context.params;
  const job = jobsOf(context, principal).find(({ jobId }) => jobId.toLowerCase() === id.toLowerCase());
  if (job === undefined) throw notFound(`The synchronization job '${id}' does not exist on this service principal.`);
  return { principal, job };
}

export const listJobs: Handler = async (context) => {
  const principal = await managedPrincipal(context);
  const { filter, select } = context.query;
  const fits = filter === undefined ? () => true : compileFilter(filter, propertyOf);
  const jobs = jobsOf(context, principal).filter(fits);
  const views = await Promise.all(jobs.map(async (job) => selected(await viewOf(context, job), select)));
  return collection(context, jobsPath(principal), views);
};

export const countJobs: Handler = async (context) => counted(jobsOf(context, await managedPrincipal(context)).length);

export const getJob: Handler = async (context) => {
  const { principal, job } = await managedJob(context);
  return ok({ ...contextOf(context, principal), ...selected(await viewOf(context, job), context.query.select) });
};

/** What lists of jobs are filtered by. */
function propertyOf([name, ...rest]: readonly string[]): Property<JobConfiguration> | undefined {
  if (rest.length > 0) return undefined;
  if (name === 'id') return { kind: 'text', of: ({ jobId }) => jobId };
  return name === 'templateid' ? { kind: 'text', of: ({ template }) => template } : undefined;
}

export const postJob: Handler = async (context) => {
  const body = bodyFields(await context.body());
  const templateId = textMember(body, 'templateId');
  if (templateId === undefined) throw missing('templateId', '{"templateId": "scim"}');
  const templates = await context.templates(context.written);
  const template = findTemplate(templates, templateId);
  const principal = await managedPrincipal(context, template?.id);
  if (template === undefined) {
    const known = templates.map(({ id }) => id).join(', ');
    throw badRequest(`There is no template '${templateId}'. Templates: ${known}.`);
  }
  const url = secretValue(await context.secrets.get(principal.id), 'BaseAddress');
  const jobId = await createJob(context, {
    application: principal.displayName,
    template: template.id,
    mapping: mappingAt(template, url) as unknown as MappingContent,
    actor: context.caller.name,
  });
  const { configuration, written } = await context.look();
  const after = { ...context, configuration, written, engine: context.engineOf(configuration) };
  const job = jobsOf(after, principal).find((one) => one.jobId === jobId);
  if (job === undefined) throw new GraphError(500, 'generalException', 'The job was created and cannot be read.');
  return { status: 201, body: { ...contextOf(context, principal), ...(await viewOf(after, job)) } };
};

export const deleteJob: Handler = async (context) => {
  const { job } = await managedJob(context);
  await removeJob(context, job, context.caller.name);
  return NO_CONTENT;
};

function jobsPath({ id }: ServicePrincipal): string {
  return `servicePrincipals('${id}')/synchronization/jobs`;
}

function contextOf({ root }: GraphContext, principal: ServicePrincipal): Readonly<Record<string, string>> {
  return { '@odata.context': `${root}/$metadata#${jobsPath(principal)}/$entity` };
}

async function viewOf(context: GraphContext, job: JobConfiguration): Promise<Readonly<Record<string, unknown>>> {
  const { store, engine } = context;
  const { record, links } = await engine.status(job.name);
  const cycles = await store.cycles(job.jobId, CYCLES_LOOKED_AT);
  return jobView({
    jobId: job.jobId,
    templateId: job.template,
    intervalMs: job.intervalMs,
    startsByItself: job.mappingPath !== undefined && (record === undefined || neverStarted(record)),
    switchedOff: job.scheduleState === 'disabled',
    deleteThreshold: job.deletions.threshold,
    record,
    lastWithExports: cycles.find(hasExports),
    linked: job.mapping.objects
      .filter(({ enabled }) => enabled)
      .map(({ from, to }) => ({ key: `${from} to ${to}`, value: links[from] })),
    progress: context.progress(job.name),
  });
}

/** Among so many of the newest cycles the last one with exports is sought: a month of them at 40 minutes. */
const CYCLES_LOOKED_AT = 1100;
