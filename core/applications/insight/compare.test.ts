import { describe, expect, it } from 'vitest';
import { exact } from '../../statistics/index.ts';
import { type ComparedFigures, compareInsights } from './compare.ts';
import { tgi } from './tgi.ts';

const figures = (counts: Readonly<Record<string, number | undefined>>, all: number | undefined): ComparedFigures => ({
  figures: [['', all] as const, ...Object.entries(counts)].map(([city, people]) => ({
    values: city === '' ? {} : { city },
    sums: [],
    ...(people === undefined ? {} : { people }),
  })),
});
const baseName = { en: 'all customers', zh: '全部客户' };
const audience = figures({ Beijing: 300, Shanghai: 500, Lhasa: undefined }, 1000);
const base = figures({ Beijing: 4000, Shanghai: 4000, Lhasa: 200 }, 10_000);

describe('an insight against the insight of a base', () => {
  it('[F74] has the indices of the four counts, and no index of what is held back', () => {
    const report = compareInsights({ audience, base, baseName, inside: true }, 50)!;
    const index = (withTag: number, baseWithTag: number) =>
      tgi(
        {
          withTag: exact(withTag),
          audience: exact(1000),
          baseWithTag: exact(baseWithTag),
          base: exact(10_000),
          inside: true,
        },
        50,
      );
    expect(report.rows.map(({ tgi: each }) => each)).toEqual([index(300, 4000), index(500, 4000), undefined]);
    expect(report.rows.map(({ tgi: each }) => each && Math.round(each.index))).toEqual([75, 125, undefined]);
    expect(report.words[0]!.en).toContain('Compared with all customers: 2 of 2 tags');
  });

  it('has wider intervals where counts are noisy', () => {
    const widths = [undefined, 10].map((sigma) => {
      const { rows } = compareInsights(
        { audience: { ...audience, sigma }, base: { ...base, sigma }, baseName, inside: true },
        50,
      )!;
      const [from, to] = Object.values(rows[0]!.tgi!.interval) as [number, number];
      return Math.abs(to - from);
    });
    expect(widths[1]).toBeGreaterThan(widths[0]!);
  });

  it('says nothing of cells that the base has not, nor where all people of one are held back', () => {
    const other = compareInsights({ audience, base: figures({ Beijing: 4000 }, 10_000), baseName, inside: true }, 50)!;
    expect(other.rows.map(({ values }) => values)).toEqual([{ city: 'Beijing' }]);
    expect(
      compareInsights({ audience, base: figures({ Beijing: 4000 }, undefined), baseName, inside: true }, 50),
    ).toBeUndefined();
  });
});
