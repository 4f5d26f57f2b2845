/** Many rows in one statement: a page of outcomes costs a few statements instead of several per object. */
import type { Insertable } from 'kysely';
import type { Statement } from './database.ts';
import type { Tables } from './schema.ts';

/** Rows in the largest statement; smaller rests go by halves, so that few statements are ever prepared. */
const LARGEST = 64;

type Verb = 'insert' | 'insert or replace';

/** Statements that insert `rows`, in order; all have the same columns. */
export function insertRows<T extends keyof Tables & string>(
  verb: Verb,
  table: T,
  rows: readonly Insertable<Tables[T]>[],
): readonly Statement[] {
  const columns = Object.keys(rows[0] ?? {});
  return batches(rows).map((batch) => ({
    sql: `${verb} into ${table} (${columns.join(',')}) values ${placeholders(columns.length, batch.length)}`,
    parameters: valuesOf(batch, columns),
  }));
}

/** `rows` in parts of so many rows as a statement takes. */
export function batches<T>(rows: readonly T[]): readonly (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let start = 0, size = LARGEST; start < rows.length; start += size) {
    while (size > rows.length - start) size /= 2;
    parts.push(rows.slice(start, start + size));
  }
  return parts;
}

/** The values of `rows`, row by row. */
export function valuesOf(rows: readonly object[], columns: readonly string[]): unknown[] {
  const values: unknown[] = [];
  for (const row of rows as readonly Readonly<Record<string, unknown>>[])
    for (const column of columns) values.push(row[column]);
  return values;
}

/** `(?,?),(?,?)` for two rows of two columns. */
export function placeholders(columns: number, rows: number): string {
  return `,(${',?'.repeat(columns).slice(1)})`.repeat(rows).slice(1);
}
