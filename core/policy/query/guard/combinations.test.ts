import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../random/index.ts';
import { tellableFigures } from './combinations.ts';
import { FigureBook } from './figure-book.ts';

type Group = readonly [people: number, figures: Readonly<Record<number, number>>];

/** Figures of groups of people who are alike; a group without people is one that there could be, and comes last. */
function bookOf(figureCount: number, groups: readonly Group[]): FigureBook {
  const book = new FigureBook({ peopleOf: Array.from({ length: figureCount }, () => undefined) });
  let person = 0;
  for (const [people, own] of groups) {
    const figures = Object.keys(own).map(Number);
    const amounts = Object.values(own);
    if (people === 0) book.addPossible(figures, amounts);
    for (let i = 0; i < people; i++) {
      book.add(person++, { count: figures.length, figures, low: amounts, high: amounts.map(() => 0) });
    }
  }
  return book;
}

function told(figureCount: number, groups: readonly Group[], k = 10): readonly number[] {
  const wanted = Array.from({ length: figureCount }, (_, figure) => figure);
  return [...tellableFigures(bookOf(figureCount, groups), { wanted, known: [] }, k)].sort((a, b) => a - b);
}

describe('figures that are told together', () => {
  it('are all told where every combination of them is about enough people', () => {
    expect(
      told(3, [
        [40, { 0: 1, 1: 1 }],
        [30, { 0: 1, 2: 1 }],
      ]),
    ).toEqual([0, 1, 2]);
  });

  it('[F68] hide a group that is small, and one more that it would follow from', () => {
    // Figure 0 is the total; figure 3 would be left out for its size, and is not wanted here: the total less the others is it.
    const groups: Group[] = [
      [40, { 0: 1, 1: 1 }],
      [30, { 0: 1, 2: 1 }],
      [3, { 0: 1 }],
    ];
    expect(told(3, groups)).toEqual([0, 1]);
  });

  it('[F68] do not tell that a declared group is empty', () => {
    const groups: Group[] = [
      [40, { 0: 1, 1: 1 }],
      [30, { 0: 1, 2: 1 }],
    ];
    const wanted = [0, 1, 2];
    // Somebody could be in figure 3, and nobody is; and somebody could be in the total alone.
    const declared = bookOf(4, [...groups, [0, { 0: 1, 3: 1 }]]);
    expect([...tellableFigures(declared, { wanted, known: [] }, 10)]).toEqual([0, 1]);
    expect(told(3, [...groups, [0, { 0: 1 }]])).toEqual([0, 1, 2]);
  });

  it('[F68] do not solve two equations: counts, and a sum that the counts make', () => {
    // People, impressions, and those with one, two and three impressions; three are few, and two are hidden with them.
    const groups: Group[] = [
      [50, { 0: 1, 1: 1, 2: 1 }],
      [40, { 0: 1, 1: 2, 3: 1 }],
      [30, { 0: 1, 1: 3 }],
      [4, { 0: 1, 1: 4 }],
    ];
    expect(told(4, groups)).toEqual([0, 1, 2]);
    expect(told(4, groups.slice(0, 3))).toEqual([0, 1, 2, 3]);
  });

  it('do not follow from what is known, unless it is that nobody is left', () => {
    const rest = (people: number) => {
      const book = bookOf(3, [
        [40, { 0: 1, 1: 1 }],
        [30, { 0: 1, 2: 1 }],
        [people, { 0: 1 }],
      ]);
      return [...tellableFigures(book, { wanted: [1, 2], known: [0] }, 10)];
    };
    expect([rest(0), rest(3), rest(10)]).toEqual([[1, 2], [1], [1, 2]]);
  });

  it('may differ by one person in nothing', () => {
    expect(
      told(2, [
        [40, { 0: 1, 1: 1 }],
        [1, { 0: 1 }],
      ]),
    ).toEqual([0]);
    expect(
      told(2, [
        [40, { 0: 1, 1: 1 }],
        [10, { 0: 1 }],
      ]),
    ).toEqual([0, 1]);
    expect(
      told(2, [
        [40, { 0: 1, 1: 1 }],
        [9, { 0: 1 }],
      ]),
    ).toEqual([0]);
  });

  it('tell no combination with weights up to 2 about fewer than k, whatever the people are', () => {
    const random = new SeededRandom('combinations');
    for (let round = 0; round < 200; round++) {
      const groups = Array.from({ length: 1 + random.below(6) }, (): Group => {
        const own = Object.fromEntries(
          [0, 1, 2, 3].flatMap((figure) => (random.chance(0.5) ? [[figure, 1 + random.below(2)]] : [])),
        );
        return [1 + random.below(3) * 5 + random.below(2), own];
      });
      const shown = told(4, groups);
      for (let code = 1; code < 5 ** 4; code++) {
        const weights = [0, 1, 2, 3].map((i) => (Math.floor(code / 5 ** i) % 5) - 2);
        if (weights.some((weight, figure) => weight !== 0 && !shown.includes(figure))) continue;
        const weightOf = (own: Group[1]) =>
          weights.reduce((sum, weight, figure) => sum + weight * (own[figure] ?? 0), 0);
        const hit = groups.filter(([, own]) => weightOf(own) !== 0);
        const people = hit.reduce((sum, [count]) => sum + count, 0);
        if (hit.length > 0) expect(people, JSON.stringify({ groups, shown, weights })).toBeGreaterThanOrEqual(10);
      }
    }
  });

  it('are as safe where there are more kinds of people than are kept', () => {
    const book = new FigureBook({ peopleOf: [undefined, 0, 0] });
    for (let person = 0; person < 11_000; person++) {
      const own = person === 10_999 ? [0, 1] : [0, 1, 2];
      book.add(person, { count: own.length, figures: own, low: [1, person, person], high: [0, 0, 0] });
    }
    expect([...tellableFigures(book, { wanted: [0, 1, 2], known: [] }, 10)]).toEqual([0, 1]);
    const many = new FigureBook({ peopleOf: [undefined, 0, 0] });
    for (let person = 0; person < 11_000; person++) {
      const own = person % 2 === 0 ? [0, 1] : [0, 1, 2];
      many.add(person, { count: own.length, figures: own, low: [1, person, person], high: [0, 0, 0] });
    }
    expect([...tellableFigures(many, { wanted: [0, 1, 2], known: [] }, 10)]).toEqual([0, 1, 2]);
  });
});

