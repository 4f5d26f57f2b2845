/** What the API answers, and what it says it does not (graph-api.md 5). */
import type { Access } from './authorize.ts';
import { listFilterOperators, listFunctions, parseExpression } from './expression-tools.ts';
import { GraphError } from './graph-error.ts';
import type { Handler } from './graph-request.ts';
import { pauseJob, restartJob, startJob } from './job-control.ts';
import { countJobs, deleteJob, getJob, listJobs, postJob } from './jobs.ts';
import { getLog, listLogs } from './logs.ts';
import { provisionOnDemand } from './on-demand.ts';
import { getSchema, putSchema } from './schema.ts';
import { countSecrets, getSecrets, putSecrets } from './secrets.ts';
import { getServicePrincipal, listServicePrincipals } from './service-principals.ts';
import { countTemplates, getTemplate, getTemplateSchema, listTemplates } from './templates.ts';
import { validateJob, validateWithoutJob } from './validate-credentials.ts';

export type Route = {
  readonly method: string;
  readonly pattern: string;
  readonly access: Access;
  readonly handler: Handler;
  /** Query options that choose or order what is listed; elsewhere one would get more than was asked for. */
  readonly takes?: readonly ('filter' | 'orderby')[];
  /** Changes jobs or credentials: one such request at a time. */
  readonly changes?: boolean;
  /** Requests in a window that are answered per job; more get 429. */
  readonly limit?: { readonly requests: number; readonly windowMs: number };
};

const SYNC = 'serviceprincipals/:sp/synchronization';
const JOB = `${SYNC}/jobs/:job`;

/** The real service has these in its metadata only (graph-api.md 2.2). */
const notReally: Handler = async ({ root, path }) => {
  const Message = `No HTTP resource was found that matches the request URI '${root}/${path}?api-version=2.0'.`;
  throw new GraphError(404, 'UnknownError', JSON.stringify({ Message }));
};

/** In order: the first that fits answers. */
export const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    pattern: 'serviceprincipals',
    access: 'principals',
    handler: listServicePrincipals,
    takes: ['filter'],
  },
  { method: 'GET', pattern: 'serviceprincipals/:sp', access: 'principals', handler: getServicePrincipal },
  { method: 'GET', pattern: `${SYNC}/jobs`, access: 'jobs', handler: listJobs, takes: ['filter'] },
  { method: 'POST', pattern: `${SYNC}/jobs`, access: 'jobs', handler: postJob, changes: true },
  { method: 'GET', pattern: `${SYNC}/jobs/$count`, access: 'jobs', handler: countJobs },
  { method: 'POST', pattern: `${SYNC}/jobs/validatecredentials`, access: 'write', handler: validateWithoutJob },
  { method: 'GET', pattern: JOB, access: 'read', handler: getJob },
  { method: 'DELETE', pattern: JOB, access: 'jobs', handler: deleteJob, changes: true },
  { method: 'PATCH', pattern: JOB, access: 'write', handler: notReally },
  { method: 'POST', pattern: `${JOB}/start`, access: 'write', handler: startJob, changes: true },
  { method: 'POST', pattern: `${JOB}/pause`, access: 'write', handler: pauseJob, changes: true },
  { method: 'POST', pattern: `${JOB}/restart`, access: 'write', handler: restartJob, changes: true },
  { method: 'POST', pattern: `${JOB}/validatecredentials`, access: 'write', handler: validateJob },
  {
    method: 'POST',
    pattern: `${JOB}/provisionondemand`,
    access: 'write',
    handler: provisionOnDemand,
    limit: { requests: 5, windowMs: 10_000 },
  },
  { method: 'GET', pattern: `${JOB}/schema`, access: 'read', handler: getSchema },
  { method: 'PUT', pattern: `${JOB}/schema`, access: 'write', handler: putSchema, changes: true },
  { method: 'PATCH', pattern: `${JOB}/schema`, access: 'write', handler: notReally },
  { method: 'GET', pattern: `${JOB}/schema/filteroperators`, access: 'read', handler: listFilterOperators },
  { method: 'GET', pattern: `${JOB}/schema/functions`, access: 'read', handler: listFunctions },
  { method: 'POST', pattern: `${JOB}/schema/parseexpression`, access: 'read', handler: parseExpression },
  { method: 'GET', pattern: `${SYNC}/secrets`, access: 'read', handler: getSecrets },
  { method: 'PUT', pattern: `${SYNC}/secrets`, access: 'write', handler: putSecrets, changes: true },
  { method: 'GET', pattern: `${SYNC}/secrets/$count`, access: 'read', handler: countSecrets },
  { method: 'GET', pattern: `${SYNC}/templates`, access: 'read', handler: listTemplates },
  { method: 'GET', pattern: `${SYNC}/templates/$count`, access: 'read', handler: countTemplates },
  { method: 'GET', pattern: `${SYNC}/templates/:template`, access: 'read', handler: getTemplate },
  { method: 'GET', pattern: `${SYNC}/templates/:template/schema`, access: 'read', handler: getTemplateSchema },
  {
    method: 'GET',
    pattern: 'auditlogs/provisioning',
    access: 'logs',
    handler: listLogs,
    takes: ['filter', 'orderby'],
  },
  { method: 'GET', pattern: 'auditlogs/provisioning/:id', access: 'logs', handler: getLog },
];

/** Paths of Graph that clients of the synchronization API may call and that are not simulated: 501 instead of 404. */
export const NOT_SIMULATED: readonly RegExp[] = [
  /^serviceprincipals\/[^/]+\/synchronization\/(acquireaccesstoken|templates\b)/,
  /^serviceprincipals\/[^/]+\/synchronization\/jobs\/[^/]+\/(bulkupload|schema\/)/,
  /^serviceprincipals\/[^/]+\/(approleassignedto|approleassignments|owners)\b/,
  /^(applications|applicationtemplates|users|groups|directory)\b/,
  /^\$(batch|metadata)$/,
];
