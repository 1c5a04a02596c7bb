import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../bytes/index.ts';
import { SeededRandom } from '../../random/index.ts';
import { decodeMessage, encodeMessage, type Message, pieceBytesMax, pieceOverheadBytes } from './messages.ts';
import { bucketsInFlightMax } from './parameters.ts';
import type { RunOptions } from './run.ts';
import { VoleSender } from './sender.ts';
import { encodeTags } from './testing/dealer.ts';
import { exchange, manyBuckets, prepare as prepareRun, type Setting } from './testing/run.ts';

const prepare = (setting: Omit<Setting, 'sha256'>) => prepareRun({ sha256: () => createHash('sha256'), ...setting });
const code = (value: string) => expect.objectContaining({ name: 'ProtocolError', code: value });

const lists = { receiver: [1, 2, 3, 4, 5, 6], sender: [4, 5, 6, 7], mode: 'both-learn' } as const;

const read = (bytes: Uint8Array, role: 'receiver' | 'sender') =>
  decodeMessage(bytes, { run: bytes.subarray(2, 18), role });

/** Plays a run in which one message, counted over both directions, is played with. */
async function playedWith(
  at: number,
  change: (message: Uint8Array) => readonly Uint8Array[],
  setting: Partial<Setting> = {},
) {
  const run = prepare({ ...lists, ...setting });
  let sent = 0;
  const played = run.play({ carry: (message) => (sent++ === at ? change(message) : [message]) });
  return played.then(
    ({ endings }) => ({ run, endings, error: undefined }),
    (error: unknown) => ({ run, endings: undefined, error: error as Error }),
  );
}

/** What goes from one side to the other in an honest run, in order of sending. */
async function honest(setting: Partial<Setting> = {}) {
  const sent: { readonly bytes: Uint8Array; readonly to: 'receiver' | 'sender'; readonly type: Message['type'] }[] = [];
  await prepare({ ...lists, ...setting }).play({
    carry: (bytes, to) => {
      sent.push({ bytes, to, type: read(bytes, to === 'receiver' ? 'sender' : 'receiver').type });
      return [bytes];
    },
  });
  return sent;
}

const sent = await honest();

const mutations: readonly [string, (message: Uint8Array, at: number) => readonly Uint8Array[]][] = [
  ['shorter by a byte', (message) => [message.subarray(0, -1)]],
  ['longer by a byte', (message) => [concatBytes(message, Uint8Array.of(0))]],
  ['empty', () => [new Uint8Array(0)]],
  ['twice', (message) => [message, message]],
  ['replaced by the one before it', (_, at) => (at === 0 ? [] : [sent[at - 1]!.bytes])],
  ['replaced by the next but one', (_, at) => [sent[Math.min(sent.length - 1, at + 2)]!.bytes]],
];

