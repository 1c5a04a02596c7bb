import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../random/index.ts';
import { discloseRole } from './disclosure.ts';
import { smallBytesMax, wireBytes } from './lengths.ts';
import { decodeMessage, type Message } from './messages.ts';
import { manyBuckets, prepare as prepareRun, type Setting } from './testing/run.ts';

const prepare = (setting: Omit<Setting, 'sha256'>) => prepareRun({ sha256: () => createHash('sha256'), ...setting });

describe('psi/vole against the plain intersection', () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 25 });

  it.each(['receiver-learns', 'both-learn'] as const)(
    '[F9] [F31] %s: lists of any shape, with repeated rows, empty, equal or disjoint, in any order of events',
    async (mode) => {
      await fc.assert(
        fc.asyncProperty(numbers, numbers, fc.nat(9), fc.string(), async (receiver, sender, extra, seed) => {
          const declared = {
            receiver: new Set(receiver).size + extra,
            sender: new Set(sender).size + (extra % 3),
          };
          const run = prepare({ receiver, sender, declared, mode, seed });
          const order = new SeededRandom(`order ${seed}`);
          const { endings } = await run.play({ choose: (count) => order.below(Math.max(1, count)) });
          expect(endings).toEqual({ receiver: 'finished', sender: 'finished' });
          expect([...run.lists.receiver.rows]).toEqual(receiver.map((n) => (sender.includes(n) ? 1 : 0)));
          const told = mode === 'both-learn' ? sender.map((n) => (receiver.includes(n) ? 1 : 0)) : sender.map(() => 0);
          expect([...run.lists.sender.rows]).toEqual(told);
          expect(run.receiver.transcript).toEqual(run.sender.transcript);
        }),
        { numRuns: 300 },
      );
    },
  );

  it.each([1, 2, 8])('%d buckets in flight, whatever ends first', async (bucketsInFlight) => {
    const receiver = Array.from({ length: 60 }, (_, i) => i);
    const sender = Array.from({ length: 40 }, (_, i) => 2 * i);
    for (const seed of ['a', 'b', 'c', 'd']) {
      const run = prepare({ receiver, sender, declared: manyBuckets, mode: 'both-learn', seed, bucketsInFlight });
      const order = new SeededRandom(seed);
      const { endings } = await run.play({ choose: (count) => order.below(Math.max(1, count)) });
      expect(endings).toEqual({ receiver: 'finished', sender: 'finished' });
      expect(run.receiver.agreed.geometry).toMatchObject({ binCount: 37, bucketCount: 7 });
      expect([...run.lists.receiver.rows]).toEqual(receiver.map((n) => (sender.includes(n) ? 1 : 0)));
      expect([...run.lists.sender.rows]).toEqual(sender.map((n) => (receiver.includes(n) ? 1 : 0)));
    }
  });
});

