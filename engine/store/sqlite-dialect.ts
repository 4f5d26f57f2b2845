/**
 * Kysely on the database of `database.ts`. Its transactions serve the migrations, which run before anybody else has the
 * database; what the store writes together goes in one message (`Database.transaction`).
 */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Database } from './database.ts';

/** A dialect on `database`, which it closes at its end. */
export function sqliteDialect(database: Database): Dialect {
  const connection = connectionTo(database);
  const run = async (sql: string): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw(sql));
  };
  return {
    createDriver: () => ({
      init: async () => undefined,
      acquireConnection: async () => connection,
      beginTransaction: () => run('begin immediate'),
      commitTransaction: () => run('commit'),
      // A full disk may have rolled back by itself; the first error is the one to tell.
      rollbackTransaction: () => run('rollback').catch(() => undefined),
      releaseConnection: async () => undefined,
      destroy: () => database.close(),
    }),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function connectionTo(database: Database): DatabaseConnection {
  return {
    executeQuery: async <Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> => {
      const { rows, changes, insertedRow } = await database.execute({ sql, parameters });
      return {
        rows: rows as Row[],
        ...(changes === undefined ? {} : { numAffectedRows: BigInt(changes) }),
        ...(insertedRow === undefined ? {} : { insertId: BigInt(insertedRow) }),
      };
    },
    streamQuery: () => {
      throw new Error('rows are read in pages, not as a stream');
    },
  };
}
