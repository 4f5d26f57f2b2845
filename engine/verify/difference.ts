/** What the engine believes a target resource holds against what it holds (issue: convergence; scim-wire.md 6.2, 8.3). */
import type { CompiledObjectMapping } from '../map/compile-mapping.ts';
import type { BelievedMembers, Link, TargetId } from '../model/link.ts';
import type { JsonValue, ScimResource } from '../model/scim-message.ts';
import type { PlanRules } from '../plan/plan-rules.ts';
import { parseAttributePath, readPath } from '../scim/attribute-path.ts';
import { memberIds } from '../scim/member-request.ts';
import { planPatch } from '../scim/patch.ts';
import { asBodyValue } from '../scim/write-path.ts';

export type LinkedObject = {
  readonly link: Link;
  readonly mapping: CompiledObjectMapping;
  /** Groups whose members are mapped. */
  readonly members?: BelievedMembers;
};

export type Difference =
  /** The target answers 404. */
  | { readonly kind: 'gone' }
  | {
      readonly kind: 'value';
      readonly path: string;
      /** Null: the value was cleared. */
      readonly believed: JsonValue;
      /** Null: the target has no value. */
      readonly found: JsonValue;
    }
  | {
      readonly kind: 'members';
      readonly path: string;
      /** Believed to be in the group and not found there, or the other way round. */
      readonly change: 'missing' | 'extra';
      readonly ids: readonly TargetId[];
      readonly believed: number;
      readonly found: number;
    };

/**
 * Everything the planner would write if it looked, and members it never looks at; empty when the target holds what it was sent.
 * @param found the resource with its members; undefined when it is gone
 */
export function differencesOf(
  object: LinkedObject,
  found: ScimResource | undefined,
  rules: PlanRules,
): readonly Difference[] {
  if (found === undefined) return [{ kind: 'gone' }];
  return [
    ...valueDifferences(object, found, rules),
    ...managerDifference(object, found),
    ...memberDifferences(object, found),
  ];
}

/** The planner itself says whether a value is the same: other rules would find what no cycle can mend. One exception counts more. */
function valueDifferences(
  { link, mapping }: LinkedObject,
  found: ScimResource,
  rules: PlanRules,
): readonly Difference[] {
  const { resourceType, typed, ignoreCase, addsOnly } = mapping;
  const mode = rules.patchMode;
  return Object.entries(link.held ?? {}).flatMap(([path, believed]): readonly Difference[] => {
    const wanted = believed === null ? { desired: {}, cleared: [path] } : { desired: { [path]: believed } };
    const operations = planPatch({ mode, resourceType, before: found, ...wanted, typed, ignoreCase, addsOnly });
    const current = readPath(found, parseAttributePath(path)) ?? null;
    if (operations.length === 0 && (rules.postBooleanStrings || !isFalseAsText(path, current))) return [];
    return [{ kind: 'value', path, believed, found: current }];
  });
}

/** A planner takes the text "False" for the boolean; a program that asks whether the user is active takes it for yes. */
export function isFalseAsText(path: string, current: JsonValue): boolean {
  return typeof current === 'string' && asBodyValue(parseAttributePath(path), current) === false;
}

/** Only a manager that was written: one the target got elsewhere is its own business. */
function managerDifference({ link, mapping }: LinkedObject, found: ScimResource): readonly Difference[] {
  const path = mapping.references.find(({ kind }) => kind === 'manager')?.path.text;
  if (path === undefined || link.manager === undefined) return [];
  const current = readPath(found, parseAttributePath(path)) ?? null;
  if (String(current) === link.manager) return [];
  return [{ kind: 'value', path, believed: link.manager, found: current }];
}

/** Members whose last write got no answer may be in the group or not. */
function memberDifferences({ members, mapping }: LinkedObject, found: ScimResource): readonly Difference[] {
  const path = mapping.references.find(({ kind }) => kind === 'members')?.path.text;
  if (path === undefined || members === undefined) return [];
  const { held, uncertain } = members;
  const present = new Set(memberIds(found));
  const counts = { believed: held.size, found: present.size };
  const missing = [...held].filter((id) => !present.has(id)).sort();
  const extra = [...present].filter((id) => !held.has(id) && !uncertain.has(id)).sort();
  return (['missing', 'extra'] as const).flatMap((change) => {
    const ids = change === 'missing' ? missing : extra;
    return ids.length === 0 ? [] : [{ kind: 'members' as const, path, change, ids, ...counts }];
  });
}
