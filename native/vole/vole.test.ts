import { createHash } from 'node:crypto';
import { ProtocolError } from '@causeway/core/protocols';
import {
  exchangeId,
  type Form,
  geometryOf,
  type Mode,
  ReceiverWorker,
  type RunOptions,
  SenderWorker,
  type VoleKernel,
  VoleReceiver,
  VoleSender,
  wireBytes,
} from '@causeway/core/protocols/psi-vole';
import { MemoryList, playBoth } from '@causeway/core/protocols/psi-vole/testing';
import { SeededRandom } from '@causeway/core/random';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addon, type CpuClass } from '../addon.ts';
import { isVoleRight, openVoleKernel, type VoleKernelHandle } from './index.ts';
import { runOneBucket } from './known-answers.ts';

const classes = addon?.classes ?? [];

interface Shape {
  readonly receiver: readonly number[];
  readonly sender: readonly number[];
  readonly declared?: { readonly receiver: number; readonly sender: number };
  readonly mode?: Mode;
  readonly form?: Form;
  readonly seed?: string;
}

/** A key for each number. */
function packed(numbers: readonly number[]): Uint8Array {
  const keys = new Uint8Array(numbers.length * 16);
  for (const [i, n] of numbers.entries()) keys.set(createHash('md5').update(String(n)).digest(), i * 16);
  return keys;
}

/** A run of both roles, each on a kernel of its own. */
async function match(kernels: { readonly receiver: VoleKernel; readonly sender: VoleKernel }, shape: Shape) {
  const { mode = 'receiver-learns', form = 'fast', seed = 'seed' } = shape;
  const distinct = (numbers: readonly number[]) => new Set(numbers).size;
  const declared = shape.declared ?? { receiver: distinct(shape.receiver), sender: distinct(shape.sender) };
  const random = new SeededRandom(seed);
  const options = (role: 'receiver' | 'sender'): RunOptions => ({
    exchange: exchangeId({ network: 'n', agreement: 'a', job: 'j', profile: 'phone' }),
    plan: new Uint8Array(32),
    form,
    mode,
    own: { count: declared[role], commitment: new Uint8Array(32).fill(role.length), kernel: kernels[role].name },
    peerCount: { min: 0, max: 1_000_000_000 },
    random,
    sha256: () => createHash('sha256'),
  });
  const lists = {
    receiver: new MemoryList('receiver', kernels.receiver, packed(shape.receiver)),
    sender: new MemoryList('sender', kernels.sender, packed(shape.sender)),
  };
  const workers = {
    receiver: new ReceiverWorker({ kernel: kernels.receiver, list: lists.receiver, random }),
    sender: new SenderWorker({ kernel: kernels.sender, list: lists.sender, random }),
  };
  const receiver = new VoleReceiver({ ...options('receiver'), bucketsInFlight: 3 });
  const sender = new VoleSender(options('sender'));
  const players = {
    receiver: { role: receiver, perform: workers.receiver.perform.bind(workers.receiver) },
    sender: { role: sender, perform: workers.sender.perform.bind(workers.sender) },
  };
  try {
    const played = await playBoth(players, { receiver: receiver.start(), sender: sender.start() });
    expect(played.endings).toEqual({ receiver: 'finished', sender: 'finished' });
    return { ...played, geometry: receiver.agreed.geometry, lists };
  } finally {
    await Promise.all([workers.receiver.close(), workers.sender.close()]);
  }
}

function checkFound({ lists }: Awaited<ReturnType<typeof match>>, { receiver, sender, mode }: Shape) {
  const [inReceiver, inSender] = [new Set(receiver), new Set(sender)];
  expect([...lists.receiver.rows]).toEqual(receiver.map((n) => (inSender.has(n) ? 1 : 0)));
  const told = mode === 'both-learn' ? sender.map((n) => (inReceiver.has(n) ? 1 : 0)) : sender.map(() => 0);
  expect([...lists.sender.rows]).toEqual(told);
}

const numbers = (count: number, step = 1, from = 0) => Array.from({ length: count }, (_, i) => from + step * i);

