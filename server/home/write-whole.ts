import { rename, writeFile } from 'node:fs/promises';

/** Writes the whole file, or none; readable by its owner alone. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.partial`, content, { mode: 0o600, flush: true });
  await rename(`${path}.partial`, path);
}
