import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecodeError } from '../../../bytes/index.ts';
import { requireDifferences } from './difference.ts';
import { markOf, markOfWords } from './marks.ts';
import { Partition } from './partition.ts';
import { PersonSet } from './person-set.ts';
import { requireTellable, type ToldSets } from './tellable.ts';
import { decodeTold, encodeTold } from './told-bytes.ts';

const setOf = (persons: Iterable<number>) =>
  PersonSet.from(Uint32Array.from([...new Set(persons)].sort((a, b) => a - b)));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const refused = (code: string) => expect.objectContaining({ name: 'QueryRefused', code });

/** Sparse and dense blocks, and numbers at the ends of blocks. */
const persons = fc
  .record({
    sparse: fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 200 }),
    edges: fc.subarray([0, 65_535, 65_536, 131_071, 2 ** 31, 2 ** 32 - 1]),
    dense: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 9000 })),
  })
  .map(({ sparse, edges, dense: [block, count] }) => [
    ...sparse,
    ...edges,
    ...range(block * 65_536, block * 65_536 + count),
  ]);

describe('sets of persons', () => {
  it('have the sizes, unions and differences of plain sets', () => {
    fc.assert(
      fc.property(persons, persons, (a, b) => {
        const [plainA, plainB] = [new Set(a), new Set(b)];
        const [setA, setB] = [setOf(a), setOf(b)];
        const shared = [...plainA].filter((person) => plainB.has(person)).length;
        const union = new Set([...a, ...b]);
        expect(setA.size).toBe(plainA.size);
        expect(setA.sharedWith(setB)).toBe(shared);
        expect(setA.differenceTo(setB)).toBe(union.size - shared);
        expect([...setA.union(setB).toArray()]).toEqual([...union].sort((x, y) => x - y));
      }),
      { numRuns: 50 },
    );
  });

  it('come back from their bytes', () => {
    fc.assert(
      fc.property(persons, (a) => {
        const set = setOf(a);
        expect([...PersonSet.decode(set.encode()).toArray()]).toEqual([...set.toArray()]);
      }),
      { numRuns: 50 },
    );
  });

  it('a million persons of a random surrogate take less than 4 bytes each, dense ones an eighth', () => {
    const spread = setOf(range(0, 1_000_000).map((i) => Math.imul(i, 0x9e3779b1) >>> 0));
    expect(spread.encode().length).toBeLessThan(4 * spread.size);
    expect(setOf(range(0, 1_000_000)).encode().length).toBeLessThan(140_000);
  });

  it('[F56] bytes that are cut or changed are refused, and persons out of order', () => {
    const bytes = setOf([1, 2, 70_000]).encode();
    // Between its blocks, a set that was cut is another set: whoever stores it keeps its length.
    const blockEnds = [0, 12, 22];
    for (let length = 0; length <= bytes.length; length++) {
      const decode = () => PersonSet.decode(bytes.subarray(0, length));
      if (blockEnds.includes(length)) expect(decode).not.toThrow();
      else expect(decode, `cut at ${length}`).toThrow(DecodeError);
    }
    expect(() => PersonSet.decode(bytes.with(8, 9))).toThrow(DecodeError);
    expect(() => PersonSet.from(Uint32Array.of(2, 1))).toThrow(RangeError);
    expect(() => PersonSet.from(Uint32Array.of(70_000, 1))).toThrow(RangeError);
  });
});

describe('marks of amounts', () => {
  const wordsOf = (amount: bigint) =>
    [0n, 32n, 64n, 96n].map((shift) => Number(BigInt.asUintN(32, BigInt.asUintN(128, amount) >> shift)));
  const marked = (amount: bigint) => markOfWords(7, wordsOf(amount), 0);

  it('are those of 64 bits where these hold the amount, and others beyond', () => {
    for (const amount of [0n, 5n, -5n, 2n ** 63n - 1n, -(2n ** 63n)]) {
      const [low, high] = wordsOf(amount);
      expect(marked(amount), String(amount)).toBe(markOf(7, low!, high! | 0));
    }
    const beyond = [5n + 2n ** 64n, 5n + 2n ** 96n, 2n ** 63n, -(2n ** 63n) - 1n];
    expect(new Set([5n, 2n ** 63n - 1n, -(2n ** 63n), ...beyond].map(marked)).size).toBe(7);
  });
});

