import { describe, expect, it } from 'vitest';
import { readDocument } from '../../../test/snippets/markdown.ts';
import { exact, noisy } from '../../statistics/index.ts';
import { discloseReport, fixed, hiddenWords, noiseDeviation, percentText, rangeText, reachesMinimum } from './index.ts';

const plan = {
  report: 'reach',
  tables: [
    { name: 'persons', numbers: 1, sensitivity: 1, words: { en: 'how many people were reached', zh: '触达的人数' } },
    {
      name: 'media',
      numbers: 4,
      sensitivity: 2,
      words: { en: 'how many each medium reached', zh: '各媒体触达的人数' },
    },
  ],
} as const;

describe('figures', () => {
  it('have thousands separated, a real minus, and no negative zero', () => {
    expect([fixed(1234567.891, 2), fixed(-1234.5, 1), fixed(-0.04, 1), fixed(0, 0), fixed(999.999, 2)]).toEqual([
      '1,234,567.89',
      '−1,234.5',
      '0.0',
      '0',
      '1,000.00',
    ]);
    expect(percentText(0.605, 1)).toBe('60.5 %');
    expect(rangeText({ low: -0.0017, high: 0.0137 }, 2, 100)).toBe('−0.17–1.37');
  });
});

describe('a count of people', () => {
  it('[F68] is shown from the minimum on, a noisy one from two deviations above it', () => {
    expect([49, 50].map((value) => reachesMinimum(exact(value), 50))).toEqual([false, true]);
    expect([69, 70].map((value) => reachesMinimum(noisy(value, 100), 50))).toEqual([false, true]);
  });

  it('[F68] of hidden groups is told as one line, with the joint value only where it was released', () => {
    expect(hiddenWords({ groups: 3, together: exact(1120) }, 50).en).toBe(
      '3 groups: fewer than 50, or hidden to protect such a group; together 1,120.',
    );
    expect(hiddenWords({ groups: 1, together: undefined }, 50).en).toMatch(/^1 group: .* not stated\.$/);
  });
});

describe('the disclosure of a report', () => {
  it('names every table with its numbers, and the noise that its sensitivity asks for', () => {
    const { learns, assumptions } = discloseReport(plan, ['brand'], { kind: 'noise', rho: 0.005, minimumGroup: 50 });
    expect(learns.map(({ words }) => words.en)).toEqual([
      'brand learns how many people were reached (1 number, with noise σ = 10.0)',
      'brand learns how many each medium reached (4 numbers, with noise σ = 20.0)',
    ]);
    expect(assumptions[1]!.en).toContain('ρ = 0.010');
  });

  it('and the line of hidden groups are told as the README tells them', () => {
    const document = readDocument('core/applications/report/README.md');
    const { learns, assumptions } = discloseReport(plan, ['brand'], { kind: 'noise', rho: 0.005, minimumGroup: 50 });
    for (const { en } of [...learns.map(({ words }) => words), ...assumptions]) expect(document).toContain(en);
    expect(document).toContain(hiddenWords({ groups: 3, together: exact(1120) }, 50).en);
  });

  it('of exact numbers says that they carry no guarantee', () => {
    const { learns, assumptions } = discloseReport(plan, ['brand', 'media'], { kind: 'exact', minimumGroup: 50 });
    expect(learns[0]!.words.en).toBe('brand, media learn how many people were reached (1 number, exact)');
    expect(assumptions[1]!.en).toContain('no mathematical guarantee');
    for (const { words } of learns) expect(words.zh).toMatch(/[一-鿿]/);
  });

  it('asks σ = 40 for four orders a person, and 10 for one', () => {
    expect([4, 1].map((sensitivity) => noiseDeviation({ sensitivity }, 0.005))).toEqual([40, 10]);
  });
});
