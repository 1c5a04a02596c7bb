import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bulkBytes, pieceCount, smallBytesMax, wireBytes } from './lengths.ts';
import { pieceBytesMax, pieceOverheadBytes } from './messages.ts';
import {
  binKeysMax,
  binKeysMean,
  bucketShape,
  ceilDivide,
  epochOf,
  epochShape,
  geometryOf,
  lowTagsMax,
  setSizeMax,
  tagCountMax,
  treeDepth,
} from './parameters.ts';

const equal = (size: number) => geometryOf({ receiver: size, sender: size });
const refused = (code: string) => expect.objectContaining({ name: 'ProtocolError', code });

describe('the geometry of a run', () => {
  it.each([
    [91_536, { binCount: 6, bucketCount: 1, tagBits: 75 }, { last: 6, tagCount: 91_536 }],
    [2 ** 17, { binCount: 9, bucketCount: 2, tagBits: 76 }, { last: 3, tagCount: 90_057 }],
    [2 ** 20, { binCount: 69, bucketCount: 12, tagBits: 79 }, { last: 3, tagCount: 93_913 }],
    [10_000_000, { binCount: 656, bucketCount: 110, tagBits: 82 }, { last: 2, tagCount: 94_200 }],
    [100_000_000, { binCount: 6555, bucketCount: 1093, tagBits: 86 }, { last: 3, tagCount: 94_271 }],
    [1_000_000_000, { binCount: 65_548, bucketCount: 10_925, tagBits: 89 }, { last: 4, tagCount: 94_273 }],
  ])('of %d identifiers on each side is that of the specification', (size, expected, { last, tagCount }) => {
    const geometry = equal(size);
    expect(geometry).toMatchObject(expected);
    expect(bucketShape(geometry, 0).tagCount).toBe(tagCount);
    expect(bucketShape(geometry, geometry.bucketCount - 1).binCount).toBe(last);
  });

  it.each([
    [1, 1, 1],
    [15_255, 1, 1],
    [15_256, 1, 1],
    [15_257, 2, 1],
    [91_535, 6, 1],
    [91_536, 6, 1],
    [91_537, 7, 2],
  ])('of %d identifiers has %d bins in %d buckets', (size, binCount, bucketCount) => {
    expect(equal(size)).toMatchObject({ binCount, bucketCount, epochCount: 1 });
  });

  it('has every bin in one bucket, every bucket in one epoch, and room for each VOLE’s outputs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: setSizeMax }), fc.integer({ min: 1, max: 20 }), (receiver, ratio) => {
        const geometry = geometryOf({ receiver, sender: Math.min(setSizeMax, receiver * ratio) });
        const last = geometry.bucketCount - 1;
        expect(last * 6 + bucketShape(geometry, last).binCount).toBe(geometry.binCount);
        for (const bucket of [0, last]) {
          const { binCount, voleSize } = bucketShape(geometry, bucket);
          expect(binCount * 20_480).toBeLessThanOrEqual(voleSize);
        }
        const epoch = epochShape(geometry, geometry.epochCount - 1);
        expect(epoch.end).toBe(geometry.bucketCount);
        expect(epochOf(last)).toBe(geometry.epochCount - 1);
        expect((epoch.end - epoch.first) * 256).toBeLessThanOrEqual(epoch.voleSize);
      }),
    );
  });

  it.each([
    [32, 2 ** 13],
    [33, 2 ** 15],
    [128, 2 ** 15],
    [129, 2 ** 17],
    [512, 2 ** 17],
  ])('sets an epoch of %d buckets up with %d values', (buckets, voleSize) => {
    const geometry = equal(buckets * 6 * binKeysMean);
    expect(epochShape(geometry, 0)).toEqual({ first: 0, end: buckets, voleSize });
    expect(epochShape(equal(513 * 6 * binKeysMean), 1)).toEqual({ first: 512, end: 513, voleSize: 2 ** 13 });
  });

  it.each([
    [1, 2 ** 15],
    [2, 2 ** 16],
    [3, 2 ** 16],
    [4, 2 ** 17],
    [6, 2 ** 17],
  ])('gives a bucket of %d bins %d outputs', (bins, voleSize) => {
    expect(bucketShape(equal(bins * binKeysMean), 0)).toMatchObject({ binCount: bins, voleSize });
  });

  it('bounds the receiver’s bins as the sender’s buckets, by Bernstein’s inequality', () => {
    // Pr[load > μ + 13.5 + 9√(μ + 2.25)] ≤ e^-40.5 = 2^-58.4: integers above the bound are safe.
    expect(binKeysMean + 13.5 + 9 * Math.sqrt(binKeysMean + 2.25)).toBeLessThan(binKeysMax);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000 }), (mean) => {
        const sender = Math.min(mean * 7, setSizeMax);
        const { tagCount } = bucketShape(geometryOf({ receiver: 7 * 6 * binKeysMean, sender }), 0);
        const load = ceilDivide(sender * 6, 42);
        expect(tagCount).toBeGreaterThanOrEqual(Math.min(sender, Math.floor(load + 13.5 + 9 * Math.sqrt(load + 2.25))));
        expect(tagCount).toBeLessThanOrEqual(Math.min(sender, load + 16 + 9 * Math.sqrt(load + 2.26)));
      }),
    );
  });

  it('[F31] of an empty list has nothing to run', () => {
    for (const sizes of [
      { receiver: 0, sender: 10 },
      { receiver: 10, sender: 0 },
      { receiver: 0, sender: 0 },
    ]) {
      expect(geometryOf(sizes)).toMatchObject({ bucketCount: 0, epochCount: 0 });
    }
  });

  it('[F27] refuses lists over the limit, and lists that differ too much', () => {
    for (const size of [-1, 1.5, Number.NaN, setSizeMax + 1]) {
      expect(() => geometryOf({ receiver: size, sender: 10 })).toThrow(refused('set-size'));
      expect(() => geometryOf({ receiver: 10, sender: size })).toThrow(refused('set-size'));
    }
    expect(geometryOf({ receiver: 1, sender: tagCountMax }).tagBits).toBe(63);
    expect(() => geometryOf({ receiver: 1, sender: tagCountMax + 1 })).toThrow(refused('set-size'));
    expect(geometryOf({ receiver: setSizeMax, sender: 1 }).tagBits).toBe(72);
  });

  it('allows the low form as long as all its tags match by accident with probability below 2^-40', () => {
    expect(lowTagsMax ** 2).toBeLessThanOrEqual(2 ** 47);
    expect((lowTagsMax + 1) ** 2).toBeGreaterThan(2 ** 47);
    expect(geometryOf({ receiver: 10_000_000, sender: 10_000_000 }, 'low').form).toBe('low');
    expect(() => geometryOf({ receiver: 12_000_000, sender: 12_000_000 }, 'low')).toThrow(refused('set-size'));
  });

  it('divides without rounding', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 2 ** 31 }), (a, b) => {
        fc.pre(a + b <= Number.MAX_SAFE_INTEGER);
        expect(BigInt(ceilDivide(a, b))).toBe((BigInt(a) + BigInt(b) - 1n) / BigInt(b));
      }),
    );
  });
});

