import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { type Migration, migrate, readMigrations } from './migrate.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

function migration(number: number, sql: string): Migration {
  return { number, name: `000${number}-x.sql`, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}
const one = migration(1, 'CREATE TABLE one (n int)');
const two = migration(2, 'CREATE TABLE two (n int)');

describe('migrations', () => {
  it('run once each, in order', async () => {
    const database = await server.schema();
    expect(await migrate(database, 5, [one])).toBe(1);
    expect(await migrate(database, 6, [one, two])).toBe(1);
    expect(await migrate(database, 7, [one, two])).toBe(0);
    const { rows } = await database.pool.query('SELECT number, name, ran_at_ms FROM migrations ORDER BY number');
    expect(rows).toEqual([
      { number: 1, name: '0001-x.sql', ran_at_ms: 5 },
      { number: 2, name: '0002-x.sql', ran_at_ms: 6 },
    ]);
  });

  it('[F60] a database of a newer release is refused and left as it was', async () => {
    const database = await server.schema();
    await migrate(database, 1, [one, two]);
    await expect(migrate(database, 2, [one])).rejects.toMatchObject({ code: 'migration-newer' });
    expect((await database.pool.query('SELECT FROM two')).rowCount).toBe(0);
  });

  it('[F60] a migration that was changed after it ran is refused', async () => {
    const database = await server.schema();
    await migrate(database, 1, [one]);
    const changed = migration(1, 'CREATE TABLE one (n bigint)');
    await expect(migrate(database, 2, [changed, two])).rejects.toMatchObject({ code: 'migration-changed' });
    await expect(database.pool.query('SELECT FROM two')).rejects.toMatchObject({ code: '42P01' });
  });

  it('a migration that fails takes all of this start’s migrations back', async () => {
    const database = await server.schema();
    const broken = migration(2, 'CREATE TABLE two (n int); SELECT 1/0');
    await expect(migrate(database, 1, [one, broken])).rejects.toMatchObject({ code: 'migration-failed' });
    await expect(database.pool.query('SELECT FROM one')).rejects.toMatchObject({ code: '42P01' });
    expect(await migrate(database, 1, [one, two])).toBe(2);
  });

  it('[F58] eight starts at once run each migration once', async () => {
    const database = await server.schema();
    const others = await Promise.all(
      Array.from({ length: 7 }, () => openDatabase({ url: server.url, schema: database.schema, connectionsMax: 1 })),
    );
    const ran = await Promise.all([database, ...others].map((each) => migrate(each, 1, [one, two])));
    expect(ran.sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 2]);
    await Promise.all(others.map((other) => other.close()));
  });

  it('the files are numbered without a gap, and a checksum does not depend on line ends', async () => {
    const numbers = (await readMigrations()).map((each) => each.number);
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    const folder = await mkdtemp(join(tmpdir(), 'causeway-migrations-'));
    try {
      await writeFile(join(folder, '0001-a.sql'), 'SELECT 1;\r\nSELECT 2;\r\n');
      const [windows] = await readMigrations(folder);
      await writeFile(join(folder, '0001-a.sql'), 'SELECT 1;\nSELECT 2;\n');
      expect((await readMigrations(folder))[0]).toEqual(windows);
      await writeFile(join(folder, '0003-b.sql'), '');
      await expect(readMigrations(folder)).rejects.toThrow(RangeError);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('connections', () => {
  it('a wrong password is named at once, a server that does not answer after the wait', async () => {
    const wrong = new URL(server.url);
    wrong.password = 'wrong';
    await expect(openDatabase({ url: wrong.href })).rejects.toMatchObject({
      code: 'database-down',
      remedy: expect.stringContaining('DATABASE_URL'),
    });
    const nobody = new URL(server.url);
    nobody.port = '1';
    await expect(openDatabase({ url: nobody.href, readyTimeoutMs: 0 })).rejects.toMatchObject({
      code: 'database-down',
    });
  });

  it('a bigint past 2^53 is an error, not a rounded number', async () => {
    const { pool } = await server.schema();
    expect((await pool.query('SELECT 9007199254740991::bigint AS n')).rows).toEqual([{ n: Number.MAX_SAFE_INTEGER }]);
    await expect(pool.query('SELECT 9007199254740992::bigint AS n')).rejects.toThrow(RangeError);
  });
});
