/** A linked or matched object → the PATCH that brings the resource up to date (cycle.md 2.12-2.14, 3.4, D-27; scim-wire.md 6). */
import { mapObject } from '../map/map-object.ts';
import type { TargetId } from '../model/link.ts';
import type { ModifiedProperty } from '../model/provisioning-log.ts';
import type { JsonValue, PatchOperation, ScimResource } from '../model/scim-message.ts';
import { isActivePath, parseAttributePath, readPath } from '../scim/attribute-path.ts';
import { planPatch } from '../scim/patch.ts';
import { updateRequest } from '../scim/update-request.ts';
import { baseOf, skip } from './operation.ts';
import { pendingReferences } from './pending-references.ts';
import type { LinkEffect, Operation } from './plan.ts';
import type { PlanRules } from './plan-rules.ts';
import { loggedResource, loggedValue } from './redaction.ts';
import { withRoleTexts } from './role-values.ts';
import { targetImportStep, toLogText } from './steps.ts';
import type { Subject } from './subject.ts';

export type UpdateTarget = {
  readonly id: TargetId;
  readonly resource: ScimResource;
  /** Found by matching just now: the link is made by this operation. */
  readonly newLink: boolean;
};

/** The update, or why nothing is sent. @throws EngineError `object` when a mapping expression fails */
export function planUpdate(subject: Subject, target: UpdateTarget, rules: PlanRules): Operation {
  const { mapping, scope } = subject;
  const base = baseOf(subject, [
    ...subject.steps.import,
    targetImportStep(loggedResource(mapping, target.resource)),
    subject.steps.scoping,
  ]);
  const onlyState = returnsAlone(subject, target, rules);
  const shared = {
    target: { id: target.id, resource: target.resource },
    link: linkEffect(subject, target, false),
    references: scope.inScope && !onlyState ? pendingReferences(subject, target.resource) : [],
  };
  // A client that deletes nobody has one switch for updates and another for leavers.
  const needed = scope.inScope || rules.client.deletesUsers ? 'update' : 'delete';
  if (!mapping.actions.has(needed) && !onlyState) {
    const message = `${scope.inScope ? 'linked' : scope.reason.message}; the ${needed} action of "${mapping.name}" is off`;
    return skip(
      base,
      { code: needed === 'update' ? 'UpdateNotEnabled' : 'DeleteNotEnabled', message },
      { ...shared, references: [] },
    );
  }
  const { values: mapped, empty } = mapObject(mapping, subject.attributes, {
    purpose: 'update',
    current: target.resource,
    context: subject.context,
  });
  const values = onlyState ? new Map([...mapped].filter(([path]) => isActivePath(path))) : mapped;
  const desired = Object.fromEntries(withRoleTexts(values, subject, target.resource, rules));
  const cleared = clears(rules) && scope.inScope && !onlyState ? clearable(subject, empty) : [];
  const held = onlyState ? { ...subject.link?.held, ...desired } : { ...desired, ...nullFor(cleared) };
  const switchesOff = !scope.inScope && flowsLeaving(subject, values);
  const link = linkEffect(subject, target, switchesOff);
  const operations = planPatch({
    mode: rules.patchMode,
    resourceType: mapping.resourceType,
    before: target.resource,
    desired,
    typed: mapping.typed,
    addsOnly: mapping.addsOnly,
    always: mapping.always,
    ignoreCase: mapping.ignoreCase,
    cleared,
  });
  if (operations.length === 0) {
    const state = switchesOff
      ? 'already disabled in the target'
      : 'nothing is sent because no row disables the account';
    const message = scope.inScope ? 'already equal in the target' : `${scope.reason.message}; ${state}`;
    return skip(base, { code: 'RedundantExport', message }, { ...shared, link, held });
  }
  return {
    ...base,
    ...shared,
    link,
    action: switchesOff ? 'disable' : 'update',
    logAction: switchesOff ? 'disable' : 'update',
    status: 'success',
    reason: { code: scope.inScope ? 'Update' : 'NotEffectivelyEntitled', message: updateReason(subject, target) },
    requests: [
      updateRequest(rules.client, {
        resourceType: mapping.resourceType,
        id: target.id,
        resource: target.resource,
        operations,
        values: laidOver(desired, operations),
        primaryWork: rules.primaryWork,
      }),
    ],
    modifiedProperties: modifiedProperties(operations, target.resource, held, mapping),
    held,
    isReference: false,
  };
}

