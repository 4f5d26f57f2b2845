/** Every mapping row for one object, side by side with what the target holds now. Reads, and writes nothing. */
import type { SourceAttributes } from '../map/compile-mapping.ts';
import { type ExplainedRow, explainRows } from '../map/explain-rows.ts';
import { EngineError } from '../model/engine-error.ts';
import type { AttributeMapping } from '../model/mapping.ts';
import type { JsonValue, ScimResource } from '../model/scim-message.ts';
import { identityOf, type Subject } from '../plan/subject.ts';
import type { Store } from '../ports.ts';
import { readPath } from '../scim/attribute-path.ts';
import { sameValue } from '../scim/compare-values.ts';
import type { ScopeDecision } from '../scope/decide-scope.ts';
import { findSubject } from './find-subject.ts';
import { type EnginePorts, type JobPorts, neverAborted, openCycle } from './job-ports.ts';
import { lookUp, type TargetState } from './look-up.ts';

export type RowExplanation = {
  readonly target: string;
  readonly source: AttributeMapping['source'];
  /** `new`: the target has no value; `nothing`: nothing flows. */
  readonly state: 'same' | 'differs' | 'new' | 'nothing' | 'error';
  readonly value?: JsonValue;
  readonly current?: JsonValue;
  /** Why the value is what it is, when the source alone does not say. */
  readonly note?: string;
};

export type ObjectExplanation = {
  readonly job: string;
  readonly mapping: string;
  readonly name: string;
  readonly id: string;
  readonly type: Subject['object']['type'];
  readonly scope: ScopeDecision;
  readonly target: TargetState;
  readonly rows: readonly RowExplanation[];
};

export type ExplainOptions = { readonly offline?: boolean; readonly signal?: AbortSignal };

/** @throws EngineError `configuration`: `unknown-object`, `ambiguous-object`, `not-mapped`; `job` when the target does not answer */
export async function explainObject(
  ports: EnginePorts,
  job: JobPorts,
  reference: string,
  options: ExplainOptions = {},
): Promise<ObjectExplanation> {
  const { store } = ports;
  const signal = options.signal ?? neverAborted();
  const target = options.offline === true ? undefined : await job.openTarget();
  try {
    const reader = target ?? job.openHeldTarget(store);
    const cycle = await openCycle(ports, job, { store, reader, signal });
    const { object, subject } = await findSubject(cycle, job, reference);
    if (subject === undefined) throw notMapped(object.type, job.job.name);
    const looked = await lookUp(subject, cycle, options.offline === true);
    const { id, type, displayName, userPrincipalName } = identityOf(object);
    return {
      job: job.job.name,
      mapping: subject.mapping.name,
      name: userPrincipalName ?? displayName,
      id,
      type,
      scope: subject.scope,
      target: looked.state,
      rows: [...valueRows(subject, looked.resource), ...(await referenceRows(subject, looked.resource, job, store))],
    };
  } finally {
    await target?.close();
  }
}

/** The attributes mappings read of one object, those computed for the job included. @throws EngineError as `explainObject` */
export async function readAttributes(ports: EnginePorts, job: JobPorts, reference: string): Promise<SourceAttributes> {
  const { store } = ports;
  const { object, subject } = await findSubject({ directory: await job.openDirectory(store), store }, job, reference);
  if (subject === undefined) throw notMapped(object.type, job.job.name);
  return subject.attributes;
}

function notMapped(type: string, job: string): EngineError {
  return new EngineError(`job ${job} has no enabled object mapping for a ${type}`, {
    category: 'configuration',
    code: 'not-mapped',
    remedy: `add one with "from: ${type}" to its mapping file, or name another job with --job`,
  });
}

function valueRows({ mapping, attributes, context }: Subject, resource: ScimResource | undefined) {
  const purpose = resource === undefined ? 'create' : 'update';
  const options = { purpose, context, ...(resource === undefined ? {} : { current: resource }) } as const;
  return explainRows(mapping, attributes, options).map((row) => explanationOf(row, resource));
}

function explanationOf(row: ExplainedRow, resource: ScimResource | undefined): RowExplanation {
  const { path, row: written } = row.compiled;
  const current = resource === undefined ? undefined : readPath(resource, path);
  const shared = { target: written.target, source: written.source, ...(current === undefined ? {} : { current }) };
  if ('failure' in row) return { ...shared, state: 'error', note: `${row.failure.code}: ${row.failure.message}` };
  const { flow } = row;
  if (flow.kind !== 'value') return { ...shared, state: 'nothing', ...noteOf(row, resource !== undefined) };
  const { value } = flow;
  return { ...shared, state: stateOf(value, current), value, ...noteOf(row, resource !== undefined) };
}

function noteOf(row: ExplainedRow, isUpdate: boolean): Pick<RowExplanation, 'note'> {
  const { source, apply, defaultValue } = row.compiled.row;
  const flow = 'flow' in row ? row.flow : undefined;
  if (flow?.kind === 'ignore-object') return { note: 'IgnoreObjectFlow: the object is not created' };
  if (isUpdate && apply === 'onCreate') return { note: 'on creation only' };
  if (flow?.kind === 'value' && defaultValue !== undefined && flow.value === defaultValue && source.kind === 'none')
    return { note: 'default' };
  return {};
}

/** `active` and the like travel as texts and booleans; the empty text is never written (scim-wire.md 6.2). */
function stateOf(value: JsonValue, current: JsonValue | undefined): RowExplanation['state'] {
  if (value === '') return 'nothing';
  if (current === undefined) return 'new';
  return sameValue(current, value) ? 'same' : 'differs';
}

/** Managers by the id they are linked to; members are not read, so that only what was written is known (scim-wire.md 8.3). */
async function referenceRows(
  { object, mapping }: Subject,
  resource: ScimResource | undefined,
  { job }: JobPorts,
  store: Store,
): Promise<readonly RowExplanation[]> {
  const rows: RowExplanation[] = [];
  for (const { kind, path, row } of mapping.references) {
    const shared = { target: row.target, source: row.source };
    const wanted = kind === 'manager' ? [object.manager ?? []].flat() : (object.members ?? []).map(({ id }) => id);
    const links = await store.linksOf(job.jobId, wanted);
    const ids = wanted.flatMap((id) => links.get(id)?.targetId ?? []);
    const unlinked = wanted.length - ids.length;
    const note = unlinked === 0 ? {} : { note: `${unlinked} of ${wanted.length} not linked in the target yet` };
    if (kind === 'members') {
      const { held } = await store.membersOf(job.jobId, object.id);
      const state = ids.length === held.size && ids.every((id) => held.has(id)) ? 'same' : 'differs';
      rows.push({ ...shared, state, value: ids, current: [...held], ...note });
      continue;
    }
    const current = resource === undefined ? undefined : readPath(resource, path);
    const [value] = ids;
    const state = value === undefined ? (current === undefined ? 'nothing' : 'differs') : stateOf(value, current);
    rows.push({
      ...shared,
      state,
      ...(value === undefined ? {} : { value }),
      ...(current === undefined ? {} : { current }),
      ...note,
    });
  }
  return rows;
}