describe('a book of figures', () => {
  it('adds whole numbers of 64 bits, and sees who gives more than half', () => {
    const book = new FigureBook({ peopleOf: [undefined, 0] });
    const amounts = [-5n, 2n ** 62n, 7n];
    amounts.forEach((amount, person) => {
      const [low, high] = [Number(BigInt.asUintN(32, amount)), Number(BigInt.asIntN(32, amount >> 32n))];
      book.add(person, { count: 2, figures: [0, 1], low: [1, low], high: [0, high] });
    });
    expect([book.total(0), book.total(1)]).toEqual([3n, 2n ** 62n + 2n]);
    expect([book.isDominated(0), book.isDominated(1)]).toEqual([false, true]);
    expect([book.persons(1).size, book.marks(0), book.marks(1)?.size]).toEqual([3, undefined, 3]);
  });

  it('marks a person who adds nothing to a sum about them', () => {
    const marks = (amount: number) => {
      const book = new FigureBook({ peopleOf: [undefined, 0] });
      book.add(7, { count: 1 + amount, figures: [0, 1], low: [1, 4], high: [0, 0] });
      return book.marks(1)!;
    };
    expect(marks(0).size).toBe(1);
    expect(marks(0).differenceTo(marks(1))).toBe(2);
  });

  it('takes people in order alone', () => {
    const book = new FigureBook({ peopleOf: [undefined] });
    book.add(3, { count: 0, figures: [], low: [], high: [] });
    expect(() => book.add(3, { count: 0, figures: [], low: [], high: [] })).toThrow(RangeError);
  });
});
