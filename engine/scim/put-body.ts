/** A resource of the target and what is written → the whole resource as a PUT sends it (scim-wire.md 11; gallery.md 1.2, 2.2). */
import type { JsonValue, ResourceType, ScimResource } from '../model/scim-message.ts';
import { type AttributePath, parseAttributePath, readPath } from './attribute-path.ts';
import type { ClientProfile } from './client-profile.ts';
import { CORE_1_URN, ENTERPRISE_URN, GROUP_URN, markPrimaryWork, USER_URN } from './create-body.ts';
import { asBodyValue, clearPath, keyIn, type MutableObject, writePath } from './write-path.ts';

export type PutBodyInput = {
  readonly resourceType: ResourceType;
  /** What the target holds now. */
  readonly resource: ScimResource;
  /** Target path → what is laid over it; null takes a value away. */
  readonly values: Readonly<Record<string, JsonValue>>;
  /** Multi-valued attributes whose work element is the primary one when the write adds it. */
  readonly primaryWork?: readonly string[];
};

/** The body, without what the client leaves out. What the target itself shows as null is not sent back. */
export function buildPutBody(client: ClientProfile, input: PutBodyInput): JsonValue {
  const { resourceType, resource, values, primaryWork = [] } = input;
  const present = Object.entries(resource).filter(([, value]) => value !== null);
  const body = structuredClone(Object.fromEntries(present)) as MutableObject;
  for (const [text, value] of Object.entries(values)) {
    const path = parseAttributePath(text);
    if (value === null) clearPath(body, path);
    else writeInShape(client, body, path, value);
  }
  const added = primaryWork.filter((attribute) => !hasWorkElement(resource, attribute));
  for (const attribute of added) markPrimaryWork(body, attribute, true);
  const omitted = new Set(client.putOmits);
  const kept = Object.entries(body).filter(([key]) => !omitted.has(key.toLowerCase()));
  return withSchemas(client, resourceType, Object.fromEntries(kept)) as JsonValue;
}

function hasWorkElement(resource: ScimResource, attribute: string): boolean {
  return readPath(resource, parseAttributePath(`${attribute}[type eq "work"]`)) !== undefined;
}

/** Puts a mapped value into a body, in the type and shape that bodies have. */
export function writeInShape(client: ClientProfile, body: MutableObject, path: AttributePath, value: JsonValue): void {
  writePath(body, body, path, asBodyValue(path, inShape(client, path, value)));
}

/** The manager that is an id is an object in a body: of its own kind in SCIM 1.1 (scim-wire.md 11.1; RFC 7643 section 4.3). */
function inShape(client: ClientProfile, path: AttributePath, value: JsonValue): JsonValue {
  const isId = path.attribute.toLowerCase() === 'manager' && path.sub === undefined && typeof value !== 'object';
  if (!isId) return value;
  if (client.protocol === 'scim1') return { managerId: value };
  // Elsewhere a manager may be a text.
  return path.urn?.toLowerCase() === ENTERPRISE_URN.toLowerCase() ? { value } : value;
}

/**
 * A body lists the extensions in it (RFC 7643 section 3). SCIM 1.1 bodies list their schemas anew: the target's list may
 * name blocks that are not sent back.
 */
export function withSchemas(client: ClientProfile, resourceType: ResourceType, body: MutableObject): MutableObject {
  const extensions = Object.keys(body).filter((key) => key.toLowerCase().startsWith('urn:'));
  if (client.protocol === 'scim1') return { ...body, schemas: [CORE_1_URN, ...extensions] };
  const key = keyIn(body, 'schemas');
  const present = body[key];
  const listed = Array.isArray(present) ? present.map(String) : [resourceType === 'User' ? USER_URN : GROUP_URN];
  const lower = new Set(listed.map((urn) => urn.toLowerCase()));
  const schemas = [...listed, ...extensions.filter((urn) => !lower.has(urn.toLowerCase()))];
  return present === undefined ? { schemas, ...body } : { ...body, [key]: schemas };
}
