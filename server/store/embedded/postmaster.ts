/** One running server of a data directory: started by us, or found running and adopted. */
import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from '../error.ts';
import { disownLockFile, findPostmaster, isPostmasterOf } from './lock-file.ts';
import type { Programs } from './programs.ts';
import { commandAs, type RunAs } from './run-as.ts';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly adopted: boolean;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
}

/**
 * Small, because a node's state is small, and durable: fsync and full-page writes stay at their defaults, on.
 * Nothing of a statement, a parameter or a row goes into the server's log: those could be identifiers.
 */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '40',
  shared_buffers: '16MB',
  work_mem: '4MB',
  max_wal_size: '256MB',
  io_method: 'sync',
  jit: 'off',
  huge_pages: 'off',
  // What a base backup asks for: a log from which a copy can be recovered, and a slot that keeps it while the copy is made.
  wal_level: 'replica',
  max_wal_senders: '0',
  max_replication_slots: '1',
  max_logical_replication_workers: '0',
  max_worker_processes: '2',
  max_parallel_workers: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/** @returns a server that was already running for this data directory, once it is ready; nothing where none is. */
export async function adoptPostmaster(cluster: string, timeoutMs: number): Promise<Postmaster | undefined> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await findPostmaster(cluster);
    if (found === undefined) return undefined;
    if (found.status === 'ready') {
      return { pid: found.pid, port: found.port, adopted: true, gone: watch(cluster, found.pid) };
    }
    if (Date.now() > deadline) throw notReady(cluster, found.status, timeoutMs);
    await sleep(50);
  }
}

/**
 * Starts the server and waits until it is ready, recovery included.
 * @returns nothing when the server ended because another one serves the data directory: then adopt that.
 */
export async function startPostmaster(
  start: { readonly programs: Programs; readonly runAs: RunAs; readonly folder: string; readonly port: number },
  timeoutMs: number,
): Promise<Postmaster | undefined> {
  const cluster = join(start.folder, 'cluster');
  await disownLockFile(cluster);
  const child = await launch(start, cluster);
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  let ended = false;
  void gone.then(() => {
    ended = true;
  });
  const deadline = Date.now() + timeoutMs;
  while (!ended) {
    const found = await findPostmaster(cluster);
    if (found?.pid === child.pid && found?.status === 'ready') {
      return { pid: found.pid, port: start.port, adopted: false, gone };
    }
    if (Date.now() > deadline) throw notReady(cluster, 'starting', timeoutMs);
    await sleep(15);
  }
  if ((await findPostmaster(cluster)) !== undefined) return undefined;
  throw await startFailure(start.folder);
}

/** Ends sessions and the server at once, cleanly; after `timeoutMs` without cleaning up, which recovery then does. */
export async function stopPostmaster(cluster: string, pid: number, timeoutMs: number): Promise<void> {
  // SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one.
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    // Looked at first: the number of a server that is gone may be another program's by now.
    if (!(await isPostmasterOf(cluster, pid))) return;
    process.kill(pid, signal);
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      if (!(await isPostmasterOf(cluster, pid))) return;
      await sleep(10);
    }
  }
}

async function launch(
  start: { readonly programs: Programs; readonly runAs: RunAs; readonly folder: string; readonly port: number },
  cluster: string,
): Promise<ChildProcess> {
  const logPath = join(start.folder, 'server.log');
  const fourMiB = 4 * 2 ** 20;
  if (((await stat(logPath).catch(() => undefined))?.size ?? 0) > fourMiB) await rename(logPath, `${logPath}.1`);
  const log = await open(logPath, 'a', 0o600);
  try {
    const options = Object.entries({ ...settings, port: String(start.port) });
    const command = commandAs(start.runAs, start.programs.postgres, [
      ...['-D', cluster],
      ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ]);
    const child = spawn(command.command, command.args, {
      ...command.options,
      cwd: start.folder,
      // Of its own group: neither Ctrl-C in the node's terminal nor the node's death ends it.
      detached: true,
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: process.env.PATH },
      stdio: ['ignore', log.fd, log.fd],
    });
    child.unref();
    return child;
  } finally {
    await log.close();
  }
}

/** A process that is not our child has no exit event. */
function watch(cluster: string, pid: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(async () => {
      if (await isPostmasterOf(cluster, pid)) return;
      clearInterval(timer);
      resolve();
    }, 500);
    timer.unref();
  });
}

function notReady(cluster: string, status: string, timeoutMs: number): StoreError {
  return new StoreError('database-down', `the database in ${cluster} is still ${status} after ${timeoutMs / 1000} s`, {
    remedy: 'wait for its recovery to end and start again; server.log beside it says how far it is',
  });
}

async function startFailure(folder: string): Promise<StoreError> {
  const lines = (await readFile(join(folder, 'server.log'), 'utf8').catch(() => '')).trimEnd().split('\n').slice(-20);
  const reason = lines.findLast((line) => /FATAL|PANIC|could not|error while loading/.test(line)) ?? lines.at(-1) ?? '';
  if (/No space left/i.test(reason)) {
    return new StoreError('disk-full', `no space is left for the database in ${folder}`, {
      remedy: 'free space on that disk, then start again; nothing was lost',
    });
  }
  return new StoreError('database-down', `the database in ${folder} does not start: ${reason}`, {
    remedy: `read ${join(folder, 'server.log')}`,
  });
}
