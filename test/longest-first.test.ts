import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { longestFirst, longFiles } from './longest-first.ts';

it('every file that is said to take long is there, once', () => {
  expect(longFiles.filter((path) => !existsSync(join(import.meta.dirname, '..', path)))).toEqual([]);
  expect(new Set(longFiles).size).toBe(longFiles.length);
});

it('long files begin first, files that share a worker last, and all others stay as they were', () => {
  const [longest, long] = [longFiles[0]!, longFiles[3]!];
  const sharing = { 'core/b.test.ts': true, 'core/a.test.ts': true };
  const files = ['core/b.test.ts', 'x.test.ts', long, 'core/a.test.ts', 'a.test.ts', longest];
  const of = { pathOf: (path: string) => path, sharesWorker: (path: string) => Object.hasOwn(sharing, path) };
  expect(longestFirst(files, of)).toEqual([
    longest,
    long,
    'x.test.ts',
    'a.test.ts',
    'core/b.test.ts',
    'core/a.test.ts',
  ]);
});
