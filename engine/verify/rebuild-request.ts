/** The request that should have brought a value about, as small as it can be: built anew, because the log keeps no bodies. */
import { nameInTarget } from '../model/link.ts';
import type { JsonValue, ScimRequest, ScimResource } from '../model/scim-message.ts';
import { createOf } from '../plan/plan-create.ts';
import type { PlanRules } from '../plan/plan-rules.ts';
import { parseAttributePath, readPath } from '../scim/attribute-path.ts';
import { type MembershipChange, memberRequests } from '../scim/member-request.ts';
import { managerOperation, planPatch } from '../scim/patch.ts';
import { getRequest } from '../scim/request.ts';
import { updateRequest } from '../scim/update-request.ts';
import type { Difference, LinkedObject } from './difference.ts';
import { type Explanation, membershipOf, valueBefore, type Write } from './explain-difference.ts';

type Of<K extends Difference['kind']> = Extract<Difference, { kind: K }>;

export type Reproduction = {
  readonly request: ScimRequest;
  /** Brings about what `request` takes away again. */
  readonly restore?: ScimRequest;
};

/** @param found the resource as it is, for clients that write whole resources */
export function rebuildRequest(
  object: LinkedObject,
  difference: Difference,
  found: ScimResource | undefined,
  { cause, write, undoneBy }: Explanation,
  rules: PlanRules,
): Reproduction {
  const { mapping, link } = object;
  const resource = found ?? {};
  if (difference.kind === 'gone')
    return { request: getRequest(mapping.resourceType, link.targetId, { client: rules.client }) };
  const restore =
    difference.kind === 'members'
      ? memberRequest(object, restoring(object, difference, undoneBy), resource, rules)
      : valueRequest(
          object,
          [changeOf(object, difference, cause === 'changed-since' ? undefined : write)],
          resource,
          rules,
        );
  const undo = undoneBy === undefined ? undefined : undoing(object, difference, undoneBy, resource, rules);
  if (undo !== undefined) return { request: undo, restore };
  // A write of the whole resource brings the value about and takes it away at once.
  const created = difference.kind === 'value' && write?.action === 'create' && difference.believed !== null;
  return created && undoneBy === undefined && cause !== 'changed-since'
    ? { request: createOf(mapping.resourceType, reproduction(object, difference), rules) }
    : { request: restore };
}

/** The later write; undefined when it wrote the whole resource, or the log does not say what. */
function undoing(
  object: LinkedObject,
  difference: Exclude<Difference, { kind: 'gone' }>,
  write: Write,
  found: ScimResource,
  rules: PlanRules,
): ScimRequest | undefined {
  const { mapping, link } = object;
  if (rules.client.update === 'put' || rules.client.membership === 'put') return undefined;
  const pathOf = (kind: 'manager' | 'members') => mapping.references.find((one) => one.kind === kind)?.path.text;
  const members = pathOf('members');
  const membership = members === undefined ? undefined : membershipOf(write, mapping.nameOf(members));
  if (membership !== undefined) {
    const { added, removed } = membership;
    // Removals are sent last: nobody is left after one that went too far.
    const removes =
      added.length === 0 || (removed.length > 0 && difference.kind === 'members' && difference.found === 0);
    return memberRequest(object, removes ? { added: [], removed } : { added, removed: [] }, found, rules);
  }
  const manager = pathOf('manager');
  const written = { ...link.held, ...(manager === undefined ? {} : { [manager]: link.manager ?? null }) };
  const changes = Object.entries(written).flatMap(([path, believed]): readonly Change[] => {
    const name = mapping.nameOf(path);
    const isOfIt = write.properties.some(({ displayName }) => displayName === name);
    return isOfIt ? [{ path, believed, before: valueBefore(write, name) }] : [];
  });
  return changes.length === 0 ? undefined : valueRequest(object, changes, found, rules);
}

