/** Many rows in one statement: a page of outcomes costs a few statements instead of several per object. */
import { CompiledQuery, type Insertable, type Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** Rows in the largest statement; smaller rests go by halves, so that few statements are ever prepared. */
const LARGEST = 64;

type Verb = 'insert' | 'insert or replace';

/** Inserts `rows`, in order; all have the same columns. */
export async function insertRows<T extends keyof Tables & string>(
  db: Kysely<Tables>,
  verb: Verb,
  table: T,
  rows: readonly Insertable<Tables[T]>[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  for (let start = 0, size = LARGEST; start < rows.length; start += size) {
    while (size > rows.length - start) size /= 2;
    const values: unknown[] = [];
    for (const row of rows.slice(start, start + size) as readonly Readonly<Record<string, unknown>>[])
      for (const column of columns) values.push(row[column]);
    await db.executeQuery(CompiledQuery.raw(statement(verb, table, columns, size), values));
  }
}

function statement(verb: Verb, table: string, columns: readonly string[], rows: number): string {
  const row = `(${columns.map(() => '?').join(',')})`;
  return `${verb} into ${table} (${columns.join(',')}) values ${Array.from({ length: rows }, () => row).join(',')}`;
}
