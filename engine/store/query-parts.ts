/** Parts that queries of several tables share. */
import { sql } from 'kysely';
import type { Rows } from '../model/rows.ts';
import type { ObjectType } from '../model/source-object.ts';

/** Counts per object type, zero where there is none. */
export function byType(
  rows: readonly { readonly type: string; readonly count: number }[],
): Readonly<Record<ObjectType, number>> {
  const count = (type: ObjectType) => Number(rows.find((row) => row.type === type)?.count ?? 0);
  return { User: count('User'), Group: count('Group') };
}

/** A page of rows; a full one may have a successor. */
export function page<T>(rows: readonly T[], limit: number, key: (row: T) => string): Rows<T> {
  const last = rows.at(-1);
  return rows.length < limit || last === undefined ? { rows } : { rows, next: key(last) };
}

/** The right side of `in`: one bound value however many ids there are, so that the statement is prepared once. */
export function anyOf(ids: readonly string[]) {
  return sql<string>`(select value from json_each(${JSON.stringify(ids)}))`;
}
