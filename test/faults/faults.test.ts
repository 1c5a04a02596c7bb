/** The table of faults says of every fault which tests cover it, or what is missing, and says it as it is. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { citedFaults, faultCount, faultsIn } from './cited.ts';
import { type FaultRow, readTable, tablePath, withTests } from './table.ts';

const rows = readTable();
const cited = citedFaults();

describe('docs/faults.md', () => {
  it('has every fault once, in order', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: faultCount }, (_, i) => i + 1));
  });

  it('names no test that does not bear the number (after a change: node test/faults/write.ts)', () => {
    expect(falseClaims(rows, cited)).toEqual([]);
  });

  // A further test of a fault that is covered may stay unnamed for a while: whoever adds one need not stop for this table.
  it('shows no fault as uncovered that a test bears (after a change: node test/faults/write.ts)', () => {
    expect(unnamed(rows, cited)).toEqual([]);
  });

  it('says what is missing of each fault that no test bears', () => {
    expect(rows.filter(({ tests, missing }) => tests.length === 0 && missing === '')).toEqual([]);
  });

  it('no test bears the number of a fault that there is not', () => {
    expect([...cited.keys()].filter((number) => number < 1 || number > faultCount)).toEqual([]);
  });
});

describe('the check itself', () => {
  it('reads single numbers, lists and ranges, and nothing else', () => {
    expect(faultsIn("it('[F5] a', '[F17, F18] b', '[F51–F54, F58] c', '[PE4] d', 'F9', '[f3]')")).toEqual([
      5, 17, 18, 51, 52, 53, 54, 58,
    ]);
  });

  it('sees a test that lacks the number, and a fault whose tests are not named', () => {
    const table = readTable('| 7 | e-mail | [a](../a.test.ts) | |\n| 8 | zeros | | none |');
    expect(falseClaims(table, new Map([[7, ['a.test.ts', 'b.test.ts']]]))).toEqual([]);
    expect(falseClaims(table, new Map([[7, ['b.test.ts']]]))).toEqual(['7: a.test.ts']);
    expect(unnamed(table, new Map([[8, ['b.test.ts']]]))).toEqual([8]);
  });

  it('writes the column from the tests', () => {
    const text = '| 7 | e-mail | [a](../a.test.ts) | |';
    expect(readTable(text)).toEqual([{ number: 7, fault: 'e-mail', tests: ['a.test.ts'], missing: '' }]);
    const written = withTests(text, new Map([[7, ['b/c.test.ts', 'd.test.ts']]]));
    expect(readTable(written)[0]!.tests).toEqual(['b/c.test.ts', 'd.test.ts']);
    expect(readTable(withTests(text, new Map()))[0]!.tests).toEqual([]);
  });

  it('writing changes nothing where nothing has changed', () => {
    const text = readFileSync(tablePath, 'utf8');
    expect(withTests(withTests(text, cited), cited)).toBe(withTests(text, cited));
  });
});

type Cited = ReadonlyMap<number, readonly string[]>;

function falseClaims(table: readonly FaultRow[], by: Cited): string[] {
  return table.flatMap(({ number, tests }) =>
    tests.filter((path) => !by.get(number)?.includes(path)).map((path) => `${number}: ${path}`),
  );
}

function unnamed(table: readonly FaultRow[], by: Cited): number[] {
  return table.filter(({ number, tests }) => by.has(number) && tests.length === 0).map(({ number }) => number);
}
