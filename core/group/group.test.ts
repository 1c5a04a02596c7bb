import { ristretto255 as oracle } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedJson } from '../../test/shared.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../bytes/index.ts';
import { SeededRandom } from '../random/index.ts';
import { BatchKernel, expandMessageXmd, GroupError, ristretto255 as group } from './index.ts';

const rfc9496 = 'vectors/rfc9496_ristretto255/rfc9496_ristretto255.json';
const rfc9380 = 'vectors/rfc9380_h2c/expand_message_xmd_SHA512_38.json';
const zero = new Uint8Array(32);

function scalarOf(value: number): Uint8Array {
  const bytes = new Uint8Array(32);
  bytes[0] = value;
  return bytes;
}

describe.skipIf(!hasShared(rfc9496))('RFC 9496 appendix A', () => {
  const vectors = hasShared(rfc9496) ? sharedJson(rfc9496) : {};

  it('A.1: multiples of the generator', () => {
    for (const [factor, encoding] of vectors.small_multiples_of_generator.entries()) {
      if (factor === 0) continue;
      expect(bytesToHex(group.multiplyBase(scalarOf(factor)))).toBe(encoding);
      expect(bytesToHex(group.multiply(scalarOf(factor), group.generator))).toBe(encoding);
    }
  });

  it('[F17] A.2: all 29 invalid encodings are refused, by the check and by multiplication, with their row', async () => {
    const invalid: string[] = vectors.invalid_encodings.map((vector: { encoding: string }) => vector.encoding);
    expect(invalid).toHaveLength(29);
    for (const encoding of invalid) {
      expect(() => group.checkElement(hexToBytes(encoding))).toThrow(GroupError);
      const points = new Uint8Array(96);
      points.set(group.generator, 0);
      points.set(group.generator, 32);
      points.set(hexToBytes(encoding), 64);
      const refused = new BatchKernel().evaluate({ points, scalar: scalarOf(3), tag: { context: zero, bytes: 10 } });
      await expect(refused).rejects.toMatchObject({ code: 'malformed-point', index: 2 });
    }
  });

  it('A.3: elements from uniform bytes', () => {
    for (const { uniform_bytes, point } of vectors.uniform_bytes_to_point) {
      expect(bytesToHex(group.fromUniformBytes(hexToBytes(uniform_bytes)))).toBe(point);
    }
    for (const { label, point } of vectors.sha512_label_to_point) {
      expect(bytesToHex(group.fromUniformBytes(sha512(utf8ToBytes(label))))).toBe(point);
    }
  });
});

describe.skipIf(!hasShared(rfc9380))('RFC 9380', () => {
  const vectors = hasShared(rfc9380) ? sharedJson(rfc9380) : { tests: [] };

  it('[F21] appendix K: expand_message_xmd with SHA-512', () => {
    for (const { msg, len_in_bytes, uniform_bytes } of vectors.tests) {
      const expanded = expandMessageXmd(utf8ToBytes(msg), utf8ToBytes(vectors.DST), Number(len_in_bytes));
      expect(bytesToHex(expanded)).toBe(uniform_bytes);
    }
  });
});

describe('hash to group', () => {
  it('[F21] an empty tag is a developer error, one over 255 bytes is hashed first', () => {
    expect(() => expandMessageXmd(zero, new Uint8Array(0), 64)).toThrow(RangeError);
    const long = new Uint8Array(300).fill(7);
    const digest = sha512(new Uint8Array([...utf8ToBytes('H2C-OVERSIZE-DST-'), ...long]));
    expect(expandMessageXmd(zero, long, 64)).toEqual(expandMessageXmd(zero, digest, 64));
    expect(() => expandMessageXmd(zero, long, 255 * 64 + 1)).toThrow(RangeError);
  });
});