describe('what each side received', () => {
  const receiver = Array.from({ length: 30 }, (_, i) => i);
  const sender = Array.from({ length: 20 }, (_, i) => 3 * i);

  /** Messages of a side with their lengths; hello, open and done by name alone. */
  function shapes(received: readonly Uint8Array[], from: 'receiver' | 'sender') {
    return received.map((bytes) => {
      const message = read(bytes, from);
      const bulk = 'index' in message ? `${message.number}/${message.index} ${message.bytes.length}` : bytes.length;
      return `${message.type} ${bulk}`;
    });
  }

  function read(bytes: Uint8Array, role: 'receiver' | 'sender'): Message {
    return decodeMessage(bytes, { run: bytes.subarray(2, 18), role });
  }

  it.each(['receiver-learns', 'both-learn'] as const)(
    '%s: is what the disclosure declares, to the byte',
    async (mode) => {
      const run = prepare({ receiver, sender, declared: manyBuckets, mode });
      const { received } = await run.play();
      const { geometry } = run.receiver.agreed;
      for (const side of ['receiver', 'sender'] as const) {
        const from = side === 'receiver' ? 'sender' : 'receiver';
        const sums = new Map<string, number>();
        for (const bytes of received[side]) {
          const message = read(bytes, from);
          if ('index' in message) sums.set(message.type, (sums.get(message.type) ?? 0) + message.bytes.length);
        }
        const declared = discloseRole(side, mode, geometry).receives.map(({ message, bytes }) => [message, bytes]);
        expect([...sums].sort()).toEqual(declared.sort());
      }
    },
  );

  it('has the lengths of the formulas, whatever the lists hold', async () => {
    const setting = { declared: manyBuckets, mode: 'both-learn' } as const;
    const some = await prepare({ ...setting, receiver, sender }).play();
    const none = await prepare({ ...setting, receiver: [], sender: [], seed: 'other' }).play();
    for (const side of ['receiver', 'sender'] as const) {
      const from = side === 'receiver' ? 'sender' : 'receiver';
      expect(shapes(some.received[side], from).sort()).toEqual(shapes(none.received[side], from).sort());
    }
    const run = prepare({ ...setting, receiver, sender });
    const { received } = await run.play();
    const formula = wireBytes(run.receiver.agreed.geometry, 'both-learn');
    const sum = (messages: readonly Uint8Array[]) => messages.reduce((bytes, message) => bytes + message.length, 0);
    const small = sum(received.sender) - formula.receiver + (sum(received.receiver) - formula.sender);
    expect(small).toBeGreaterThan(0);
    expect(small).toBeLessThanOrEqual(smallBytesMax);
  });

  it('[F25] the same lists in two runs give messages that have nothing in common', async () => {
    const setting = { receiver: [1, 2, 3], sender: [2, 3, 4], mode: 'both-learn' } as const;
    const [a, b] = await Promise.all(['x', 'y'].map((seed) => prepare({ ...setting, seed }).play()));
    const tags = ({ received }: Awaited<ReturnType<ReturnType<typeof prepare>['play']>>) =>
      received.receiver.filter((bytes) => read(bytes, 'sender').type === 'tags').map((bytes) => bytes.subarray(26));
    expect(tags(a!)).toHaveLength(1);
    expect(tags(a!)).not.toEqual(tags(b!));
    expect(a!.received.sender[0]!.subarray(0, 18)).toEqual(b!.received.sender[0]!.subarray(0, 18));
    expect(a!.received.sender[2]!.subarray(2, 18)).not.toEqual(b!.received.sender[2]!.subarray(2, 18));
  });
});

