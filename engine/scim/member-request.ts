/** Members to add and to remove → the requests that write them in the client's way (scim-wire.md 8.3, 11). */
import type { JsonValue, PatchMode, PatchOperation, ScimRequest, ScimResource } from '../model/scim-message.ts';
import { parseAttributePath, readPath } from './attribute-path.ts';
import type { ClientProfile } from './client-profile.ts';
import { CORE_1_URN, GROUP_URN } from './create-body.ts';
import { memberOperations } from './patch.ts';
import { buildPutBody } from './put-body.ts';
import { partialRequest, patchRequest, putRequest } from './request.ts';
import { renameRequest } from './update-request.ts';

export type MembershipChange = {
  readonly mode: PatchMode;
  readonly groupId: string;
  /** Display name of the group in the target; undefined when nothing says it. */
  readonly displayName: string | undefined;
  /** Target ids. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Display name of a member, as far as it is known. */
  readonly displayOf: (id: string) => string | undefined;
  /** The group as the target holds it, for a client that writes whole groups. */
  readonly group: ScimResource;
  /** The membership once all is done. */
  readonly membersAfter: () => readonly string[];
  readonly batchSize: number;
  readonly memberRefNull: boolean;
};

/** One request and whom it adds and removes. */
export type MemberRequest = {
  readonly request: ScimRequest;
  readonly added: readonly string[];
  readonly removed: readonly string[];
};

/** In the order in which they are sent; empty when nobody is added or removed. */
export function memberRequests(client: ClientProfile, change: MembershipChange): readonly MemberRequest[] {
  const { added, removed, groupId } = change;
  if (added.length + removed.length === 0) return [];
  switch (client.membership) {
    case 'patch':
      return batches(client, change);
    case 'one-patch':
      // Okta sends the name with every change of members (scim-wire.md 11.2).
      return [
        ...renames(change),
        { request: patchRequest('Group', groupId, oktaOperations(change), client), added, removed },
      ];
    case 'partial':
      return [{ request: partialRequest('Group', groupId, partialGroup(change)), added, removed }];
    case 'put':
      return [{ request: putRequest('Group', groupId, wholeGroup(client, change)), added, removed }];
  }
}

function renames({ groupId, displayName }: MembershipChange): readonly MemberRequest[] {
  return displayName === undefined
    ? []
    : [{ request: renameRequest(groupId, { displayName }), added: [], removed: [] }];
}

/** Adds before removes, never both in one request, a bounded number of members in each. */
function batches(client: ClientProfile, change: MembershipChange): readonly MemberRequest[] {
  const { mode, groupId, batchSize, memberRefNull } = change;
  const cut = (added: readonly string[], removed: readonly string[]): readonly MemberRequest[] =>
    memberOperations({ mode, added, removed, batchSize, memberRefNull }).map((operations, index) => {
      const own = (ids: readonly string[]) => ids.slice(index * batchSize, (index + 1) * batchSize);
      return { request: patchRequest('Group', groupId, operations, client), added: own(added), removed: own(removed) };
    });
  return [...cut(change.added, []), ...cut([], change.removed)];
}

function oktaOperations({ added, removed, displayOf }: MembershipChange): readonly PatchOperation[] {
  const removals = removed.map((id) => ({ op: 'remove', path: `members[value eq ${JSON.stringify(id)}]` }));
  const addition = { op: 'add', path: 'members', value: added.map((id) => named(id, displayOf)) };
  return [...removals, ...(added.length === 0 ? [] : [addition])];
}

function partialGroup({ added, removed }: MembershipChange): JsonValue {
  const members = [...added.map((value) => ({ value })), ...removed.map((value) => ({ value, operation: 'delete' }))];
  return { schemas: [CORE_1_URN], members };
}

/** What the target holds, with name and members laid over it. A member whose name is not known stays as the target has it. */
function wholeGroup(client: ClientProfile, change: MembershipChange): JsonValue {
  const { groupId, displayName, membersAfter, displayOf, group } = change;
  const present = new Map(membersOf(group).map((member) => [memberId(member), member]));
  const kept = (id: string) => (displayOf(id) === undefined ? present.get(id) : undefined);
  const members = membersAfter().map((id) => kept(id) ?? named(id, displayOf));
  const values = { ...(displayName === undefined ? {} : { displayName }), members };
  const resource = { schemas: [GROUP_URN], id: groupId, ...group };
  return buildPutBody(client, { resourceType: 'Group', resource, values });
}

function named(value: string, displayOf: MembershipChange['displayOf']): JsonValue {
  const display = displayOf(value);
  return display === undefined ? { value } : { value, display };
}

/** The ids of the members that a group holds; none when it came without them. */
export function memberIds(group: ScimResource): readonly string[] {
  return membersOf(group).map(memberId);
}

function membersOf(group: ScimResource): readonly JsonValue[] {
  const members = readPath(group, parseAttributePath('members'));
  return Array.isArray(members) ? members : [];
}

function memberId(member: JsonValue): string {
  const value = typeof member === 'object' && member !== null && 'value' in member ? member.value : member;
  return String(value);
}
