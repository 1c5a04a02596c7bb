import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Database } from '../database.ts';
import { testContext, testFolder } from '../testing/context.ts';
import { query } from '../testing/parquet.ts';
import { countDistinct } from './distinct.ts';
import { RepeatCounter } from './repeat-counter.ts';

describe('identifiers that repeat [F9]', () => {
  it('are counted as a plain map counts them', () => {
    // Few distinct words, so that keys agree in one word and differ in the other, and land in each other's slots.
    const word = fc.constantFrom(0, 1, 1023, 1024, 0xffffffff);
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word, word, word), { maxLength: 60 }), (entries) => {
        const seen = new Map<string, Set<string>>();
        const times = new Map<string, number>();
        for (const [low, high, ...rest] of entries) {
          const key = `${low} ${high}`;
          times.set(key, (times.get(key) ?? 0) + 1);
          seen.set(key, (seen.get(key) ?? new Set()).add(String(rest)));
        }
        const counter = new RepeatCounter();
        counter.add(Uint32Array.from(entries.flat()));
        const { distinct, repeated, conflicting } = counter;
        expect({ distinct, repeated, conflicting }).toEqual({
          distinct: seen.size,
          repeated: [...times.values()].filter((count) => count > 1).length,
          conflicting: [...seen.values()].filter((values) => values.size > 1).length,
        });
      }),
    );
  });

  it('are counted the same when they do not fit in one partition, and nothing is left', async () => {
    const parquet = join(testFolder(), 'rows.parquet');
    // 2,400,000 rows: every third without an identifier; of the others 500,000 distinct, of which each fifth comes with another city.
    await query(`COPY (SELECT i AS "row", CASE WHEN i % 3 > 0 THEN 'id' || (i % 750000) END AS id,
      CASE WHEN i < 750000 AND i % 5 = 0 THEN 'x' ELSE 'y' END AS city FROM range(2400000) t(i)) TO '${parquet}' (FORMAT parquet)`);
    const [[accepted, distinct, repeated, conflicting] = []] =
      await query(`SELECT sum(n), count(*), count(*) FILTER (n > 1), count(*) FILTER (c > 1)
      FROM (SELECT count(*) n, count(DISTINCT city) c FROM '${parquet}' WHERE id IS NOT NULL GROUP BY id)`);
    const context = testContext();
    const database = await Database.open(context, { files: [parquet] });
    try {
      const counts = await countDistinct(
        database,
        { parquet, rowCount: 2_400_000, column: 'id', others: ['city'] },
        context,
      );
      expect(counts).toEqual({
        accepted: Number(accepted),
        distinct: Number(distinct),
        repeated: Number(repeated),
        conflicting: Number(conflicting),
      });
      expect(counts.conflicting).toBeGreaterThan(0);
      expect(readdirSync(context.folder)).toEqual([]);
    } finally {
      database.close();
    }
  });
});
