/**
 * THE decision table: what a changed source object asks for, before and after the target was read
 * (cycle.md 2, 3c and the decision function of 3d).
 */

import type { CompiledObjectMapping } from '../map/compile-mapping.ts';
import type { MatchVerdict } from '../match/decide-match.ts';
import type { Link } from '../model/link.ts';
import type { ScimResource } from '../model/scim-message.ts';
import { setPasses } from '../scope/scoping-filter.ts';
import { invalidAnchor } from './failure.ts';
import { baseOf, fail, skip } from './operation.ts';
import type { Operation } from './plan.ts';
import { planCreate } from './plan-create.ts';
import { planDeactivation, planDelete } from './plan-deprovision.ts';
import type { PlanRules } from './plan-rules.ts';
import { planUpdate } from './plan-update.ts';
import type { Subject } from './subject.ts';

/** What is known before the target is asked. */
export type Assessment =
  /** Decided already. */
  | { readonly kind: 'settled'; readonly operation: Operation }
  /** Not linked and in scope: ask by matching attributes. */
  | { readonly kind: 'match' }
  /** Linked: read the resource by its id. */
  | { readonly kind: 'read'; readonly link: Link };

/**
 * Whether the object is settled, must be matched, or must be read.
 * @param hasMatchingValue the object has a value for at least one matching attribute (cycle.md 2.3)
 */
export function assessObject(subject: Subject, rules: PlanRules, hasMatchingValue: boolean): Assessment {
  const { link, scope } = subject;
  if (link === undefined) {
    if (!hasMatchingValue) return settled(importSkipped(subject));
    return scope.inScope ? { kind: 'match' } : settled(notEntitled(subject, 'create'));
  }
  if (scope.inScope) return { kind: 'read', link };
  return assessLeaving(subject, link, rules);
}

/** A linked object that is out of scope now (cycle.md 3.20-3.26, 3.41, 3.44, 8). */
function assessLeaving(subject: Subject, link: Link, rules: PlanRules): Assessment {
  const base = baseOf(subject);
  const target = { id: link.targetId };
  const leaver = { mapping: subject.mapping, base, link, why: subject.scope.reason.message };
  // A user who was unassigned is managed no longer, whether or not anything was sent (cycle.md 3.22).
  const isLet = subject.mapping.type === 'User' && subject.scope.cause === 'unassigned' && link.managed;
  const left = isLet ? { link: { kind: 'unmanaged' } as const } : {};
  if (link.disabled) return settled({ ...notEntitled(subject, 'other'), ...left });
  // It decides who is read. Whoever is not read any more is not deprovisioned (mappings-and-scoping.md 6.1).
  if (!setPasses('inputFilterGroups', subject.scope.filter.groups)) {
    const message = `${subject.scope.reason.message}; left as it is because leaving the preFilter deprovisions nobody`;
    return settled(skip(base, { code: 'NotEffectivelyEntitled', message }, { target }));
  }
  if (rules.skipOutOfScope) {
    const message = `${subject.scope.reason.message}; left as it is because SkipOutOfScopeDeletions is on`;
    return settled(skip(base, { code: 'SkipOutOfScopeDeletions', message }, { target, ...left }));
  }
  if (subject.mapping.type === 'Group' || (rules.client.deletesUsers && !rules.targetSupportsSoftDelete)) {
    // Who was unassigned before, when nothing could disable the account, is not deleted either (cycle.md 3.22).
    return settled(link.managed ? planDelete(leaver) : notEntitled(subject, 'other'));
  }
  if (rules.client.activation === 'pathless-patch') {
    return settled(planDeactivation(leaver, rules.client));
  }
  if (!flowsSoftDelete(subject.mapping)) {
    const message = `${subject.scope.reason.message}; nothing is sent because no mapping reads IsSoftDeleted`;
    return settled(skip(base, { code: 'SoftDeleteNotMapped', message }, { target, ...left }));
  }
  return { kind: 'read', link };
}

/** True when a row passes the soft-delete state on: without one nothing is sent (cycle.md 3.10). */
function flowsSoftDelete(mapping: CompiledObjectMapping): boolean {
  return mapping.rows.some((row) => row.reads.includes('IsSoftDeleted') || row.reads.includes('accountEnabled'));
}

/** What follows from the answer to the matching queries (cycle.md 2.9-2.12). */
export function planMatched(subject: Subject, verdict: MatchVerdict, rules: PlanRules): Operation {
  switch (verdict.kind) {
    case 'unmatched':
      return planCreate(subject, rules);
    case 'matched':
      return planUpdate(subject, { id: verdict.id, resource: verdict.resource, newLink: true }, rules);
    case 'ambiguous':
      return fail(baseOf(subject), 'create', {
        code: 'DuplicateTargetEntries',
        category: 'nonServiceFailure',
        message:
          `${verdict.count} resources in the target have ${verdict.query.path} "${verdict.query.value}"; ` +
          'remove the duplicate or match on a unique attribute',
      });
  }
}

/** What follows from reading the linked resource; undefined: the target answered 404 (cycle.md 3.4, 3.5). */
export function planLinked(
  subject: Subject,
  link: Link,
  resource: ScimResource | undefined,
  rules: PlanRules,
): Operation {
  if (resource === undefined) {
    return fail(baseOf(subject), 'update', invalidAnchor(subject.mapping.resourceType, link.targetId), {
      id: link.targetId,
    });
  }
  return planUpdate(subject, { id: link.targetId, resource, newLink: false }, rules);
}

function importSkipped(subject: Subject): Operation {
  const rows = subject.mapping.matching.map((compiled) => compiled.path.text).join(', ');
  const message = `no value for the matching attribute ${rows}; give the object one, or match on another attribute`;
  return skip(baseOf(subject, subject.steps.import), { code: 'ImportSkipped', message });
}

function notEntitled(subject: Subject, logAction: 'create' | 'other'): Operation {
  const base = baseOf(subject);
  const target = subject.link === undefined ? {} : { target: { id: subject.link.targetId } };
  return skip(
    base,
    { code: 'NotEffectivelyEntitled', message: subject.scope.reason.message },
    { logAction, ...target },
  );
}

function settled(operation: Operation): Assessment {
  return { kind: 'settled', operation };
}
