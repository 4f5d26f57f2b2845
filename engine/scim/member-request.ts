/** Members to add and to remove → the requests that write them in the client's way (scim-wire.md 8.3, 11). */
import type { JsonValue, PatchMode, PatchOperation, ScimRequest } from '../model/scim-message.ts';
import type { ClientProfile } from './client-profile.ts';
import { CORE_1_URN, GROUP_URN } from './create-body.ts';
import { memberOperations } from './patch.ts';
import { partialRequest, patchRequest, putRequest } from './request.ts';
import { renameRequest } from './update-request.ts';

export type MembershipChange = {
  readonly mode: PatchMode;
  readonly groupId: string;
  /** Display name of the group in the target. */
  readonly displayName: string;
  /** Target ids. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Display name of a member. */
  readonly displayOf: (id: string) => string;
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
        { request: renameRequest(groupId, { displayName: change.displayName }), added: [], removed: [] },
        { request: patchRequest('Group', groupId, oktaOperations(change), client), added, removed },
      ];
    case 'partial':
      return [{ request: partialRequest('Group', groupId, partialGroup(change)), added, removed }];
    case 'put':
      return [{ request: putRequest('Group', groupId, wholeGroup(change)), added, removed }];
  }
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
  const addition = { op: 'add', path: 'members', value: added.map((id) => ({ value: id, display: displayOf(id) })) };
  return [...removals, ...(added.length === 0 ? [] : [addition])];
}

function partialGroup({ added, removed }: MembershipChange): JsonValue {
  const members = [...added.map((value) => ({ value })), ...removed.map((value) => ({ value, operation: 'delete' }))];
  return { schemas: [CORE_1_URN], members };
}

function wholeGroup({ groupId, displayName, membersAfter, displayOf }: MembershipChange): JsonValue {
  const members = membersAfter().map((value) => ({ value, display: displayOf(value) }));
  return { schemas: [GROUP_URN], id: groupId, displayName, members };
}
