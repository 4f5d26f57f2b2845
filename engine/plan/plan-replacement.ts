/**
 * What replacing one mapping by another asks for of one object: first the object as the present mapping has it in the target,
 * then what the other mapping would do with that. The planner is the one of the cycles.
 */
import { mapObject } from '../map/map-object.ts';
import { matchingQueries } from '../match/matching-query.ts';
import { EngineError } from '../model/engine-error.ts';
import type { Link } from '../model/link.ts';
import type { ModifiedProperty } from '../model/provisioning-log.ts';
import type { ScimResource } from '../model/scim-message.ts';
import type { SourceId } from '../model/source-object.ts';
import { pathKey } from '../scim/attribute-path.ts';
import { pendingReferences } from './pending-references.ts';
import type { Operation, Reason, SourceIdentity } from './plan.ts';
import { planCreate } from './plan-create.ts';
import { assessObject, planLinked } from './plan-object.ts';
import type { PlanRules } from './plan-rules.ts';
import type { Subject } from './subject.ts';

export type Replacement = {
  readonly source: SourceIdentity;
  /** `stay`: the other mapping would not keep it in step any more, and sends nothing. */
  readonly change: 'create' | 'update' | 'disable' | 'delete' | 'stay' | 'fail';
  readonly reason: Reason;
  readonly modifiedProperties: readonly ModifiedProperty[];
  /** Managers and members that only the other mapping writes, by source id. */
  readonly references: readonly NewReference[];
  /** Target paths the other mapping writes, but not for this object: the target keeps what it has. */
  readonly left: readonly string[];
};

type NewReference = { readonly path: string; readonly refersTo: readonly SourceId[] };

export type ReplacementInput = {
  /** The object under each mapping; undefined when that one has nothing for objects of its type. */
  readonly before: Subject | undefined;
  readonly after: Subject | undefined;
  readonly rules: PlanRules;
  /**
   * What the target holds: as read, or as last written for an object the present mapping does not provision.
   * Undefined: see `assume`.
   */
  readonly present?: { readonly link: Link; readonly resource: ScimResource } | undefined;
  /** Without `present`: take it that the present mapping is in force. False: the target does not have the object. */
  readonly assume: boolean;
};

/** The resource the present mapping leads to. */
type Baseline = { readonly link: Link; readonly resource: ScimResource; readonly held: Operation['held'] };

const UNCHANGED = { modifiedProperties: [], references: [], left: [] } as const;

/** Undefined when nothing changes. */
export function planReplacement(input: ReplacementInput): Replacement | undefined {
  const { before, after, present } = input;
  const assumed = input.assume ? baselineOf(before, input.rules) : undefined;
  const baseline = present === undefined ? assumed : { ...present, held: present.link.held };
  if (after === undefined) return before === undefined || baseline === undefined ? undefined : abandoned(before);
  try {
    return replacementOf(after, before, baseline, input.rules);
  } catch (error) {
    if (!(error instanceof EngineError) || error.category !== 'object') throw error;
    const { code, message } = error;
    return { ...UNCHANGED, source: after.identity, change: 'fail', reason: { code, message } };
  }
}

function baselineOf(before: Subject | undefined, rules: PlanRules): Baseline | undefined {
  if (before === undefined) return undefined;
  try {
    const unlinked: Subject = { ...before, link: undefined };
    const created = planUnlinked(unlinked, rules);
    const body = created.requests[0]?.body;
    if (created.action !== 'create' || typeof body !== 'object' || body === null) return undefined;
    const { id: sourceId, displayName, type } = before.identity;
    const targetId = `${type}-of-${sourceId}`;
    const resource = { ...body, id: targetId } as ScimResource;
    const link: Link = { sourceId, type, targetId, displayName, managed: true, disabled: false, linkedAt: '' };
    return { link, resource, held: created.held };
  } catch (error) {
    // The present mapping fails on this object: it is not in the target.
    if (error instanceof EngineError && error.category === 'object') return undefined;
    throw error;
  }
}

function planUnlinked(subject: Subject, rules: PlanRules): Operation {
  const queries = matchingQueries(subject.mapping, subject.attributes, subject.context);
  const assessment = assessObject(subject, rules, queries.length > 0);
  return assessment.kind === 'settled' ? assessment.operation : planCreate(subject, rules);
}

function replacementOf(
  after: Subject,
  before: Subject | undefined,
  baseline: Baseline | undefined,
  rules: PlanRules,
): Replacement | undefined {
  if (baseline === undefined) {
    const operation = planUnlinked({ ...after, link: undefined }, rules);
    if (operation.action === 'create') return toReplacement(operation, 'create');
    const comesIn = after.scope.inScope && before?.scope.inScope !== true;
    return comesIn ? toReplacement(operation, 'stay') : undefined;
  }
  const linked: Subject = { ...after, link: baseline.link };
  const operation = planWithLink(linked, baseline, rules);
  const left = after.scope.inScope ? leftAlone(linked, baseline.held) : [];
  const references = after.scope.inScope ? newReferences(linked, before) : [];
  if (operation.action !== 'none') return { ...toReplacement(operation, operation.action), left, references };
  if (references.length > 0) {
    const reason = { code: 'Update', message: 'a reference that was not written before' };
    return { ...toReplacement(operation, 'update'), reason, left, references };
  }
  if (left.length > 0) {
    const reason = { code: 'NoValue', message: 'no value under the other mapping; the target keeps what it has' };
    return { ...toReplacement(operation, 'stay'), reason, left };
  }
  const leaves = before?.scope.inScope === true && !after.scope.inScope;
  return leaves || operation.reason.code === 'UpdateNotEnabled' ? toReplacement(operation, 'stay') : undefined;
}

function planWithLink(linked: Subject, { link, resource }: Baseline, rules: PlanRules): Operation {
  const assessment = assessObject(linked, rules, true);
  return assessment.kind === 'settled' ? assessment.operation : planLinked(linked, link, resource, rules);
}

function toReplacement(operation: Operation, change: Replacement['change']): Replacement {
  const { source, reason, modifiedProperties } = operation;
  return { ...UNCHANGED, source, change, reason, modifiedProperties };
}

/** Paths that have a value now, that the other mapping writes for others, and for which it has no value here. */
function leftAlone({ mapping, attributes, context }: Subject, now: Operation['held'] = {}): readonly string[] {
  // As for a creation, so that defaults count: the present value may come from one.
  const { values } = mapObject(mapping, attributes, { purpose: 'create', context });
  const given = new Set([...values.keys()].map(pathKey));
  const rows = new Set(mapping.rows.map(({ path }) => pathKey(path.text)));
  const held = Object.entries(now).filter(([, value]) => value !== '' && value !== null);
  return held
    .map(([path]) => path)
    .filter((path) => rows.has(pathKey(path)) && !given.has(pathKey(path)))
    .map(mapping.nameOf);
}

function newReferences(after: Subject, before: Subject | undefined): readonly NewReference[] {
  const known = new Set(before?.mapping.references.map(({ path }) => pathKey(path.text)));
  return pendingReferences(after, undefined).flatMap((reference): readonly NewReference[] => {
    const { path, refersTo = [] } = reference;
    const ids = typeof refersTo === 'string' ? [refersTo] : refersTo;
    return known.has(pathKey(path)) || ids.length === 0 ? [] : [{ path, refersTo: ids }];
  });
}

function abandoned(before: Subject): Replacement {
  const message = `the other mapping has nothing for a ${before.object.type}: it stays as it is`;
  return { ...UNCHANGED, source: before.identity, change: 'stay', reason: { code: 'NotMapped', message } };
}
