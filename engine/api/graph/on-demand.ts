/** `provisionOnDemand` (graph-api.md 10). */
import { MEMBERS_ON_DEMAND } from '../../cycle/provision-on-demand.ts';
import { EngineError } from '../../model/engine-error.ts';
import type { ProvisioningLogRecord } from '../../model/provisioning-log.ts';
import type { ObjectType } from '../../model/source-object.ts';
import { badRequest, GraphError, missing } from './graph-error.ts';
import type { GraphContext, Handler } from './graph-request.ts';
import { type FoundJob, managedJob } from './jobs.ts';
import { onDemandEvent, type Verdict, verdictOf } from './on-demand-view.ts';
import { ok } from './reply.ts';
import { bodyFields, type Fields, fieldsOf, listMember, member, textMember } from './request-body.ts';
import { schemaOf } from './schema.ts';

const SHAPE = '{"parameters": [{"ruleId": "…", "subjects": [{"objectId": "…", "objectTypeName": "User"}]}]}';

type Subject = {
  readonly objectId: string;
  readonly type?: ObjectType;
  readonly members: readonly string[];
};

type Result = { readonly verdict: Verdict; readonly event: Readonly<Record<string, unknown>> };

/** Failures of a subject are an answer like any other; several subjects report the worst result and the last event. */
export const provisionOnDemand: Handler = async (context) => {
  const { job } = await managedJob(context);
  const subjects = await subjectsIn(context, job);
  const results: Result[] = [];
  for (const subject of subjects) results.push(await provision(context, job, subject));
  const worst = results.map(({ verdict }) => verdict).toSorted((a, b) => rank(b) - rank(a))[0];
  return ok({
    '@odata.context': `${context.root}/$metadata#microsoft.graph.stringKeyStringValuePair`,
    key: JSON.stringify(worst),
    value: JSON.stringify(results.at(-1)?.event ?? {}),
  });
};

function rank({ result }: Verdict): number {
  return ['Skipped', 'Success', 'Failure'].indexOf(result);
}

/** @throws GraphError 400 */
async function subjectsIn(context: GraphContext, job: FoundJob['job']): Promise<readonly Subject[]> {
  const parameters = listMember(bodyFields(await context.body()), 'parameters');
  if (parameters === undefined) throw missing('parameters', SHAPE);
  const rules = (await schemaOf(context, job)).synchronizationRules.map(({ id }) => id);
  const subjects = parameters.flatMap((entry): readonly Subject[] => {
    const fields = fieldsOf(entry, 'An entry of "parameters"');
    const ruleId = textMember(fields, 'ruleId');
    if (ruleId === undefined) throw missing('ruleId', SHAPE);
    if (!rules.includes(ruleId)) throw unknownRule(job.jobId, ruleId);
    const list = listMember(fields, 'subjects');
    if (list === undefined) throw missing('subjects', SHAPE);
    return list.map((one) => toSubject(fieldsOf(one, 'An entry of "subjects"')));
  });
  if (subjects.length === 0) throw missing('subjects', SHAPE);
  const groups = subjects.filter(({ type, members }) => type === 'Group' || members.length > 0);
  if (groups.length > 1) throw badRequest('One group can be provisioned per call.');
  return subjects;
}

/** In the words of the service (graph-api.md 2.2). */
function unknownRule(jobId: string, ruleId: string): GraphError {
  return new GraphError(
    400,
    'RequestParameterInvalid',
    `The request identified this synchronization job: ${jobId}.  The request also identified this synchronization rule: ${ruleId}.  However, the job does not include the rule.`,
  );
}

function toSubject(fields: Fields): Subject {
  const objectId = textMember(fields, 'objectId');
  if (objectId === undefined) throw missing('objectId', SHAPE);
  const type = textMember(fields, 'objectTypeName');
  if (type !== undefined && !/^(user|group)$/i.test(type)) {
    throw badRequest(`"objectTypeName" is User or Group, not "${type}".`);
  }
  const links = member(fields, 'links');
  const list = links === undefined || links === null ? [] : (listMember(fieldsOf(links, '"links"'), 'members') ?? []);
  const members = list.map((one) => {
    const id = textMember(fieldsOf(one, 'A member'), 'objectId');
    if (id === undefined) throw missing('objectId', SHAPE);
    return id;
  });
  if (members.length > MEMBERS_ON_DEMAND) {
    throw badRequest(`${members.length} members are too many: provision on demand takes up to ${MEMBERS_ON_DEMAND}.`);
  }
  if (type === undefined) return { objectId, members };
  return { objectId, members, type: /^user$/i.test(type) ? 'User' : 'Group' };
}

async function provision(context: GraphContext, job: FoundJob['job'], subject: Subject): Promise<Result> {
  const { engine, store, clock, signal } = context;
  const startTime = clock.now();
  const [newest] = await store.logs({ limit: 1 });
  try {
    const { objectId, members, type } = subject;
    const options = { members, anyState: true, signal, ...(type === undefined ? {} : { type }) };
    const { object } = await engine.provision(job.name, objectId, options);
    const after = newest === undefined ? {} : { after: newest.position };
    const records = (await store.logs({ jobId: job.jobId, ...after })).map(({ record }) => record);
    const own = records.filter(({ sourceIdentity }) => sourceIdentity.id === object.id);
    const [first] = own;
    if (first === undefined) return { verdict: verdictOf(undefined), event: {} };
    const main = own.find((record) => record.provisioningAction !== 'other') ?? first;
    // Manager or members alone were written: how the object came there is told by the record before.
    const steps = main === first ? [] : first.provisioningSteps.filter(({ status }) => status !== 'skipped');
    const told = { ...main, provisioningSteps: [...steps, ...main.provisioningSteps] };
    // A member that was chosen and failed is a failure of what was asked for.
    return { verdict: worstOf(records), event: onDemandEvent(told, startTime, clock.now()) };
  } catch (error) {
    if (!(error instanceof EngineError) || error.category === 'bug' || error.code === 'job-busy') throw error;
    const code = error.code === 'unknown-object' ? 'ImportSkipped' : error.code;
    return { verdict: { result: 'Failure', details: { errorCode: code, errorMessage: error.message } }, event: {} };
  }
}

function worstOf(records: readonly ProvisioningLogRecord[]): Verdict {
  const verdicts = records.map((record) => verdictOf(record));
  return verdicts.toSorted((a, b) => rank(b) - rank(a))[0] ?? verdictOf(undefined);
}
