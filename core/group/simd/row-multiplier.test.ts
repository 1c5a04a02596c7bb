import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hasShared, sharedJson } from '../../../test/shared.ts';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../bytes/index.ts';
import { SeededRandom } from '../../random/index.ts';
import * as group from '../ristretto255.ts';
import { webAssembly } from './engine.ts';
import { RowMultiplier } from './index.ts';
import { knownAnswers, knownRows } from './row-multiplier.ts';

const rfc9496 = 'vectors/rfc9496_ristretto255/rfc9496_ristretto255.json';
const random = new SeededRandom('rows');
const multiplier = RowMultiplier.open()!;

function scalarOf(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}

const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const edgeScalars = [1n, 2n, 3n, 15n, 16n, 17n, 2n ** 128n, 2n ** 252n, order / 2n, order - 2n, order - 1n];

function rowsOf(count: number): { readonly uniform: Uint8Array; readonly points: Uint8Array } {
  const uniform = random.bytes(64 * count);
  const points = Array.from({ length: count }, (_, i) => group.fromUniformBytes(uniform.slice(64 * i, 64 * i + 64)));
  return { uniform, points: concatBytes(...points) };
}

/** Row by row over libsodium. */
function expectedOf(points: Uint8Array, scalar: Uint8Array): string {
  let all = '';
  for (let at = 0; at < points.length; at += 32) all += bytesToHex(group.multiply(scalar, points.slice(at, at + 32)));
  return all;
}

describe('rows in vectors', () => {
  it('are there on the engine that these tests run on', () => {
    expect(multiplier).toBeDefined();
  });

  it('have known answers that libsodium gives too', () => {
    const { uniform, scalars } = knownRows();
    const points = Array.from({ length: uniform.length / 64 }, (_, i) =>
      group.multiply(scalars[0], group.fromUniformBytes(uniform.slice(64 * i, 64 * i + 64))),
    );
    const products = points.map((point) => group.multiply(scalars[1], point));
    expect(bytesToHex(sha256(concatBytes(...points, ...products)))).toBe(knownAnswers);
  });

  it.each([0, 1, 2, 3, 4, 5, 255, 256, 257])('%d of them are what libsodium makes of each', (count) => {
    const { uniform, points } = rowsOf(count);
    const scalar = group.randomScalar(random);
    const expected = expectedOf(points, scalar);
    expect(bytesToHex(multiplier.multiplyEncodings(points, scalar))).toBe(expected);
    expect(bytesToHex(multiplier.multiplyUniform(uniform, scalar))).toBe(expected);
  });

  it('are multiplied by scalars at the edges', () => {
    const { uniform, points } = rowsOf(3);
    for (const edge of edgeScalars) {
      const expected = expectedOf(points, scalarOf(edge));
      expect(bytesToHex(multiplier.multiplyEncodings(points, scalarOf(edge)))).toBe(expected);
      expect(bytesToHex(multiplier.multiplyUniform(uniform, scalarOf(edge)))).toBe(expected);
    }
  });

  it('are mapped from bytes at the edges', () => {
    const prime = 2n ** 255n - 19n;
    const halves = [0n, 1n, 2n, prime - 1n, prime, prime + 1n, 2n ** 255n - 1n, 2n ** 255n, 2n ** 256n - 1n];
    for (const first of halves) {
      for (const second of halves) {
        const uniform = concatBytes(scalarOf(first), scalarOf(second));
        const element = group.fromUniformBytes(uniform);
        if (element.every((byte) => byte === 0)) {
          expect(() => multiplier.multiplyUniform(uniform, scalarOf(5n))).toThrow(
            expect.objectContaining({ code: 'identity', index: 0 }),
          );
          continue;
        }
        const product = multiplier.multiplyUniform(uniform, scalarOf(5n));
        expect(bytesToHex(product)).toBe(expectedOf(element, scalarOf(5n)));
      }
    }
  });

  it('[F17] are refused for every single bit that makes an encoding wrong, as libsodium refuses them', () => {
    const { points } = rowsOf(8);
    let refused = 0;
    for (let bit = 0; bit < 256; bit++) {
      const row = bit % 8;
      const hostile = points.slice();
      hostile[32 * row + (bit >> 3)]! ^= 1 << (bit & 7);
      const isElement = isAccepted(() => group.checkElement(hostile.slice(32 * row, 32 * row + 32)));
      const isTaken = isAccepted(() => multiplier.multiplyEncodings(hostile, scalarOf(7n)));
      expect(isTaken, `bit ${bit}`).toBe(isElement);
      if (!isTaken) refused += 1;
    }
    expect(refused).toBeGreaterThan(128);
  });

  it('[F17] [F18] name the first row that is wrong, and which fault it has, in every place', () => {
    const { points } = rowsOf(300);
    for (const index of [0, 1, 2, 3, 4, 255, 256, 299]) {
      const hostile = points.slice();
      hostile.fill(255, 32 * index, 32 * index + 32);
      if (index < 299) hostile.fill(0, 32 * 299);
      const malformed = expect.objectContaining({ code: 'malformed-point', index });
      expect(() => multiplier.multiplyEncodings(hostile, scalarOf(7n))).toThrow(malformed);
      hostile.fill(0, 32 * index, 32 * index + 32);
      const identity = expect.objectContaining({ code: 'identity', index });
      expect(() => multiplier.multiplyEncodings(hostile, scalarOf(7n))).toThrow(identity);
    }
    expect(bytesToHex(multiplier.multiplyEncodings(points, scalarOf(7n)))).toBe(expectedOf(points, scalarOf(7n)));
  });
});

