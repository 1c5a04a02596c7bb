/** One suite for every kernel: the classes of the native one that this processor has, and WebAssembly. */

import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@causeway/core/bytes';
import { BatchKernel, ristretto255 as group, type Kernel, kernelNames } from '@causeway/core/group';
import { SeededRandom } from '@causeway/core/random';
import { sha512 } from '@noble/hashes/sha2.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasShared, sharedJson } from '../test/shared.ts';
import { type Addon, addon } from './addon.ts';
import { type KernelHandle, openKernel, openKernels } from './index.ts';

const rfc9496 = 'vectors/rfc9496_ristretto255/rfc9496_ristretto255.json';
const rfc9497 = 'vectors/rfc9497_oprf/allVectors.json';
const available = ['wasm', ...(addon?.classes ?? [])];
const alone = new BatchKernel();
const dst = utf8ToBytes('causeway/v1/test/kernels');

function scalarOf(value: number): Uint8Array {
  const bytes = new Uint8Array(32);
  bytes[0] = value;
  return bytes;
}

describe.each(kernelNames)('the kernel %s', (name) => {
  describe.skipIf(!available.includes(name))('on this machine', () => {
    const random = new SeededRandom(name);
    let kernel: KernelHandle;
    beforeAll(async () => {
      kernel = await openKernel({ kernel: name, threads: 2 });
    });
    afterAll(() => kernel.close());

    it('[F21] takes prefixes and tags of any length, but no empty tag', async () => {
      const lengths = [
        [0, 1],
        [111, 255],
        [112, 256],
        [113, 300],
        [128, 40],
        [1000, 40],
      ] as const;
      for (const [prefixBytes, dstBytes] of lengths) {
        const request = {
          keys: random.bytes(48),
          prefix: random.bytes(prefixBytes),
          dst: random.bytes(dstBytes),
          scalar: group.randomScalar(random),
        };
        expect(await kernel.blind(request)).toEqual(await alone.blind(request));
      }
      const noTag = { keys: random.bytes(16), prefix: dst, dst: new Uint8Array(0), scalar: scalarOf(1) };
      await expect(kernel.blind(noTag)).rejects.toThrow('must not be empty');
    });

    it('[F17] names the first malformed point of the whole batch, wherever it is, and works on', async () => {
      const scalar = group.randomScalar(random);
      const points = await kernel.blind({ keys: random.bytes(16 * 600), prefix: dst, dst, scalar });
      for (const index of [0, 1, 255, 256, 599]) {
        const hostile = points.slice();
        hostile.fill(255, 32 * index, 32 * index + 32);
        hostile.fill(255, 32 * 599);
        const refusal = { code: 'malformed-point', index };
        const tag = { context: dst, bytes: 10 };
        await expect(kernel.evaluate({ points: hostile, scalar, tag })).rejects.toMatchObject(refusal);
        await expect(kernel.multiply({ points: hostile, scalar })).rejects.toMatchObject(refusal);
      }
      expect(await kernel.multiply({ points: points.subarray(0, 64), scalar })).toHaveLength(64);
    });

    it('[F18] names the identity', async () => {
      const points = concatBytes(group.generator, new Uint8Array(32), group.generator);
      const refusal = { code: 'identity', index: 1 };
      await expect(kernel.multiply({ points, scalar: scalarOf(3) })).rejects.toMatchObject(refusal);
    });

    it('refuses secret scalars that are not from 1 to ℓ − 1, also for no rows', async () => {
      const order = hexToBytes('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
      const tag = { context: dst, bytes: 10 };
      for (const scalar of [scalarOf(0), order, new Uint8Array(32).fill(255), new Uint8Array(31).fill(1)]) {
        const refusal = { code: 'malformed-scalar' };
        const none = new Uint8Array(0);
        await expect(kernel.blind({ keys: none, prefix: dst, dst, scalar })).rejects.toMatchObject(refusal);
        await expect(kernel.evaluate({ points: none, scalar, tag })).rejects.toMatchObject(refusal);
        await expect(kernel.multiply({ points: group.generator, scalar })).rejects.toMatchObject(refusal);
      }
      const last = order.slice();
      last[0]! -= 1;
      const negated = await kernel.multiply({ points: group.generator, scalar: last });
      expect(group.add(negated, group.generator)).toEqual(new Uint8Array(32));
    });

    it('does many calls at once, over shared memory too', async () => {
      const shared = new Uint8Array(new SharedArrayBuffer(16 * 100));
      shared.set(random.bytes(16 * 100));
      const calls = Array.from({ length: 20 }, (_, i) => ({ keys: shared, prefix: dst, dst, scalar: scalarOf(i + 1) }));
      const results = await Promise.all(calls.map((call) => kernel.blind(call)));
      const keys = shared.slice();
      for (const i of [0, 7, 19]) expect(results[i]).toEqual(await alone.blind({ ...calls[i]!, keys }));
    });

    it('refuses what is under way when it is closed, and everything after', async () => {
      const closing = await openKernel({ kernel: name, threads: 1 });
      const request = { keys: random.bytes(16 * 20_000), prefix: dst, dst, scalar: scalarOf(2) };
      const refused = expect(closing.blind(request)).rejects.toThrow('closed');
      await closing.close();
      await refused;
      await expect(closing.blind(request)).rejects.toThrow('closed');
      await closing.close();
    });

    describe.skipIf(!hasShared(rfc9496))('RFC 9496', () => {
      const vectors = hasShared(rfc9496) ? sharedJson(rfc9496) : {};

      it('A.1: multiples of the generator', async () => {
        const points = concatBytes(...Array.from({ length: 9 }, () => group.generator));
        for (const [factor, encoding] of vectors.small_multiples_of_generator.entries()) {
          if (factor === 0) continue;
          const products = await kernel.multiply({ points, scalar: scalarOf(factor) });
          expect(bytesToHex(products)).toBe(encoding.repeat(9));
        }
      });

      it('[F17] A.2: all 29 invalid encodings are refused, in every lane', async () => {
        const invalid: string[] = vectors.invalid_encodings.map((vector: { encoding: string }) => vector.encoding);
        expect(invalid).toHaveLength(29);
        for (const encoding of invalid) {
          for (let index = 0; index < 17; index++) {
            const points = concatBytes(
              ...Array.from({ length: 17 }, (_, i) => (i === index ? hexToBytes(encoding) : group.generator)),
            );
            const refused = kernel.multiply({ points, scalar: scalarOf(3) });
            await expect(refused).rejects.toMatchObject({ code: 'malformed-point', index });
          }
        }
      });
    });

    it.skipIf(!hasShared(rfc9497))('RFC 9497 A.1: blinded, evaluated, and the blind taken off', async () => {
      const suites = sharedJson(rfc9497).filter(
        (suite: { identifier: string; mode: number }) => suite.identifier === 'ristretto255-SHA512' && suite.mode < 2,
      );
      let count = 0;
      let direct = 0;
      for (const { groupDST, skSm, vectors } of suites) {
        for (const vector of vectors) {
          const split = (text: string) => text.split(',').map(hexToBytes);
          const [inputs, blinds, outputs] = [split(vector.Input), split(vector.Blind), split(vector.Output)];
          const [blinded, evaluated] = [split(vector.BlindedElement), split(vector.EvaluationElement)];
          for (const [i, input] of inputs.entries()) {
            expect(await blind(kernel, input, hexToBytes(groupDST), blinds[i]!)).toEqual(blinded[i]);
            const points = await kernel.multiply({ points: blinded[i]!, scalar: hexToBytes(skSm) });
            expect(points).toEqual(evaluated[i]);
            const unblinded = await kernel.multiply({ points, scalar: group.scalar.invert(blinds[i]!) });
            const parts = [Uint8Array.of(0, input.length), input, Uint8Array.of(0, 32), unblinded];
            expect(sha512(concatBytes(...parts, utf8ToBytes('Finalize')))).toEqual(outputs[i]);
            count += 1;
            if (input.length < 16) continue;
            const own = { keys: input.slice(-16), prefix: input.slice(0, -16), dst: hexToBytes(groupDST) };
            expect(await kernel.prf({ ...own, scalar: hexToBytes(skSm), bytes: 64 })).toEqual(outputs[i]);
            direct += 1;
          }
        }
      }
      expect([count, direct]).toEqual([6, 3]);
    });
  });
});

describe.skipIf(!addon || !hasShared(rfc9496)).each(addon?.classes ?? [])('the class %s', (cpuClass) => {
  it('RFC 9496 A.3: elements from uniform bytes', async () => {
    const { uniform_bytes_to_point, sha512_label_to_point } = sharedJson(rfc9496);
    const cases: [Uint8Array, string][] = [
      ...uniform_bytes_to_point.map((each: { uniform_bytes: string; point: string }) => [
        hexToBytes(each.uniform_bytes),
        each.point,
      ]),
      ...sha512_label_to_point.map((each: { label: string; point: string }) => [
        sha512(utf8ToBytes(each.label)),
        each.point,
      ]),
    ];
    expect(cases).toHaveLength(18);
    const pool = addon!.openPool(1);
    const uniform = concatBytes(...cases.map(([bytes]) => bytes));
    const points = await addon!.multiplyMapped(pool, cpuClass, uniform, scalarOf(1));
    expect(bytesToHex(points as Uint8Array)).toBe(cases.map(([, point]) => point).join(''));
    await addon!.closePool(pool);
  });
});

describe.skipIf(!addon)('a class that computes wrongly', () => {
  it('is passed over and named, and cannot be asked for', async () => {
    const [best, next] = [...addon!.classes, 'wasm'];
    const broken: Addon = {
      ...addon!,
      evaluate: async (...call) => {
        const tags = await addon!.evaluate(...call);
        if (call[1] === best && tags instanceof Uint8Array) tags[tags.length - 1]! ^= 1;
        return tags;
      },
    };
    const kernel = await openKernel({ threads: 1 }, broken);
    expect(kernel).toMatchObject({ name: next, distrusted: [best] });
    await kernel.close();
    await expect(openKernel({ kernel: addon!.classes[0]! }, broken)).rejects.toThrow(RangeError);
  });

  it('is passed over where it errs in psi/vole alone', async () => {
    const [best, next] = [...addon!.classes, 'wasm'];
    const classes = new Map<unknown, string>();
    const broken: Addon = {
      ...addon!,
      psiReceiver: (...all) => {
        const session = addon!.psiReceiver(...all);
        classes.set(session, all[0]);
        return session;
      },
      psiRespond: async (...call) => {
        const made = await addon!.psiRespond(...call);
        if (classes.get(call[1]) === best && typeof made !== 'number') made[0]![0]! ^= 1;
        return made;
      },
    };
    const { kernel, vole, close } = await openKernels({ threads: 1 }, broken);
    expect(kernel).toMatchObject({ name: next, distrusted: [best] });
    expect(vole?.name).toBe(next === 'wasm' ? undefined : next);
    await close();
    await expect(openKernels({ kernel: addon!.classes[0]! }, broken)).rejects.toThrow(RangeError);
  });
});

/** The kernel hashes what ends in a key of 16 bytes; a shorter input is hashed by the group. */
async function blind(kernel: Kernel, input: Uint8Array, tag: Uint8Array, scalar: Uint8Array): Promise<Uint8Array> {
  if (input.length < 16) return kernel.multiply({ points: group.hashToGroup(input, tag), scalar });
  return kernel.blind({ keys: input.slice(-16), prefix: input.slice(0, -16), dst: tag, scalar });
}