/** Whether an empty source value clears what the target has. Entra's does not (cycle.md 3.17). */
function clears(rules: PlanRules): boolean {
  return rules.fidelity === 'sane' || rules.flowNullValues;
}

/**
 * What a write of the whole resource lays over it: the mapped values, and null for what is cleared. Where the directory has
 * nothing, the target keeps its value, as with a PATCH (scim-wire.md 6.3).
 */
function laidOver(
  held: Readonly<Record<string, JsonValue>>,
  operations: readonly PatchOperation[],
): Readonly<Record<string, JsonValue>> {
  const removed = operations.filter(({ op }) => op.toLowerCase() === 'remove').flatMap(pathsOf);
  const given = Object.entries(held).filter(([, value]) => value !== '' && value !== null);
  return { ...Object.fromEntries(given), ...nullFor(removed) };
}

function nullFor(paths: readonly string[]): Readonly<Record<string, null>> {
  return Object.fromEntries(paths.map((path) => [path, null]));
}

/** Paths to clear: not those that find the resource again. */
function clearable(subject: Subject, empty: readonly string[]): readonly string[] {
  const matching = new Set(subject.mapping.matching.map(({ path }) => path.text));
  return empty.filter((path) => !matching.has(path));
}

function updateReason(subject: Subject, target: UpdateTarget): string {
  if (!subject.scope.inScope) return subject.scope.reason.message;
  if (target.newLink) return 'found in the target by its matching attribute, linked and brought up to date';
  if (subject.link?.disabled === true) return `back in scope: ${subject.scope.reason.message}`;
  return 'changed in the directory';
}

/**
 * A client that deletes nobody has a switch for profiles and another for leavers: with the first one off, who returns is enabled
 * again and nothing else changes (gallery.md 5.2, OK-05).
 */
function returnsAlone({ mapping, scope }: Subject, { resource }: UpdateTarget, { client }: PlanRules): boolean {
  const isSwitch = !client.deletesUsers && mapping.actions.has('delete') && !mapping.actions.has('update');
  return isSwitch && scope.inScope && resource.active === false;
}

/** Whether a row that is written tells the target that the object left: rows written on creation only do not. */
function flowsLeaving({ mapping, object }: Subject, values: ReadonlyMap<string, JsonValue>): boolean {
  return mapping.rows.some(
    ({ path, reads }) =>
      values.has(path.text) &&
      (reads.includes('IsSoftDeleted') || (reads.includes('accountEnabled') && !object.accountEnabled)),
  );
}

/** @param switchesOff the account is disabled by what is sent, or was before */
function linkEffect(subject: Subject, target: UpdateTarget, switchesOff: boolean): LinkEffect {
  if (target.newLink) return { kind: 'link', targetId: target.id };
  if (!subject.scope.inScope) {
    // Who was unassigned is managed no longer, whether or not anything was sent (cycle.md 3.22).
    const managed = subject.scope.cause !== 'unassigned';
    if (switchesOff) return { kind: 'disabled', managed };
    return managed ? { kind: 'none' } : { kind: 'unmanaged' };
  }
  return subject.link?.disabled === true || subject.link?.managed === false ? { kind: 'restored' } : { kind: 'none' };
}

/** One entry per target path the operations touch, with the value before and after. */
function modifiedProperties(
  operations: readonly PatchOperation[],
  resource: ScimResource,
  desired: Readonly<Record<string, JsonValue>>,
  mapping: Subject['mapping'],
): readonly ModifiedProperty[] {
  return operations.flatMap(pathsOf).map((path) => ({
    displayName: mapping.nameOf(path),
    oldValue: loggedValue(mapping, path, toLogText(readPath(resource, parseAttributePath(path)))),
    newValue: loggedValue(mapping, path, toLogText(desired[path])),
  }));
}

function pathsOf(operation: PatchOperation): readonly string[] {
  if (operation.path !== undefined) return [operation.path];
  return typeof operation.value === 'object' && operation.value !== null ? Object.keys(operation.value) : [];
}
