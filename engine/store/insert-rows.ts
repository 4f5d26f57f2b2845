/**
 * Many rows in one statement: a page of outcomes costs a few statements instead of several per object. A value that all of the
 * rows have, such as the job, is handed over once: handing over values is half of what an insert costs.
 */
import type { Insertable } from 'kysely';
import type { Statement } from './database.ts';
import type { Tables } from './schema.ts';

/** Rows in the largest statement; smaller rests go by halves, so that few statements are ever prepared. */
const LARGEST = 64;

type Verb = 'insert' | 'insert or replace';
type Row = Readonly<Record<string, unknown>>;

/** A column whose value, the same for all rows, is looked up in the database. */
export type LookedUp = { readonly column: string; readonly query: string; readonly parameters: readonly unknown[] };

/** Statements that insert `rows`, in order; all have the same columns. */
export function insertRows<T extends keyof Tables & string>(
  verb: Verb,
  table: T,
  rows: readonly Insertable<Tables[T]>[],
): readonly Statement[] {
  return insertInto(`${verb} into ${table}`, rows);
}

/** The same after `insert into …`, with a column besides those of `rows`. */
export function insertInto(into: string, rows: readonly Row[], lookedUp?: LookedUp): readonly Statement[] {
  const columns = Object.keys(rows[0] ?? {});
  return batches(rows).map((batch) => {
    const differing = columns.filter((column) => !isShared(column, batch));
    // A row has at least one value of its own.
    const own = differing.length === 0 ? columns : differing;
    const shared = columns.filter((column) => !own.includes(column));
    const names = [...(lookedUp === undefined ? [] : [lookedUp.column]), ...shared, ...own];
    const once = [...(lookedUp === undefined ? [] : [`(${lookedUp.query})`]), ...shared.map(() => '?'), '*'];
    return {
      sql: `${into} (${names.join(',')}) select ${once.join(',')} from (values ${placeholders(own.length, batch.length)})`,
      parameters: [
        ...(lookedUp?.parameters ?? []),
        ...shared.map((column) => batch[0]?.[column]),
        ...valuesOf(batch, own),
      ],
    };
  });
}

function isShared(column: string, [first, ...others]: readonly Row[]): boolean {
  return others.every((row) => row[column] === first?.[column]);
}

/** `rows` in parts of so many rows as a statement takes. */
function batches<T>(rows: readonly T[]): readonly (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let start = 0, size = LARGEST; start < rows.length; start += size) {
    while (size > rows.length - start) size /= 2;
    parts.push(rows.slice(start, start + size));
  }
  return parts;
}

/** The values of `rows`, row by row. */
function valuesOf(rows: readonly Row[], columns: readonly string[]): unknown[] {
  const values: unknown[] = [];
  for (const row of rows) for (const column of columns) values.push(row[column]);
  return values;
}

/** `(?,?),(?,?)` for two rows of two columns. */
function placeholders(columns: number, rows: number): string {
  return `,(${',?'.repeat(columns).slice(1)})`.repeat(rows).slice(1);
}
