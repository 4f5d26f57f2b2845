/** A store that keeps nothing on disk: rows in maps, log records dropped. What a cycle costs without the state file. */

import { openStore } from '../../dist/engine/store/index.js';

function pick(map, ids) {
  const found = new Map();
  for (const id of ids) {
    const value = map.get(id);
    if (value !== undefined) found.set(id, value);
  }
  return found;
}

/** A store in memory with everything that each object of an initial cycle touches replaced by maps. */
export async function nullStore() {
  const links = new Map();
  const references = { manager: new Map(), members: new Map() };
  const kept = await openStore('memory');
  const keep = {
    link: ({ link }) => links.set(link.sourceId, link),
    log: () => undefined,
    reference: ({ reference }) => references[reference.kind].set(reference.source.id, reference),
    'reference-settled': ({ referenceKind, sourceId }) => references[referenceKind].delete(sourceId),
  };
  return {
    ...kept,
    commit: async (jobId, changes, fence) => {
      const others = [];
      for (const change of changes) {
        if (Object.hasOwn(keep, change.kind)) keep[change.kind](change);
        else others.push(change);
      }
      if (others.length > 0) await kept.commit(jobId, others, fence);
    },
    linksOf: async (_jobId, ids) => pick(links, ids),
    linksTo: async () => [],
    escrowsOf: async () => new Map(),
    pendingReferences: async (_jobId, kind, _after, limit) => {
      const rows = [];
      for (const row of references[kind].values()) if (rows.push(row) === limit) break;
      return rows.length < limit ? { rows } : { rows, next: rows.at(-1).source.id };
    },
  };
}
