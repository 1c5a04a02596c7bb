import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes, concatBytes } from '../../bytes/index.ts';
import { SeededRandom } from '../../random/index.ts';
import {
  bucketBytes,
  bucketCount,
  type Coding,
  cutTags,
  decodeBucket,
  encodeBucket,
  findInBucket,
  tagBytes,
} from './tag-coding.ts';

/** Tags as packed rows, ascending and distinct; `tight` draws them from few places, so that places hold many. */
function someTags(coding: Coding, count: number, random: SeededRandom, tight = false): Uint8Array[] {
  const width = tagBytes(coding);
  const rows = new Map<string, Uint8Array>();
  for (let i = 0; i < count; i++) {
    const tag = random.bytes(width);
    if (tight) tag.fill(0, 0, width - 2);
    cutTags(tag, coding);
    rows.set(tag.join(), tag);
  }
  return [...rows.values()].sort(compareBytes);
}

/** The bucket of a tag, by its bits as text. */
function bucketOf(tag: Uint8Array, { placeBits, bucketBits }: Coding): number {
  const bits = [...tag].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return Number.parseInt(bits.slice(0, Math.max(0, placeBits - bucketBits)) || '0', 2);
}

const codings = fc
  .record({
    placeBits: fc.integer({ min: 0, max: 14 }),
    rest: fc.integer({ min: 41, max: 80 }),
    bucketBits: fc.integer({ min: 1, max: 15 }),
  })
  .map(({ placeBits, rest, bucketBits }): Coding => {
    // At most 16 buckets.
    return { tagBits: placeBits + rest, placeBits, bucketBits: Math.max(bucketBits, placeBits - 4) };
  });

describe('a list of tags', () => {
  it('is coded bucket by bucket and decoded to the same, whatever its shape; the size follows from the rows alone', () => {
    fc.assert(
      fc.property(codings, fc.nat(60), fc.boolean(), fc.string(), (coding, count, tight, seed) => {
        const tags = someTags(coding, count, new SeededRandom(seed), tight);
        const decoded: Uint8Array[] = [];
        for (let index = 0; index < bucketCount(coding); index++) {
          const own = tags.filter((tag) => bucketOf(tag, coding) === index);
          const bucket = encodeBucket(concatBytes(...own), coding, index);
          expect(bucket.rows).toBe(own.length);
          expect(bucket.bytes).toHaveLength(bucketBytes(coding, own.length));
          decoded.push(decodeBucket(bucket, coding));
        }
        expect(concatBytes(...decoded)).toEqual(concatBytes(...tags));
      }),
      { numRuns: 300 },
    );
  });

  it('is searched without being decoded: exactly what is in it is found, neighbours of one place included', () => {
    fc.assert(
      fc.property(codings, fc.nat(80), fc.boolean(), fc.string(), (coding, count, tight, seed) => {
        const random = new SeededRandom(seed);
        const all = someTags(coding, count, random, tight);
        const listed = all.filter(() => random.chance(0.5));
        const wanted = all.filter(() => random.chance(0.7));
        for (let index = 0; index < bucketCount(coding); index++) {
          const own = (tags: Uint8Array[]) => tags.filter((tag) => bucketOf(tag, coding) === index);
          const bucket = encodeBucket(concatBytes(...own(listed)), coding, index);
          const found = findInBucket(bucket, coding, concatBytes(...own(wanted)));
          const expected = own(wanted).flatMap((tag, i) => (listed.includes(tag) ? [i] : []));
          expect([...found]).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes between 1 and 2 bits a row beside the rest of each tag, where it fills more than half of its places', () => {
    const coding: Coding = { tagBits: 84, placeBits: 14, bucketBits: 15 };
    for (const rows of [2 ** 13 + 1, 12_000, 2 ** 14]) {
      const perRow = (8 * bucketBytes(coding, rows)) / rows - 70;
      expect(perRow).toBeGreaterThan(1);
      expect(perRow).toBeLessThan(3.01);
    }
  });
});

describe('a bucket of a peer', () => {
  const coding: Coding = { tagBits: 53, placeBits: 3, bucketBits: 4 };
  const tags = someTags(coding, 6, new SeededRandom('hostile'));
  const bucket = encodeBucket(concatBytes(...tags), coding, 0);
  const code = (value: string) => expect.objectContaining({ name: 'ProtocolError', code: value });

  it('[F39] of another length than its rows have is refused before anything is made of it', () => {
    for (const bytes of [bucket.bytes.subarray(1), concatBytes(bucket.bytes, new Uint8Array(1)), new Uint8Array(0)])
      expect(() => decodeBucket({ ...bucket, bytes }, coding)).toThrow(code('wrong-count'));
    expect(() => decodeBucket({ ...bucket, rows: 2 ** 31 }, coding)).toThrow(code('wrong-count'));
  });

  it('[F23] in which a tag stands twice is refused', () => {
    const twice = encodeBucket(concatBytes(tags[0]!, ...tags), coding, 0);
    expect(() => decodeBucket(twice, coding)).toThrow(code('not-distinct'));
  });

  it('that no list is coded to is refused: rows out of order, too many or too few, bits behind the end', () => {
    const samePlace = [2, 1].map((end) => Uint8Array.of(0, 0, 0, 0, 0, 0, end << 3));
    const disordered = encodeBucket(concatBytes(...samePlace), coding, 0);
    expect(() => decodeBucket(disordered, coding)).toThrow(code('malformed-message'));
    const full = { ...bucket, bytes: bucket.bytes.map((byte, i) => (i < 2 ? 255 : byte)) };
    expect(() => decodeBucket(full, coding)).toThrow(code('malformed-message'));
    const none = { ...bucket, bytes: bucket.bytes.map((byte, i) => (i < 2 ? 0 : byte)) };
    expect(() => decodeBucket(none, coding)).toThrow(code('malformed-message'));
    for (const at of [1, bucket.bytes.length - 1]) {
      const behind = bucket.bytes.slice();
      behind[at]! |= 1;
      expect(() => decodeBucket({ ...bucket, bytes: behind }, coding)).toThrow(code('malformed-message'));
    }
  });

  it('[F39] of any bytes is refused as a message or is the one coding of what it decodes to', () => {
    fc.assert(
      fc.property(fc.nat(8), fc.func(fc.nat(255)), (rows, byteAt) => {
        const bytes = Uint8Array.from({ length: bucketBytes(coding, rows) }, (_, i) => byteAt(i));
        let decoded: Uint8Array;
        try {
          decoded = decodeBucket({ index: 0, rows, bytes }, coding);
        } catch (error) {
          expect(error).toMatchObject({ name: 'ProtocolError' });
          return;
        }
        expect(encodeBucket(decoded, coding, 0).bytes).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });
});
