/** The reading half of a page: scope, match, read and plan each change; nothing is written (style 3.3). */
import { isBusy, letOthersRun } from '../host/let-others-run.ts';
import type { CompiledObjectMapping } from '../map/compile-mapping.ts';
import { type MatchingQuery, matchingQueries } from '../match/matching-query.ts';
import type { Escrow } from '../model/job-state.ts';
import type { Link } from '../model/link.ts';
import { idOf, type SourceChange } from '../model/source-object.ts';
import { failureOf, invalidAnchor } from '../plan/failure.ts';
import { baseOf, fail, stepsBefore } from '../plan/operation.ts';
import type { Failure, Operation } from '../plan/plan.ts';
import { planPurged } from '../plan/plan-deprovision.ts';
import { assessObject, planLinked, planMatched } from '../plan/plan-object.ts';
import { importDeleteSteps } from '../plan/steps.ts';
import { identityOf, type Subject, toSubject } from '../plan/subject.ts';
import type { Cycle } from './cycle.ts';
import { matchInTarget } from './match-in-target.ts';
import { warnAboutSharedTargets } from './shared-targets.ts';
import { type Reserved, withUniqueValues } from './unique-values.ts';

/** Changes whose planning begins in one go: a page at a time would keep the target waiting. */
const CHANGES_AT_ONCE = 10;

/**
 * One operation per change that has a mapping, in the order of `changes`.
 * An object that fails becomes a failed operation; what concerns the whole job is thrown.
 * @throws EngineError `job`
 */
export async function planPage(cycle: Cycle, changes: readonly SourceChange[]): Promise<readonly Operation[]> {
  return warnAboutSharedTargets(cycle, await planChanges(cycle, changes));
}

/** The same without the look at what other objects are linked to. @throws EngineError `job` */
export async function planChanges(cycle: Cycle, changes: readonly SourceChange[]): Promise<readonly Operation[]> {
  const { store } = cycle.ports;
  const { jobId } = cycle.job;
  const ids = changes.map(idOf);
  const [links, escrows] = await Promise.all([store.linksOf(jobId, ids), store.escrowsOf(jobId, ids)]);
  const reserved: Reserved = new Set();
  const planned: Promise<Operation | undefined>[] = [];
  for (const [index, change] of changes.entries()) {
    if (index > 0 && index % CHANGES_AT_ONCE === 0 && !isBusy()) await letOthersRun();
    const id = ids[index] ?? '';
    const operation = planChange(cycle, change, { link: links.get(id), escrow: escrows.get(id), reserved });
    // It is told in its turn.
    operation.catch(() => undefined);
    planned.push(operation);
  }
  const settled = await Promise.allSettled(planned);
  const operations: Operation[] = [];
  for (const result of settled) {
    if (result.status === 'rejected') throw result.reason;
    if (result.value !== undefined) operations.push(result.value);
  }
  return operations;
}

type Remembered = {
  readonly link: Link | undefined;
  readonly escrow: Escrow | undefined;
  readonly reserved: Reserved;
};

async function planChange(
  cycle: Cycle,
  change: SourceChange,
  { link, escrow, reserved }: Remembered,
): Promise<Operation | undefined> {
  cycle.ports.signal.throwIfAborted();
  const type = change.kind === 'present' ? change.object.type : change.type;
  const mapping = cycle.job.mappings.find((candidate) => candidate.type === type);
  if (mapping === undefined) return undefined;
  const { rules } = cycle.job;
  if (change.kind === 'purged') return planGone(cycle, mapping, change, { link, escrow });
  const { object, known, askedBy } = change;
  let steps: Operation['steps'] = [];
  try {
    const subject = toSubject({ mapping, object, known, askedBy, link, escrow, rules, context: cycle.ports.context });
    steps = stepsBefore(subject);
    const lost = subject.scope.inScope ? undefined : await lostResource(cycle, mapping, object.id, link, escrow);
    return await planSubject(cycle, lost === undefined ? subject : { ...subject, link: lost.link }, reserved);
  } catch (error) {
    const failure = failureOf(error);
    const base = { mapping: mapping.name, source: identityOf(object), resourceType: mapping.resourceType, steps };
    const target = link === undefined ? undefined : { id: link.targetId };
    return fail(base, target === undefined ? 'create' : 'update', failure, target);
  }
}

