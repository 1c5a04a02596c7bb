import { concatBytes, utf8ToBytes } from '@causeway/core/bytes';
import { BatchKernel, ristretto255 as group } from '@causeway/core/group';
import { figureMax, noCell, ReferenceSumKernel, rowScalar } from '@causeway/core/protocols/join-sum';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, describe, expect, it } from 'vitest';
import { addon } from '../addon.ts';
import { openSumKernel } from './index.ts';

const reference = new ReferenceSumKernel();
const secretKey = group.randomScalar(new SeededRandom('key'));
const publicKey = group.multiplyBase(secretKey);

describe.skipIf(!addon).each(addon?.classes ?? [])('join/sum’s kernel, class %s', (cpuClass) => {
  const kernel = openSumKernel({ threads: 2, cpuClass })!;
  afterAll(() => kernel.close());
  const random = new SeededRandom(`sum/${cpuClass}`);

  it.each([0, 1, 7, 8, 9, 127, 128, 129, 513])('encrypts %d bits as the reference does', async (count) => {
    const bits = random.bytes(count).map((byte) => byte & 1);
    const request = { publicKey, seed: random.bytes(32), firstRow: random.below(2 ** 31) * 1000, bits };
    expect(await kernel.encryptBits(request)).toEqual(await reference.encryptBits(request));
  });

  it.each([
    [1, 1, 1, [1]],
    [40, 3, 1, [40, 1600, 1]],
    [33, 5, 2, [2 ** 24, 7, 8]],
    [10, 2, 1, [figureMax - 1]],
    [6, 1, 1, []],
  ] as [number, number, number, number[]][])(
    'adds %d rows up in %d cells of %d groups',
    async (rows, cellCount, groupCount, weightMax) => {
      const bits = random.bytes(rows * groupCount).map((byte) => byte & 1);
      const ciphertexts = await reference.encryptBits({ publicKey, seed: random.bytes(32), firstRow: 0, bits });
      const slotCount = 2;
      const cells = Uint16Array.from({ length: rows * slotCount }, (_, i) =>
        random.chance(0.3) ? noCell : (2 * random.below(cellCount) + (i % slotCount)) % cellCount,
      );
      const weights = Float64Array.from({ length: rows * weightMax.length }, (_, i) => {
        const max = weightMax[i % weightMax.length]!;
        const edge = [max, -max, 0, 1, -1, Math.floor(max / 2)][random.below(8)];
        return edge ?? Math.round((random.below(2 ** 32) / 2 ** 32) * 2 * max - max);
      });
      const request = { ciphertexts, groupCount, cellCount, cells, slotCount, weights, weightMax };
      expect(await kernel.sumRows(request)).toEqual(await reference.sumRows(request));
    },
  );

  it('[F17] [F18] names the ciphertext of a malformed half, and of an identity, in the whole call', async () => {
    const rows = 70_000;
    const one = await reference.encryptBits({ publicKey, seed: random.bytes(32), firstRow: 0, bits: Uint8Array.of(1) });
    const ciphertexts = concatBytes(...Array.from({ length: rows }, () => one));
    const request = {
      ciphertexts,
      groupCount: 1,
      cellCount: 1,
      cells: new Uint16Array(rows).fill(noCell),
      slotCount: 1,
      weights: new Float64Array(0),
      weightMax: [],
    };
    ciphertexts.fill(255, 64 * 66_000 + 32, 64 * 66_001);
    await expect(kernel.sumRows(request)).rejects.toMatchObject({ code: 'malformed-point', index: 66_000 });
    ciphertexts.fill(0, 64 * 5, 64 * 5 + 32);
    await expect(kernel.sumRows(request)).rejects.toMatchObject({ code: 'identity', index: 5 });
  });

  it.each([
    [0, 3],
    [-9, 12],
  ])('tests sums for values from %d on as the reference does', async (low, count) => {
    const values = [0n, 2n, 5n, 300n];
    const sums = concatBytes(
      ...values.map((value) => {
        const r = group.randomScalar(random);
        const point = value === 0n ? new Uint8Array(32) : group.multiplyBase(smallScalar(value));
        return concatBytes(group.multiplyBase(r), group.add(group.multiply(r, publicKey), point));
      }),
      // A sum over nothing.
      new Uint8Array(64),
    );
    const counts = Uint16Array.of(count, count - 1, count, count + 2, 1);
    const request = { publicKey, sums, low, counts, length: count + 2, seeds: random.bytes(5 * 32) };
    expect(await kernel.gateTests(request)).toEqual(await reference.gateTests(request));
  });

  it('finds logarithms at the edges of their bounds, and none past them', async () => {
    const cases: [number, number, number][] = [];
    for (const [low, high] of [
      [0, 0],
      [0, 1],
      [-1, 0],
      [-7, 100],
      [1000, 70_000],
      [-(2 ** 30), 2 ** 30],
    ] as const) {
      for (const value of [low, high, Math.floor((low + high) / 2), low - 1, high + 1]) cases.push([value, low, high]);
    }
    const points = concatBytes(...cases.map(([value]) => pointOf(value)));
    const found = await kernel.logs({
      points,
      low: Float64Array.from(cases, ([, low]) => low),
      high: Float64Array.from(cases, ([, , high]) => high),
    });
    expect([...found]).toEqual(cases.map(([value, low, high]) => (value >= low && value <= high ? value : Number.NaN)));
  });

  it('finds every value of a range, whatever is near a table’s end', async () => {
    const values = Array.from({ length: 3000 }, (_, i) => i - 1500);
    const points = new Uint8Array(32 * values.length);
    let point = pointOf(values[0]!);
    for (const i of values.keys()) {
      points.set(point, 32 * i);
      point = group.add(point, group.generator);
    }
    const bound = (value: number) => new Float64Array(values.length).fill(value);
    expect([...(await kernel.logs({ points, low: bound(-1500), high: bound(1499) }))]).toEqual(values);
  });

  it('[F17] refuses a malformed element, and a point of another group as well', async () => {
    const logs = kernel.logs({ points: random.bytes(32).fill(255), low: Float64Array.of(0), high: Float64Array.of(9) });
    await expect(logs).rejects.toMatchObject({ code: 'malformed-point', index: 0 });
    const far = new BatchKernel().blind({
      keys: random.bytes(16),
      prefix: new Uint8Array(0),
      dst: utf8ToBytes('far'),
      scalar: secretKey,
    });
    const none = await kernel.logs({ points: await far, low: Float64Array.of(-99), high: Float64Array.of(99) });
    expect([...none]).toEqual([Number.NaN]);
  });

  it('refuses what is not what the call says', async () => {
    const bits = new Uint8Array(1);
    const refused = (change: object) =>
      expect(async () =>
        kernel.encryptBits({ publicKey, seed: new Uint8Array(32), firstRow: 0, bits, ...change }),
      ).rejects.toThrow();
    await refused({ publicKey: new Uint8Array(32).fill(255) });
    await refused({ seed: new Uint8Array(31) });
    await refused({ firstRow: -1 });
  });
});

describe('scalars of a seed', () => {
  it('are below the order for any 64 bytes: those of SHA-512 for the vectors that the classes are compared by', () => {
    const scalars = Array.from({ length: 50 }, (_, i) => rowScalar(new Uint8Array(32), i));
    for (const scalar of scalars) group.checkScalar(scalar);
    expect(new Set(scalars.map(String)).size).toBe(50);
  });
});

function smallScalar(value: bigint): Uint8Array {
  const scalar = new Uint8Array(32);
  new DataView(scalar.buffer).setBigUint64(0, value < 0n ? -value : value, true);
  return value < 0n ? group.scalar.subtract(new Uint8Array(32), scalar) : scalar;
}

function pointOf(value: number): Uint8Array {
  return value === 0 ? new Uint8Array(32) : group.multiplyBase(smallScalar(BigInt(value)));
}
