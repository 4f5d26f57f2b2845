/** Links and memberships. */
import type { Kysely } from 'kysely';
import type { BelievedMembers, Link, LinkEnd, TargetId } from '../model/link.ts';
import type { Rows } from '../model/rows.ts';
import type { JsonValue } from '../model/scim-message.ts';
import type { ObjectType, SourceId } from '../model/source-object.ts';
import { compiledOnce } from './compiled-once.ts';
import { addPairs, type KeptName, recordOf } from './known-names.ts';
import { anyOf, byType, page } from './query-parts.ts';
import type { LinkTable, Tables } from './schema.ts';

export function toLinkRow(jobId: string, link: Link): LinkTable {
  return {
    job_id: jobId,
    source_id: link.sourceId,
    type: link.type,
    target_id: link.targetId,
    display_name: link.displayName,
    managed: link.managed ? 1 : 0,
    disabled: link.disabled ? 1 : 0,
    manager: link.manager ?? null,
    held: link.held === undefined ? null : keptHeld(link.held),
    linked_at: link.linkedAt,
  };
}

function toLink(row: LinkTable): Link {
  return {
    sourceId: row.source_id,
    type: row.type as ObjectType,
    targetId: row.target_id,
    displayName: row.display_name,
    managed: row.managed === 1,
    disabled: row.disabled === 1,
    linkedAt: row.linked_at,
    ...(row.manager === null ? {} : { manager: row.manager }),
    ...(row.held === null ? {} : { held: readHeld(row.held) }),
  };
}

type Held = NonNullable<Link['held']>;

function keptHeld(held: Held): string {
  const pairs: (KeptName | JsonValue)[] = [];
  addPairs(pairs, held);
  return JSON.stringify(pairs);
}

/** What state formats before 5 kept has braces. */
function readHeld(text: string): Held {
  const kept = JSON.parse(text) as Held | readonly (KeptName | JsonValue)[];
  return Array.isArray(kept) ? recordOf<JsonValue>(kept) : (kept as Held);
}

const rowsOf = compiledOnce<LinkTable, [jobId: string, ids: string]>((db) =>
  db.selectFrom('links').selectAll().where('job_id', '=', '').where('source_id', 'in', anyOf([])),
);

export async function linksOf(
  db: Kysely<Tables>,
  jobId: string,
  ids: readonly SourceId[],
): Promise<ReadonlyMap<SourceId, Link>> {
  const links = new Map<SourceId, Link>();
  if (ids.length === 0) return links;
  for (const row of await rowsOf(db, jobId, JSON.stringify(ids))) links.set(row.source_id, toLink(row));
  return links;
}

export async function linkEndsOf(
  db: Kysely<Tables>,
  jobId: string,
  ids: readonly SourceId[],
): Promise<ReadonlyMap<SourceId, LinkEnd>> {
  const ends = new Map<SourceId, LinkEnd>();
  if (ids.length === 0) return ends;
  const columns = db.selectFrom('links').select(['source_id', 'target_id', 'display_name']).where('job_id', '=', jobId);
  for (const row of await columns.where('source_id', 'in', anyOf(ids)).execute())
    ends.set(row.source_id, { targetId: row.target_id, displayName: row.display_name });
  return ends;
}

const rowsTo = compiledOnce<LinkTable, [jobId: string, ids: string]>((db) =>
  db.selectFrom('links').selectAll().where('job_id', '=', '').where('target_id', 'in', anyOf([])),
);

export async function linksTo(db: Kysely<Tables>, jobId: string, ids: readonly TargetId[]): Promise<readonly Link[]> {
  if (ids.length === 0) return [];
  return (await rowsTo(db, jobId, JSON.stringify(ids))).map(toLink);
}

export async function linkPage(
  db: Kysely<Tables>,
  jobId: string,
  after: string | undefined,
  limit: number,
): Promise<Rows<Link>> {
  const rows = await db
    .selectFrom('links')
    .selectAll()
    .where('job_id', '=', jobId)
    .where('source_id', '>', after ?? '')
    .orderBy('source_id')
    .limit(limit)
    .execute();
  return page(rows.map(toLink), limit, (link) => link.sourceId);
}

export async function countLinks(db: Kysely<Tables>, jobId: string): Promise<Readonly<Record<ObjectType, number>>> {
  const rows = await db
    .selectFrom('links')
    .select(['type', (expression) => expression.fn.countAll<number>().as('count')])
    .where('job_id', '=', jobId)
    .groupBy('type')
    .execute();
  return byType(rows);
}

export async function countHealthyLinks(db: Kysely<Tables>, jobId: string): Promise<number> {
  const row = await db
    .selectFrom('links')
    .select((expression) => expression.fn.countAll<number>().as('count'))
    .where('job_id', '=', jobId)
    .where('source_id', 'not in', db.selectFrom('escrows').select('source_id').where('job_id', '=', jobId))
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

export async function membersOf(db: Kysely<Tables>, jobId: string, groupId: SourceId): Promise<BelievedMembers> {
  const rows = await db
    .selectFrom('memberships')
    .select(['target_id', 'uncertain'])
    .where('job_id', '=', jobId)
    .where('group_id', '=', groupId)
    .execute();
  const ids = (uncertain: number) =>
    new Set(rows.filter((row) => row.uncertain === uncertain).map((row) => row.target_id));
  return { held: ids(0), uncertain: ids(1) };
}

/** Groups whose believed membership holds `member`. */
export async function groupsHolding(db: Kysely<Tables>, jobId: string, member: TargetId): Promise<readonly SourceId[]> {
  const rows = await db
    .selectFrom('memberships')
    .select('group_id')
    .where('job_id', '=', jobId)
    .where('target_id', '=', member)
    .orderBy('group_id')
    .execute();
  return rows.map((row) => row.group_id);
}
