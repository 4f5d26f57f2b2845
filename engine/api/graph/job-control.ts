/** Start, pause and restart (graph-api.md 6.4 to 6.6). */
import { EngineError } from '../../model/engine-error.ts';
import { neverStarted, parseResetFlags, type ResetFlag } from '../../record/job-lifecycle.ts';
import { badRequest, GraphError } from './graph-error.ts';
import type { GraphContext, Handler } from './graph-request.ts';
import { type FoundJob, managedJob } from './jobs.ts';
import { NO_CONTENT } from './reply.ts';
import { bodyFields, fieldsOf, member, textMember } from './request-body.ts';

/** A body is ignored: scripts send unrelated ones (graph-api.md 1.3). */
export const startJob: Handler = async (context) => {
  const { job } = await managedJob(context);
  requireSchedule(job);
  const { record } = await context.engine.status(job.name);
  const runs = record?.scheduleState === 'Active' && record.quarantine === undefined;
  // Microsoft warns of hammering a job that runs: nothing happens then.
  if (!runs) await context.engine.start(job.name, context.caller.name);
  return NO_CONTENT;
};

export const pauseJob: Handler = async (context) => {
  const { job } = await managedJob(context);
  const { record } = await context.engine.status(job.name);
  // One that nobody started stays as it is: Disabled, and NotConfigured or NotRun.
  const isIdle = job.mappingPath === undefined && (record === undefined || neverStarted(record));
  if (!isIdle) await context.engine.pause(job.name, context.caller.name);
  return NO_CONTENT;
};

export const restartJob: Handler = async (context) => {
  const { job } = await managedJob(context);
  requireSchedule(job);
  await context.engine.restart(job.name, await resetFlags(context), context.caller.name);
  return NO_CONTENT;
};

/** A custom application may start without credentials and fail; one of the gallery may not (graph-api.md 6.4, gallery.md WA-02, WM-17). */
function requireSchedule(job: FoundJob['job']): void {
  if (job.profile !== undefined && job.lacks !== undefined)
    throw badRequest(`The job cannot be started: ${job.lacks}.`);
  if (job.scheduleState !== 'disabled') return;
  throw badRequest(
    `The configuration file switches this job off (schedule.state: disabled of "${job.name}"). Remove that line, or make it active.`,
  );
}

/** Body, criteria and scope are all optional; numbers are sums of flags (graph-api.md 3, 6.6). */
async function resetFlags(context: GraphContext): Promise<readonly ResetFlag[]> {
  const criteria = member(bodyFields(await context.body()), 'criteria');
  if (criteria === undefined || criteria === null) return [];
  const fields = fieldsOf(criteria, '"criteria"');
  const scope = member(fields, 'resetScope');
  const text = typeof scope === 'number' ? String(scope) : (textMember(fields, 'resetScope') ?? '');
  if (/^\d+$/.test(text)) return fromNumber(Number(text));
  try {
    return parseResetFlags(text);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new GraphError(400, 'BadRequest', `"resetScope": ${error.message}; ${error.remedy}`, {
      target: 'resetScope',
    });
  }
}

const BITS: readonly (readonly [number, ResetFlag])[] = [
  [1, 'ConnectorDataStore'],
  [2, 'Escrows'],
  [4, 'Watermark'],
  [8, 'QuarantineState'],
  [32, 'ForceDeletes'],
];

function fromNumber(value: number): readonly ResetFlag[] {
  const known = BITS.reduce((sum, [bit]) => sum + bit, 0);
  if ((value & ~known) !== 0 || value > known) throw badRequest(`"resetScope": ${value} is no sum of reset flags.`);
  const flags = BITS.filter(([bit]) => (value & bit) !== 0).map(([, flag]) => flag);
  return flags.length === 0 ? ['None'] : flags;
}
