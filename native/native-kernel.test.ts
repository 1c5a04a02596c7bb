import { BatchKernel, elementBytes } from '@causeway/core/group';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testRowSorter } from '../core/bytes/testing/row-sorter-contract.ts';
import { hasShared, sharedJson } from '../test/shared.ts';
import { addon } from './addon.ts';
import { type KernelHandle, openKernel } from './index.ts';
import { isRight } from './known-answers.ts';

const plain = new BatchKernel();
const rfc9496 = 'vectors/rfc9496_ristretto255/rfc9496_ristretto255.json';
const classes = addon?.classes ?? [];

it('the known answers are those of libsodium, and others are not taken for them', async () => {
  expect(await isRight(plain)).toBe(true);
  for (const operation of ['blind', 'evaluate', 'multiply', 'finalize', 'prf', 'composites'] as const) {
    const wrong = new BatchKernel();
    wrong[operation] = async (request: never) => {
      const answer = await plain[operation](request);
      answer[answer.length - 32]! ^= 1;
      return answer;
    };
    expect(await isRight(wrong), operation).toBe(false);
  }
});

describe.skipIf(!addon)(`the native kernel${addon ? '' : ': the library is not built'}`, () => {
  it('is what runs unless another is named', async () => {
    const kernel = await openKernel({ threads: 1 });
    expect(kernel.name).toBe(classes[0]);
    await kernel.close();
    await kernel.close();
    await expect(kernel.blind(requestOf(1, 'closed'))).rejects.toThrow('closed');
  });
});

describe.each(classes)('the class %s', (name) => {
  let kernel: KernelHandle;
  beforeAll(async () => {
    kernel = await openKernel({ threads: 2, kernel: name });
  });
  afterAll(() => kernel.close());
  testRowSorter(name, () => kernel);

  // A vector has 1, 4 or 8 lanes, works on several at once, and batches share an inversion.
  it.each([0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 127, 128, 129, 255, 257, 1025])(
    'gives for %d rows what libsodium gives',
    async (count) => {
      const request = requestOf(count, name);
      const points = await kernel.blind(request);
      expect(points).toEqual(await plain.blind(request));
      const evaluate = { points, scalar: request.scalar, tag: { context: request.prefix, bytes: 10 } };
      expect(await kernel.evaluate(evaluate)).toEqual(await plain.evaluate(evaluate));
    },
  );

  it('hashes inputs of every length to the group as RFC 9380 says', async () => {
    const random = new SeededRandom('lengths');
    for (const length of [0, 1, 47, 48, 95, 96, 111, 112, 127, 128, 200, 1000]) {
      const request = {
        ...requestOf(3, `${length}`),
        prefix: random.bytes(length),
        dst: random.bytes(1 + (length % 255)),
      };
      expect(await kernel.blind(request)).toEqual(await plain.blind(request));
    }
  });

  it('[F17] [F18] refuses what libsodium refuses, and names the row', async () => {
    const scalar = kernel.randomScalar(new SeededRandom('refused'));
    const good = await kernel.blind(requestOf(700, 'refused'));
    const tag = { context: new Uint8Array(3), bytes: 8 };
    const bad: [Uint8Array, string][] = [[new Uint8Array(elementBytes), 'identity']];
    if (hasShared(rfc9496)) {
      for (const { encoding } of sharedJson(rfc9496).invalid_encodings)
        bad.push([new Uint8Array(Buffer.from(encoding, 'hex')), 'malformed-point']);
    }
    for (const [i, [encoding, code]] of bad.entries()) {
      const points = good.slice();
      const row = (i * 23) % 700;
      points.set(encoding, row * elementBytes);
      points.fill(255, 699 * elementBytes);
      await expect(kernel.evaluate({ points, scalar, tag })).rejects.toMatchObject({ code, index: row });
    }
  });

  it('agrees with itself on random encodings: an element is one for libsodium too', async () => {
    const random = new SeededRandom('encodings');
    const scalar = kernel.randomScalar(random);
    const tag = { context: new Uint8Array(1), bytes: 32 };
    let elements = 0;
    for (let i = 0; i < 400; i++) {
      const points = random.bytes(elementBytes);
      points[31]! &= 127;
      points[0]! &= 254;
      const [ours, theirs] = await Promise.allSettled([
        kernel.evaluate({ points, scalar, tag }),
        plain.evaluate({ points, scalar, tag }),
      ]);
      if (ours.status === 'fulfilled') elements += 1;
      expect(ours).toEqual(theirs);
    }
    expect(elements).toBeGreaterThan(50);
  });
});

function requestOf(count: number, seed: string) {
  const random = new SeededRandom(seed);
  const scalar = plain.randomScalar(random);
  return { keys: random.bytes(16 * count), prefix: random.bytes(5), dst: random.bytes(9), scalar };
}