describe('after an interruption', () => {
  const receiver = Array.from({ length: 60 }, (_, i) => i);
  const sender = Array.from({ length: 40 }, (_, i) => 2 * i);
  const declared = { receiver: 3 * 6 * 15_256, sender: 40 };
  const setting = { receiver, sender, declared, mode: 'both-learn' } as const;

  /** Plays until so many messages have been sent; the rest is lost. */
  async function interrupted(count: number, from: Omit<Setting, 'sha256'>) {
    const run = prepare(from);
    let sent = 0;
    await run.play({ carry: (message) => (sent++ < count ? [message] : undefined) });
    return { run, isOver: sent <= count };
  }

  it('at any message, another run goes on with the buckets that are left, and both sides end in one digest [PV8]', async () => {
    let messages = 0;
    for (let isOver = false; !isOver; messages++) {
      const { run, isOver: ended } = await interrupted(messages, setting);
      isOver = ended;
      const held = { receiver: run.receiver.held, sender: run.sender.held };
      const again = prepare({ ...setting, seed: `again ${messages}`, held });
      const { endings } = await again.play();
      expect(endings).toEqual({ receiver: 'finished', sender: 'finished' });
      expect(again.receiver.transcript).toEqual(again.sender.transcript);
      const first = again.receiver.agreed.firstBucket;
      const both = [held.receiver, held.sender].map((side) => (side?.digests.length ?? 0) / 32);
      expect(first).toBe(Math.min(...both));
      // Rows of buckets that were done with before were made durable then.
      const found = again.lists.receiver.rows.map((row, i) => row | run.lists.receiver.rows[i]!);
      expect([...found]).toEqual(receiver.map((n) => (sender.includes(n) ? 1 : 0)));
      const told = again.lists.sender.rows.map((row, i) => row | run.lists.sender.rows[i]!);
      expect([...told]).toEqual(sender.map((n) => (receiver.includes(n) ? 1 : 0)));
    }
    expect(messages).toBeGreaterThan(20);
  });

  it('[PV4] a bucket is never run twice under one run’s id, and the lists stay cut as they were', async () => {
    const { run } = await interrupted(36, setting);
    const held = { receiver: run.receiver.held, sender: run.sender.held };
    const again = prepare({ ...setting, seed: 'again', held });
    const { received } = await again.play();
    expect(again.receiver.held!.partition).toEqual(run.receiver.held!.partition);
    const ids = new Set(received.sender.slice(2).map((bytes) => String(bytes.subarray(2, 18))));
    expect(ids.size).toBe(1);
    expect(again.receiver.agreed.firstBucket).toBeGreaterThan(0);
  });

  it('a side that lost the end alone is told it again, without a bucket', async () => {
    const first = prepare(setting);
    const { endings } = await first.play();
    expect(endings.receiver).toBe('finished');
    const held = { receiver: first.receiver.held, sender: first.sender.held };
    const again = prepare({ ...setting, seed: 'again', held });
    const { received } = await again.play();
    expect(received.sender.length + received.receiver.length).toBe(6);
    expect(again.sender.transcript).toEqual(first.receiver.transcript);
  });

  it('a side that has lost everything makes both begin anew, with lists that are cut anew', async () => {
    const { run } = await interrupted(36, setting);
    const again = prepare({ ...setting, seed: 'again', held: { receiver: run.receiver.held } });
    const { endings } = await again.play();
    expect(endings).toEqual({ receiver: 'finished', sender: 'finished' });
    expect(again.receiver.agreed).toMatchObject({ firstBucket: 0, partition: undefined });
    expect(again.receiver.held!.partition).not.toEqual(run.receiver.held!.partition);
  });

  it('keys that could not be encoded end the run at the border of their bucket, and another run finds them', async () => {
    const run = prepare({ ...setting, dealer: { notEncoded: new Set([1]) }, bucketsInFlight: 1 });
    const { endings } = await run.play();
    expect(endings).toEqual({ receiver: 'not-encoded', sender: undefined });
    expect(run.receiver.held!.digests).toHaveLength(32);
    const held = { receiver: run.receiver.held, sender: run.sender.held };
    const again = prepare({ ...setting, seed: 'again', held });
    expect((await again.play()).endings).toEqual({ receiver: 'finished', sender: 'finished' });
  });

  it.each([
    ['a bin of the receiver', { receiver: Array.from({ length: 16_385 }, (_, i) => i), sender: [1] }, 'receiver'],
    ['a bucket of the sender', { receiver: [1], sender: [1, 2, 3, 4, 5, 6] }, 'sender'],
  ] as const)('%s that overflows ends the run before any bucket', async (_, lists, side) => {
    const run = prepare({ ...lists, declared: { receiver: 1, sender: 5 } });
    const { endings, received } = await run.play();
    expect(endings[side]).toBe('overflow');
    const types = [...received.receiver, ...received.sender].map((bytes) => bytes[0]);
    expect(types.every((type) => type! <= 5)).toBe(true);
    // Repeated rows are not an overflow.
    const repeated = { receiver: Array(17_000).fill(1), sender: Array(17_000).fill(1) };
    expect((await prepare({ ...repeated, declared: { receiver: 1, sender: 5 } }).play()).endings[side]).toBe(
      'finished',
    );
  });
});
