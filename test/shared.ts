/** Public vectors and data sets that lie beside a development checkout; tests that use them skip, visibly, where they are absent. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../shared/', import.meta.url));

/** Absolute path of a file or folder of the shared material. */
export function sharedPath(path: string): string {
  return root + path;
}

export function hasShared(path: string): boolean {
  return existsSync(root + path);
}

// biome-ignore lint/suspicious/noExplicitAny: the shape of a vector file is known to the test that reads it
export function sharedJson(path: string): any {
  return JSON.parse(readFileSync(root + path, 'utf8'));
}
