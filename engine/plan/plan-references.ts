/** Pending references → the PATCHes of the later pass, once both ends have a link (cycle.md 2.17, 2.18, 3.30-3.40; scim-wire.md 6.6, 8.3). */
import { type BelievedMembers, type Link, type LinkEnd, nameInTarget, type TargetId } from '../model/link.ts';
import type { ModifiedProperty, ProvisioningStep } from '../model/provisioning-log.ts';
import type { JsonValue, ResourceType, ScimRequest, ScimResource } from '../model/scim-message.ts';
import type { SourceId } from '../model/source-object.ts';
import { memberIds, memberRequests } from '../scim/member-request.ts';
import { managerOperation } from '../scim/patch.ts';
import { updateRequest } from '../scim/update-request.ts';
import type { Failure, MembershipEffect, Operation, PendingReference, Reason } from './plan.ts';
import type { PlanRules } from './plan-rules.ts';
import { toLogText } from './steps.ts';

type Of<K extends PendingReference['kind']> = Extract<PendingReference, { kind: K }>;

/** How many changed members a log record lists one by one. */
const LISTED_MEMBERS = 100;

/**
 * Sets, changes or clears the manager; no requests when the target holds the wanted one already.
 * A manager without a link is left out with a warning and not queued for later, as Entra does.
 * @param resource what the target holds, for a client that writes whole resources
 */
export function planManager(
  pending: Of<'manager'>,
  link: Link,
  managerLink: Link | undefined,
  rules: PlanRules,
  resource: ScimResource = {},
): Operation {
  if (pending.refersTo !== undefined && managerLink === undefined) {
    const reason = unresolved(`manager ${pending.refersTo} of ${pending.source.displayName} has no link to the target`);
    return {
      ...reference(pending, link, {
        requests: [],
        modifiedProperties: [],
        reason,
        status: unresolvedStatus(pending),
        unresolved: [pending.refersTo],
      }),
      ...keepFor(pending, [pending.refersTo], rules),
    };
  }
  const desired = managerLink?.targetId;
  const operations = managerOperation({
    mode: rules.patchMode,
    path: pending.path,
    ...(pending.current === undefined ? {} : { current: pending.current }),
    ...(desired === undefined ? {} : { desired }),
    removal: rules.managerRemoval,
    numeric: pending.numeric === true,
  });
  const value: JsonValue = desired === undefined ? null : pending.numeric === true ? Number(desired) : desired;
  const request = () =>
    updateRequest(rules.client, {
      resourceType: 'User',
      id: link.targetId,
      resource,
      operations,
      values: { [pending.path]: value },
    });
  const effect = { kind: 'manager', ...(desired === undefined ? {} : { targetId: desired }) } as const;
  return {
    ...reference(pending, link, {
      requests: operations.length === 0 ? [] : [request()],
      modifiedProperties:
        operations.length === 0
          ? []
          : [{ displayName: nameOf(pending), oldValue: pending.current ?? null, newValue: desired ?? null }],
      reason: managerReason(pending, managerLink, operations.length > 0),
      status: operations.length === 0 ? 'skipped' : 'success',
      unresolved: [],
    }),
    link: effect,
  };
}

/** The object could not be read, or is gone: nothing is sent, and it is tried again. */
export function failReference(pending: PendingReference, link: Link, failure: Failure): Operation {
  const { code, message } = failure;
  return {
    ...reference(pending, link, {
      requests: [],
      modifiedProperties: [],
      reason: { code, message },
      status: 'failure',
      unresolved: [],
    }),
    action: 'update',
    failure,
    ...(pending.kind === 'members' ? { memberships: [] } : {}),
  };
}

function managerReason(pending: Of<'manager'>, managerLink: Link | undefined, changed: boolean): Reason {
  if (!changed) return { code: 'RedundantExport', message: 'the manager is already equal in the target' };
  if (managerLink === undefined) return { code: 'Update', message: 'the manager was removed in the directory' };
  return { code: 'Update', message: `the manager of ${pending.source.displayName} is ${managerLink.displayName}` };
}

type KnownMembers = {
  /** Of the wanted members. */
  readonly links: ReadonlyMap<SourceId, LinkEnd>;
  /** What the group's own writes came to. */
  readonly believed: BelievedMembers;
  /** What the target holds, for a client that writes whole groups. */
  readonly group?: ScimResource;
};

/**
 * Adds and removes members so that the membership believed to be at the target becomes the wanted one.
 * A wanted member without a link is left out with a warning; who is uncertain is written once more, one way or the other.
 */
