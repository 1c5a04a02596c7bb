/** `docs/faults.md`: what people write in it, and the column of tests that is written from the tests. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const tablePath: string = fileURLToPath(new URL('../../docs/faults.md', import.meta.url));

export interface FaultRow {
  readonly number: number;
  readonly fault: string;
  /** Paths from the project's root. */
  readonly tests: readonly string[];
  /** What no test covers; empty where nothing is known to be missing. */
  readonly missing: string;
}

export function readTable(text: string = readFileSync(tablePath, 'utf8')): readonly FaultRow[] {
  return text.split('\n').flatMap((line) => rowOf(line) ?? []);
}

/** @returns the text with the column of tests made anew; all else stays. */
export function withTests(text: string, cited: ReadonlyMap<number, readonly string[]>): string {
  return text
    .split('\n')
    .map((line) => {
      const row = rowOf(line);
      if (!row) return line;
      const tests = (cited.get(row.number) ?? []).map(linkTo).join(', ');
      return `| ${row.number} | ${row.fault} | ${tests} | ${row.missing} |`.replaceAll('  ', ' ');
    })
    .join('\n');
}

function rowOf(line: string): FaultRow | undefined {
  const cells = /^\| *(\d+) *\|([^|]*)\|([^|]*)\|([^|]*)\|$/.exec(line);
  if (!cells) return undefined;
  const [, number, fault, tests, missing] = cells.map((cell) => cell.trim());
  return {
    number: Number(number),
    fault: fault!,
    tests: [...tests!.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path]) => path!),
    missing: missing!,
  };
}

function linkTo(path: string): string {
  return `[${path.replace(/\.test\.ts$/, '')}](../${path})`;
}
