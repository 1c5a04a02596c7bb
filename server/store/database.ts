/** Connections to the node's database, embedded or any PostgreSQL of version 15 or later. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { namedStoreError, StoreError } from './error.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

export interface DatabaseOptions {
  readonly url: string;
  /** The schema that holds all of this node's tables, made when absent. */
  readonly schema?: string;
  readonly connectionsMax?: number;
  /** How long a server that is starting or recovering is waited for. */
  readonly readyTimeoutMs?: number;
}

export interface OpenDatabase {
  readonly db: Database;
  readonly pool: pg.Pool;
  readonly schema: string;
  /** The server's version, such as `18.4`. */
  readonly version: string;
  close(): Promise<void>;
}

/** @throws {StoreError} `database-down` when it does not answer in time, `database-too-old`. */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const schema = options.schema ?? 'causeway';
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(schema)) throw new RangeError('expected a schema name of a-z, 0-9 and _');
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: 'causeway',
    options: `-c search_path=${schema} -c idle_in_transaction_session_timeout=60s`,
    max: options.connectionsMax ?? 10,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    types: { getTypeParser },
  });
  // An idle connection that the server ends (it was restarted) is replaced on the next use; without this it would end the node.
  pool.on('error', () => {});
  try {
    const version = await whenReady(pool, options.readyTimeoutMs ?? 30_000);
    if (Number.parseInt(version, 10) < 15) {
      throw new StoreError('database-too-old', `the database is PostgreSQL ${version}`, {
        remedy: 'use version 15 or later, or leave DATABASE_URL unset for the node’s own',
      });
    }
    const db = new Kysely<Tables>({
      dialect: new PostgresDialect({ pool }),
      plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    });
    return { db, pool, schema, version, close: () => db.destroy() };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** Creates a database on the server where it does not exist yet. */
export async function ensureDatabase(url: string): Promise<void> {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const client = new pg.Client({ connectionString: maintenance.href });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    const madeByAnother = /^(42P04|23505)$/.test(String((error as { code?: unknown }).code));
    if (!madeByAnother) throw namedStoreError(error);
  } finally {
    await client.end();
  }
}

/** Runs `work` in a transaction: of its own, or in the one that `db` already is. */
export function inTransaction<Result>(db: Database, work: (tx: Database) => Promise<Result>): Promise<Result> {
  return db.isTransaction ? work(db) : db.transaction().execute(work);
}

async function whenReady(pool: pg.Pool, timeoutMs: number): Promise<string> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      const { rows } = await pool.query<{ server_version: string }>('SHOW server_version');
      return rows[0]!.server_version.split(' ')[0]!;
    } catch (error) {
      const named = namedStoreError(error);
      const passes = named instanceof StoreError && named.code === 'database-down';
      if (!passes) {
        throw new StoreError('database-down', `the database refuses the connection (${(error as Error).message})`, {
          remedy: 'check DATABASE_URL: user, password and database',
          cause: error,
        });
      }
      if (Date.now() > deadline) throw named;
      await sleep(100);
    }
  }
}

const int8 = 20;

/** bigint columns hold times, counts and sizes, all below 2^53: a larger one is an error, never a rounded number. */
const getTypeParser = ((oid: number, format?: 'text' | 'binary') => {
  if (oid !== int8) return pg.types.getTypeParser(oid, format as 'text');
  return (text: string) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value)) throw new RangeError('expected a bigint column below 2^53');
    return value;
  };
}) as typeof pg.types.getTypeParser;
