/** Service principals: one per application of the directory or of a job (graph-api.md 12.3). */
import type { JobConfiguration } from '../../config/configuration.ts';
import { appIdOf, servicePrincipalIdOf } from '../../config/job-id.ts';
import type { Application } from '../../model/application.ts';
import { requireRole } from './authorize.ts';
import { noResource } from './graph-error.ts';
import { collection, type GraphContext, type Handler } from './graph-request.ts';
import { compileFilter, type Property } from './odata-filter.ts';
import { nextLink, pageOf } from './paging.ts';
import { selected } from './query-options.ts';
import { ok } from './reply.ts';

export type ServicePrincipal = {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly application: Application;
};

/** Tag of an enterprise application (graph-api.md 12.2). */
const TAG = 'WindowsAzureActiveDirectoryIntegratedApp';

/** The application's role for no role at all stands in no list. */
const NO_ROLES: Application['roles'] = [];

/** In order of the directory; applications that only jobs name come after. */
async function servicePrincipals(context: GraphContext): Promise<readonly ServicePrincipal[]> {
  const { configuration, written } = context;
  const known = await context.applications();
  const managed = await context.store.managedJobs();
  const named = [...written.jobs, ...configuration.jobs, ...managed].map(({ application }) => application);
  const others = [...new Set(named)].filter((name) => known.every((one) => one.name !== name));
  return [...known, ...others.map((name): Application => ({ name, roles: NO_ROLES }))].map((application) => ({
    id: servicePrincipalIdOf(configuration.tenantId, application.name),
    appId: appIdOf(configuration.tenantId, application.name),
    displayName: application.name,
    application,
  }));
}

/** The one that the path names, by id or `appId='…'`. @throws GraphError 404 */
async function servicePrincipalOf(context: GraphContext): Promise<ServicePrincipal> {
  const { sp = '' } = context.params;
  const [, appId] = /^appId\s*=\s*'(.*)'$/i.exec(sp) ?? [];
  const wanted = (appId ?? sp).toLowerCase();
  const all = await servicePrincipals(context);
  const found = all.find((one) => (appId === undefined ? one.id : one.appId) === wanted);
  if (found === undefined) throw noResource(appId ?? sp);
  return found;
}

/** The same for a call that manages its jobs. @throws GraphError 403, 404 */
export async function managedPrincipal(context: GraphContext, template?: string): Promise<ServicePrincipal> {
  const found = await servicePrincipalOf(context);
  const templates = jobsOf(context, found).map((job) => job.template);
  requireRole(context.caller, found.displayName, template === undefined ? templates : [...templates, template]);
  return found;
}

/** Jobs of the principal, those of the file first. */
export function jobsOf(
  { configuration }: GraphContext,
  { displayName }: ServicePrincipal,
): readonly JobConfiguration[] {
  return configuration.jobs.filter(({ application }) => application === displayName);
}

export const listServicePrincipals: Handler = async (context) => {
  const { query } = context;
  const fits = query.filter === undefined ? () => true : compileFilter<ServicePrincipal>(query.filter, propertyOf);
  const found = (await servicePrincipals(context)).filter(fits);
  const page = pageOf(found, query);
  const entities = page.rows.map((one) => selected(entityOf(one), query.select));
  const reply = collection(context, 'servicePrincipals', entities);
  return { ...reply, body: { ...(reply.body as object), ...nextLink(context, page.next) } };
};

export const getServicePrincipal: Handler = async (context) => {
  const found = await servicePrincipalOf(context);
  const entity = selected(entityOf(found), context.query.select);
  return ok({ '@odata.context': `${context.root}/$metadata#servicePrincipals/$entity`, ...entity });
};

function entityOf({ id, appId, displayName, application }: ServicePrincipal): Readonly<Record<string, unknown>> {
  return {
    id,
    deletedDateTime: null,
    accountEnabled: true,
    appId,
    appDisplayName: displayName,
    appRoleAssignmentRequired: true,
    displayName,
    servicePrincipalNames: [appId],
    servicePrincipalType: 'Application',
    tags: [TAG],
    appRoles: application.roles.map((role) => ({
      allowedMemberTypes: ['User'],
      description: role.name,
      displayName: role.name,
      id: role.id,
      isEnabled: true,
      origin: 'Application',
      value: role.value ?? null,
    })),
  };
}

/** Names are compared without case, as Graph does with principals (graph-api.md 12.3). */
function propertyOf(path: readonly string[]): Property<ServicePrincipal> | undefined {
  switch (path.join('/')) {
    case 'id':
      return { kind: 'text', caseless: true, of: ({ id }) => id };
    case 'appid':
      return { kind: 'text', caseless: true, of: ({ appId }) => appId };
    case 'displayname':
    case 'appdisplayname':
      return { kind: 'text', caseless: true, of: ({ displayName }) => displayName };
    case 'tags':
      return { kind: 'texts', of: () => [TAG] };
    default:
      return undefined;
  }
}
