/**
 * A copy of a data directory while its server runs: PostgreSQL's low-level base backup (documentation of PostgreSQL 18, 25.3.4). The files
 * are copied while they change, which leaves them inconsistent; the copy's own start replays the WAL that was copied with them, up to the
 * end of the backup, and is then what the database was at that moment.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { namedStoreError, StoreError } from '../error.ts';

/** Where a copy goes. Paths are relative to the data directory. */
export interface CopyTarget {
  folder(path: string): Promise<void>;
  /** Copies a file as it is now. @throws ENOENT for one that is gone. */
  file(path: string, from: string): Promise<void>;
  content(path: string, content: Uint8Array): Promise<void>;
}

/** What a server makes anew (25.3.4.5): the folders have to be there, and are left empty. */
const emptied = new Set([
  ...['pg_dynshmem', 'pg_notify', 'pg_replslot', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans', 'pg_wal'],
]);
const leftOut = /^(postmaster\.(pid|opts)|(backup_label|tablespace_map)(\.old)?|current_logfiles|causeway\.json\.new)$/;
const temporary = /^(pgsql_tmp|pg_internal\.init)/;
const control = 'global/pg_control';

/**
 * @param of.url of a superuser; @param of.cluster the data directory.
 * @throws {StoreError} `conflict` while another backup runs, or where the server was started by an earlier release.
 */
export async function takeBaseBackup(
  of: { readonly url: string; readonly cluster: string },
  target: CopyTarget,
): Promise<void> {
  const client = new pg.Client({ connectionString: of.url, application_name: 'causeway backup' });
  // The server may go while files are copied: the next query says so.
  client.on('error', () => {});
  try {
    await client.connect();
    await holdWal(client);
    const { first } = await one<{ first: string }>(
      client,
      "SELECT pg_walfile_name(pg_backup_start('causeway', fast => true)) AS first",
    );
    await copyFolder(of.cluster, '', target);
    await target.content(control, await readSettled(join(of.cluster, control)));
    const end = await one<{ last: string; label: string }>(
      client,
      'SELECT pg_walfile_name(lsn) AS last, labelfile AS label FROM pg_backup_stop(wait_for_archive => false)',
    );
    await copyWal(of.cluster, { first, last: end.last }, target);
    // With this file the copy's start replays from the beginning of the backup, and not from where the control file points.
    await target.content('backup_label', Buffer.from(end.label));
  } catch (error) {
    throw namedStoreError(error);
  } finally {
    // Ends the backup where it was not ended, and drops the slot.
    await client.end().catch(() => {});
  }
}

/** A slot keeps the server from recycling the WAL that the copy will need; it lasts as long as this connection. */
async function holdWal(client: pg.Client): Promise<void> {
  const { level } = await one<{ level: string }>(client, "SELECT current_setting('wal_level') AS level");
  if (level === 'minimal') {
    throw new StoreError('conflict', 'the database was started by a release that made no backups', {
      remedy: 'start the node again: causeway down, then causeway up',
    });
  }
  await client.query("SELECT pg_create_physical_replication_slot('causeway_backup', true, true)").catch((cause) => {
    const another = /^(42710|53400|55006)$/.test(String((cause as { code?: unknown }).code));
    if (!another) throw cause;
    throw new StoreError('conflict', 'another backup of this database is under way', {
      remedy: 'wait until it has ended',
      cause,
    });
  });
}

async function copyFolder(cluster: string, folder: string, target: CopyTarget): Promise<void> {
  if (folder !== '') await target.folder(folder);
  for (const entry of await readdir(join(cluster, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (temporary.test(entry.name) || (folder === '' && leftOut.test(entry.name)) || path === control) continue;
    // A table may be dropped between the look and the copy: then the WAL says so too.
    const gone = (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    };
    if (emptied.has(path)) await target.folder(path);
    else if (entry.isDirectory()) await copyFolder(cluster, path, target).catch(gone);
    else if (entry.isFile()) await target.file(path, join(cluster, path)).catch(gone);
  }
}

/** The one file that recovery cannot mend: read until it has stood still, so that no half-written one is kept. */
async function readSettled(path: string): Promise<Uint8Array> {
  for (let before = await readFile(path); ; ) {
    const again = await readFile(path);
    if (before.equals(again)) return again;
    before = again;
  }
}

/** @param range names of the first and the last segment; a name is its position in hexadecimal. */
async function copyWal(cluster: string, range: { first: string; last: string }, target: CopyTarget): Promise<void> {
  const names = (await readdir(join(cluster, 'pg_wal'))).sort();
  const needed = names.filter((name) => /^[0-9A-F]{24}$/.test(name) && name >= range.first && name <= range.last);
  if (needed[0] !== range.first || needed.at(-1) !== range.last) {
    throw new StoreError('conflict', 'the database did not keep its write-ahead log for the length of the backup', {
      remedy: 'make the backup again',
    });
  }
  const histories = names.filter((name) => /^[0-9A-F]{8}\.history$/.test(name));
  for (const name of [...histories, ...needed]) await target.file(`pg_wal/${name}`, join(cluster, 'pg_wal', name));
}

async function one<Row extends object>(client: pg.Client, text: string): Promise<Row> {
  return (await client.query<Row>(text)).rows[0]!;
}
