import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureDatabase } from '../database.ts';
import type { CopyTarget } from './base-backup.ts';
import { type EmbeddedPostgres, startEmbedded } from './index.ts';

let folder: string;
let server: EmbeddedPostgres;
let client: pg.Client;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'causeway-base-backup-'));
  server = await startEmbedded({ folder: join(folder, 'database') });
  await ensureDatabase(server.url);
  client = new pg.Client({ connectionString: server.url });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Writes to a data directory of another place. */
function into(cluster: string, around: { readonly file?: (path: string) => Promise<void> | void } = {}): CopyTarget {
  return {
    folder: async (path) => void (await mkdir(join(cluster, path), { mode: 0o700 })),
    file: async (path, from) => {
      await copyFile(from, join(cluster, path));
      await around.file?.(path);
    },
    content: async (path, content) => {
      await mkdir(dirname(join(cluster, path)), { recursive: true });
      await writeFile(join(cluster, path), content, { mode: 0o600 });
    },
  };
}

async function newCluster(name: string): Promise<string> {
  const cluster = join(folder, name, 'cluster');
  await mkdir(cluster, { recursive: true, mode: 0o700 });
  return cluster;
}

describe('[F61] a base backup of a running server', () => {
  it('is the database of one moment, whatever was written, dropped and recycled while it was copied', async () => {
    await client.query('CREATE TABLE written (i int PRIMARY KEY, pad text)');
    await client.query('CREATE TABLE doomed AS SELECT generate_series(1, 1000) AS i');
    let written = 0;
    let done = false;
    const writing = (async () => {
      while (!done) {
        // Enough for several segments of 4 MiB; a checkpoint would let the server recycle them.
        await client.query("INSERT INTO written SELECT i, repeat('x', 900) FROM generate_series($1::int, $2) i", [
          written,
          written + 99,
        ]);
        written += 100;
        if (written % 2000 === 0) await client.query('CHECKPOINT');
      }
    })();
    const cluster = await newCluster('copied');
    const before = written;
    let files = 0;
    await server.copyTo(
      into(cluster, {
        file: async () => {
          files += 1;
          if (files === 100) await client.query('DROP TABLE doomed');
          await new Promise((resolve) => setTimeout(resolve, 1));
        },
      }),
    );
    const after = written + 100;
    done = true;
    await writing;
    expect(after - before).toBeGreaterThan(2000);

    const copy = await startEmbedded({ folder: dirname(cluster) });
    const reader = new pg.Client({ connectionString: copy.url });
    try {
      await reader.connect();
      const [row] = (await reader.query('SELECT count(*)::int AS rows, max(i) AS last FROM written')).rows;
      // Every row up to one, and none after it.
      expect(row.last).toBe(row.rows - 1);
      expect(row.rows % 100).toBe(0);
      expect(row.rows).toBeGreaterThanOrEqual(before);
      expect(row.rows).toBeLessThanOrEqual(after);
      expect((await reader.query("SELECT to_regclass('doomed') AS name")).rows).toEqual([{ name: null }]);
      expect(copy.url).not.toBe(server.url);
    } finally {
      await reader.end();
      await copy.close();
    }
  });

  it('does not start from a copy that lacks a part of the log', async () => {
    const cluster = await newCluster('lacking');
    await server.copyTo(into(cluster));
    for (const name of await readdir(join(cluster, 'pg_wal'))) await rm(join(cluster, 'pg_wal', name));
    await expect(startEmbedded({ folder: dirname(cluster) })).rejects.toMatchObject({ code: 'database-down' });
  });

  it('is one at a time, and leaves nothing behind when it fails', async () => {
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    const half = await newCluster('half');
    let second: Promise<unknown> | undefined;
    const target = into(half, {
      file: async (path) => {
        second ??= server.copyTo(into(join(folder, 'second'))).catch((error: unknown) => error);
        await second;
        if (path.startsWith('global/')) throw full;
      },
    });
    await expect(server.copyTo(target)).rejects.toBe(full);
    expect(await second).toMatchObject({ code: 'conflict', message: expect.stringContaining('another backup') });
    // The server drops the slot when it has noticed that the connection is gone.
    while ((await client.query('SELECT 1 FROM pg_replication_slots')).rowCount !== 0);
    await server.copyTo(into(await newCluster('again')));
  });
});