describe.skipIf(!hasShared(rfc9496))('RFC 9496 appendix A, in vectors', () => {
  const vectors = hasShared(rfc9496) ? sharedJson(rfc9496) : {};

  it('A.1: multiples of the generator', () => {
    for (const [factor, encoding] of vectors.small_multiples_of_generator.entries()) {
      if (factor > 0)
        expect(bytesToHex(multiplier.multiplyEncodings(group.generator, scalarOf(BigInt(factor))))).toBe(encoding);
    }
  });

  it('[F17] A.2: all 29 invalid encodings are refused, in every lane', () => {
    expect(vectors.invalid_encodings).toHaveLength(29);
    for (const { encoding } of vectors.invalid_encodings) {
      for (let index = 0; index < 5; index++) {
        const rows = Array.from({ length: 5 }, (_, i) => (i === index ? hexToBytes(encoding) : group.generator));
        expect(() => multiplier.multiplyEncodings(concatBytes(...rows), scalarOf(3n))).toThrow(
          expect.objectContaining({ code: 'malformed-point', index }),
        );
      }
    }
  });

  it('A.3: elements from uniform bytes', () => {
    const { uniform_bytes_to_point, sha512_label_to_point } = vectors;
    for (const { uniform_bytes, point } of uniform_bytes_to_point)
      expect(bytesToHex(multiplier.multiplyUniform(hexToBytes(uniform_bytes), scalarOf(1n)))).toBe(point);
    for (const { label, point } of sha512_label_to_point)
      expect(bytesToHex(multiplier.multiplyUniform(sha512(utf8ToBytes(label)), scalarOf(1n)))).toBe(point);
  });
});

describe('an engine', () => {
  const real = webAssembly()!;
  afterEach(() => vi.unstubAllGlobals());

  it('without WebAssembly, or without relaxed vectors, has none', () => {
    vi.stubGlobal('WebAssembly', undefined);
    expect(RowMultiplier.open()).toBeUndefined();
    vi.stubGlobal('WebAssembly', { ...engine(), validate: () => false });
    expect(RowMultiplier.open()).toBeUndefined();
  });

  it('that multiplies and adds in another way is found by the known answers', () => {
    /** `relaxed_madd` (0x107) and `relaxed_nmadd` (0x108), as LEB128 behind the prefix of vectors. */
    const turned = (bytes: Uint8Array<ArrayBuffer>) => {
      const changed = bytes.slice();
      for (let i = 0; i + 2 < changed.length; i++)
        if (changed[i] === 0xfd && changed[i + 1] === 0x87 && changed[i + 2] === 0x02) changed[i + 1] = 0x88;
      return changed;
    };
    class Turned {
      constructor(bytes: Uint8Array<ArrayBuffer>) {
        // biome-ignore lint/correctness/noConstructorReturn: it stands in for the engine's class
        return new real.Module(turned(bytes));
      }
    }
    vi.stubGlobal('WebAssembly', { ...engine(), Module: Turned });
    expect(RowMultiplier.open()).toBeUndefined();
  });

  it('keeps nothing of a call in the memory of the module, also of one that is refused', () => {
    let memory = new Uint8Array(0);
    class Seen {
      constructor(module: object) {
        const instance = new real.Instance(module);
        memory = new Uint8Array(instance.exports.memory.buffer);
        // biome-ignore lint/correctness/noConstructorReturn: it stands in for the engine's class
        return instance;
      }
    }
    vi.stubGlobal('WebAssembly', { ...engine(), Instance: Seen });
    const watched = RowMultiplier.open()!;
    const { points } = rowsOf(3);
    watched.multiplyEncodings(points, group.randomScalar(random));
    expect(memory.every((byte) => byte === 0)).toBe(true);
    points.fill(255, 64);
    expect(isAccepted(() => watched.multiplyEncodings(points, group.randomScalar(random)))).toBe(false);
    expect(memory.length).toBeGreaterThan(100_000);
    expect(memory.every((byte) => byte === 0)).toBe(true);
  });

  function engine() {
    return { validate: real.validate.bind(real), Module: real.Module, Instance: real.Instance };
  }
});

function isAccepted(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch (error) {
    expect(error).toMatchObject({ name: 'GroupError' });
    return false;
  }
}
