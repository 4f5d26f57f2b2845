/** A changed resource → the request that writes the change in the client's way (scim-wire.md 6, 11; gallery.md 2.2). */
import type { JsonValue, PatchOperation, ResourceType, ScimRequest, ScimResource } from '../model/scim-message.ts';
import { isActivePath } from './attribute-path.ts';
import type { ClientProfile } from './client-profile.ts';
import { buildPartialBody } from './partial-body.ts';
import { buildPutBody } from './put-body.ts';
import { partialRequest, patchRequest, putRequest } from './request.ts';

export type ResourceChange = {
  readonly resourceType: ResourceType;
  readonly id: string;
  /** What the target holds now. */
  readonly resource: ScimResource;
  /** The differences, never empty. */
  readonly operations: readonly PatchOperation[];
  /** Target path → wanted value, of every mapped attribute. */
  readonly values: Readonly<Record<string, JsonValue>>;
  /** Multi-valued attributes whose work element is the primary one: a whole resource says so of those it adds. */
  readonly primaryWork?: readonly string[];
};

export function updateRequest(client: ClientProfile, change: ResourceChange): ScimRequest {
  const { resourceType, id, operations } = change;
  const active = client.activation === 'pathless-patch' ? onlyActive(operations) : undefined;
  if (active !== undefined) return activationRequest(resourceType, id, active);
  if (resourceType === 'Group' && client.groupUpdate === 'pathless-patch') {
    return renameRequest(id, change.values);
  }
  if (client.update === 'patch') {
    if (client.protocol === 'scim1') return partialRequest(resourceType, id, buildPartialBody(client, change));
    return patchRequest(resourceType, id, operations, client);
  }
  return putRequest(resourceType, id, buildPutBody(client, change));
}

/** Switches a user off or on by a PATCH without path, as Okta does (scim-wire.md 11.2). */
function activationRequest(resourceType: ResourceType, id: string, active: boolean): ScimRequest {
  return patchRequest(resourceType, id, [{ op: 'replace', value: { active } }]);
}

/** Writes a group's own attributes by a PATCH without path, as Okta does for catalogue applications (scim-wire.md 11.2). */
export function renameRequest(id: string, values: Readonly<Record<string, JsonValue>>): ScimRequest {
  return patchRequest('Group', id, [{ op: 'replace', value: { id, ...values } }]);
}

/** The wanted state when `active` is all that differs. */
function onlyActive(operations: readonly PatchOperation[]): boolean | undefined {
  const [only, other] = operations;
  if (only?.path === undefined || !isActivePath(only.path) || other !== undefined) return undefined;
  return String(only.value).toLowerCase() === 'true';
}
