import { describe, expect, it } from 'vitest';
import { noCell, releasedMeasures } from '../../../protocols/join-sum/index.ts';
import { agreementId } from '../../agreement-id.ts';
import {
  cellsOf,
  cellValues,
  checkTerms,
  disclose,
  type InsightTerms,
  insightTerms,
  segmentColumns,
  showFigures,
  sumPlanOf,
} from './index.ts';

const list = (organisation: string) => ({ organisation, dataset: 'd', rowsAbout: 10_000, rowsMax: 11_000 });
const city = { column: 'city', values: ['A', 'B'] };
const sex = { column: 'sex', values: ['f', 'm', 'x'] };
const terms: InsightTerms = {
  version: 1,
  operation: 'insight',
  network: 'n',
  protocol: 'join/sum',
  purpose: 'p',
  proposer: list('brand'),
  partner: list('media'),
  receiver: 'proposer',
  key: {
    form: 'phone',
    proposer: { column: 'mobile', profile: 'phone' },
    partner: { column: 'phone', profile: 'phone' },
  },
  tables: [{ segments: [city] }, { segments: [sex] }],
  columns: [{ column: 'spend', unit: 'CNY', decimals: 1, min: 0, max: 100, squares: true }],
  protection: { kind: 'exact' },
  limits: { minimumListRows: 1000, minimumGroupRows: 50, usesMax: 1, expiresAt: '2030-01-01T00:00:00Z' },
  nonce: '0'.repeat(32),
};

describe('the terms of an insight', () => {
  it('are read as they are written, and any other word is another agreement', () => {
    expect(insightTerms.parse(terms)).toEqual(terms);
    expect(agreementId({ ...terms, purpose: 'q' })).not.toBe(agreementId(terms));
    expect(insightTerms.safeParse({ ...terms, extra: 1 }).success).toBe(false);
    expect(() => checkTerms(terms)).not.toThrow();
  });

  it.each([
    ['one organisation twice', { partner: list('brand') }],
    ['one table twice', { tables: [{ segments: [city] }, { segments: [city] }] }],
    ['one value twice', { tables: [{ segments: [{ column: 'city', values: ['A', 'A'] }] }] }],
    ['one number twice', { columns: [terms.columns[0]!, terms.columns[0]!] }],
    ['exact margins of crossed segments', { tables: [{ segments: [city, sex] }, { segments: [sex] }] }],
    ['a sum past all bounds', { columns: [{ ...terms.columns[0]!, max: 10_000_000 }] }],
  ] satisfies [string, Partial<InsightTerms>][])('are refused with %s', (_, change) => {
    expect(() => checkTerms({ ...terms, ...change })).toThrow(RangeError);
  });

  it('may cut crossed segments twice where noise covers both', () => {
    const protection = { kind: 'noise', rho: 5000, gate: true } as const;
    expect(() =>
      checkTerms({ ...terms, protection, tables: [{ segments: [city, sex] }, { segments: [sex] }] }),
    ).not.toThrow();
  });
});

describe('cells', () => {
  const crossed: InsightTerms = { ...terms, tables: [{ segments: [city, sex] }, { segments: [sex] }] };

  it('are numbered through all tables, and a person is in at most one of each', () => {
    expect(segmentColumns(crossed)).toEqual([city, sex]);
    expect(cellValues(crossed)).toHaveLength(1 + 6 + 3);
    const codes = [1, 2];
    expect(cellsOf(crossed, (segment) => codes[segment])).toEqual([0, 1 + 1 * 3 + 2, 1 + 6 + 2]);
    expect(cellValues(crossed)[6]).toEqual({ city: 'B', sex: 'x' });
    expect(cellsOf(crossed, (segment) => (segment === 0 ? undefined : 0))).toEqual([0, undefined, 7]);
    expect(sumPlanOf(crossed).tables.map(({ cellCount }) => cellCount)).toEqual([1, 6, 3]);
    expect(noCell).toBeGreaterThan(256);
  });
});

describe('the statement of who learns what', () => {
  it('names what the receiver gets and what the sender sees, in both languages, and is one for both sides', () => {
    const { parties, assumptions, words } = disclose(terms);
    expect(parties.map(({ learns }) => learns.map(({ code }) => code))).toEqual([
      ['partner-set-size', 'figures', 'held-back', 'blurred-total'],
      ['partner-set-size', 'verdicts'],
    ]);
    expect(assumptions.some(({ en }) => en.includes('no mathematical guarantee'))).toBe(true);
    for (const { en, zh } of [
      words,
      ...assumptions,
      ...parties.flatMap(({ learns }) => learns.map((each) => each.words)),
    ]) {
      expect(en.length).toBeGreaterThan(10);
      expect(zh).toMatch(/[\u4e00-\u9fff]/);
    }
    expect(disclose({ ...terms, purpose: 'another' }).digest).toBe(disclose(terms).digest);
    expect(disclose({ ...terms, receiver: 'partner' }).digest).not.toBe(disclose(terms).digest);
  });

  it('says what noise costs, and that without a gate the sender learns nothing of figures', () => {
    const noisy = disclose({ ...terms, protection: { kind: 'noise', rho: 5000, gate: false } });
    expect(noisy.parties[1]!.learns.map(({ code }) => code)).toEqual(['partner-set-size']);
    // Three tables of rows, sums and squares at 0.005, and 0.005 for the blurred total.
    expect(noisy.assumptions.some(({ en }) => en.includes('ρ = 0.050'))).toBe(true);
  });
});

describe('figures as they are shown', () => {
  const measures = releasedMeasures(sumPlanOf(terms)).length;
  const released = (change: (all: (number | undefined)[]) => void) => {
    const all: (number | undefined)[] = cellValues(terms).flatMap(() => [100, 5000, 300_000]);
    change(all);
    return all;
  };

  it('are in units, with mean and variance', () => {
    expect(measures).toBe(3);
    const { figures, words } = showFigures(
      terms,
      released(() => {}),
      250,
    );
    expect(figures[0]).toEqual({
      values: {},
      people: 100,
      sums: [{ column: 'spend', unit: 'CNY', sum: 500, mean: 5, variance: 5 }],
    });
    expect(words).toEqual([]);
  });

  it('are absent where they were held back, and one line says so without saying why of each', () => {
    const { figures, words } = showFigures(
      terms,
      released((all) => {
        for (const cell of [1, 2]) for (let i = 0; i < 3; i++) all[3 * cell + i] = undefined;
        all[3 * 3 + 1] = undefined;
        all[3 * 3 + 2] = undefined;
      }),
      250,
    );
    expect(figures[1]).toEqual({ values: { city: 'A' }, sums: [{ column: 'spend', unit: 'CNY' }] });
    expect(figures[3]).toMatchObject({ people: 100, sums: [{ column: 'spend', unit: 'CNY' }] });
    expect(words.map(({ en }) => en.slice(0, 7))).toEqual(['2 cells', '1 sum: ']);
  });

  it('are not shown below the minimum and two deviations where noise stands without a gate', () => {
    const noisy: InsightTerms = { ...terms, protection: { kind: 'noise', rho: 5000, gate: false } };
    const at = (people: number) =>
      showFigures(
        noisy,
        released((all) => {
          all[0] = people;
        }),
        250,
      ).figures[0]!.people;
    expect([at(69), at(70)]).toEqual([undefined, 70]);
  });
});
