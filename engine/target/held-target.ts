/** The target from memory, for previews without contact: linked resources as the engine believes them to be, and no others. */
import type { JsonValue, ScimResource } from '../model/scim-message.ts';
import type { Store, TargetReader } from '../ports.ts';
import { buildCreateBody } from '../scim/create-body.ts';

/**
 * A reader that answers from the links of `jobId`. Matching finds nothing, so an unlinked object is planned as a create.
 * @param managerPath target path of the manager reference, when one is mapped
 */
export function openHeldTarget(store: Store, jobId: string, managerPath: string | undefined): TargetReader {
  return {
    find: async () => [],
    probe: async () => undefined,
    holds: async () => false,
    get: async (resourceType, id) => {
      const [link] = await store.linksTo(jobId, [id]);
      if (link === undefined) return undefined;
      const values = new Map<string, JsonValue>(Object.entries(link.held ?? {}));
      if (managerPath !== undefined && link.manager !== undefined) values.set(managerPath, link.manager);
      const body = buildCreateBody({ resourceType, values, options: {} });
      return { ...asResource(body), id };
    },
  };
}

function asResource(body: JsonValue): ScimResource {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as ScimResource) : {};
}
