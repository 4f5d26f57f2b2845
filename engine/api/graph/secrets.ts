/** `synchronization/secrets`: credentials and switches of an application (graph-api.md 7.1 to 7.3). */
import { checkApplication } from '../../config/check-application.ts';
import type { JobConfiguration } from '../../config/configuration.ts';
import type { Report } from '../../config/finding.ts';
import { roleFunctionIn } from '../../config/load-mapping.ts';
import { profileOfTemplate } from '../../gallery/index.ts';
import { refusedTenantUrl } from '../../manage/apply-secrets.ts';
import { replaceSecrets } from '../../manage/manage-jobs.ts';
import { findSecretKey, flagOf, masked, misunderstood, secretValue } from '../../manage/secret-keys.ts';
import { isUntouched, type Template } from '../../manage/templates.ts';
import type { ManagedJob, Secret } from '../../model/managed-job.ts';
import { badRequest, GraphError, missing } from './graph-error.ts';
import { collection, type GraphContext, type Handler } from './graph-request.ts';
import { counted, NO_CONTENT } from './reply.ts';
import { bodyFields, type Fields, fieldsOf, listMember, member, textMember } from './request-body.ts';
import { jobsOf, managedPrincipal, type ServicePrincipal } from './service-principals.ts';

const SHAPE = '{"value": [{"key": "BaseAddress", "value": "https://…"}, {"key": "SecretToken", "value": "…"}]}';

export const getSecrets: Handler = async (context) => {
  const principal = await managedPrincipal(context);
  const of = `servicePrincipals('${principal.id}')/synchronization/secrets`;
  return collection(context, of, masked(await knownSecrets(context, principal)));
};

export const countSecrets: Handler = async (context) =>
  counted((await knownSecrets(context, await managedPrincipal(context))).length);

/** Replaces the whole set; entries with an empty value are dropped. */
export const putSecrets: Handler = async (context) => {
  const principal = await managedPrincipal(context);
  const body = bodyFields(await context.body());
  const list = listMember(body, 'value') ?? listMember(body, 'credentials');
  if (list === undefined) throw missing('value', SHAPE);
  const secrets = readSecrets(list);
  checkSecrets(secrets);
  checkTenantUrl(secrets, jobsOf(context, principal));
  checkScope(secrets, jobsOf(context, principal));
  const templates = await context.templates(context.written);
  checkMappings(secrets, await context.store.managedJobs(), jobsOf(context, principal), templates);
  for (const { key, value } of secrets) {
    if (value === '*')
      context.warn('secret set to a star, as GET masks it', { application: principal.displayName, key });
  }
  await replaceSecrets(context, principal.displayName, { secrets, templates, actor: context.caller.name });
  return NO_CONTENT;
};

/** What was put; before that, what the file says of the application's first job. */
async function knownSecrets(context: GraphContext, principal: ServicePrincipal): Promise<readonly Secret[]> {
  const put = await context.secrets.get(principal.id);
  if (put.length > 0) return put;
  const job = jobsOf(context, principal).find(({ mappingPath }) => mappingPath !== undefined);
  if (job === undefined) return [];
  const { url, auth } = job.target;
  const credentials =
    auth.type === 'bearer'
      ? [{ key: 'SecretToken', value: auth.token }]
      : [
          { key: 'Oauth2ClientId', value: auth.clientId },
          ...('clientSecret' in auth ? [{ key: 'Oauth2ClientSecret', value: auth.clientSecret }] : []),
          { key: 'Oauth2TokenExchangeUri', value: auth.tokenUrl },
        ];
  return [{ key: 'BaseAddress', value: url }, ...credentials];
}

/** Entries of `secrets` or `credentials`. The last of two with one key counts. @throws GraphError 400 */
export function readSecrets(list: readonly unknown[]): readonly Secret[] {
  const found = new Map<string, string>();
  for (const entry of list) {
    const fields = fieldsOf(entry, 'An entry of the secrets');
    const name = textMember(fields, 'key');
    if (name === undefined) throw missing('key', SHAPE);
    const key = findSecretKey(name);
    if (key === undefined) {
      throw new GraphError(400, 'BadRequest', `"${name}" is not a member of synchronizationSecret.`, { target: 'key' });
    }
    found.set(key, valueText(fields));
  }
  return [...found].flatMap(([key, value]) => (value === '' ? [] : [{ key, value }]));
}

/** PowerShell sends settings as an object: its JSON text is meant (graph-api.md 7.1). */
function valueText(fields: Fields): string {
  const value = member(fields, 'value');
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What can be told to be wrong before anything is sent. @throws GraphError 400 */
function checkSecrets(secrets: readonly Secret[]): void {
  const problem = misunderstood(secrets);
  if (problem !== undefined) throw badRequest(`${problem}.`);
}

/** "All users" is not for every application, nor for every mapping (gallery.md GC-12). @throws GraphError 400 */
function checkScope(secrets: readonly Secret[], jobs: readonly JobConfiguration[]): void {
  if (flagOf(secrets, 'SyncAll') !== true) return;
  const address = secretValue(secrets, 'BaseAddress');
  for (const job of jobs) {
    const { mapping } = job;
    const profile = profileAt(job, address);
    if (profile !== undefined && !profile.scopes.includes('all')) {
      throw badRequest(`SyncAll cannot be true: ${profile.title} synchronises assigned users only.`);
    }
    const role = roleFunctionIn(mapping);
    if (role !== undefined)
      throw badRequest(`SyncAll cannot be true: the mapping calls ${role}, which needs assignments.`);
  }
}

/** The gallery's applications take their own address only: it cannot be saved otherwise (gallery.md WM-17). @throws GraphError 400 */
function checkTenantUrl(secrets: readonly Secret[], jobs: readonly JobConfiguration[]): void {
  const address = secretValue(secrets, 'BaseAddress');
  if (address === undefined) return;
  const profiles = jobs.map((job) => profileAt(job, address));
  for (const profile of profiles.length === 0 ? [undefined] : profiles) {
    const refused = refusedTenantUrl(address, profile);
    if (refused !== undefined) throw badRequest(`BaseAddress: ${refused}.`);
  }
}

/** A mapping that somebody changed does not follow the address: the application there must take it (gallery.md GC-07). @throws GraphError 400 */
function checkMappings(
  secrets: readonly Secret[],
  managed: readonly ManagedJob[],
  jobs: readonly JobConfiguration[],
  templates: readonly Template[],
): void {
  const address = secretValue(secrets, 'BaseAddress');
  for (const job of managed) {
    const { mapping } = jobs.find(({ jobId }) => jobId === job.jobId) ?? {};
    if (address === undefined || mapping === undefined || job.kind !== 'created') continue;
    const profile = profileOfTemplate(job.template, address);
    const template = templates.find(({ id }) => id === job.template);
    if (profile === undefined || template === undefined || isUntouched(template, job.mapping)) continue;
    const report: Report = (_path, { summary }) => {
      throw badRequest(`BaseAddress: ${summary}`);
    };
    checkApplication({ profile, asOf: undefined, scope: 'assigned', mapping, report });
  }
}

/** What the job is once the address is saved: one of the file stays what it is, another one follows its template and the address. */
function profileAt({ mappingPath, profile, template }: JobConfiguration, address: string | undefined) {
  return mappingPath === undefined ? profileOfTemplate(template, address) : profile;
}
