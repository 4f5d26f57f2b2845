/** The convergence check: every linked object read back and compared with what the engine believes it wrote. */
import type { CompiledObjectMapping } from '../map/compile-mapping.ts';
import { EngineError } from '../model/engine-error.ts';
import type { Link } from '../model/link.ts';
import { everyPage } from '../model/rows.ts';
import type { ScimRequest, ScimResource } from '../model/scim-message.ts';
import type { ObjectType } from '../model/source-object.ts';
import type { Target } from '../ports.ts';
import { curlOf } from '../scim/describe-request.ts';
import { type Difference, differencesOf, type LinkedObject } from '../verify/difference.ts';
import { type Explanation, explainDifference } from '../verify/explain-difference.ts';
import { rebuildRequest } from '../verify/rebuild-request.ts';
import { type EnginePorts, type JobPorts, neverAborted } from './job-ports.ts';

export type Divergence = {
  readonly link: Link;
  readonly difference: Difference;
  readonly explanation: Explanation;
  /** The request that should have brought the value about, or that took it away again: as small as it can be. */
  readonly request: ScimRequest;
  /** The same for a shell. */
  readonly curl: string;
  /** Brings about first what `request` takes away. */
  readonly restore?: { readonly request: ScimRequest; readonly curl: string };
};

/** An object that could not be read back. */
type Unread = { readonly link: Link; readonly code: string; readonly message: string };

export type Verification = {
  readonly name: string;
  readonly jobId: string;
  /** Objects read back. */
  readonly checked: Readonly<Record<ObjectType, number>>;
  /** How many divergences there are; `divergences` lists the first of them. */
  readonly total: number;
  readonly divergences: readonly Divergence[];
  /** How many objects could not be read; `unread` lists the first of them. */
  readonly unreadTotal: number;
  readonly unread: readonly Unread[];
  readonly durationMs: number;
};

/** Everything was read back, and holds what it was sent. */
export function isConverged({ total, unreadTotal }: Verification): boolean {
  return total === 0 && unreadTotal === 0;
}

export type VerifyOptions = {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
};

/** Links read at once; the transport bounds how many requests are in flight. */
const PAGE = 100;
/** Divergences explained, and unread objects listed, in the report; the others are counted. */
const LISTED = 1000;
/** Log records looked at for one object. */
const RECORDS = 200;

type Compared = {
  readonly object: LinkedObject;
  readonly found: ScimResource | undefined;
  readonly differences: readonly Difference[];
};
type Checked = Compared | { readonly unread: Unread };

/** @throws EngineError `job` when the target refuses the credentials, or answers to nothing at all */
export async function verifyJob(ports: EnginePorts, job: JobPorts, options: VerifyOptions = {}): Promise<Verification> {
  const { signal = neverAborted(), onProgress } = options;
  const { jobId, name } = job.job;
  const counts = await ports.store.countLinks(jobId);
  const started = Date.now();
  const checked = { User: 0, Group: 0 };
  const divergences: Divergence[] = [];
  const unread: Unread[] = [];
  let total = 0;
  let unreadTotal = 0;
  const target = await job.openTarget();
  try {
    for await (const links of everyPage((after) => ports.store.links(jobId, after, PAGE))) {
      const results = await Promise.all(links.map((link) => checkLink(ports, job, target, link, signal)));
      assertAnswering(results);
      for (const result of results) {
        if (result === undefined) continue;
        if ('unread' in result) {
          unreadTotal += 1;
          if (unread.length < LISTED) unread.push(result.unread);
          continue;
        }
        checked[result.object.link.type] += 1;
        total += result.differences.length;
        const room = LISTED - divergences.length;
        if (result.differences.length > 0 && room > 0)
          divergences.push(...(await explain(ports, job, target, result)).slice(0, room));
      }
      onProgress?.(checked.User + checked.Group, counts.User + counts.Group);
    }
  } finally {
    await target.close();
  }
  return { name, jobId, checked, total, divergences, unreadTotal, unread, durationMs: Date.now() - started };
}

/** Undefined: the job does not map such objects any more. */
async function checkLink(
  ports: EnginePorts,
  job: JobPorts,
  target: Target,
  link: Link,
  signal: AbortSignal,
): Promise<Checked | undefined> {
  const mapping = job.job.mappings.find(({ type }) => type === link.type);
  if (mapping === undefined) return undefined;
  try {
    const found = await target.get(mapping.resourceType, link.targetId, signal, { members: true });
    const object = await linkedObject(ports, job, link, mapping);
    return { object, found, differences: differencesOf(object, found, job.job.rules) };
  } catch (error) {
    if (!(error instanceof EngineError) || (error.category !== 'object' && error.category !== 'transient')) throw error;
    return { unread: { link, code: error.code, message: error.message } };
  }
}

async function linkedObject(
  { store }: EnginePorts,
  { job }: JobPorts,
  link: Link,
  mapping: CompiledObjectMapping,
): Promise<LinkedObject> {
  if (link.type === 'User') return { link, mapping };
  return { link, mapping, members: await store.membersOf(job.jobId, link.sourceId) };
}

async function explain(
  { store }: EnginePorts,
  { job: { jobId, rules } }: JobPorts,
  target: Target,
  { object, found, differences }: Compared,
): Promise<readonly Divergence[]> {
  const { link } = object;
  const stored = await store.logs({ jobId: jobId, object: link.sourceId, limit: RECORDS });
  // Records of an earlier target resource say nothing about this one.
  const records = stored
    .map(({ record }) => record)
    .filter(({ targetIdentity }) => targetIdentity.id === link.targetId);
  const escrow = (await store.escrowsOf(jobId, [link.sourceId])).get(link.sourceId);
  const linked = await store.linksTo(jobId, [link.targetId]);
  const other = linked.find(({ type, sourceId }) => type === link.type && sourceId !== link.sourceId);
  const { client } = rules;
  const history = {
    records,
    replaces: client.update === 'put' || client.membership === 'put',
    ...(escrow === undefined ? {} : { pending: escrow.errorCode }),
    ...(other === undefined ? {} : { sharedWith: `${other.displayName} (${other.sourceId})` }),
  };
  return differences.map((difference) => {
    const explanation = explainDifference(object, difference, found, history);
    const { request, restore } = rebuildRequest(object, difference, found, explanation, rules);
    const forShell = (one: ScimRequest) => ({ request: one, curl: curlOf(target.urlOf(one), one, { client }) });
    return {
      link,
      difference,
      explanation,
      ...forShell(request),
      ...(restore === undefined ? {} : { restore: forShell(restore) }),
    };
  });
}

/** A page of which nothing could be read: the target is down, not the objects broken. */
function assertAnswering(results: readonly (Checked | undefined)[]): void {
  const unread = results.flatMap((result) => (result !== undefined && 'unread' in result ? [result.unread] : []));
  const [first] = unread;
  if (first === undefined || unread.length < results.filter((result) => result !== undefined).length) return;
  if (first.code !== 'Timeout' && first.code !== 'WebExceptionProtocolError') return;
  throw new EngineError(`nothing can be read back: ${first.message}`, {
    category: 'job',
    code: first.code,
    remedy: 'see whether the target is running, then verify again',
  });
}