/** Who was purged. Undefined when nothing is known of the object at the target. */
async function planGone(
  cycle: Cycle,
  mapping: CompiledObjectMapping,
  { id, displayName, askedBy }: Extract<SourceChange, { kind: 'purged' }>,
  { link: known, escrow }: Pick<Remembered, 'link' | 'escrow'>,
): Promise<Operation | undefined> {
  const { reader, signal } = cycle.ports;
  const { client } = cycle.job.rules;
  const { type, resourceType } = mapping;
  const identity = { id, type, displayName };
  const steps = importDeleteSteps(identity, { askedBy, escrow });
  const base = { mapping: mapping.name, source: identity, resourceType, steps };
  const action = type === 'Group' || client.deletesUsers ? 'delete' : 'disable';
  let link = known;
  try {
    link ??= (await lostResource(cycle, mapping, id, link, escrow))?.link;
    const planned = planPurged({ mapping, identity, steps, link }, cycle.job.rules);
    if (link === undefined || planned?.action !== 'disable' || client.activation === 'pathless-patch') return planned;
    const resource = await reader.get(resourceType, link.targetId, signal);
    if (resource === undefined) {
      return fail(base, action, invalidAnchor(resourceType, link.targetId), { id: link.targetId });
    }
    return planPurged({ mapping, identity, steps, link, resource }, cycle.job.rules);
  } catch (error) {
    return fail(base, action, failureOf(error), link === undefined ? undefined : { id: link.targetId });
  }
}

/**
 * Fidelity `sane`: somebody leaves whose create was answered so badly that nobody knows whether the account exists.
 * It is looked for once more, so that a leaver keeps no access. Entra forgets about it.
 */
async function lostResource(
  cycle: Cycle,
  mapping: CompiledObjectMapping,
  sourceId: string,
  link: Link | undefined,
  escrow: Escrow | undefined,
): Promise<{ readonly link: Link } | undefined> {
  const query = escrow?.mayExist;
  if (cycle.job.rules.fidelity !== 'sane' || link !== undefined || query === undefined) return undefined;
  const found = await cycle.ports.reader.find(mapping.resourceType, query.path, query.value, cycle.ports.signal);
  const [resource, other] = found;
  if (typeof resource?.id !== 'string' || other !== undefined) return undefined;
  const { displayName = sourceId, createdAt: linkedAt = cycle.ports.clock.now() } = escrow ?? {};
  const { type } = mapping;
  return { link: { sourceId, type, targetId: resource.id, displayName, managed: true, disabled: false, linkedAt } };
}

async function planSubject(cycle: Cycle, subject: Subject, reserved: Reserved): Promise<Operation> {
  const { rules } = cycle.job;
  const { mapping } = subject;
  const { reader, signal } = cycle.ports;
  const queries = subject.link === undefined ? matchingQueries(mapping, subject.attributes, subject.context) : [];
  const assessment = assessObject(subject, rules, queries.length > 0);
  switch (assessment.kind) {
    case 'settled':
      return assessment.operation;
    case 'match':
      return matchOrCreate(cycle, subject, queries, reserved);
    case 'read': {
      const { link } = assessment;
      if (link.disabled && rules.client.asksAgainOnReturn) return rematch(cycle, subject, reserved);
      const resource = await reader.get(mapping.resourceType, link.targetId, signal);
      if (resource === undefined && rules.onMissingLink === 'rematch' && subject.scope.inScope) {
        return rematch(cycle, subject, reserved);
      }
      return planLinked(subject, link, resource, rules);
    }
  }
}

/** The linked resource is gone and the job says to look again (ruling R2), or the client always does when somebody returns. */
async function rematch(cycle: Cycle, subject: Subject, reserved: Reserved): Promise<Operation> {
  const queries = matchingQueries(subject.mapping, subject.attributes, subject.context);
  const { link: _gone, ...unlinked } = subject;
  return matchOrCreate(cycle, { ...unlinked, link: undefined }, queries, reserved);
}

async function matchOrCreate(
  cycle: Cycle,
  subject: Subject,
  queries: readonly MatchingQuery[],
  reserved: Reserved,
): Promise<Operation> {
  const refused = unmatchable(queries, cycle.job.rules.unmatchableCharacters);
  if (refused !== undefined) return fail(baseOf(subject), 'create', refused);
  const verdict = await matchInTarget(cycle.ports, subject.mapping, queries);
  const creates = verdict.kind === 'unmatched' && subject.mapping.actions.has('create');
  const ready = creates ? await withUniqueValues(cycle.ports, subject, reserved) : subject;
  return planMatched(ready, verdict, cycle.job.rules);
}

/** The failure of a matching value that Entra cannot ask for (cycle.md 13.11); undefined when it can. */
function unmatchable(queries: readonly MatchingQuery[], characters: string): Failure | undefined {
  const query = queries.find(({ value }) => [...characters].some((character) => value.includes(character)));
  if (query === undefined) return undefined;
  return {
    code: 'SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering',
    category: 'nonServiceFailure',
    message:
      `the matching value "${query.value}" of ${query.path} holds a character that filter queries fail on; ` +
      'match on another attribute, or take the characters out with an expression',
  };
}