describe.skipIf(!addon)('psi/vole in the native library', () => {
  const kernels = new Map<CpuClass, VoleKernelHandle>();
  const kernel = (cpuClass: CpuClass) => kernels.get(cpuClass)!;

  beforeAll(() => {
    for (const cpuClass of classes) kernels.set(cpuClass, openVoleKernel({ threads: 1, cpuClass })!);
  });
  afterAll(async () => {
    await Promise.all([...kernels.values()].map((each) => each.close()));
  });

  it.each(classes)('%s gives the known answers, and they are those of a plain join', async (cpuClass) => {
    expect(await isVoleRight(kernels.get(cpuClass)!)).toBe(true);
    const { matched } = await runOneBucket(kernels.get(cpuClass)!);
    expect([...matched]).toEqual([0b1110_0000, 0b11]);
  });

  it.each(classes.flatMap((cpuClass) => (['fast', 'low'] as const).map((form): [CpuClass, Form] => [cpuClass, form])))(
    '[F9] [F31] %s, %s: lists of any shape match as in a plain join',
    async (cpuClass, form) => {
      const list = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 50 });
      await fc.assert(
        fc.asyncProperty(
          list,
          list,
          fc.boolean(),
          fc.nat(20),
          fc.string(),
          async (receiver, sender, both, more, seed) => {
            const declared = {
              receiver: new Set(receiver).size + more,
              sender: new Set(sender).size + (more % 4),
            };
            const mode = both ? 'both-learn' : 'receiver-learns';
            const shape: Shape = { receiver, sender, declared, mode, form, seed };
            checkFound(await match({ receiver: kernel(cpuClass), sender: kernel(cpuClass) }, shape), shape);
          },
        ),
        { numRuns: cpuClass === 'portable' ? 5 : 25 },
      );
    },
  );

  it('every class works with every other one', async () => {
    const shape: Shape = { receiver: numbers(3000), sender: numbers(2000, 2), mode: 'both-learn' };
    for (const receiver of classes) {
      for (const sender of classes) {
        checkFound(await match({ receiver: kernel(receiver), sender: kernel(sender) }, shape), shape);
      }
    }
  });

  it.each([
    [15_255, 15_257],
    [15_257, 15_255],
    [91_535, 91_537],
    [91_536, 4_600],
    [5_000, 100_000],
    [91_537, 91_537],
  ])('%d against %d rows: at the bounds of bins and buckets, and unbalanced 1 to 20', async (receiver, sender) => {
    const best = kernel(classes[0]!);
    const shape: Shape = { receiver: numbers(receiver), sender: numbers(sender, 3), mode: 'both-learn' };
    const run = await match({ receiver: best, sender: best }, shape);
    checkFound(run, shape);
    const formula = wireBytes(run.geometry, 'both-learn');
    const sum = (messages: readonly Uint8Array[]) => messages.reduce((bytes, message) => bytes + message.length, 0);
    const all = sum(run.received.receiver) + sum(run.received.sender);
    expect(all - formula.receiver - formula.sender).toBeGreaterThan(0);
    expect(all - formula.receiver - formula.sender).toBeLessThanOrEqual(1024);
  });

  it('distinct rows of a bucket are counted, and keys of another one refused', async () => {
    const best = kernel(classes[0]!);
    const request = { partition: new Uint8Array(16).fill(1), binCount: 12 };
    const { keys, rows, bucketStarts, binLoads } = await best.partition({ ...request, keys: packed(numbers(500)) });
    expect([...rows].sort((a, b) => a - b)).toEqual(numbers(500));
    expect(binLoads.reduce((sum, load) => sum + load, 0)).toBe(500);
    const first = keys.subarray(0, bucketStarts[1]! * 16);
    const twice = Buffer.concat([first, first]);
    expect([...(await best.distinctLoads({ ...request, bucket: 0, keys: twice }))]).toEqual([...binLoads.slice(0, 6)]);
    await expect(best.distinctLoads({ ...request, bucket: 1, keys: first })).rejects.toThrow(RangeError);
    await expect(best.partition({ ...request, keys: new Uint8Array(15) })).rejects.toThrow(RangeError);
  });

  describe('a session', () => {
    const random = new SeededRandom('session');
    const context = {
      geometry: geometryOf({ receiver: 10, sender: 10 }),
      run: random.bytes(32),
      partition: random.bytes(16),
      random,
    };

    async function sessions() {
      const best = kernel(classes[0]!);
      const opening = await best.openSender(context);
      const { answer, session } = await best.openReceiver(context, opening.elements);
      const sender = await opening.finish(answer);
      await session.finishEpoch(0, await sender.answerEpoch(0, await session.beginEpoch(0)));
      return { receiver: session, sender };
    }

    it('does the stages of a bucket in order, each once', async () => {
      const { receiver, sender } = await sessions();
      const keys = packed(numbers(5));
      await expect(receiver.respond(0, new Uint8Array(256 * 272))).rejects.toThrow(RangeError);
      const trees = await sender.answer(0, await receiver.begin(0, keys));
      const { okvs } = await receiver.respond(0, trees);
      await expect(receiver.begin(0, keys)).rejects.toThrow(RangeError);
      const tags = await sender.tags(0, okvs, keys);
      const { matched, match: bits } = await receiver.join(0, tags);
      expect([...matched]).toEqual([0b11111]);
      expect([...(await sender.matched(0, bits))]).toEqual([0b11111]);
      await expect(receiver.join(0, tags)).rejects.toThrow(RangeError);
      await expect(sender.matched(0, bits)).rejects.toThrow(RangeError);
      await Promise.all([receiver.close(), sender.close()]);
      await expect(receiver.begin(0, keys)).rejects.toThrow('closed');
    });

    it('[F39] refuses messages of another length, and tags that are none', async () => {
      const { receiver, sender } = await sessions();
      const keys = packed(numbers(5));
      const choices = await receiver.begin(0, keys);
      await expect(sender.answer(0, choices.subarray(1))).rejects.toThrow(RangeError);
      const { okvs } = await receiver.respond(0, await sender.answer(0, choices));
      const tags = await sender.tags(0, okvs, keys);
      tags.fill(0xff, tags.length - 2);
      await expect(receiver.join(0, tags)).rejects.toThrow(ProtocolError);
      await Promise.all([receiver.close(), sender.close()]);
    });

    it('ends with choices that differ from column to column, before it says anything of its own', async () => {
      const { receiver, sender } = await sessions();
      const choices = await receiver.begin(0, packed(numbers(5)));
      choices[100]! ^= 1;
      await expect(sender.answer(0, choices)).rejects.toMatchObject({ code: 'malformed-message' });
      await Promise.all([receiver.close(), sender.close()]);
    });

    it('refuses more keys than a bucket may have', async () => {
      const { receiver, sender } = await sessions();
      await expect(receiver.begin(0, packed(numbers(16_385)))).rejects.toThrow(RangeError);
      const okvs = new Uint8Array(327_680);
      await sender.answer(0, await receiver.begin(0, packed(numbers(3))));
      await expect(sender.tags(0, okvs, packed(numbers(11)))).rejects.toThrow(RangeError);
      await Promise.all([receiver.close(), sender.close()]);
    });
  });
});
