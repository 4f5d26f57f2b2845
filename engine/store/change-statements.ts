/** The changes of one commit → few statements: what is alike and meant for the same table goes together. */
import type { Kysely } from 'kysely';
import type { StateChange } from '../record/state-change.ts';
import type { Statement } from './database.ts';
import { insertRows } from './insert-rows.ts';
import { toLinkRow } from './link-rows.ts';
import { insertLog } from './log-rows.ts';
import { anyOf } from './query-parts.ts';
import { type RareChange, rareStatements } from './rare-statements.ts';
import type { Tables } from './schema.ts';
import { toEscrowRow, toReferenceRow, toStagedRow } from './work-rows.ts';

type Kind = Exclude<StateChange['kind'], RareChange['kind']>;
type Of<K extends Kind> = Extract<StateChange, { kind: K }>;
type Batch<K extends Kind> = {
  readonly table: keyof Tables;
  readonly statements: (db: Kysely<Tables>, jobId: string, changes: readonly Of<K>[]) => readonly Statement[];
};

/** The kinds that every object brings. The others are rare, and made one by one. */
const BATCHES: { readonly [K in Kind]: Batch<K> } = {
  link: {
    table: 'links',
    statements: (_db, jobId, changes) =>
      insertRows(
        'insert or replace',
        'links',
        changes.map(({ link }) => toLinkRow(jobId, link)),
      ),
  },
  log: {
    table: 'log_records',
    statements: (_db, _jobId, changes) => insertLog(changes.map(({ record }) => record)),
  },
  escrow: {
    table: 'escrows',
    statements: (_db, jobId, changes) =>
      insertRows(
        'insert or replace',
        'escrows',
        changes.map(({ escrow }) => toEscrowRow(jobId, escrow)),
      ),
  },
  'escrow-cleared': {
    table: 'escrows',
    statements: (db, jobId, changes) => [
      db.deleteFrom('escrows').where('job_id', '=', jobId).where('source_id', 'in', sources(changes)).compile(),
    ],
  },
  reference: {
    table: 'pending_references',
    statements: (_db, jobId, changes) =>
      insertRows(
        'insert or replace',
        'pending_references',
        changes.map(({ reference }) => toReferenceRow(jobId, reference)),
      ),
  },
  'reference-settled': {
    table: 'pending_references',
    statements: (db, jobId, changes) =>
      (['manager', 'members'] as const).flatMap((kind) => {
        const settled = changes.filter(({ referenceKind }) => referenceKind === kind);
        if (settled.length === 0) return [];
        const ofKind = db.deleteFrom('pending_references').where('job_id', '=', jobId).where('kind', '=', kind);
        return ofKind.where('source_id', 'in', sources(settled)).compile();
      }),
  },
  stage: {
    table: 'staged_deprovisions',
    statements: (_db, jobId, changes) =>
      insertRows(
        'insert or replace',
        'staged_deprovisions',
        changes.map(({ operation }) => toStagedRow(jobId, operation)),
      ),
  },
  unstage: {
    table: 'staged_deprovisions',
    statements: (db, jobId, changes) => [
      db
        .deleteFrom('staged_deprovisions')
        .where('job_id', '=', jobId)
        .where('source_id', 'in', sources(changes))
        .compile(),
    ],
  },
};

function sources(changes: readonly { readonly sourceId: string }[]) {
  return anyOf(changes.map(({ sourceId }) => sourceId));
}

/** The statements that make `changes` in the job's rows. Those of one table are in order; tables do not depend on one another. */
export function statementsOf(db: Kysely<Tables>, jobId: string, changes: readonly StateChange[]): readonly Statement[] {
  const statements: Statement[] = [];
  const waiting = new Map<keyof Tables, Of<Kind>[]>();
  const flush = (table: keyof Tables) => {
    const alike = waiting.get(table) ?? [];
    waiting.delete(table);
    const [first] = alike;
    if (first !== undefined) statements.push(...batchOf(first).statements(db, jobId, alike));
  };
  for (const change of changes) {
    if (isRare(change)) {
      for (const table of [...waiting.keys()]) flush(table);
      statements.push(...rareStatements(db, jobId, change));
      continue;
    }
    const { table } = batchOf(change);
    if (waiting.get(table)?.[0]?.kind !== change.kind) flush(table);
    const alike = waiting.get(table);
    if (alike === undefined) waiting.set(table, [change]);
    else alike.push(change);
  }
  for (const table of [...waiting.keys()]) flush(table);
  return statements;
}

function isRare(change: StateChange): change is RareChange {
  return !Object.hasOwn(BATCHES, change.kind);
}

/** The batch for changes of this kind; it is given no others. */
function batchOf(change: Of<Kind>): Batch<Kind> {
  return BATCHES[change.kind] as Batch<Kind>;
}
