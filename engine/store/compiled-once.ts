/** Queries that every page of a cycle asks: composed the first time, then only given their values. */
import type { Compilable, CompiledQuery, Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** Rows of the query of `compose` for values in the order in which it takes them; those it is composed with mean nothing. */
export function compiledOnce<Row, Values extends readonly unknown[]>(
  compose: (db: Kysely<Tables>) => Compilable<Row>,
): (db: Kysely<Tables>, ...values: Values) => Promise<readonly Row[]> {
  let compiled: CompiledQuery<Row> | undefined;
  return async (db, ...parameters) => {
    compiled ??= compose(db).compile();
    return (await db.executeQuery<Row>({ ...compiled, parameters })).rows;
  };
}
