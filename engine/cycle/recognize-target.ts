/**
 * Links lead to the application they were made at. When the job has another URL, a few of them are looked at: the same
 * application may have moved, and in another one their ids mean nobody, or somebody else (cycle.md 3.5).
 */
import { EngineError } from '../model/engine-error.ts';
import type { JobRecord } from '../model/job-state.ts';
import type { Link } from '../model/link.ts';
import { readPath } from '../scim/attribute-path.ts';
import type { Cycle } from './cycle.ts';

/** Links that are looked at. */
const SAMPLE = 5;
const LINKS_READ = 50;

/**
 * The address that the links lead to from now on: the present one if it holds the same accounts, the one before if it holds
 * none of them.
 * @throws EngineError `job`, `TargetChanged`, when it holds other accounts under their ids
 */
export async function recognizeTarget(cycle: Cycle, { targetAddress: before }: JobRecord): Promise<string> {
  const { targetAddress: present, jobId } = cycle.job;
  if (before === undefined || before === present) return present;
  const { rows } = await cycle.ports.store.links(jobId, undefined, LINKS_READ);
  if (rows.length === 0) return present;
  const active = rows.filter(({ disabled }) => !disabled);
  let known = 0;
  const strangers: string[] = [];
  for (const link of (active.length > 0 ? active : rows).slice(0, SAMPLE)) {
    const verdict = await lookAt(cycle, link);
    if (verdict === 'same') known += 1;
    else if (verdict !== 'gone') strangers.push(verdict);
  }
  const [stranger] = strangers;
  if (known > 0 && known >= strangers.length) return present;
  if (stranger === undefined) return before;
  throw new EngineError(`${present} is another application than ${before}: ${stranger}`, {
    category: 'job',
    code: 'TargetChanged',
    remedy:
      'nothing was sent. If the job is meant to provision it: scimulate restart --reset Full, which matches everybody anew; otherwise restore target.url',
  });
}

/** `same`, `gone`, or who is there instead. */
async function lookAt({ job, ports }: Cycle, { type, targetId, displayName, held }: Link): Promise<string> {
  const mapping = job.mappings.find((candidate) => candidate.type === type);
  const path = mapping?.matching[0]?.path;
  if (mapping === undefined || path === undefined) return 'gone';
  const resource = await readable(ports.reader.get(mapping.resourceType, targetId, ports.signal));
  if (resource === undefined) return 'gone';
  const found = readPath(resource, path);
  const believed = held?.[path.text];
  if (believed === undefined || String(found).toLowerCase() === String(believed).toLowerCase()) return 'same';
  return `${targetId} is ${String(found)} there, and not ${displayName}`;
}

/** An answer that concerns this account alone ends no cycle. */
async function readable<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof EngineError && (error.category === 'object' || error.category === 'transient'))
      return undefined;
    throw error;
  }
}
