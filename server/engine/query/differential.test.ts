import { bytesToHex } from '@causeway/core/bytes';
import {
  presentAnswer,
  QueryRefused,
  type ReleasedNumbers,
  trueNumbers,
  type Value,
} from '@causeway/core/policy/query';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testFolder } from '../testing/context.ts';
import { bare, compiled, run } from './testing/ask.ts';
import { type RoomData, roomData } from './testing/data.ts';
import { openParser, type Parser } from './testing/parser.ts';
import { catalogueOf } from './testing/rules.ts';
import { type Statement, StatementWriter } from './testing/statements.ts';

let parser: Parser;
beforeAll(async () => {
  parser = await openParser();
});
afterAll(() => parser.close());

/** Rows by their labels; groups in which there is nobody are left out, as SQL leaves them out. */
type Rows = ReadonlyMap<string, readonly (number | null)[]>;

/** @returns undefined for a statement that no row can fulfil. */
async function answerOf(
  { text, groupCount }: Statement,
  data: RoomData,
  catalogue: ReturnType<typeof catalogueOf>,
): Promise<Rows | undefined> {
  try {
    const query = bare(await compiled(text, parser, catalogue));
    const numbers = trueNumbers(query, await run(query, data));
    const values = Object.fromEntries(query.vectors.map(({ key }, i) => [bytesToHex(key), numbers[i]!.map(String)]));
    const released: ReleasedNumbers = { values };
    const populated = query.rows.filter((_, i) => numbers[0]![i]! > 0n);
    return rowsOf(presentAnswer({ ...query, rows: populated }, released).rows, groupCount);
  } catch (error) {
    if (error instanceof QueryRefused && error.code === 'no-row-matches') return undefined;
    throw error;
  }
}

function rowsOf(rows: readonly (readonly unknown[])[], groupCount: number): Rows {
  const label = (value: unknown) => (value === null ? null : String(value));
  return new Map(
    rows.map((row) => [
      JSON.stringify(row.slice(0, groupCount).map(label)),
      row.slice(groupCount).map((value) => (value === null ? null : Number(value as Value))),
    ]),
  );
}

/** SQL's sum and mean of nothing are NULL; here nobody is 0 persons with 0 in all, and a mean of nothing is not stated. */
function isSame(ours: number | null, theirs: number | null): boolean {
  if (ours === null || theirs === null) return (ours ?? 0) === (theirs ?? 0);
  return Math.abs(ours - theirs) <= 1e-6 * Math.max(1, Math.abs(theirs));
}

async function compare(seed: string, count: number, zone: string): Promise<number> {
  const data = await roomData(testFolder(), 1500, zone);
  const catalogue = catalogueOf({ zone, clip: { low: -(10 ** 9), high: 10 ** 9 } });
  const writer = new StatementWriter(new SeededRandom(seed));
  let compared = 0;
  for (let i = 0; i < count; i++) {
    const statement = writer.next();
    const ours = await answerOf(statement, data, catalogue);
    if (ours === undefined) continue;
    const theirs = rowsOf(await data.plain(statement.plain), statement.groupCount);
    const nobody = statement.groupCount === 0 && ours.size === 0;
    if (!nobody) expect([...ours.keys()].sort(), statement.text).toEqual([...theirs.keys()].sort());
    for (const [labels, figures] of ours) {
      const expected = theirs.get(labels)!;
      const equal = figures.map((figure, place) => isSame(figure, expected[place]!));
      expect(equal, `${statement.text}\n${labels}: ${figures} instead of ${expected}`).toEqual(figures.map(() => true));
    }
    compared++;
  }
  return compared;
}

describe('without noise, limits and thresholds an answer is what plain SQL gives', () => {
  it('over random statements', { timeout: 300_000 }, async () => {
    expect(await compare('statements', 60, 'Asia/Shanghai')).toBeGreaterThan(45);
  });

  it('by the days and hours of a zone that changes its clocks', { timeout: 300_000 }, async () => {
    expect(await compare('clocks', 40, 'America/New_York')).toBeGreaterThan(30);
  });
});
