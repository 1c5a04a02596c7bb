/**
 * The mark of a home that was made from a backup. The node's first start in it has to know: what was under way when the backup was made is
 * over, and what was signed since may be unknown here.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const restored = z.strictObject({
  version: z.literal(1),
  /** When the backup was made, and when it was restored. RFC 3339. */
  backupAt: z.iso.datetime(),
  restoredAt: z.iso.datetime(),
});

export type Restored = z.infer<typeof restored>;

export async function markRestored(home: string, mark: Restored): Promise<void> {
  await writeFile(join(home, 'restored.json'), `${JSON.stringify(mark)}\n`, { mode: 0o600, flush: true });
}

/** @returns the mark, until `forgetRestored`. */
export async function readRestored(home: string): Promise<Restored | undefined> {
  try {
    return restored.parse(JSON.parse(await readFile(join(home, 'restored.json'), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function forgetRestored(home: string): Promise<void> {
  await rm(join(home, 'restored.json'), { force: true });
}
