/** Preview's counterpart of apply: every request is assumed to succeed, and ids that do not exist yet get a stand-in. */
import type { CompiledObjectMapping } from '../map/compile-mapping.ts';
import type { TargetId } from '../model/link.ts';
import type { ResourceType, ScimResource } from '../model/scim-message.ts';
import type { SourceId } from '../model/source-object.ts';
import type { Operation, Outcome } from '../plan/plan.ts';
import type { TargetReader } from '../ports.ts';
import { type AttributePath, readPath } from '../scim/attribute-path.ts';
import type { CarryOut } from './cycle.ts';
import { askedPaths } from './take-turns.ts';

const PREFIX = 'id-of-';

/** Stands in for the target id that creating this object will produce. Unreserved characters only, so that it survives encoding. */
function placeholderId(sourceId: SourceId): TargetId {
  return `${PREFIX}${sourceId}`;
}

/**
 * A target that accepts everything and changes nothing: `reader` also finds what was created here, for the objects after it
 * may match it.
 */
export function assumeSuccess(
  reader: TargetReader,
  mappings: readonly CompiledObjectMapping[],
): { readonly reader: TargetReader; readonly carryOut: CarryOut } {
  const asked = askedPaths(mappings);
  const created = new Map<string, ScimResource>();
  const remember = (operation: Operation, id: TargetId) => {
    const body = operation.requests[0]?.body;
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return;
    const resource: ScimResource = { ...(body as ScimResource), id };
    created.set(keyOf(operation.resourceType, 'id', id), resource);
    for (const path of asked.get(operation.mapping) ?? []) {
      const value = valueAt(resource, path);
      if (value !== undefined) created.set(keyOf(operation.resourceType, path.text, value), resource);
    }
  };
  return {
    reader: {
      probe: reader.probe,
      holds: reader.holds,
      find: async (type, path, value, signal) => {
        const found = await reader.find(type, path, value, signal);
        const made = created.get(keyOf(type, path, value));
        return made === undefined ? found : [...found, made];
      },
      get: async (type, id, signal, options) =>
        created.get(keyOf(type, 'id', id)) ?? reader.get(type, id, signal, options),
    },
    carryOut: async function* (operations) {
      for (const operation of operations) {
        const outcome = assumedOutcome(operation);
        if (operation.action === 'create' && outcome.targetId !== undefined) remember(operation, outcome.targetId);
        yield outcome;
      }
    },
  };
}

function keyOf(type: ResourceType, path: string, value: string): string {
  return `${type}\n${path}\n${value.toLowerCase()}`;
}

function valueAt(resource: ScimResource, path: AttributePath): string | undefined {
  const value = readPath(resource, path);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function assumedOutcome(operation: Operation): Outcome {
  const failed = operation.failure !== undefined;
  const targetId =
    operation.target?.id ?? (operation.action === 'create' ? placeholderId(operation.source.id) : undefined);
  return {
    operation,
    status: operation.status,
    completedRequests: failed ? 0 : operation.requests.length,
    durationMs: 0,
    ...(targetId === undefined || failed ? {} : { targetId }),
    ...(operation.failure === undefined ? {} : { failure: operation.failure }),
  };
}
