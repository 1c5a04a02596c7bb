/**
 * As whom PostgreSQL runs. It refuses to run as root, so root runs it as an unprivileged user where that user can reach the
 * folders, and else inside a user namespace in which root appears as an ordinary user.
 */
import { execFile, type SpawnOptions } from 'node:child_process';
import { chown, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { StoreError } from '../error.ts';
import type { Programs } from './programs.ts';

export type RunAs =
  | { readonly kind: 'self' }
  | { readonly kind: 'user'; readonly uid: number; readonly gid: number }
  | { readonly kind: 'namespace' };

const run = promisify(execFile);
const namespace = ['unshare', '--user', '--map-user=1000'] as const;

/**
 * @param cluster the data directory, which need not exist yet; one that exists keeps the user that it was made with.
 * @throws {StoreError} `database-root` when root finds neither a user nor a namespace.
 */
export async function chooseRunAs(programs: Programs, cluster: string): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { kind: 'self' };
  const existing = await stat(cluster).catch(() => undefined);
  if (existing !== undefined && existing.uid !== 0) return { kind: 'user', uid: existing.uid, gid: existing.gid };
  if (existing === undefined) {
    const user = await unprivilegedUser();
    if (user !== undefined && (await openToAll(dirname(cluster))) && (await openToAll(programs.postgres))) {
      if (await starts(programs.postgres, { uid: user.uid, gid: user.gid })) return { kind: 'user', ...user };
    }
  }
  if (await starts([...namespace, programs.postgres])) return { kind: 'namespace' };
  throw new StoreError(
    'database-root',
    `PostgreSQL does not run as root, and neither a user that can reach ${dirname(cluster)} nor a user namespace is available`,
    {
      remedy:
        'run Causeway as an ordinary user, or choose a --home whose parent folders everyone may enter, or set DATABASE_URL',
    },
  );
}

/** The command and the spawn options that run `program` as chosen. */
export function commandAs(
  runAs: RunAs,
  program: string,
  args: readonly string[],
): { readonly command: string; readonly args: readonly string[]; readonly options: Pick<SpawnOptions, 'uid' | 'gid'> } {
  switch (runAs.kind) {
    case 'self':
      return { command: program, args, options: {} };
    case 'user':
      return { command: program, args, options: { uid: runAs.uid, gid: runAs.gid } };
    case 'namespace':
      return { command: namespace[0], args: [...namespace.slice(1), program, ...args], options: {} };
  }
}

/** Gives a path that root has made to the user that PostgreSQL runs as. */
export async function giveTo(runAs: RunAs, path: string): Promise<void> {
  if (runAs.kind === 'user') await chown(path, runAs.uid, runAs.gid);
}

/** A user without rights of its own: PostgreSQL's where the machine has one, else nobody. */
async function unprivilegedUser(): Promise<{ uid: number; gid: number } | undefined> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const fields = lines.find((line) => line[0] === name);
    const uid = Number(fields?.[2]);
    const gid = Number(fields?.[3]);
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  return undefined;
}

/** Whether every folder above `path` may be entered by any user. */
async function openToAll(path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
    if (dirname(folder) === folder) return true;
  }
}

async function starts(
  command: string | readonly string[],
  options: { uid?: number; gid?: number } = {},
): Promise<boolean> {
  const [program, ...args] = typeof command === 'string' ? [command] : command;
  return run(program!, [...args, '--version'], { ...options, timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}
