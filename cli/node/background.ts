/** A node as a process of its own: started so that it outlives this command, found again by the file it leaves, stopped. */
import { execFile, spawn } from 'node:child_process';
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

/**
 * Starts `causeway up` in a session of its own and waits until its API answers.
 * @param api `host:port` of its API.
 * @throws {CommandError} `running`, or `node-failed` with the last lines it wrote.
 */
export async function startInBackground(
  cli: Cli,
  api: string,
): Promise<{ readonly pid: number; readonly log: string }> {
  const { words } = cli;
  const before = await runningPid(cli.home);
  if (before !== undefined)
    throw new CommandError('running', words.up.running(cli.home, before), words.up.runningRemedy);
  const folder = join(cli.home, 'logs');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const log = join(folder, 'up.log');
  const file = await open(log, 'w', 0o600);
  let stop = () => {};
  try {
    const child = spawn(process.execPath, [bin, 'up', '--home', cli.home, '--lang', cli.language], {
      detached: true,
      stdio: ['ignore', file.fd, file.fd],
      env: { ...cli.terminal.env },
    });
    const gone = new Promise<number>((resolve) => {
      child.once('exit', (code) => resolve(code ?? 1));
      child.once('error', () => resolve(1));
    });
    // Until it is up it is this command’s: Ctrl-C ends both.
    stop = cli.terminal.onInterrupt(() => child.kill('SIGTERM'));
    const up = await Promise.race([untilUp(api), gone]);
    if (typeof up === 'number' || child.pid === undefined) {
      const said = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-10);
      cli.note(...said);
      throw new CommandError('node-failed', words.up.failed, words.up.failedRemedy(log));
    }
    if (!up.up) {
      child.kill('SIGTERM');
      throw new CommandError('node-failed', words.up.silent(startTimeoutMs / 1000), words.up.failedRemedy(log));
    }
    child.unref();
    return { pid: child.pid, log };
  } finally {
    stop();
    await file.close();
  }
}

async function untilUp(api: string): Promise<{ readonly up: boolean }> {
  const client = createClient({ url: `http://${api}` });
  const end = performance.now() + startTimeoutMs;
  while (performance.now() < end) {
    const health = await client.node.health({}, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    if (health?.status === 'up') return { up: true };
    await sleep(100, undefined, { ref: false });
  }
  return { up: false };
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
  process.kill(pid, 'SIGTERM');
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
  try {
    process.kill(pid, 0);
    return true;
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
