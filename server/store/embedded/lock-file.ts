/** `postmaster.pid`, by which PostgreSQL says who serves a data directory (PostgreSQL's `miscadmin.h`, LOCK_FILE_LINE_*). */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface LivePostmaster {
  readonly pid: number;
  readonly port: number;
  readonly status: 'starting' | 'stopping' | 'ready';
}

/** @returns the server that serves the data directory, or nothing where none does. */
export async function findPostmaster(cluster: string): Promise<LivePostmaster | undefined> {
  const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0 || !(await isPostmasterOf(cluster, pid))) return undefined;
  const status = lines[7]?.trim();
  return { pid, port: Number(lines[3]), status: status === 'ready' || status === 'stopping' ? status : 'starting' };
}

/** Whether process `pid` lives and is a server of this data directory, and not another process that was given its number. */
export async function isPostmasterOf(cluster: string, pid: number): Promise<boolean> {
  const command =
    process.platform === 'linux'
      ? (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
      : await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(
          ({ stdout }) => [stdout.includes(` ${cluster} `) ? cluster : ''],
          () => [''],
        );
  return command.includes(cluster);
}

/**
 * Makes a lock file harmless whose process number now belongs to another program (after a reboot, or in a container):
 * PostgreSQL would refuse to start. Only the number is replaced, by one that no process has, so that PostgreSQL still
 * looks whether the old server's shared memory is in use.
 */
export async function disownLockFile(cluster: string): Promise<void> {
  const path = join(cluster, 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text === '') return;
  const pid = Number(text.split('\n')[0]);
  if (alive(pid)) await writeFile(path, [String(2 ** 31 - 2), ...text.split('\n').slice(1)].join('\n'));
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
