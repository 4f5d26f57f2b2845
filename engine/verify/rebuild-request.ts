/** The request that should have brought a value about, as small as it can be: built anew, because the log keeps no bodies. */
import { nameInTarget } from '../model/link.ts';
import type { JsonValue, ScimRequest, ScimResource } from '../model/scim-message.ts';
import { createOf } from '../plan/plan-create.ts';
import type { PlanRules } from '../plan/plan-rules.ts';
import { memberRequests } from '../scim/member-request.ts';
import { managerOperation, planPatch } from '../scim/patch.ts';
import { getRequest } from '../scim/request.ts';
import { updateRequest } from '../scim/update-request.ts';
import type { Difference, LinkedObject } from './difference.ts';
import type { Write } from './explain-difference.ts';

type Of<K extends Difference['kind']> = Extract<Difference, { kind: K }>;

/** Names the account of a reproduction, so that it is not mistaken for somebody. */
const NOBODY: Readonly<Record<string, string>> = {
  userName: 'reproduction@scimulate.example',
  displayName: 'Reproduction',
};

/** @param found the resource as it is, for clients that write whole resources */
export function rebuildRequest(
  object: LinkedObject,
  difference: Difference,
  found: ScimResource | undefined,
  write: Write | undefined,
  rules: PlanRules,
): ScimRequest {
  switch (difference.kind) {
    case 'gone':
      return getRequest(object.mapping.resourceType, object.link.targetId, { client: rules.client });
    case 'members':
      return memberRequest(object, difference, found ?? {}, write, rules);
    case 'value':
      return write?.action === 'create' && difference.believed !== null
        ? createOf(object.mapping.resourceType, reproduction(object, difference), rules)
        : valueRequest(object, difference, found ?? {}, write, rules);
  }
}

/** The matching attribute, which no resource can be without, and the value in question. */
function reproduction({ mapping }: LinkedObject, { path, believed }: Of<'value'>): ReadonlyMap<string, JsonValue> {
  const named = mapping.matching.map((row) => row.path.text);
  const required = named.map((text): [string, JsonValue] => [text, NOBODY[text] ?? 'reproduction']);
  return new Map([...required, [path, believed]]);
}

function valueRequest(
  { link, mapping }: LinkedObject,
  { path, believed }: Of<'value'>,
  found: ScimResource,
  write: Write | undefined,
  rules: PlanRules,
): ScimRequest {
  const { resourceType, typed, ignoreCase } = mapping;
  const mode = rules.patchMode;
  const before = write?.before ?? null;
  const manager = mapping.references.find((reference) => reference.kind === 'manager' && reference.path.text === path);
  const numeric = manager?.attribute?.type === 'integer';
  const operations =
    manager !== undefined
      ? managerOperation({
          mode,
          path,
          desired: String(believed),
          removal: rules.managerRemoval,
          numeric,
          ...(before === null ? {} : { current: before }),
        })
      : planPatch({
          mode,
          resourceType,
          typed,
          ignoreCase,
          ...(believed === null
            ? { desired: {}, cleared: [path], before: found }
            : {
                always: [path],
                desired: { [path]: believed },
                before:
                  write === undefined
                    ? found
                    : asResource(createOf(resourceType, new Map([[path, before]]), rules).body),
              }),
        });
  return updateRequest(rules.client, {
    resourceType,
    id: link.targetId,
    resource: found,
    operations,
    values: { [path]: numeric ? Number(believed) : believed },
    primaryWork: rules.primaryWork,
  });
}

/** The removal that went too far, or else whom it is about. */
function memberRequest(
  { link, members }: LinkedObject,
  { change, ids }: Of<'members'>,
  group: ScimResource,
  write: Write | undefined,
  rules: PlanRules,
): ScimRequest {
  const tooFar = change === 'missing' && !(write?.members?.added ?? ids).some((id) => ids.includes(id));
  const removed = tooFar ? (write?.members?.removed ?? []) : change === 'extra' ? ids : [];
  const writes = memberRequests(rules.client, {
    mode: rules.patchMode,
    groupId: link.targetId,
    displayName: nameInTarget(link),
    group,
    added: removed.length > 0 ? [] : ids,
    removed,
    displayOf: () => undefined,
    membersAfter: () => [...(members?.held ?? [])],
    batchSize: rules.memberBatchSize,
    memberRefNull: rules.memberRefNull,
  });
  // Not the name that some send before.
  const first = writes.find(({ added, removed: lost }) => added.length + lost.length > 0);
  return first?.request ?? getRequest('Group', link.targetId, { members: true });
}

function asResource(body: JsonValue | undefined): ScimResource {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as ScimResource) : {};
}
