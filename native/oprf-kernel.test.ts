/** What the oblivious function adds to the kernel, on every class, against the plain kernel. */
import { BatchKernel, type CompositesRequest, elementBytes } from '@causeway/core/group';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasShared, sharedJson } from '../test/shared.ts';
import { addon } from './addon.ts';
import { type KernelHandle, openKernel } from './index.ts';

const plain = new BatchKernel();
const rfc9496 = 'vectors/rfc9496_ristretto255/rfc9496_ristretto255.json';

async function pointsOf(kernel: KernelHandle, count: number, seed: string): Promise<Uint8Array> {
  const random = new SeededRandom(seed);
  const scalar = plain.randomScalar(random);
  return kernel.blind({ keys: random.bytes(16 * count), prefix: random.bytes(5), dst: random.bytes(9), scalar });
}

describe.each(addon?.classes ?? [])('the class %s', (name) => {
  let kernel: KernelHandle;
  beforeAll(async () => {
    kernel = await openKernel({ threads: 2, kernel: name });
  });
  afterAll(() => kernel.close());

  async function batch(count: number, over: CompositesRequest['over']): Promise<CompositesRequest> {
    const random = new SeededRandom(`${count} ${over}`);
    return {
      c: await pointsOf(kernel, count, `c ${count}`),
      d: await pointsOf(kernel, count, `d ${count}`),
      seed: random.bytes(64),
      dst: random.bytes(1 + random.below(300)),
      over,
    };
  }

  it.each([0, 1, 7, 8, 9, 255, 256, 257])('multiplies %d points', async (count) => {
    const points = await pointsOf(kernel, count, `${count}`);
    const scalar = kernel.randomScalar(new SeededRandom('multiplied'));
    expect(await kernel.multiply({ points, scalar })).toEqual(await plain.multiply({ points, scalar }));
  });

  it.each([0, 1, 7, 8, 9, 255, 256, 257, 4095, 4097])('finalises %d rows', async (count) => {
    const random = new SeededRandom(`finalise ${count}`);
    const [keys, points] = [random.bytes(16 * count), random.bytes(32 * count)];
    const request = { keys, points, prefix: random.bytes(40), bytes: 9 };
    expect(await kernel.finalize(request)).toEqual(await plain.finalize(request));
  });

  // A piece holds 256 rows; a batch shares an inversion.
  it.each([0, 1, 7, 8, 9, 255, 256, 257, 1025])('gives the outputs of %d keys at once', async (count) => {
    const random = new SeededRandom(`prf ${count}`);
    const request = { keys: random.bytes(16 * count), prefix: random.bytes(7), dst: random.bytes(9), bytes: 9 };
    const scalar = kernel.randomScalar(random);
    expect(await kernel.prf({ ...request, scalar })).toEqual(await plain.prf({ ...request, scalar }));
  });

  it('finalises inputs and outputs of every length', async () => {
    const random = new SeededRandom('lengths');
    for (const [length, bytes] of [
      [0, 1],
      [59, 8],
      [60, 16],
      [61, 63],
      [110, 64],
      [126, 32],
      [300, 9],
      [65_519, 64],
    ] as const) {
      const request = { keys: random.bytes(48), prefix: random.bytes(length), points: random.bytes(96), bytes };
      expect(await kernel.finalize(request)).toEqual(await plain.finalize(request));
    }
    const request = { keys: new Uint8Array(48), prefix: new Uint8Array(1), points: new Uint8Array(64), bytes: 8 };
    await expect(kernel.finalize(request)).rejects.toThrow(RangeError);
    const long = { keys: new Uint8Array(16), prefix: new Uint8Array(65_520), points: new Uint8Array(32), bytes: 8 };
    await expect(kernel.finalize(long)).rejects.toThrow(RangeError);
  });

  // Groups of 1, 4 or 8 lanes are decoded two at a time; a piece holds 1024 rows.
  it.each([1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 25, 255, 256, 257, 1023, 1024, 1025])(
    'weighs %d rows as the plain kernel does',
    async (count) => {
      for (const over of ['c', 'both'] as const) {
        const request = await batch(count, over);
        expect(await kernel.composites(request)).toEqual(await plain.composites(request));
      }
    },
  );

  it('numbers the rows of a piece by their place in the batch', async () => {
    const whole = await batch(20, 'both');
    const piece = { ...whole, firstIndex: 65_516 };
    expect(await kernel.composites(piece)).toEqual(await plain.composites(piece));
    expect(await kernel.composites(piece)).not.toEqual(await kernel.composites(whole));
    await expect(kernel.composites({ ...whole, firstIndex: 65_517 })).rejects.toThrow(RangeError);
    const empty = { ...whole, c: new Uint8Array(0), d: new Uint8Array(0) };
    await expect(kernel.composites(empty)).rejects.toThrow(RangeError);
    await expect(plain.composites(empty)).rejects.toThrow(RangeError);
  });

  it('[F17] [F18] names the first row that is no element, in the list that is read first', async () => {
    const good = await batch(40, 'both');
    const identity = new Uint8Array(elementBytes);
    const malformed = hasShared(rfc9496)
      ? sharedJson(rfc9496).invalid_encodings.map(({ encoding }: { encoding: string }) => Buffer.from(encoding, 'hex'))
      : [new Uint8Array(elementBytes).fill(255)];
    const cases: { readonly c?: Uint8Array; readonly d?: Uint8Array }[] = [
      { c: identity },
      { d: identity },
      { c: identity, d: malformed[0] },
      { c: malformed[0], d: identity },
      ...malformed.flatMap((encoding: Uint8Array) => [{ c: encoding }, { d: encoding }]),
    ];
    for (const [i, { c, d }] of cases.entries()) {
      const request = { ...good, c: good.c.slice(), d: good.d.slice() };
      const row = (i * 7) % 39;
      if (c) request.c.set(c, row * elementBytes);
      if (d) request.d.set(d, row * elementBytes);
      request.c.fill(255, 39 * elementBytes);
      request.d.fill(255, 39 * elementBytes);
      const [ours, theirs] = await Promise.allSettled([kernel.composites(request), plain.composites(request)]);
      expect(ours).toEqual(theirs);
      expect(ours).toMatchObject({ status: 'rejected', reason: { index: row } });
      // A prover sums its own list of C alone.
      if (c) continue;
      request.c.set(good.c.subarray(39 * elementBytes), 39 * elementBytes);
      const own = { ...request, over: 'c' as const };
      expect(await kernel.composites(own)).toEqual(await plain.composites(own));
    }
  });

  it('weighs a point, its double and the same again', async () => {
    const two = new Uint8Array(32).fill(0).fill(2, 0, 1);
    const point = await pointsOf(kernel, 1, 'same');
    const double = await kernel.multiply({ points: point, scalar: two });
    const c = Buffer.concat([point, point, double, point, double, double, point, point, point]);
    const request = { ...(await batch(9, 'both')), c, d: c };
    expect(await kernel.composites(request)).toEqual(await plain.composites(request));
  });
});
