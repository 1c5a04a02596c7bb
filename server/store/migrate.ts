/**
 * Brings the tables to this release: numbered SQL files, run once each, in order, all in one transaction, one process at a time.
 * What a database has run is remembered by checksum; a database of a newer release, or one whose history differs, is left alone.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OpenDatabase } from './database.ts';
import { namedStoreError, StoreError } from './error.ts';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file in hexadecimal, whatever its line ends. */
  readonly checksum: string;
}

/** @throws {RangeError} when the numbers are not 1, 2, 3 … without a gap. */
export async function readMigrations(
  folder: string = fileURLToPath(new URL('./migrations', import.meta.url)),
): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const number = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1]);
      if (number !== index + 1) throw new RangeError(`expected migration ${index + 1}, got the file ${name}`);
      const sql = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
      return { number, name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * @returns how many migrations ran now.
 * @throws {StoreError} `migration-newer`, `migration-changed` or `migration-failed`; the database is then as it was.
 */
export async function migrate(
  database: OpenDatabase,
  nowMs: number,
  migrations?: readonly Migration[],
): Promise<number> {
  const known = migrations ?? (await readMigrations());
  const client = await database.pool.connect();
  try {
    await client.query('BEGIN');
    // The lock ends with the transaction; any number of nodes or workers may start at once.
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `causeway/migrate/${database.schema}`,
    ]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${database.schema}`);
    await client.query(
      'CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, ran_at_ms bigint NOT NULL)',
    );
    const { rows: ran } = await client.query<Pick<Migration, 'number' | 'name' | 'checksum'>>(
      'SELECT number, name, checksum FROM migrations ORDER BY number',
    );
    check(ran, known);
    for (const migration of known.slice(ran.length)) {
      await client.query(migration.sql).catch((cause) => {
        throw new StoreError('migration-failed', `the migration ${migration.name} failed; the database is as it was`, {
          cause,
          remedy: 'keep the old release running and report this',
        });
      });
      await client.query('INSERT INTO migrations VALUES ($1, $2, $3, $4)', [
        migration.number,
        migration.name,
        migration.checksum,
        nowMs,
      ]);
    }
    await client.query('COMMIT');
    return known.length - ran.length;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw namedStoreError(error);
  } finally {
    client.release();
  }
}

function check(ran: readonly Pick<Migration, 'number' | 'name' | 'checksum'>[], known: readonly Migration[]): void {
  for (const done of ran) {
    const ours = known[done.number - 1];
    if (ours === undefined) {
      throw new StoreError('migration-newer', `the database has run ${done.name}, which this release does not know`, {
        remedy: 'start the newer release again, or restore the backup that was made before it',
      });
    }
    if (ours.checksum !== done.checksum) {
      throw new StoreError(
        'migration-changed',
        `the database has run another ${done.name} than the one of this release`,
        {
          remedy: 'start the release that made this database, or restore the file as it was published',
        },
      );
    }
  }
}
