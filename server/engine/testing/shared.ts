/** Public vectors and data sets that lie beside the project on some machines. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../shared', import.meta.url));

export function sharedPath(name: string): string {
  return `${root}/${name}`;
}

export const hasShared = existsSync(root);
