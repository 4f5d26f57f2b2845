/** A store that keeps nothing on disk: rows in maps, log records dropped. What a cycle costs without the state file. */

const NO_COUNTS = { User: 0, Group: 0 };
const NO_ROWS = { rows: [] };

function pick(map, ids) {
  const found = new Map();
  for (const id of ids) {
    const value = map.get(id);
    if (value !== undefined) found.set(id, value);
  }
  return found;
}

/** Enough of the Store port for a cycle of one job. */
export function nullStore() {
  const links = new Map();
  const references = { manager: new Map(), members: new Map() };
  let job;
  const change = (one) => {
    if (one.kind === 'link') links.set(one.link.sourceId, one.link);
    else if (one.kind === 'job') job = one.job;
    else if (one.kind === 'reference') references[one.reference.kind].set(one.reference.source.id, one.reference);
    else if (one.kind === 'reference-settled') references[one.referenceKind].delete(one.sourceId);
  };
  return {
    commit: async (_jobId, changes) => {
      for (const one of changes) change(one);
    },
    acquireLease: async ({ jobId, holder }) => ({ jobId, holder, token: 1 }),
    extendLease: async () => true,
    job: async () => job,
    linksOf: async (_jobId, ids) => pick(links, ids),
    linksTo: async () => [],
    countLinks: async () => NO_COUNTS,
    membersOf: async () => ({ held: new Set(), uncertain: new Set() }),
    dueEscrows: async () => NO_ROWS,
    escrowsOf: async () => new Map(),
    countEscrows: async () => ({ objects: 0, references: 0 }),
    pendingReferences: async (_jobId, kind, _after, limit) => {
      const rows = [];
      for (const row of references[kind].values()) if (rows.push(row) === limit) break;
      return rows.length < limit ? { rows } : { rows, next: rows.at(-1).source.id };
    },
    stagedDeprovisions: async () => NO_ROWS,
    countStagedDeprovisions: async () => NO_COUNTS,
    close: async () => undefined,
  };
}
