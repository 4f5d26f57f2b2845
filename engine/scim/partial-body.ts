/** What a write changes → the part of the resource that a PATCH of SCIM 1.1 sends (scim-wire.md 11.1). */
import type { JsonValue, PatchOperation, ScimResource } from '../model/scim-message.ts';
import { type AttributePath, parseAttributePath, readPath } from './attribute-path.ts';
import type { ClientProfile } from './client-profile.ts';
import { buildPutBody, type PutBodyInput, withSchemas, writeInShape } from './put-body.ts';
import type { MutableObject } from './write-path.ts';

export type PartialBodyInput = PutBodyInput & {
  /** The differences, each with its path. */
  readonly operations: readonly PatchOperation[];
};

/**
 * The changed attributes. What is cleared is named in `meta.attributes`; so is a list, which is sent whole: the target
 * removes these before it adds what is sent, and merges a list it was not told to remove.
 */
export function buildPartialBody(client: ClientProfile, input: PartialBodyInput): JsonValue {
  const whole = buildPutBody(client, input) as ScimResource;
  const part: MutableObject = {};
  const removed = new Set<string>();
  for (const { path: text = '' } of input.operations) {
    const path = listOf(parseAttributePath(text));
    const value = path.text === text ? (input.values[text] ?? null) : (readPath(whole, path) ?? null);
    if (value === null || Array.isArray(value)) removed.add(path.text);
    if (value !== null) writeInShape(client, part, path, value);
  }
  const meta = removed.size === 0 ? {} : { meta: { attributes: [...removed] } };
  return { ...withSchemas(client, input.resourceType, part), ...meta } as JsonValue;
}

/** The list that a path picks an element of; other paths as they are. */
function listOf(path: AttributePath): AttributePath {
  return path.filter === undefined ? path : parseAttributePath(path.text.slice(0, path.text.indexOf('[')));
}
