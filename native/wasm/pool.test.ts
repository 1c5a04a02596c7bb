import { BatchKernel } from '@causeway/core/group';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, describe, expect, it } from 'vitest';
import { WasmPool } from './pool.ts';

const pool = new WasmPool(2);
const alone = new BatchKernel();
const random = new SeededRandom('pool');
const dst = new Uint8Array([1]);

afterAll(() => pool.close());

describe('a pool of threads', () => {
  it.each([0, 1, 1023, 1024, 1025])('gives for %d rows what one thread gives, in order', async (count) => {
    const request = { keys: random.bytes(16 * count), prefix: random.bytes(3), dst, scalar: pool.randomScalar(random) };
    const points = await pool.blind(request);
    expect(points).toEqual(await alone.blind(request));
    const evaluate = { points, scalar: request.scalar, tag: { context: request.prefix, bytes: 10 } };
    expect(await pool.evaluate(evaluate)).toEqual(await alone.evaluate(evaluate));
    const multiply = { points, scalar: pool.randomScalar(random) };
    const products = await pool.multiply(multiply);
    expect(products).toEqual(await alone.multiply(multiply));
    const finalize = { ...request, points: products, bytes: 11 };
    expect(await pool.finalize(finalize)).toEqual(await alone.finalize(finalize));
    const weighted = { c: points, d: products, seed: random.bytes(64), dst };
    for (const over of ['c', 'both'] as const) {
      if (count > 0)
        expect(await pool.composites({ ...weighted, over })).toEqual(await alone.composites({ ...weighted, over }));
      else await expect(pool.composites({ ...weighted, over })).rejects.toThrow(RangeError);
    }
  });

  it('[F17] names the row of a malformed point in the whole batch, and works on', async () => {
    const scalar = pool.randomScalar(random);
    const points = await pool.blind({ keys: random.bytes(16 * 1500), prefix: dst, dst, scalar });
    points.fill(255, 32 * 1400, 32 * 1401);
    const tag = { context: dst, bytes: 10 };
    await expect(pool.evaluate({ points, scalar, tag })).rejects.toMatchObject({
      code: 'malformed-point',
      index: 1400,
    });
    const refused = { code: 'malformed-point', index: 1400 };
    await expect(pool.multiply({ points, scalar })).rejects.toMatchObject(refused);
    const weighted = { seed: random.bytes(64), dst, over: 'both' } as const;
    const right = points
      .slice()
      .fill(0)
      .map((_, i) => points[i % 32]!);
    await expect(pool.composites({ ...weighted, c: right, d: points })).rejects.toMatchObject(refused);
    expect(await pool.evaluate({ points: points.subarray(0, 64), scalar, tag })).toHaveLength(20);
  });

  it('refuses work after it was closed', async () => {
    const closing = new WasmPool(1);
    const under = closing.evaluate({
      points: new Uint8Array(32),
      scalar: new Uint8Array(32).fill(1),
      tag: { context: dst, bytes: 1 },
    });
    const refused = expect(under).rejects.toThrow('closed');
    await closing.close();
    await refused;
  });
});
