/** The changes of one commit → few statements: what is alike and meant for the same table goes together. */
import type { Kysely } from 'kysely';
import type { StateChange } from '../record/state-change.ts';
import { applyChange, type RareChange } from './apply-change.ts';
import { insertRows } from './insert-rows.ts';
import { anyOf, toLinkRow } from './link-rows.ts';
import { insertLog } from './log-rows.ts';
import type { Tables } from './schema.ts';
import { toEscrowRow, toReferenceRow, toStagedRow } from './work-rows.ts';

type Kind = Exclude<StateChange['kind'], RareChange['kind']>;
type Of<K extends Kind> = Extract<StateChange, { kind: K }>;
type Batch<K extends Kind> = {
  readonly table: keyof Tables;
  readonly apply: (db: Kysely<Tables>, jobId: string, changes: readonly Of<K>[]) => Promise<unknown>;
};

/** The kinds that every object brings. The others are rare, and made one by one. */
const BATCHES: { readonly [K in Kind]: Batch<K> } = {
  link: {
    table: 'links',
    apply: (db, jobId, changes) =>
      insertRows(
        db,
        'insert or replace',
        'links',
        changes.map(({ link }) => toLinkRow(jobId, link)),
      ),
  },
  log: {
    table: 'log_records',
    apply: (db, _jobId, changes) =>
      insertLog(
        db,
        changes.map(({ record }) => record),
      ),
  },
  escrow: {
    table: 'escrows',
    apply: (db, jobId, changes) =>
      insertRows(
        db,
        'insert or replace',
        'escrows',
        changes.map(({ escrow }) => toEscrowRow(jobId, escrow)),
      ),
  },
  'escrow-cleared': {
    table: 'escrows',
    apply: (db, jobId, changes) =>
      db.deleteFrom('escrows').where('job_id', '=', jobId).where('source_id', 'in', sources(changes)).execute(),
  },
  reference: {
    table: 'pending_references',
    apply: (db, jobId, changes) =>
      insertRows(
        db,
        'insert or replace',
        'pending_references',
        changes.map(({ reference }) => toReferenceRow(jobId, reference)),
      ),
  },
  'reference-settled': {
    table: 'pending_references',
    apply: async (db, jobId, changes) => {
      for (const kind of ['manager', 'members'] as const) {
        const settled = changes.filter(({ referenceKind }) => referenceKind === kind);
        if (settled.length === 0) continue;
        const ofKind = db.deleteFrom('pending_references').where('job_id', '=', jobId).where('kind', '=', kind);
        await ofKind.where('source_id', 'in', sources(settled)).execute();
      }
    },
  },
  stage: {
    table: 'staged_deprovisions',
    apply: (db, jobId, changes) =>
      insertRows(
        db,
        'insert or replace',
        'staged_deprovisions',
        changes.map(({ operation }) => toStagedRow(jobId, operation)),
      ),
  },
  unstage: {
    table: 'staged_deprovisions',
    apply: (db, jobId, changes) =>
      db
        .deleteFrom('staged_deprovisions')
        .where('job_id', '=', jobId)
        .where('source_id', 'in', sources(changes))
        .execute(),
  },
};

function sources(changes: readonly { readonly sourceId: string }[]) {
  return anyOf(changes.map(({ sourceId }) => sourceId));
}

/** Makes `changes` in the job's rows. Those of one table are made in order; tables do not depend on one another. */
export async function applyChanges(db: Kysely<Tables>, jobId: string, changes: readonly StateChange[]): Promise<void> {
  const waiting = new Map<keyof Tables, Of<Kind>[]>();
  const flush = async (table: keyof Tables) => {
    const alike = waiting.get(table) ?? [];
    waiting.delete(table);
    const [first] = alike;
    if (first !== undefined) await batchOf(first).apply(db, jobId, alike);
  };
  for (const change of changes) {
    if (isRare(change)) {
      for (const table of [...waiting.keys()]) await flush(table);
      await applyChange(db, jobId, change);
      continue;
    }
    const { table } = batchOf(change);
    if (waiting.get(table)?.[0]?.kind !== change.kind) await flush(table);
    const alike = waiting.get(table);
    if (alike === undefined) waiting.set(table, [change]);
    else alike.push(change);
  }
  for (const table of [...waiting.keys()]) await flush(table);
}

function isRare(change: StateChange): change is RareChange {
  return !Object.hasOwn(BATCHES, change.kind);
}

/** The batch for changes of this kind; it is given no others. */
function batchOf(change: Of<Kind>): Batch<Kind> {
  return BATCHES[change.kind] as Batch<Kind>;
}