describe('a hostile message ends the run, or leaves it unfinished: nothing is given out', () => {
  it('of an honest run there are these', () => {
    expect(sent.map(({ type }) => type)).toEqual(
      [
        'ready',
        'hello',
        'hello',
        'open',
        'base-elements',
        'base-answer',
        'epoch-choices',
        'epoch-trees',
        'choices',
        'trees',
        'okvs',
      ]
        .concat(['tags', 'match', 'done', 'done'])
        .flatMap((type) => (type === 'epoch-choices' ? [type, type] : [type])),
    );
  });

  it.each(mutations)('[F22] [F40] [PV2] %s, any of them', async (_, change) => {
    for (const at of sent.keys()) {
      const { endings, error } = await playedWith(at, (message) => change(message, at));
      if (error) expect(error).toMatchObject({ name: 'ProtocolError' });
      const isLast = at >= sent.length - 2;
      if (!isLast) expect(endings, sent[at]!.type).not.toEqual({ receiver: 'finished', sender: 'finished' });
    }
  });

  it('[PV2] with any one bit changed, any of them', async () => {
    const random = new SeededRandom('bits');
    for (const [at, { bytes, type }] of sent.entries()) {
      // Every bit before the content, and some of it.
      const headBytes = Math.min(pieceOverheadBytes, bytes.length);
      const head = Array.from({ length: 8 * headBytes }, (_, bit) => bit).filter((bit) => bit % 8 === at % 8);
      const content = Array.from({ length: 12 }, () => random.below(8 * bytes.length));
      for (const bit of [...head, ...content]) {
        const { endings, error } = await playedWith(at, (message) => {
          const flipped = message.slice();
          flipped[bit >> 3]! ^= 1 << (bit & 7);
          return [flipped];
        });
        if (error) expect(error, `${type}, bit ${bit}`).toMatchObject({ name: 'ProtocolError' });
        const both = endings?.receiver === 'finished' && endings.sender === 'finished';
        expect(both, `${type}, bit ${bit}`).toBe(false);
      }
    }
  }, 120_000);

  it('[F24] [PV2] of an earlier run of the same exchange', async () => {
    for (const [at, { to, type }] of sent.entries()) {
      if (type === 'ready' || type === 'hello' || type === 'open') continue;
      const { error } = await playedWith(at, () => [sent[at]!.bytes], { seed: 'another run' });
      expect(error, `${type} to ${to}`).toEqual(code('wrong-session'));
    }
    // A nonce that was opened in another run does not fit this one's commitment.
    const opened = sent.findIndex(({ type }) => type === 'open');
    const { error } = await playedWith(opened, () => [sent[opened]!.bytes], { seed: 'another run' });
    expect(error).toEqual(code('commitment'));
  });

  it('[F23] [PV2] that is our own', async () => {
    for (const [at, { to }] of sent.entries()) {
      const own = sent.filter((each, i) => each.to !== to && i <= at);
      if (own.length === 0) continue;
      const { error } = await playedWith(at, () => [own.at(-1)!.bytes]);
      expect(error).toEqual(code('wrong-session'));
    }
  });

  it('[F39] [PV3] of any bytes at all: refused as a message, never another error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.nat(14),
        fc.nat(sent.length - 1),
        async (noise, type, at) => {
          const { bytes, to } = sent[at]!;
          const framed = concatBytes(Uint8Array.of(type, to === 'receiver' ? 1 : 0), bytes.subarray(2, 18), noise);
          for (const message of [noise, framed]) {
            const { error } = await playedWith(at, () => [message]);
            if (error) expect(error).toMatchObject({ name: 'ProtocolError' });
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('a sender refuses a receiver that', () => {
  /** A sender, and the run's id, after everything that an honest receiver says up to a type of message. */
  async function senderAfter(last: Message['type'], setting: Partial<Setting> = {}) {
    const run = prepare({ receiver: [1], sender: [1, 2], ...setting });
    let id = new Uint8Array(0);
    let hasSeen = false;
    await run.play({
      carry: (message, to) => {
        id = message.slice(2, 18);
        if (hasSeen && to === 'sender') return [];
        hasSeen ||= to === 'sender' && read(message, 'receiver').type === last;
        return [message];
      },
    });
    const piece = (
      type: 'choices' | 'okvs' | 'match' | 'epoch-choices',
      number: number,
      index: number,
      length: number,
    ) => encodeMessage({ type, number, index, bytes: new Uint8Array(length) }, { run: id, role: 'receiver' });
    return { sender: run.sender, geometry: run.sender.agreed.geometry, piece };
  }

  it('[PV4] begins a bucket twice, out of turn, or one that does not exist', async () => {
    const length = 16 * 256 * 8;
    for (const number of [0, 2, 7, 2 ** 32 - 1]) {
      const { sender, piece } = await senderAfter('choices', { declared: manyBuckets, bucketsInFlight: 1 });
      expect(() => sender.receive(piece('choices', number, 0, length))).toThrow(code('wrong-order'));
    }
  });

  it('[PV5] begins more buckets than are allowed in flight', async () => {
    const declared = { receiver: 10 * 6 * 15_256, sender: 3 };
    const run = prepare({ receiver: [1], sender: [1], declared, bucketsInFlight: bucketsInFlightMax });
    let id = new Uint8Array(0);
    await run.play({
      carry: (message, to) => {
        id = message.slice(2, 18);
        return to === 'sender' && read(message, 'receiver').type === 'okvs' ? [] : [message];
      },
    });
    const ninth = { type: 'choices', number: bucketsInFlightMax, index: 0, bytes: new Uint8Array(40_960) } as const;
    const message = encodeMessage(ninth, { run: id, role: 'receiver' });
    expect(() => run.sender.receive(message)).toThrow(code('wrong-order'));
  });

  it('[F39] [PV3] sends a piece of another length, out of turn, or of a message within another', async () => {
    const setting = { declared: { receiver: 91_536, sender: 2 } } as const;
    for (const length of [0, 1, pieceBytesMax - 1, pieceBytesMax + 1]) {
      const { sender, piece } = await senderAfter('choices', setting);
      expect(() => sender.receive(piece('okvs', 0, 0, length))).toThrow(code('wrong-count'));
    }
    for (const index of [1, 2, 2 ** 32 - 1]) {
      const { sender, piece } = await senderAfter('choices', setting);
      expect(() => sender.receive(piece('okvs', 0, index, pieceBytesMax))).toThrow(code('wrong-order'));
    }
    const { sender, piece } = await senderAfter('choices', setting);
    sender.receive(piece('okvs', 0, 0, pieceBytesMax));
    expect(() => sender.receive(piece('match', 0, 0, 1))).toThrow(code('wrong-order'));
    const other = await senderAfter('choices', setting);
    other.sender.receive(other.piece('okvs', 0, 0, pieceBytesMax));
    expect(() => other.sender.receive(other.piece('okvs', 0, 0, pieceBytesMax))).toThrow(code('wrong-order'));
  });

  it('[PV2] tells matches where nobody agreed to that', async () => {
    const { sender, piece } = await senderAfter('okvs');
    expect(() => sender.receive(piece('match', 0, 0, 1))).toThrow(code('wrong-order'));
  });

  it('[PV2] speaks after its run has failed', async () => {
    const { sender, piece } = await senderAfter('choices');
    expect(() => sender.receive(piece('choices', 5, 0, 1))).toThrow(code('wrong-order'));
    expect(() => sender.receive(piece('okvs', 0, 0, 327_680))).toThrow(code('wrong-order'));
  });
});

describe('a hello is refused', () => {
  const hello = (change: (options: RunOptions) => RunOptions) => {
    const run = prepare({
      ...lists,
      change: (options, role) =>
        role === 'receiver' ? change(options) : { ...options, peerCount: { min: 2, max: 1_000_000 } },
    });
    return () => run.sender.receive(run.receiver.start().send[0]!);
  };

  it.each<[string, (options: RunOptions) => RunOptions, string]>([
    ['with another plan', (options) => ({ ...options, plan: new Uint8Array(32) }), 'wrong-plan'],
    ['with another thing to learn', (options) => ({ ...options, mode: 'receiver-learns' }), 'wrong-plan'],
    ['with another form', (options) => ({ ...options, form: 'low' }), 'wrong-plan'],
    ['of another exchange', (options) => ({ ...options, exchange: new Uint8Array(32) }), 'wrong-session'],
    ['with a list below the minimum', (options) => ({ ...options, own: { ...options.own, count: 1 } }), 'set-size'],
    [
      'with a list over the limit',
      (options) => ({ ...options, own: { ...options.own, count: 1_000_001 } }),
      'set-size',
    ],
    [
      'with our own commitment',
      (options) => ({ ...options, own: { ...options.own, commitment: new Uint8Array(32).fill(3) } }),
      'not-distinct',
    ],
    [
      'that claims to hold more buckets than there are',
      (options) => {
        const peer = { count: 4, commitment: new Uint8Array(32).fill(3) };
        return { ...options, held: { partition: new Uint8Array(16), digests: new Uint8Array(64), peer } };
      },
      'wrong-count',
    ],
  ])('[F27] [PV1] %s', (_, change, expected) => {
    expect(hello(change)).toThrow(code(expected));
  });

  it('[F42] with another version', () => {
    const start = prepare(lists).receiver.start().send[0]!;
    const { sender } = prepare(lists);
    const message = read(start, 'receiver');
    if (message.type !== 'hello') throw new Error('expected hello');
    const newer = encodeMessage({ ...message, version: 2 }, { run: exchange, role: 'receiver' });
    expect(() => sender.receive(newer)).toThrow(code('wrong-plan'));
  });

  it('[F27] where a list is so much longer than the other that a bucket would not fit in memory', () => {
    const run = prepare({ ...lists, declared: { receiver: 1, sender: 2 ** 21 + 1 }, change: (options) => options });
    const { sender } = prepare({
      ...lists,
      change: (options) => ({ ...options, peerCount: { min: 1, max: 2 ** 30 } }),
    });
    expect(sender).toBeInstanceOf(VoleSender);
    const big = prepare({ ...lists, declared: { receiver: 1, sender: 2 ** 21 + 1 } });
    expect(() => big.sender.receive(run.receiver.start().send[0]!)).toThrow(code('set-size'));
  });

  it('[F30] [PV6] with another list than the exchange began with', async () => {
    const first = prepare(lists);
    await first.play();
    const held = { receiver: first.receiver.held, sender: first.sender.held };
    for (const own of [{ count: 7 }, { commitment: new Uint8Array(32).fill(9) }]) {
      const change = (options: RunOptions, role: string) =>
        role === 'receiver' ? { ...options, own: { ...options.own, ...own } } : options;
      const again = prepare({ ...lists, seed: 'again', held, change });
      expect(() => again.sender.receive(again.receiver.start().send[0]!)).toThrow(code('commitment'));
    }
  });
});

describe('a receiver refuses tags that', () => {
  const tags = [5n, 6n, 7n, 2n ** 60n];
  it.each([
    ['are not ascending', [6n, 5n, 7n, 2n ** 60n]],
    ['are one too few', tags.slice(1)],
    ['are one too many', [...tags, 2n ** 61n - 1n]],
  ])('%s', async (_, list) => {
    const at = sent.findIndex(({ type }) => type === 'tags');
    const { bytes } = sent[at]!;
    const honestBytes = bytes.length - pieceOverheadBytes;
    const encoded = encodeTags(list, 61);
    const content = new Uint8Array(honestBytes);
    content.set(encoded.subarray(0, honestBytes));
    const { error } = await playedWith(at, (message) => [
      concatBytes(message.subarray(0, pieceOverheadBytes), content),
    ]);
    expect(error).toEqual(code('malformed-message'));
  });
});
