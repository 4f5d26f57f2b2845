/** Numbered steps from an empty database to the present schema. The number reached stands in `meta`; steps are never changed, only added. */
import { type Kysely, sql } from 'kysely';
import { EngineError } from '../model/engine-error.ts';
import type { Tables } from './schema.ts';

type Step = (db: Kysely<Tables>) => Promise<void>;

const STEPS: readonly Step[] = [
  createFirstTables,
  createLeasesAndAudits,
  createManagedJobs,
  createLogFrames,
  keepNamesAsNumbers,
  rememberProblems,
  countFeedCommits,
];

/** Brings the database to the present schema. @throws EngineError `configuration`, `newer-state`, when it is ahead of this program */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('meta')
    .ifNotExists()
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
  if ((await versionOf(db)) === STEPS.length) return;
  await db.transaction().execute(async (transaction) => {
    // Asked again: another process may have been here while this one waited for the transaction.
    const version = await versionOf(transaction);
    if (version === STEPS.length) return;
    for (const step of STEPS.slice(version)) await step(transaction);
    await transaction
      .insertInto('meta')
      .values({ key: 'version', value: String(STEPS.length) })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: String(STEPS.length) }))
      .execute();
  });
}

/** The number of steps the database has behind it. @throws EngineError `newer-state` */
async function versionOf(db: Kysely<Tables>): Promise<number> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', 'version').executeTakeFirst();
  const version = Number(row?.value ?? 0);
  if (version > STEPS.length) {
    throw new EngineError(`the state was written by a newer version of Scimulate (format ${version})`, {
      category: 'configuration',
      code: 'newer-state',
      remedy: 'use that version, or name another file under "store"',
    });
  }
  return version;
}

async function createFirstTables(db: Kysely<Tables>): Promise<void> {
  const statements = [
    'create table jobs (job_id text primary key, name text not null, record text not null)',
    'create table cycles (job_id text not null, cycle_id text not null, started_at text not null, record text not null, primary key (job_id, cycle_id))',
    'create table links (job_id text not null, source_id text not null, type text not null, target_id text not null, display_name text not null, managed integer not null, disabled integer not null, manager text, held text, linked_at text not null, primary key (job_id, source_id))',
    'create index links_target on links (job_id, target_id)',
    'create table memberships (job_id text not null, group_id text not null, target_id text not null, primary key (job_id, group_id, target_id))',
    'create table escrows (job_id text not null, source_id text not null, next_attempt text not null, is_reference integer not null, record text not null, primary key (job_id, source_id))',
    'create table pending_references (job_id text not null, kind text not null, source_id text not null, record text not null, primary key (job_id, kind, source_id))',
    'create table staged_deprovisions (job_id text not null, source_id text not null, type text not null, operation text not null, primary key (job_id, source_id))',
    'create table log_records (position integer primary key autoincrement, job_id text not null, cycle_id text not null, activity text not null, source_id text not null, target_id text not null, display_name text not null, principal_name text not null, status text not null, action text not null, record text not null)',
    'create index log_records_cycle on log_records (job_id, cycle_id)',
    'create index log_records_source on log_records (source_id)',
    'create table feeds (feed text primary key, sequence integer not null, fingerprint text not null, objects integer not null)',
    'create table feed_entries (feed text not null, id text not null, type text not null, display_name text not null, hash text not null, sequence integer not null, first_sequence integer not null, purged integer not null, primary key (feed, id))',
    'create index feed_entries_sequence on feed_entries (feed, type, sequence)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

async function createLeasesAndAudits(db: Kysely<Tables>): Promise<void> {
  const statements = [
    'create table leases (job_id text primary key, holder text not null, token integer not null, expires_at text not null)',
    'create table audits (position integer primary key autoincrement, job_id text not null, at text not null, record text not null)',
    'create index log_records_activity on log_records (activity)',
    'create index memberships_target on memberships (job_id, target_id)',
    'alter table memberships add column uncertain integer not null default 0',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

async function createManagedJobs(db: Kysely<Tables>): Promise<void> {
  const statements = [
    'create table managed_jobs (job_id text primary key, position integer not null, record text not null)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

/** Records of before keep their form: they stand whole in their row, and their frame only says whose they are. */
async function createLogFrames(db: Kysely<Tables>): Promise<void> {
  const statements = [
    'create table log_frames (frame integer primary key, job_id text not null, cycle_id text not null, shared text not null)',
    "insert into log_frames (job_id, cycle_id, shared) select distinct job_id, cycle_id, '{}' from log_records",
    'create index log_frames_cycle on log_frames (job_id, cycle_id)',
    'alter table log_records add column frame integer not null default 0',
    'update log_records set frame = (select frame from log_frames where log_frames.job_id = log_records.job_id and log_frames.cycle_id = log_records.cycle_id)',
    'drop index log_records_cycle',
    // No query could use it: whoever asks for an object asks for any of its names.
    'drop index log_records_source',
    'alter table log_records drop column job_id',
    'alter table log_records drop column cycle_id',
    'create index log_records_frame on log_records (frame)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

/** From here on links and log records have numbers for names, which earlier versions cannot read. Those of before stay as they are. */
async function keepNamesAsNumbers(): Promise<void> {}

/** A directory read before says what was wrong with it when it is next changed. */
async function rememberProblems(db: Kysely<Tables>): Promise<void> {
  await sql.raw("alter table feeds add column problems text not null default '[]'").execute(db);
}

async function countFeedCommits(db: Kysely<Tables>): Promise<void> {
  await sql.raw('alter table feeds add column revision integer not null default 1').execute(db);
}
