import { join } from 'node:path';
import { SeededRandom } from '@causeway/core/random';
import { generate } from '@causeway/generator';
import { describe, expect, it } from 'vitest';
import { Database } from '../database.ts';
import { testContext, testFolder } from '../testing/context.ts';
import { testDataset } from '../testing/dataset.ts';
import { measureDensity } from './density.ts';
import { importDataset } from './index.ts';

const csv = (numbers: readonly (number | string)[]) => `m\n${numbers.join('\n')}\n`;
const counted = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
/** One number in a segment. */
const scattered = (count: number) => counted(13_000, count).map((head) => head * 1_000_000 + 1234);

async function density(content: string, profile = 'phone') {
  const { report } = await testDataset(content, { ids: [{ column: 'm', profile }] });
  return report.ids[0]!.density;
}

describe('[F26] the density of a column', () => {
  it.each([
    ['a whole segment', counted(13_800_130_000, 10_000), 100],
    ['6,100 numbers of one segment', counted(13_800_130_000, 6_100), 61],
    ['one more', counted(13_800_130_000, 6_101), 62],
    ['as many across two segments', counted(13_800_127_000, 6_000), 30],
    ['a segment counted through among scattered numbers', [...scattered(3000), ...counted(13_800_130_000, 5_000)], 50],
    ['scattered numbers', scattered(3000), 1],
    ['no number at all', ['NULL', ''], 0],
  ])('%s', async (_what, numbers, percent) => expect(await density(csv(numbers))).toBe(percent));

  it('does not grow with repetition, however full the segments look', async () => {
    const often = scattered(3).flatMap((number) => Array.from({ length: 3000 }, () => number));
    expect(await density(csv([...often, ...counted(13_800_130_000, 1_500)]))).toBe(15);
  });

  it.each(['number', 'segment', 'bound', 'batch'])('does not mind an attribute that is called %s', async (column) => {
    const rows = counted(13_800_130_000, 1_500).map((number) => `${number},no ${number % 7}`);
    const ids = [{ column: 'm', profile: 'phone' }];
    const attributes = [{ column, grade: 'internal' as const }];
    const { report } = await testDataset(`m,${column}\n${rows.join('\n')}\n`, { ids, attributes });
    expect(report.ids[0]!.density).toBe(15);
  });

  it.each([1, 2, 3, 4])('is what plain counting finds, in one batch or many (seed %d)', async (seed) => {
    const luck = new SeededRandom(`density/${seed}`);
    // Segments that are full to different degrees, with numbers that stand there up to eight times.
    const numbers = counted(1_380_000, 40).flatMap((segment) => {
      const [held, times] = [1 + luck.below(400), 1 + luck.below(8)];
      return Array.from({ length: held * times }, () => segment * 10_000 + luck.below(held) * 7);
    });
    const distinct = new Map<number, Set<number>>();
    for (const number of numbers) {
      const segment = Math.floor(number / 10_000);
      distinct.set(segment, (distinct.get(segment) ?? new Set()).add(number));
    }
    const expected = Math.ceil(Math.max(...[...distinct.values()].map(({ size }) => size)) / 100);
    const { parquet } = await testDataset(csv(numbers), { ids: [{ column: 'm', profile: 'phone' }] });
    const database = await Database.open(testContext(), { files: [parquet] });
    try {
      const of = { parquet, column: 'm', profile: 'phone' };
      for (const batchNumbers of [1, 99, 1000, 1_000_000])
        expect(await measureDensity(database, of, batchNumbers)).toBe(expected);
    } finally {
      database.close();
    }
  });

  it('is that of the numbers, however they are written', async () => {
    const written = counted(13_800_130_000, 2000).map(
      (number, i) => ['', '+86 ', '0086', '86-'][i % 4] + String(number),
    );
    expect(await density(csv(written))).toBe(20);
    expect(await density(csv(written), 'phone:e164')).toBe(20);
  });

  it('is known of other countries’ numbers too', async () => {
    const exchange = counted(0, 4000).map((last) => `+1 202 456 ${String(last).padStart(4, '0')}`);
    expect(await density(csv(exchange), 'phone:US')).toBe(40);
  });

  it('of digests is not measurable, and of other identifiers there is none', async () => {
    const digests = counted(0, 100).map((i) => String(i).padStart(64, '0').replace(/^0/, 'a'));
    expect(await density(csv(digests), 'phone/sha256')).toBe('not-measurable');
    expect(await density(csv(['a@example.com']), 'email')).toBeUndefined();
  });

  it('is one of a hundred for generated people, who have numbers as people have', async () => {
    const out = join(testFolder(), 'people');
    await generate({ people: 20_000, seed: 26, out });
    const { ids } = await importDataset(
      {
        path: join(out, 'users.csv'),
        folder: join(testFolder(), 'dataset'),
        ids: [
          { column: 'phone', profile: 'phone' },
          { column: 'email', profile: 'email' },
        ],
        attributes: [],
      },
      testContext(),
    );
    expect(ids.map((id) => id.density)).toEqual([1, undefined]);
  });
});