describe('[F68] the difference guard', () => {
  const released = (persons: Iterable<number>, owners = ['brand']) => ({ owners, persons: setOf(persons) });
  const hold = (next: number[], earlier: number[]) =>
    requireDifferences({ released: [released(next)], earlier: [released(earlier)], k: 50 });

  it('lets the same people pass, and those that differ by the minimum', () => {
    hold(range(0, 1000), range(0, 1000));
    hold(range(0, 950), range(0, 1000));
    hold(range(25, 1025), range(0, 1000));
  });

  it.each([1, 49])('refuses sets that differ by %d', (count) => {
    expect(() => hold(range(0, 1000 - count), range(0, 1000))).toThrow(refused('difference'));
  });

  it('looks at what one has more and the other has more together', () => {
    expect(() => hold(range(24, 1024), range(0, 1000))).toThrow(refused('difference'));
  });

  it('holds the numbers of one answer against each other', () => {
    const both = [released(range(0, 1000)), released(range(0, 999))];
    expect(() => requireDifferences({ released: both, earlier: [], k: 50 })).toThrow(refused('difference'));
  });

  it('compares where an owner is in common, and names it', () => {
    const next = [released(range(0, 999), ['brand', 'media'])];
    expect(() => requireDifferences({ released: next, earlier: [released(range(0, 1000), ['media'])], k: 50 })).toThrow(
      expect.objectContaining({ place: expect.objectContaining({ owner: 'media' }) }),
    );
    requireDifferences({ released: next, earlier: [released(range(0, 1000), ['other'])], k: 50 });
  });
});

describe('[F68] the strict guard', () => {
  const people = setOf(range(0, 1000));
  const thirds = [setOf(range(0, 600)), setOf(range(300, 900))];

  it('keeps the parts that all released sets leave', () => {
    const partition = Partition.of(people).split(thirds, 50);
    expect(partition.partCount).toBe(4);
    expect(partition.split(thirds, 50).partCount).toBe(4);
  });

  it('refuses a third set that isolates a few, which no pair would show', () => {
    // The third differs by 300 and more from each of the others, and from their union: only all three together isolate 10 people.
    const third = setOf([...range(0, 300), ...range(590, 600), ...range(900, 1000)]);
    const pairwise = [people, ...thirds].map((persons) => ({ owners: ['brand'], persons }));
    requireDifferences({ released: [{ owners: ['brand'], persons: third }], earlier: pairwise, k: 50 });
    const partition = Partition.of(people).split(thirds, 50);
    expect(() => partition.split([third], 50)).toThrow(refused('too-fine'));
    expect(partition.partCount).toBe(4);
  });

  it('no union of parts that differs from another is below the minimum, whatever was asked', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(999), fc.nat(999)), { maxLength: 12 }), (asked) => {
        let partition = Partition.of(people);
        const taken: PersonSet[] = [];
        for (const [a, b] of asked) {
          const set = setOf(range(Math.min(a, b), Math.max(a, b)));
          try {
            partition = partition.split([set], 50);
            taken.push(set);
          } catch {}
        }
        const atoms = new Map<string, number>();
        const members = taken.map((set) => new Set(set.toArray()));
        for (const person of range(0, 1000)) {
          const signature = members.map((set) => (set.has(person) ? 1 : 0)).join('');
          atoms.set(signature, (atoms.get(signature) ?? 0) + 1);
        }
        expect(Math.min(...atoms.values())).toBeGreaterThanOrEqual(50);
        expect(partition.partCount).toBe(atoms.size);
      }),
      { numRuns: 100 },
    );
  });

  it('takes what was known before as it is, and only people that it knows', () => {
    expect(Partition.of(people).split([setOf(range(0, 3))], 1).partCount).toBe(2);
    expect(() => Partition.of(people).split([setOf([5000])], 50)).toThrow(RangeError);
  });
});

describe('what was told', () => {
  const told = {
    known: [{ owners: ['brand', 'media'], persons: setOf(range(0, 100_000)) }],
    released: [
      { owners: ['brand'], persons: setOf([]) },
      { owners: ['brand'], persons: setOf([7, 70_000]) },
    ],
  };

  it('[F56] comes back from its bytes, and with any byte changed it does not', () => {
    const bytes = encodeTold(told);
    const plain = ({ known, released }: ToldSets) =>
      [known, released].map((sets) => sets.map(({ owners, persons }) => [owners, [...persons.toArray()]]));
    expect(plain(decodeTold(bytes))).toEqual(plain(told));
    for (let at = 0; at < bytes.length; at += 97) {
      const changed = bytes.slice();
      changed[at]! ^= 1;
      expect(() => decodeTold(changed), String(at)).toThrow(DecodeError);
    }
    for (const length of [0, 31, bytes.length - 1])
      expect(() => decodeTold(bytes.subarray(0, length))).toThrow(DecodeError);
  });

  it('by pairs lets three sets through that single out a few; strictly not, and parts that tables cut are no fault', () => {
    const of = (...persons: number[]) => ({ owners: ['brand'], persons: setOf(persons) });
    const known = [of(...range(0, 1000)), of(...range(990, 2000))];
    const first = [of(...range(0, 500))];
    const ask = (sets: typeof first, released: typeof first, isStrict: boolean) => () =>
      requireTellable({ sets, told: { known, released }, k: 20, isStrict });
    expect(ask(first, [], true)).not.toThrow();
    // With the first one, less the table: ten people.
    const second = [of(...range(0, 10), ...range(500, 1000))];
    expect(ask(second, first, false)).not.toThrow();
    expect(ask(second, first, true)).toThrow(refused('too-fine'));
    expect(ask([of(...range(0, 995))], first, true)).toThrow(refused('difference'));
  });
});
