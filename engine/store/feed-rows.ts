/** The memory behind a directory's change feed. */
import type { Kysely } from 'kysely';
import type { Rows } from '../model/rows.ts';
import type { ObjectType, SourceId } from '../model/source-object.ts';
import type { FeedEntry, FeedState } from '../ports.ts';
import type { Statement } from './database.ts';
import { insertRows } from './insert-rows.ts';
import { anyOf, page } from './query-parts.ts';
import type { FeedEntryTable, Tables } from './schema.ts';

type Range = { readonly type: ObjectType; readonly since: number; readonly until: number };

function toEntry(row: FeedEntryTable): FeedEntry {
  return {
    id: row.id,
    type: row.type as ObjectType,
    displayName: row.display_name,
    hash: row.hash,
    sequence: Number(row.sequence),
    firstSequence: Number(row.first_sequence),
    purged: row.purged === 1,
  };
}

export async function feedState(db: Kysely<Tables>, feed: string): Promise<FeedState | undefined> {
  const row = await db.selectFrom('feeds').selectAll().where('feed', '=', feed).executeTakeFirst();
  return row === undefined
    ? undefined
    : {
        sequence: Number(row.sequence),
        fingerprint: row.fingerprint,
        objects: Number(row.objects),
        problems: JSON.parse(row.problems) as FeedState['problems'],
        revision: Number(row.revision),
      };
}

export async function latestFeedSequence(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom('feeds')
    .select((columns) => columns.fn.max('sequence').as('latest'))
    .executeTakeFirst();
  return Number(row?.latest ?? 0);
}

export async function feedEntries(
  db: Kysely<Tables>,
  feed: string,
  ids: readonly SourceId[],
): Promise<ReadonlyMap<SourceId, FeedEntry>> {
  const entries = new Map<SourceId, FeedEntry>();
  const query = db.selectFrom('feed_entries').selectAll().where('feed', '=', feed);
  for (const row of await query.where('id', 'in', anyOf(ids)).execute()) entries.set(row.id, toEntry(row));
  return entries;
}

export async function feedPresent(
  db: Kysely<Tables>,
  feed: string,
  after: string | undefined,
  limit: number,
): Promise<Rows<FeedEntry>> {
  const rows = await db
    .selectFrom('feed_entries')
    .selectAll()
    .where('feed', '=', feed)
    .where('purged', '=', 0)
    .where('id', '>', after ?? '')
    .orderBy('id')
    .limit(limit)
    .execute();
  return page(rows.map(toEntry), limit, (entry) => entry.id);
}

export async function countFeedPresent(db: Kysely<Tables>, feed: string, type: ObjectType): Promise<number> {
  const row = await db
    .selectFrom('feed_entries')
    .where('feed', '=', feed)
    .where('type', '=', type)
    .where('purged', '=', 0)
    .select((expression) => expression.fn.countAll<number>().as('count'))
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

export async function feedChanges(
  db: Kysely<Tables>,
  feed: string,
  range: Range,
  after: string | undefined,
  limit: number,
): Promise<Rows<FeedEntry>> {
  const rows = await inRange(db, feed, range)
    .selectAll()
    .where('id', '>', after ?? '')
    .orderBy('id')
    .limit(limit)
    .execute();
  return page(rows.map(toEntry), limit, (entry) => entry.id);
}

export async function countFeedChanges(db: Kysely<Tables>, feed: string, range: Range): Promise<number> {
  const row = await inRange(db, feed, range)
    .select((expression) => expression.fn.countAll<number>().as('count'))
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

function inRange(db: Kysely<Tables>, feed: string, range: Range) {
  return db
    .selectFrom('feed_entries')
    .where('feed', '=', feed)
    .where('type', '=', range.type)
    .where('sequence', '>', range.since)
    .where('sequence', '<=', range.until);
}

/** The statements that keep `entries` and the `state` of the feed after them, unless somebody was faster. */
export function feedStatements(
  db: Kysely<Tables>,
  feed: string,
  state: FeedState,
  entries: readonly FeedEntry[],
): readonly Statement[] {
  const rows = entries.map((entry) => toRow(feed, entry));
  const row = { ...state, problems: JSON.stringify(state.problems), revision: state.revision + 1 };
  const reached = db
    .insertInto('feeds')
    .values({ feed, ...row })
    .onConflict((conflict) => conflict.column('feed').doUpdateSet(row).where('feeds.revision', '=', state.revision));
  return [{ ...reached.compile(), guards: true }, ...insertRows('insert or replace', 'feed_entries', rows)];
}

function toRow(feed: string, entry: FeedEntry): FeedEntryTable {
  return {
    feed,
    id: entry.id,
    type: entry.type,
    display_name: entry.displayName,
    hash: entry.hash,
    sequence: entry.sequence,
    first_sequence: entry.firstSequence,
    purged: entry.purged ? 1 : 0,
  };
}
