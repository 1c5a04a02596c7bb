/** Which tests bear the number of which fault: read from the tests themselves. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The highest number of a fault. Numbers are stable: a new fault goes to the end. */
export const faultCount = 124;

/** @returns for each number the paths of the test files that bear it, from the project's root, sorted. */
export function citedFaults(): ReadonlyMap<number, readonly string[]> {
  const cited = new Map<number, Set<string>>();
  for (const path of testFiles()) {
    for (const number of faultsIn(readFileSync(root + path, 'utf8'))) {
      const files = cited.get(number) ?? new Set();
      cited.set(number, files.add(path));
    }
  }
  return new Map([...cited].map(([number, files]) => [number, [...files].sort()]));
}

/** The numbers in `[F23]`, `[F17, F18]` and `[F51–F54]`, wherever they stand in a text. */
export function faultsIn(text: string): readonly number[] {
  const found = new Set<number>();
  for (const [, list] of text.matchAll(/\[(F\d+(?:(?:, |–)F\d+)*)\]/g)) {
    for (const part of list!.split(', ')) {
      const [first, last] = part.split('–').map((fault) => Number(fault.slice(1)));
      for (let number = first!; number <= (last ?? first!); number++) found.add(number);
    }
  }
  return [...found].sort((a, b) => a - b);
}

/** Those that git knows: a test belongs to the project once it was added. The tests beside here cite numbers as examples. */
function testFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '*.test.ts'], { cwd: root, encoding: 'utf8' });
  return listed.split('\n').filter((path) => path !== '' && !path.startsWith('test/faults/'));
}
