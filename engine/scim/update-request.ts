/** A changed resource → the request that writes the change in the client's way (scim-wire.md 6, 11; gallery.md 2.2). */
import type { JsonValue, PatchOperation, ResourceType, ScimRequest, ScimResource } from '../model/scim-message.ts';
import { type AttributePath, isActivePath, parseAttributePath } from './attribute-path.ts';
import type { ClientProfile } from './client-profile.ts';
import { CORE_1_URN } from './create-body.ts';
import { patchRequest, putRequest } from './request.ts';
import { asBodyValue, type MutableObject, writePath } from './write-path.ts';

export type ResourceChange = {
  readonly resourceType: ResourceType;
  readonly id: string;
  /** What the target holds now. */
  readonly resource: ScimResource;
  /** The differences, never empty. */
  readonly operations: readonly PatchOperation[];
  /** Target path → wanted value, of every mapped attribute. */
  readonly values: Readonly<Record<string, JsonValue>>;
};

export function updateRequest(client: ClientProfile, change: ResourceChange): ScimRequest {
  const { resourceType, id, operations } = change;
  const active = client.activation === 'pathless-patch' ? onlyActive(operations) : undefined;
  if (active !== undefined) return activationRequest(resourceType, id, active);
  if (resourceType === 'Group' && client.groupUpdate === 'pathless-patch') {
    return renameRequest(id, change.values);
  }
  if (client.update === 'patch') return patchRequest(resourceType, id, operations, client);
  return putRequest(resourceType, id, overlay(client, change.resource, change.values));
}

/** Switches a user off or on by a PATCH without path, as Okta does (scim-wire.md 11.2). */
export function activationRequest(resourceType: ResourceType, id: string, active: boolean): ScimRequest {
  return patchRequest(resourceType, id, [{ op: 'replace', value: { active } }]);
}

/** Writes a group's own attributes by a PATCH without path, as Okta does for catalogue applications (scim-wire.md 11.2). */
export function renameRequest(id: string, values: Readonly<Record<string, JsonValue>>): ScimRequest {
  return patchRequest('Group', id, [{ op: 'replace', value: { id, ...values } }]);
}

/** The whole resource with `values` laid over it, without what the client leaves out. Null removes an attribute. */
export function overlay(
  client: ClientProfile,
  resource: ScimResource,
  values: Readonly<Record<string, JsonValue>>,
): JsonValue {
  const body = structuredClone(resource) as MutableObject;
  for (const [text, value] of Object.entries(values)) {
    const path = parseAttributePath(text);
    writePath(body, body, path, asBodyValue(path, inShape(client, path, value)));
  }
  const omitted = new Set(client.putOmits);
  // Null within an object stays: a target that lays the body over what it has clears the value by it (gallery.md 1.2).
  const kept = Object.entries(body).filter(([key, value]) => !omitted.has(key.toLowerCase()) && value !== null);
  return withSchemas(client, Object.fromEntries(kept) as ScimResource);
}

/** A manager of SCIM 1.1 is an object of its own kind (scim-wire.md 11.1). */
function inShape(client: ClientProfile, path: AttributePath, value: JsonValue): JsonValue {
  const isManager = path.attribute.toLowerCase() === 'manager' && path.sub === undefined && typeof value !== 'object';
  return client.protocol === 'scim1' && isManager ? { managerId: value } : value;
}

/** SCIM 1.1 bodies list their schemas anew: the target's list may name blocks that are not sent back. */
function withSchemas(client: ClientProfile, body: ScimResource): JsonValue {
  if (client.protocol !== 'scim1') return body;
  const extensions = Object.keys(body).filter((key) => key.toLowerCase().startsWith('urn:'));
  return { ...body, schemas: [CORE_1_URN, ...extensions] };
}

/** The wanted state when `active` is all that differs. */
function onlyActive(operations: readonly PatchOperation[]): boolean | undefined {
  const [only, other] = operations;
  if (only?.path === undefined || !isActivePath(only.path) || other !== undefined) return undefined;
  return String(only.value).toLowerCase() === 'true';
}