describe('arithmetic agrees with an independent implementation', () => {
  const random = new SeededRandom('group');

  it('multiplication and addition', () => {
    for (let i = 0; i < 20; i++) {
      const k = group.randomScalar(random);
      const point = group.fromUniformBytes(random.bytes(64));
      const factor = BigInt(`0x${bytesToHex(k.slice().reverse())}`);
      const theirs = oracle.Point.fromBytes(point).multiply(factor);
      expect(group.multiply(k, point)).toEqual(theirs.toBytes());
      expect(group.add(point, group.generator)).toEqual(oracle.Point.fromBytes(point).add(oracle.Point.BASE).toBytes());
    }
  });

  it('blinding commutes and an inverted scalar takes it off', () => {
    const [a, b] = [group.randomScalar(random), group.randomScalar(random)];
    const point = group.hashToGroup(utf8ToBytes('x'), utf8ToBytes('test'));
    expect(group.multiply(a, group.multiply(b, point))).toEqual(group.multiply(b, group.multiply(a, point)));
    expect(group.multiply(group.scalar.invert(a), group.multiply(a, point))).toEqual(point);
  });

  it('scalars out of range are refused', () => {
    const order = hexToBytes('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
    expect(() => group.checkScalar(order)).toThrow(GroupError);
    expect(() => group.checkScalar(zero.subarray(1))).toThrow(GroupError);
    group.checkScalar(scalarOf(5));
  });

  it('[F18] the identity is refused, and named', () => {
    expect(() => group.checkElement(zero)).toThrow(expect.objectContaining({ code: 'identity' }));
    expect(() => group.multiply(scalarOf(2), zero, 9)).toThrow(expect.objectContaining({ code: 'identity', index: 9 }));
  });
});

describe('a batch', () => {
  const kernel = new BatchKernel();
  const random = new SeededRandom('batch');
  const dst = utf8ToBytes('causeway/v1/test/h2g');

  it('is the same as its rows, one by one, at any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 9 }), async (count) => {
        const keys = random.bytes(16 * count);
        const prefix = random.bytes(5);
        const scalar = group.randomScalar(random);
        const points = await kernel.blind({ keys, prefix, dst, scalar });
        expect(points).toHaveLength(32 * count);
        for (let i = 0; i < count; i++) {
          const message = new Uint8Array([...prefix, ...keys.subarray(16 * i, 16 * i + 16)]);
          expect(points.subarray(32 * i, 32 * i + 32)).toEqual(group.multiply(scalar, group.hashToGroup(message, dst)));
        }
        const tags = await kernel.evaluate({ points, scalar, tag: { context: prefix, bytes: 10 } });
        expect(tags).toHaveLength(10 * count);
      }),
      { numRuns: 20 },
    );
  });

  it('of many rows, in vectors, is the same as over libsodium', async () => {
    const alone = new BatchKernel({ vectors: false });
    for (const count of [255, 256, 300]) {
      const scalar = group.randomScalar(random);
      const blind = { keys: random.bytes(16 * count), prefix: random.bytes(5), dst, scalar };
      const points = await kernel.blind(blind);
      expect(points).toEqual(await alone.blind(blind));
      const evaluate = { points, scalar, tag: { context: random.bytes(9), bytes: 32 } };
      expect(await kernel.evaluate(evaluate)).toEqual(await alone.evaluate(evaluate));
      const prf = { ...blind, bytes: 20 };
      expect(await kernel.prf(prf)).toEqual(await alone.prf(prf));
    }
  });

  it('[F17] [F18] of many rows names the row that is wrong', async () => {
    const scalar = group.randomScalar(random);
    const points = await kernel.blind({ keys: random.bytes(16 * 300), prefix: dst, dst, scalar });
    for (const [byte, code] of [
      [0, 'identity'],
      [255, 'malformed-point'],
    ] as const) {
      const hostile = points.slice().fill(byte, 32 * 299);
      await expect(kernel.multiply({ points: hostile, scalar })).rejects.toMatchObject({ code, index: 299 });
      const tag = { context: dst, bytes: 10 };
      await expect(kernel.evaluate({ points: hostile, scalar, tag })).rejects.toMatchObject({ code, index: 299 });
    }
  });
});