export function planMembers(
  pending: Of<'members'>,
  link: Link,
  { links, believed, group = {} }: KnownMembers,
  rules: PlanRules,
): Operation {
  const wanted = new Map<TargetId, LinkEnd>();
  const missing: SourceId[] = [];
  for (const id of pending.refersTo) {
    const member = links.get(id);
    if (member === undefined) missing.push(id);
    else wanted.set(member.targetId, member);
  }
  const added = [...wanted.keys()].filter((id) => !believed.held.has(id)).sort();
  const present = pending.addOnly === true ? [] : [...believed.held, ...believed.uncertain];
  const removed = present.filter((id) => !wanted.has(id)).sort();
  const writes = memberRequests(rules.client, {
    mode: rules.patchMode,
    groupId: link.targetId,
    displayName: nameInTarget(link),
    group,
    added,
    removed,
    displayOf: (id) => wanted.get(id)?.displayName,
    membersAfter: () => [
      ...new Set([...(pending.addOnly === true ? membersNow(group, believed) : []), ...wanted.keys()]),
    ],
    batchSize: rules.memberBatchSize,
    memberRefNull: rules.memberRefNull,
  });
  return {
    ...reference(pending, link, {
      requests: writes.map(({ request }) => request),
      modifiedProperties: memberProperties(nameOf(pending), added, removed),
      reason: memberReason(added.length, removed.length, missing),
      status:
        missing.length > 0 && writes.length === 0 ? unresolvedStatus(pending) : memberStatus(missing, writes.length),
      unresolved: missing,
    }),
    ...keepFor(pending, missing, rules),
    memberships: writes.map(({ added, removed }): MembershipEffect => ({ added, removed })),
  };
}

/** Some targets give a group without its members. */
function membersNow(group: ScimResource, { held }: BelievedMembers): Iterable<TargetId> {
  const ids = memberIds(group);
  return ids.length > 0 ? ids : held;
}

function memberProperties(
  path: string,
  added: readonly TargetId[],
  removed: readonly TargetId[],
): readonly ModifiedProperty[] {
  return [
    ...added.map((id) => ({ displayName: path, oldValue: null, newValue: id })),
    ...removed.map((id) => ({ displayName: path, oldValue: id, newValue: null })),
  ].slice(0, LISTED_MEMBERS);
}

function memberReason(added: number, removed: number, missing: readonly SourceId[]): Reason {
  const changes = [added > 0 ? `${added} added` : '', removed > 0 ? `${removed} removed` : ''].filter(
    (part) => part !== '',
  );
  if (missing.length === 0) {
    return changes.length === 0
      ? { code: 'RedundantExport', message: 'the members are already equal in the target' }
      : { code: 'Update', message: `members: ${changes.join(', ')}` };
  }
  return unresolved([...changes, `${missing.length} left out (not linked to the target)`].join(', '));
}

function memberStatus(missing: readonly SourceId[], requests: number): Operation['status'] {
  if (missing.length > 0) return 'warning';
  return requests === 0 ? 'skipped' : 'success';
}

/** What waits since an earlier cycle was warned of then. */
function unresolvedStatus(pending: PendingReference): Operation['status'] {
  return pending.waiting === true ? 'skipped' : 'warning';
}

/**
 * Entra forgets who was left out (cycle.md 3.31, 3.40). Fidelity `sane`, and the applications of the gallery, look again in
 * every cycle until they are linked (MN-11; gallery.md 2.2).
 */
function keepFor(
  pending: PendingReference,
  missing: readonly SourceId[],
  rules: PlanRules,
): Pick<Operation, 'keptReference'> {
  if (!rules.keepsReferences || missing.length === 0) return {};
  return { keptReference: { ...pending, waiting: true } };
}

function unresolved(message: string): Reason {
  return { code: 'UnableToResolveReferenceAttributeValue', message };
}

function reference(
  pending: PendingReference,
  link: Link,
  parts: {
    readonly requests: readonly ScimRequest[];
    readonly modifiedProperties: readonly ModifiedProperty[];
    readonly reason: Reason;
    readonly status: Operation['status'];
    readonly unresolved: readonly SourceId[];
  },
): Operation {
  const resourceType: ResourceType = pending.kind === 'members' ? 'Group' : 'User';
  return {
    mapping: pending.mapping,
    source: pending.source,
    resourceType,
    target: { id: link.targetId },
    action: parts.requests.length === 0 ? 'none' : 'update',
    logAction: 'update',
    status: parts.status,
    reason: parts.reason,
    requests: parts.requests,
    modifiedProperties: parts.modifiedProperties,
    steps: [resolutionStep(pending, parts.unresolved)],
    link: { kind: 'none' },
    references: [],
    isReference: true,
  };
}

/** What the log calls the attribute. */
function nameOf({ name, path }: PendingReference): string {
  return name ?? path;
}

function resolutionStep(pending: PendingReference, missing: readonly SourceId[]): ProvisioningStep {
  const listed = missing.slice(0, LISTED_MEMBERS).join(', ');
  return {
    name: 'EntryImportReference',
    provisioningStepType: 'referenceResolution',
    status: missing.length > 0 ? 'warning' : 'success',
    description:
      missing.length > 0
        ? `UnableToResolveReferenceAttributeValue: ${nameOf(pending)} of '${pending.source.displayName}' refers to ${listed}, not linked to the target`
        : `Resolved ${nameOf(pending)} of '${pending.source.displayName}'`,
    details: {
      PropertyName: nameOf(pending),
      ...(missing.length > 0
        ? { ErrorCode: 'UnableToResolveReferenceAttributeValue', UnresolvedReferences: toLogText(listed) ?? '' }
        : {}),
    },
  };
}
