/** A node as a process of its own: started so that it outlives this command, found again by the file it leaves, stopped. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createClient } from '@causeway/sdk';
import type { Cli } from '../cli.ts';
import { CommandError } from '../problem.ts';

/** A database that recovers from a crash may take this long. */
const startTimeoutMs = 150_000;
const stopTimeoutMs = 60_000;
const bin = fileURLToPath(new URL('../bin/causeway.js', import.meta.url));

export interface BackgroundNode {
  readonly pid: number;
  /** What it wrote to its outputs. */
  readonly log: string;
}

/**
 * Starts `causeway up` in a session of its own and waits until its API answers.
 * @param node.api `host:port` of its API.
 * @throws {CommandError} `running`, or `node-failed` after the last lines that it wrote.
 */
export async function startInBackground(
  cli: Cli,
  { home, api }: { readonly home: string; readonly api: string },
): Promise<BackgroundNode> {
  const { words } = cli;
  const before = await runningPid(home);
  if (before !== undefined) throw new CommandError('running', words.up.running(home, before), words.up.runningRemedy);
  const folder = join(home, 'logs');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const log = join(folder, 'up.log');
  const file = await open(log, 'w', 0o600);
  const child = spawn(process.execPath, [bin, 'up', '--home', home, '--lang', cli.language], {
    detached: true,
    stdio: ['ignore', file.fd, file.fd],
    env: { ...cli.terminal.env },
  });
  await file.close();
  // Until it is up it is this command’s: Ctrl-C ends both.
  let interrupted = false;
  const forget = cli.terminal.onInterrupt(() => {
    interrupted = true;
    child.kill('SIGTERM');
  });
  try {
    const up = await untilUp({ home, api }, child);
    if (!up || child.pid === undefined) {
      if (interrupted) throw new CommandError('interrupted', words.up.interrupted);
      child.kill('SIGTERM');
      cli.note(...(await readFile(log, 'utf8')).trimEnd().split('\n').slice(-10));
      throw new CommandError('node-failed', words.up.failed, words.up.failedRemedy(log));
    }
    child.unref();
    return { pid: child.pid, log };
  } finally {
    forget();
  }
}

/** @returns false when the process has ended, or does not answer in time. */
async function untilUp(node: { readonly home: string; readonly api: string }, child: ChildProcess): Promise<boolean> {
  let gone = false;
  for (const event of ['exit', 'error']) {
    child.once(event, () => {
      gone = true;
    });
  }
  const end = performance.now() + startTimeoutMs;
  while (!gone && performance.now() < end) {
    if (await isUp(node)) return true;
    await sleep(100);
  }
  return false;
}

/** Whether the node of this home answers: another at the same address would not know its token. */
async function isUp({ home, api }: { readonly home: string; readonly api: string }): Promise<boolean> {
  const token = await readFile(join(home, 'admin.token'), 'utf8').catch(() => '');
  if (token === '') return false;
  const client = createClient({ url: `http://${api}`, token: token.trim() });
  return client.node.status({}, { signal: AbortSignal.timeout(5000) }).then(
    () => true,
    () => false,
  );
}

/** @returns the process that runs this home’s node; nothing where none does. */
export async function runningPid(home: string): Promise<number | undefined> {
  const text = await readFile(join(home, 'node.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
  return (await isCauseway(pid)) ? pid : undefined;
}

/** Asks a node’s process to end, and waits until it has. @throws {CommandError} `node-failed` where it does not. */
export async function stopProcess(cli: Cli, pid: number): Promise<void> {
  signal(pid, 'SIGTERM');
  const end = performance.now() + stopTimeoutMs;
  while (isAlive(pid)) {
    if (performance.now() > end) {
      const { down } = cli.words;
      throw new CommandError('node-failed', down.stuck(pid, stopTimeoutMs / 1000), down.stuckRemedy(pid));
    }
    await sleep(50);
  }
}

function isAlive(pid: number): boolean {
  return signal(pid, 0);
}

/** @returns whether the process is there. */
function signal(pid: number, name: 'SIGTERM' | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** After a restart of the machine the number may be another program’s, which must not be ended. */
async function isCauseway(pid: number): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'args=']);
    return stdout.includes('causeway');
  } catch (error) {
    // Without `ps` there is nothing to tell them apart by.
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
