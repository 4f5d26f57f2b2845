/** Everything there is to say about one object: scope, link, last attempts, retry, what the next cycle would do. */
import { isWritable } from '../map/convert-value.ts';
import { explainRows } from '../map/explain-rows.ts';
import { evaluateRow } from '../map/map-object.ts';
import { addMilliseconds, type Instant } from '../model/instant.ts';
import type { Escrow } from '../model/job-state.ts';
import type { Link } from '../model/link.ts';
import type { ProvisioningLogRecord } from '../model/provisioning-log.ts';
import { everyPage } from '../model/rows.ts';
import type { SourceObject } from '../model/source-object.ts';
import type { Operation } from '../plan/plan.ts';
import { identityOf, type Subject } from '../plan/subject.ts';
import type { Store } from '../ports.ts';
import { attemptAfterNext, ESCROW_LIFETIME_MS } from '../record/escrow.ts';
import { shortPath } from '../scim/attribute-path.ts';
import type { ScopeDecision } from '../scope/decide-scope.ts';
import { findGone } from './find-gone.ts';
import { findSubject } from './find-subject.ts';
import { type EnginePorts, type JobPorts, openCycle } from './job-ports.ts';
import { previewJob } from './preview-job.ts';

export type WhyResult = {
  readonly job: string;
  /** Id and type alone of somebody who is gone from the directory. */
  readonly object: Pick<SourceObject, 'id' | 'type'> & Partial<SourceObject>;
  readonly name: string;
  /** The directory does not hold them any more. */
  readonly gone: boolean;
  /** The directory has errors about it: cycles leave it as it is. */
  readonly uncertain: boolean;
  /** Undefined when the job does not map objects of this type. */
  readonly scope?: ScopeDecision;
  readonly link?: Link;
  /** The newest records about it, oldest first. */
  readonly attempts: readonly ProvisioningLogRecord[];
  readonly escrow?: Escrow & { readonly givesUpAt: Instant; readonly attemptAfterNext: Instant };
  /** Held back by accidental-deletion prevention. */
  readonly held: boolean;
  /** A target attribute that its source leaves empty and that the last failure seems to be about. */
  readonly cause?: { readonly target: string; readonly attributes: readonly string[] };
  /** What the next cycle would do with it; empty: it would not look at it, or find nothing to do. */
  readonly next: readonly Operation[];
  /** Why the next cycle could not be worked out. */
  readonly nextUnknown?: string;
};

const ATTEMPTS = 3;

/** @throws EngineError `configuration`: `unknown-object`, `ambiguous-object` */
export async function whyObject(
  ports: EnginePorts,
  job: JobPorts,
  reference: string,
  options: { readonly offline?: boolean; readonly signal: AbortSignal },
): Promise<WhyResult> {
  const { store } = ports;
  const { jobId } = job.job;
  const { signal } = options;
  const reader = job.openHeldTarget(store);
  const cycle = await openCycle(ports, job, { store, reader, signal });
  const { object, identity, link, escrow, subject } = await findSubject(cycle, job, reference)
    .then((found) => ({ ...found, identity: identityOf(found.object) }))
    .catch((unknown: unknown) => findGone(cycle, jobId, reference, unknown));
  const attempts = await store.logs({ jobId, object: object.id, limit: ATTEMPTS });
  const preview = await previewJob(ports, job, options);
  const cause = subject === undefined || escrow === undefined ? undefined : emptyCause(subject, escrow);
  return {
    job: job.job.name,
    object,
    name: identity.userPrincipalName ?? identity.displayName,
    gone: !('attributes' in object),
    uncertain: (await cycle.directory.uncertain([object.id])).size > 0,
    ...(subject === undefined ? {} : { scope: subject.scope }),
    ...(link === undefined ? {} : { link }),
    attempts: attempts.map(({ record }) => record),
    ...(escrow === undefined ? {} : { escrow: withTimes(escrow) }),
    held: await isHeld(store, jobId, object.id),
    ...(cause === undefined ? {} : { cause }),
    next: preview.operations.filter(({ source }) => source.id === object.id),
    ...(preview.error === undefined ? {} : { nextUnknown: preview.error.message }),
  };
}

/** Whether its deprovision waits; of many, no more than a page is in memory. */
async function isHeld(store: Store, jobId: string, id: string): Promise<boolean> {
  for await (const staged of everyPage((after) => store.stagedDeprovisions(jobId, after, 500)))
    if (staged.some(({ source }) => source.id === id)) return true;
  return false;
}

function withTimes(escrow: Escrow): NonNullable<WhyResult['escrow']> {
  const givesUpAt = addMilliseconds(escrow.createdAt, ESCROW_LIFETIME_MS);
  return { ...escrow, givesUpAt, attemptAfterNext: attemptAfterNext(escrow) };
}

/** The row without a value whose target attribute the target's refusal mentions: `emails` for "Missing Email field". */
function emptyCause(subject: Subject, escrow: Escrow): WhyResult['cause'] {
  const message = escrow.errorMessage.toLowerCase();
  const row = emptyRows(subject).find(({ path }) => words(path.text).some((word) => message.includes(word)));
  return row === undefined ? undefined : { target: row.path.text, attributes: row.reads };
}

/** Rows that fail, or that nobody writes, have no say. */
function emptyRows({ mapping, attributes, context }: Subject): Subject['mapping']['rows'] {
  return explainRows(mapping, attributes, { purpose: 'create', context })
    .filter((row) => 'flow' in row && row.flow.kind !== 'value' && isWritable(row.compiled, 'create'))
    .map(({ compiled }) => compiled)
    .filter((row) => (evaluateRow(row, attributes, context) ?? null) === null);
}

/** Names a person would use for the attribute: `emails[type eq "work"].value` → email; short ones say too little. */
function words(path: string): readonly string[] {
  const bare = shortPath(path).replace(/\[.*?\]/g, '');
  return bare
    .split('.')
    .map((part) => part.toLowerCase().replace(/s$/, ''))
    .filter((part) => part.length > 3 && part !== 'value' && part !== 'name');
}
