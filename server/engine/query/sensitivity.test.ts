import { type CompiledQuery, QueryRefused, trueNumbers } from '@causeway/core/policy/query';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testFolder } from '../testing/context.ts';
import { compiled, run } from './testing/ask.ts';
import { type RoomData, roomData } from './testing/data.ts';
import { openParser, type Parser } from './testing/parser.ts';
import { catalogueOf, type RuleChanges } from './testing/rules.ts';
import { StatementWriter } from './testing/statements.ts';

let parser: Parser;
beforeAll(async () => {
  parser = await openParser();
});
afterAll(() => parser.close());

/** Whose rows go with a person, by the sets of people that budgets belong to. */
const subjectTables = {
  customers: ['crm', 'vip', 'hidden'],
  users: ['users', 'visits', 'clicks'],
  panel: ['panel', 'raters'],
};

/** By how much the noise was made to hide: Δ² = 2ρσ², a millionth of ρ at a time. */
function isHidden(difference: readonly bigint[], { cost, variance }: CompiledQuery['vectors'][number]): boolean {
  const squared = difference.reduce((sum, each) => sum + each * each, 0n);
  return squared * 1_000_000n * variance!.denominator <= 2n * BigInt(cost) * variance!.numerator;
}

/** @returns how many vectors changed at all. */
async function moved(query: CompiledQuery, data: RoomData, person: number): Promise<number> {
  const before = trueNumbers(query, await run(query, data));
  let changed = 0;
  for (const tables of Object.values(subjectTables)) {
    const after = trueNumbers(query, await run(query, await data.without(person, tables)));
    query.vectors.forEach((vector, i) => {
      const difference = before[i]!.map((number, place) => number - after[i]![place]!);
      if (difference.some((each) => each !== 0n)) changed++;
      const measure = JSON.stringify(query.plan.questions[vector.question]!.measures[vector.measure]);
      expect(isHidden(difference, vector), `${measure} of person ${person} in ${tables}: ${difference}`).toBe(true);
    });
  }
  return changed;
}

describe('[F72] one person more or less, in any one set of people, moves a vector by no more than its noise hides', () => {
  /** Limits that bind: many persons have more rows, groups and value than they may add. */
  const tight: RuleChanges = { perPerson: { rows: 2, groups: 2 }, clip: { low: -300, high: 500 } };

  it('over random statements and persons', { timeout: 300_000 }, async () => {
    const data = await roomData(testFolder(), 150);
    const writer = new StatementWriter(new SeededRandom('sensitivity'));
    const random = new SeededRandom('persons');
    let [statements, changed] = [0, 0];
    while (statements < 30) {
      const { text } = writer.next();
      const query = await compiled(text, parser, catalogueOf(tight)).catch((error: unknown) => {
        if (error instanceof QueryRefused && error.code === 'no-row-matches') return undefined;
        throw error;
      });
      if (query === undefined) continue;
      statements++;
      changed += await moved(query, data, Number((BigInt(random.below(150)) * 2_654_435_761n) % 2n ** 32n));
    }
    expect(changed).toBeGreaterThan(100);
  });

  it('a person who leaves a table that is joined from the left moves between groups, and twice the noise hides it', async () => {
    const data = await roomData(testFolder(), 20);
    await data.replace('panel', "SELECT person, 'a' AS grade, 0::BIGINT AS score FROM crm");
    const text = 'SELECT grade, count(*) FROM crm LEFT JOIN panel USING (person) GROUP BY grade';
    const query = await compiled(text, parser, catalogueOf());
    expect(query.vectors[0]!.variance).toEqual({ numerator: 200n, denominator: 1n });
    expect(await moved(query, data, 0)).toBeGreaterThan(0);
  });

  it('a person with a million events moves a sum by at most groups times clip, and the share of such persons is told', {
    timeout: 120_000,
  }, async () => {
    const data = await roomData(testFolder(), 200);
    await data.replace(
      'visits',
      `SELECT * REPLACE (epoch("at")::BIGINT AS "at") FROM visits UNION ALL
        SELECT 7::UINTEGER, i, 1767247200 + i % 7000000, ['feed', 'search', 'splash'][1 + i % 3], 1000000 FROM range(1000000) t(i)`,
    );
    const text = 'SELECT channel, sum(value), count(*) FROM visits GROUP BY channel';
    const query = await compiled(
      text,
      parser,
      catalogueOf({ perPerson: { rows: 5, groups: 2 }, clip: { low: -1000, high: 50_000 } }),
    );
    const kind = (place: number) =>
      query.plan.questions[query.vectors[place]!.question]!.measures[query.vectors[place]!.measure]!.kind;
    const heavy = trueNumbers(query, await run(query, data));
    const light = trueNumbers(query, await run(query, await data.without(7, subjectTables.users)));
    query.vectors.forEach((_, i) => {
      const differences = heavy[i]!.map((number, place) => number - light[i]![place]!);
      const total = differences.reduce((sum, each) => sum + (each < 0n ? -each : each), 0n);
      const most = { sum: 2n * 50_000n, rows: 2n * 5n, persons: 2n, everyone: 1n, cut: 1n, clipped: 1n, squares: 0n }[
        kind(i)
      ];
      expect(total, kind(i)).toBe(most);
    });
    expect(query.vectors.map((_, i) => kind(i))).toEqual(expect.arrayContaining(['clipped', 'cut', 'everyone']));
  });
});
