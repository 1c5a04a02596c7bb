/** Files of a home that outlive its process: what says that something was done must not come before what was done is on the disk. */
import { copyFile, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replaces a file as a whole and durably: a crash leaves the old content or the new. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.partial`, content, { mode: 0o600, flush: true });
  await rename(`${path}.partial`, path);
  await flushFolder(dirname(path));
}

/** Copies a file as a whole and durably, readable by its owner alone. */
export async function copyWhole(from: string, to: string): Promise<void> {
  await copyFile(from, `${to}.partial`);
  const copy = await open(`${to}.partial`, 'r+');
  try {
    await copy.chmod(0o600);
    await copy.sync();
  } finally {
    await copy.close();
  }
  await rename(`${to}.partial`, to);
  await flushFolder(dirname(to));
}

/** Erases a file, or a folder with everything in it, durably: after a crash it is not back. Nothing happens where there is none. */
export async function eraseWhole(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await flushFolder(dirname(path)).catch((error: NodeJS.ErrnoException) => {
    // Without the folder that it was to be in, there is nothing to come back.
    if (error.code !== 'ENOENT') throw error;
  });
}

async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // Windows has no flush of a folder: its rename is journalled
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
