/** What changes for everybody in the directory when another mapping replaces the job's own. Sends nothing, writes nothing. */
import { assertSafe, type GuardVerdict } from '../cycle/settle-deprovisions.ts';
import type { EvaluationContext } from '../expression/function-definition.ts';
import { reproducibleBytes } from '../expression/reproducible-bytes.ts';
import type { CompiledObjectMapping } from '../map/compile-mapping.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Link } from '../model/link.ts';
import type { MappingDocument } from '../model/mapping.ts';
import type { ObjectType, SourceId, SourceObject } from '../model/source-object.ts';
import { planReplacement, type Replacement } from '../plan/plan-replacement.ts';
import { identityOf, type Subject, toSubject } from '../plan/subject.ts';
import type { Directory } from '../ports.ts';
import { pathKey } from '../scim/attribute-path.ts';
import { type EnginePorts, type JobPorts, neverAborted, openCycle } from './job-ports.ts';
import { lookUp, type TargetState } from './look-up.ts';

export type CompareOptions = {
  /** Compare with what the target holds now, instead of with what the present mapping makes of the directory. */
  readonly online?: boolean;
  readonly signal?: AbortSignal;
};

export type Comparison = {
  readonly job: string;
  readonly counts: Readonly<Record<Replacement['change'] | 'unchanged', number>>;
  /** Target paths that only the present mapping writes, by type: the target keeps the values. */
  readonly dropped: Readonly<Record<ObjectType, readonly string[]>>;
  /** What accidental-deletion prevention would say to the deprovisions. */
  readonly guard: GuardVerdict;
  /** Users first, then groups, by source id; without those for whom nothing changes. */
  readonly replacements: readonly Replacement[];
  /** Source id → name, for the managers that are written anew. */
  readonly names: ReadonlyMap<SourceId, string>;
  /** What is wrong with the directory; objects with errors are not compared. */
  readonly problems: readonly Diagnostic[];
};

type Mappings = readonly CompiledObjectMapping[];

/** @param document the mapping that would replace that of the job. @throws EngineError `job` when directory or target cannot be read */
export async function compareMappings(
  ports: EnginePorts,
  job: JobPorts,
  document: MappingDocument,
  options: CompareOptions = {},
): Promise<Comparison> {
  const other = job.compile(document);
  const store = await ports.store.copy();
  const signal = options.signal ?? neverAborted();
  const target = options.online === true ? await job.openTarget() : undefined;
  try {
    const cycle = await openCycle(ports, job, { store, reader: target ?? job.openHeldTarget(store), signal });
    const until = await cycle.directory.refresh(signal);
    const replacements: Replacement[] = [];
    let unchanged = 0;
    for await (const page of cycle.directory.changes({ until, pageSize: job.job.pageSize })) {
      signal.throwIfAborted();
      const objects = page.changes.flatMap((change) => (change.kind === 'present' ? [change.object] : []));
      const ids = objects.map(({ id }) => id);
      const links = await store.linksOf(job.job.jobId, ids);
      for (const object of objects) {
        const replacement = await compareObject(object, links.get(object.id), { job, other, cycle, options });
        if (replacement === undefined) unchanged += 1;
        else replacements.push(replacement);
      }
    }
    const ofType = (type: ObjectType) =>
      replacements.filter(({ source, change }) => source.type === type && (change === 'disable' || change === 'delete'))
        .length;
    const staged = { User: ofType('User'), Group: ofType('Group') };
    return {
      job: job.job.name,
      counts: { ...count(replacements), unchanged },
      dropped: { User: dropped(job.job.mappings, other, 'User'), Group: dropped(job.job.mappings, other, 'Group') },
      guard: assertSafe(job.job.guard, staged, await store.countLinks(job.job.jobId)),
      replacements,
      names: await managerNames(cycle.directory, replacements),
      problems: await cycle.directory.problems(),
    };
  } finally {
    await target?.close();
    await store.close();
  }
}

async function managerNames(
  directory: Directory,
  replacements: readonly Replacement[],
): Promise<ReadonlyMap<SourceId, string>> {
  const users = replacements.filter(({ source }) => source.type === 'User');
  const ids = users.flatMap(({ references }) => references.flatMap(({ refersTo }) => refersTo));
  const managers = await directory.objects([...new Set(ids)]);
  return new Map([...managers].map(([id, object]) => [id, identityOf(object).displayName]));
}

type Comparing = {
  readonly job: JobPorts;
  readonly other: Mappings;
  readonly cycle: Awaited<ReturnType<typeof openCycle>>;
  readonly options: CompareOptions;
};

async function compareObject(
  object: SourceObject,
  link: Link | undefined,
  { job, other, cycle, options }: Comparing,
): Promise<Replacement | undefined> {
  const { rules, mappings } = job.job;
  const subject = (all: Mappings): Subject | undefined => {
    const mapping = all.find(({ type }) => type === object.type);
    if (mapping === undefined) return undefined;
    const context = contextFor(object, cycle.clock.now(), job.context);
    return toSubject({ mapping, object, known: true, link, escrow: undefined, rules, context });
  };
  const before = subject(mappings);
  const after = subject(other);
  // Offline, memory speaks only for who is in the target although the present mapping would not put it there.
  const asks = options.online === true || (link !== undefined && before?.scope.inScope !== true);
  const asked = before ?? after;
  if (asked === undefined) return undefined;
  const { state, resource } = asks ? await lookUp(asked, cycle, options.online !== true) : {};
  const present =
    resource === undefined || state === undefined ? undefined : { link: linkOf(asked, link, state), resource };
  return planReplacement({ before, after, rules, present, assume: options.online !== true });
}

/** The same clock and the same random values for both mappings, so that only the mappings differ. */
function contextFor(
  { id }: SourceObject,
  now: string,
  { defaultDomain, options }: EvaluationContext,
): EvaluationContext {
  return {
    now,
    random: reproducibleBytes(id),
    ...(defaultDomain === undefined ? {} : { defaultDomain }),
    ...(options === undefined ? {} : { options }),
  };
}

function linkOf({ identity, object }: Subject, link: Link | undefined, state: TargetState): Link {
  if (link !== undefined) return link;
  const { displayName, id: sourceId } = identity;
  const targetId = 'id' in state ? state.id : '';
  return { sourceId, type: object.type, targetId, displayName, managed: true, disabled: false, linkedAt: '' };
}

function count(replacements: readonly Replacement[]): Readonly<Record<Replacement['change'], number>> {
  const of = (change: Replacement['change']) => replacements.filter((one) => one.change === change).length;
  return {
    create: of('create'),
    update: of('update'),
    disable: of('disable'),
    delete: of('delete'),
    stay: of('stay'),
    fail: of('fail'),
  };
}

/** Paths of the present mapping that the other one, having something for the type, does not write. */
function dropped(present: Mappings, other: Mappings, type: ObjectType): readonly string[] {
  const targets = (mappings: Mappings) =>
    mappings
      .filter((one) => one.type === type)
      .flatMap(({ rows, references }) => [...rows, ...references].map(({ row }) => row.target));
  if (!other.some((one) => one.type === type)) return [];
  const kept = new Set(targets(other).map(pathKey));
  return targets(present).filter((target) => !kept.has(pathKey(target)));
}
