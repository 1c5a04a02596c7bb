/** The data directory: how it is made, and the port and password by which it is reached. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { StoreError } from '../error.ts';
import type { Programs } from './programs.ts';
import { commandAs, giveTo, type RunAs } from './run-as.ts';

export const superuser = 'causeway';

/** Kept in the data directory, readable by its owner alone, so that a cluster and its password appear together. */
export interface Access {
  readonly port: number;
  readonly password: string;
}

export async function readAccess(cluster: string): Promise<Access | undefined> {
  const path = join(cluster, 'causeway.json');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw fileError(error, path);
  });
  if (text === undefined) return undefined;
  const fields = /^\{"port":(\d{1,5}),"password":"([0-9a-f]{64})"\}\n$/.exec(text);
  if (fields === null) {
    throw new StoreError('damaged', `${path} is not as it was written`, {
      remedy: 'restore the folder from a backup; the password of the database is in that file',
    });
  }
  return { port: Number(fields[1]), password: fields[2]! };
}

/** Replaces the file whole, and durably. */
export async function writeAccess(cluster: string, access: Access): Promise<void> {
  const path = join(cluster, 'causeway.json');
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ port: access.port, password: access.password })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

/**
 * Makes the data directory `folder/cluster` beside its final name and renames it, so that a crash leaves none half made
 * and two processes at once leave one.
 */
export async function createCluster(programs: Programs, runAs: RunAs, folder: string): Promise<void> {
  await removeAbandoned(folder);
  const workshop = join(folder, `making-${process.pid}`);
  const cluster = join(workshop, 'cluster');
  try {
    await mkdir(workshop, { mode: 0o700 });
    await giveTo(runAs, workshop);
    const password = randomBytes(32).toString('hex');
    const passwordFile = join(workshop, 'password');
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await giveTo(runAs, passwordFile);
    await initialise(programs, runAs, cluster, passwordFile);
    await writeAccess(cluster, { port: await freePort(), password });
    await rename(cluster, join(folder, 'cluster')).catch(async (error: NodeJS.ErrnoException) => {
      const madeByAnother = error.code === 'ENOTEMPTY' || error.code === 'EEXIST';
      if (!madeByAnother) throw error;
    });
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

/** The folder that holds the data directory and the log; root lets PostgreSQL's user pass through it, and no more. */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (process.getuid?.() === 0) await chmod(folder, 0o711);
  } catch (cause) {
    throw fileError(cause, folder);
  }
}

/** @returns `preferred` when nothing listens there, else any free port. */
export async function freePort(preferred = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (preferred === 0 ? reject(error) : resolve(freePort())));
    server.listen({ host: '127.0.0.1', port: preferred }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

export function fileError(cause: unknown, path: string): StoreError {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC') {
    return new StoreError('disk-full', `no space is left for the database in ${path}`, {
      remedy: 'free space on that disk, then start again; nothing was lost',
      cause,
    });
  }
  return new StoreError(
    'folder-not-writable',
    `the database’s folder ${path} cannot be written (${code ?? 'unknown'})`,
    {
      remedy: 'check its owner and mode, or choose another --home',
      cause,
    },
  );
}

/** Checksums are PostgreSQL 18's default; the locale is C so that order never depends on the machine. */
async function initialise(programs: Programs, runAs: RunAs, cluster: string, passwordFile: string): Promise<void> {
  const { command, args, options } = commandAs(runAs, programs.initdb, [
    ...['-D', cluster, '-U', superuser, '--pwfile', passwordFile, '--auth=scram-sha-256'],
    ...['--encoding=UTF8', '--locale=C', '--wal-segsize=4', '--no-instructions'],
  ]);
  const child = spawn(command, args, {
    ...options,
    env: { LC_ALL: 'C', PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (complaint.length < 4000) complaint += chunk.toString('utf8');
  });
  const status = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  if (status === 0) return;
  if (/No space left/i.test(complaint)) throw fileError({ code: 'ENOSPC' }, cluster);
  throw new StoreError('database-programs', `initdb ended with ${status}: ${firstError(complaint)}`, {
    remedy: 'npm rebuild restores the database’s libraries; or set DATABASE_URL to a server of your own',
  });
}

function firstError(complaint: string): string {
  const lines = complaint.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /error|cannot|could not/i.test(line)) ?? lines[0] ?? 'no reason given';
}

/** What a process that died in the middle left behind. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(/^making-(\d+)$/.exec(name)?.[1]);
    if (!Number.isSafeInteger(pid)) continue;
    const age = await stat(join(folder, name)).then(
      (entry) => Date.now() - entry.mtimeMs,
      () => 0,
    );
    const tenMinutesMs = 600_000;
    if (pid === process.pid || age > tenMinutesMs) await rm(join(folder, name), { recursive: true, force: true });
  }
}
