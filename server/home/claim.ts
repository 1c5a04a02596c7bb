import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NodeError } from './node-error.ts';

/** Makes sure that one process at a time works in a home. @returns what gives it free. @throws {NodeError} `already-running`. */
export async function claimHome(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'node.pid');
  for (;;) {
    try {
      await writeFile(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
    if (isAlive(pid) && pid !== process.pid) {
      throw new NodeError('already-running', `the node in ${folder} runs already (process ${pid})`, {
        remedy: 'see it with `causeway status`, stop it with `causeway down`',
      });
    }
    await rm(file, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