describe('lengths', () => {
  it('are those of the specification for a full bucket, and for an epoch of a few', () => {
    const geometry = equal(2 ** 20);
    expect(treeDepth(2 ** 17)).toBe(10);
    expect(bulkBytes(geometry, 'base-elements', 0)).toBe(8192);
    expect(bulkBytes(geometry, 'epoch-choices', 0)).toBe(553_056);
    expect(bulkBytes(geometry, 'epoch-trees', 0)).toBe(53_248);
    expect(bulkBytes(geometry, 'choices', 0)).toBe(43_056);
    expect(bulkBytes(geometry, 'trees', 0)).toBe(86_016);
    expect(bulkBytes(geometry, 'okvs', 0)).toBe(1_966_080);
    expect(bulkBytes(geometryOf(geometry.sizes, 'low'), 'okvs', 0)).toBe(983_040);
    expect(bulkBytes(geometry, 'match', 0)).toBe(Math.ceil(93_913 / 8));
    // h = 16: 63 low bits a tag, then a bit for each tag and each of 2^16 prefixes.
    expect(bulkBytes(geometry, 'tags', 0)).toBe(Math.ceil((63 * 93_913) / 8) + Math.ceil((93_913 + 65_536) / 8));
  });

  it.each([
    // The low form's set-up takes half the OTs: 2.9 and 2.0 bytes a row below the specification's table, which counts them all.
    [91_536, 37.2, 23.6],
    [2 ** 17, 37.1, 23.9],
    [2 ** 20, 32.0, 20.9],
    [10_000_000, 31.7, 20.9],
  ])('%d rows take %d bytes each on the wire, and %d in the low form', (size, fast, low) => {
    for (const [form, perRow] of [['fast', fast] as const, ['low', low] as const]) {
      const { receiver, sender } = wireBytes(geometryOf({ receiver: size, sender: size }, form), 'receiver-learns');
      expect((receiver + sender + smallBytesMax) / size).toBeCloseTo(perRow, 1);
    }
  });

  it('count the overhead of every piece', () => {
    expect([0, 1, pieceBytesMax, pieceBytesMax + 1].map(pieceCount)).toEqual([0, 1, 1, 2]);
    const geometry = equal(15_256);
    const both = wireBytes(geometry, 'both-learn');
    const one = wireBytes(geometry, 'receiver-learns');
    expect(both.sender).toBe(one.sender);
    expect(both.receiver - one.receiver).toBe(bulkBytes(geometry, 'match', 0) + pieceOverheadBytes);
  });
});
