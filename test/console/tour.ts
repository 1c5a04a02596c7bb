/** The pictures of the guided tour: which the page shows, and where they lie. The console's tests take them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const tourFolder: string = fileURLToPath(new URL('../../docs/tour/', import.meta.url));

/** @returns the names of the pictures that the page shows, in its order, without their ending. */
export function picturesOfTour(): readonly string[] {
  const page = readFileSync(new URL('README.md', `file://${tourFolder}`), 'utf8');
  return [...page.matchAll(/!\[[^\]]+\]\(([\w-]+)\.png\)/g)].map(([, name]) => name!);
}
