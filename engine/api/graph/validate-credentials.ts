/** Test Connection over the API, for a job and before there is one (graph-api.md 7.4). */
import type { JobConfiguration } from '../../config/configuration.ts';
import { applySecrets, meansOf } from '../../manage/apply-secrets.ts';
import { draftJob } from '../../manage/draft-job.ts';
import { secretValue } from '../../manage/secret-keys.ts';
import { findTemplate, mappingAt } from '../../manage/templates.ts';
import { EngineError } from '../../model/engine-error.ts';
import type { Secret } from '../../model/managed-job.ts';
import { badRequest, GraphError, missing } from './graph-error.ts';
import type { GraphContext, Handler } from './graph-request.ts';
import { managedJob } from './jobs.ts';
import { NO_CONTENT } from './reply.ts';
import { bodyFields, flagMember, listMember, textMember } from './request-body.ts';
import { readSecrets } from './secrets.ts';
import { jobsOf, managedPrincipal } from './service-principals.ts';

/** Characters of the target's answer that are passed on (graph-api.md 7.4). */
const ANSWER_LENGTH = 500;

export const validateJob: Handler = async (context) => {
  const { job } = await managedJob(context);
  const given = await credentialsIn(context);
  await testJob(context, job, given);
  return NO_CONTENT;
};

export const validateWithoutJob: Handler = async (context) => {
  const principal = await managedPrincipal(context);
  const given = await credentialsIn(context);
  const templateId = textMember(bodyFields(await context.body()), 'templateId');
  const [present] = jobsOf(context, principal);
  const secrets = given ?? (await context.secrets.get(principal.id));
  if (templateId === undefined && present !== undefined) {
    await testJob(context, present, given);
    return NO_CONTENT;
  }
  const template = findTemplate(await context.templates(context.written), templateId ?? 'scim');
  if (template === undefined) throw badRequest(`There is no template '${templateId}'.`);
  const draft = {
    jobId: `${template.id}.${principal.id}`,
    name: principal.displayName,
    template: template.id,
    application: principal.displayName,
    mapping: mappingAt(template, secretValue(secrets, 'BaseAddress')),
  };
  await test(context, draftJob(draft, secrets, meansOf(context.written, principal.displayName)), false);
  return NO_CONTENT;
};

/** The credentials of the body; undefined: the saved ones are meant. @throws GraphError 400 */
async function credentialsIn(context: GraphContext): Promise<readonly Secret[] | undefined> {
  const body = bodyFields(await context.body());
  if (flagMember(body, 'useSavedCredentials')) return undefined;
  const list = listMember(body, 'credentials') ?? listMember(body, 'value');
  if (list === undefined)
    throw missing('credentials', '{"useSavedCredentials": false, "credentials": [{"key", "value"}]}');
  return readSecrets(list);
}

/** The job with nothing but these credentials; the stand-in of the file stays with the address of the file. */
function withCredentials(
  { written }: GraphContext,
  job: JobConfiguration,
  secrets: readonly Secret[],
): JobConfiguration {
  const url = job.profile?.tenantUrl.fixed ?? '';
  const asWritten = written.jobs.find(({ jobId }) => jobId === job.jobId)?.target;
  const address = secretValue(secrets, 'BaseAddress') ?? url;
  const { override, ...target } = asWritten ?? job.target;
  const kept = asWritten?.url === address && override !== undefined ? { override } : {};
  const bare: JobConfiguration = { ...job, target: { ...target, ...kept, url, auth: { type: 'bearer', token: '' } } };
  const applied = applySecrets(bare, secrets, meansOf(written, job.application));
  return { ...applied, target: { ...applied.target, ...kept } };
}

async function testJob(
  context: GraphContext,
  job: JobConfiguration,
  given: readonly Secret[] | undefined,
): Promise<void> {
  if (given === undefined) await test(context, job, true);
  else await test(context, withCredentials(context, job, given), false);
}

/** @param saved a good answer is noted in the job @throws GraphError 400 `CredentialValidationFailed` with what the target said */
async function test(context: GraphContext, job: JobConfiguration, saved: boolean): Promise<void> {
  const engine = context.engineOf({ ...context.configuration, jobs: [job] });
  try {
    if (saved) await engine.testConnection(job.name, context.signal);
    else await engine.probe(job.name, context.signal);
  } catch (error) {
    if (!(error instanceof EngineError) || error.category === 'bug') throw error;
    const answer =
      error.response === undefined ? '' : ` The target answered: ${error.response.slice(0, ANSWER_LENGTH)}`;
    const status = error.status === undefined ? '' : ` (HTTP ${error.status})`;
    const remedy = error.remedy === undefined ? '' : ` Remedy: ${error.remedy}.`;
    throw new GraphError(400, 'CredentialValidationFailed', `${error.message}${status}.${remedy}${answer}`, {
      inner: codeOf(error),
    });
  }
}

/** The service's own codes for what can be wrong with credentials (graph-api.md 7.4). */
function codeOf({ code, status }: EngineError): string {
  if (status === 401 || status === 403) return 'SystemForCrossDomainIdentityManagementCredentialValidationFailure';
  return code.startsWith('SystemFor') ? code : 'SystemForCrossDomainIdentityManagementInvalidCredentials';
}