/** What no resource can be without, as far as it is known, and the value in question. Its names say that it is nobody. */
function reproduction(
  { mapping, link }: LinkedObject,
  { path, believed }: Of<'value'>,
): ReadonlyMap<string, JsonValue> {
  // One account for each attribute: the next line would be refused if it had the same name.
  const name = `reproduction-${path.slice(path.lastIndexOf(':') + 1).replaceAll(/\W+/g, '-')}`;
  const names = new Map<string, JsonValue>(mapping.matching.map((row) => [row.path.text, name]));
  if (mapping.resourceType === 'User') names.set('userName', `${name}@scimulate.example`);
  else names.set('displayName', name);
  const required = mapping.rows
    .filter(({ attribute }) => attribute?.required === true || attribute?.documentRequired === true)
    .map((row): [string, JsonValue] => [row.path.text, link.held?.[row.path.text] ?? name]);
  return new Map([...required, ...names, [path, believed]]);
}

type Change = {
  readonly path: string;
  /** Null: it was cleared. */
  readonly believed: JsonValue;
  /** Undefined: what the target holds now. */
  readonly before?: string | null;
};

function changeOf({ mapping }: LinkedObject, { path, believed }: Of<'value'>, write: Write | undefined): Change {
  return { path, believed, ...(write === undefined ? {} : { before: valueBefore(write, mapping.nameOf(path)) }) };
}

function valueRequest(
  { link, mapping }: LinkedObject,
  changes: readonly Change[],
  found: ScimResource,
  rules: PlanRules,
): ScimRequest {
  const { resourceType, typed, ignoreCase } = mapping;
  const mode = rules.patchMode;
  const manager = mapping.references.find(({ kind }) => kind === 'manager');
  const numeric = manager?.attribute?.type === 'integer';
  const ofManager = changes.filter(({ path }) => path === manager?.path.text);
  const others = changes.filter((change) => !ofManager.includes(change));
  const isThere = ({ path }: Change) => readPath(found, parseAttributePath(path)) !== undefined;
  const asItIs = others.some((change) => change.before === undefined || (change.believed === null && isThere(change)));
  const before = new Map(others.map(({ path, before = null }) => [path, before]));
  const wanted = others.filter(({ believed }) => believed !== null);
  const operations = [
    ...planPatch({
      mode,
      resourceType,
      typed,
      ignoreCase,
      always: wanted.map(({ path }) => path),
      desired: Object.fromEntries(wanted.map(({ path, believed }) => [path, believed])),
      cleared: others.filter(({ believed }) => believed === null).map(({ path }) => path),
      before: asItIs ? found : asResource(createOf(resourceType, before, rules).body),
    }),
    ...ofManager.flatMap(({ path, believed, before: current }) =>
      managerOperation({
        mode,
        path,
        ...(believed === null ? {} : { desired: String(believed) }),
        removal: rules.managerRemoval,
        numeric,
        ...(current === undefined || current === null ? {} : { current }),
      }),
    ),
  ];
  const written = (change: Change) =>
    numeric && ofManager.includes(change) && change.believed !== null ? Number(change.believed) : change.believed;
  return updateRequest(rules.client, {
    resourceType,
    id: link.targetId,
    resource: found,
    operations,
    values: Object.fromEntries(changes.map((change) => [change.path, written(change)])),
    primaryWork: rules.primaryWork,
  });
}

/** Who is missing, those with them whom the removal was about; or who is there and should not be. */
function restoring(
  { mapping }: LinkedObject,
  { change, ids, path }: Of<'members'>,
  undoneBy: Write | undefined,
): Membership {
  if (change === 'extra') return { added: [], removed: ids };
  const removed = undoneBy === undefined ? [] : (membershipOf(undoneBy, mapping.nameOf(path))?.removed ?? []);
  return { added: [...new Set([...ids, ...removed])], removed: [] };
}

type Membership = Pick<MembershipChange, 'added' | 'removed'>;

function memberRequest(
  { link, members }: LinkedObject,
  change: Membership,
  group: ScimResource,
  rules: PlanRules,
): ScimRequest {
  const writes = memberRequests(rules.client, {
    ...change,
    mode: rules.patchMode,
    groupId: link.targetId,
    displayName: nameInTarget(link),
    group,
    displayOf: () => undefined,
    membersAfter: () => [...(members?.held ?? [])],
    batchSize: rules.memberBatchSize,
    memberRefNull: rules.memberRefNull,
  });
  // Not the name that some send before.
  const first = writes.find(({ added, removed }) => added.length + removed.length > 0);
  return first?.request ?? getRequest('Group', link.targetId, { members: true });
}

function asResource(body: JsonValue | undefined): ScimResource {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as ScimResource) : {};
}
