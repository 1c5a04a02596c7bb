import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesToHex, compareBytes, concatBytes, plainRowSorter, utf8ToBytes } from '../../bytes/index.ts';
import { BatchKernel, ristretto255 } from '../../group/index.ts';
import { SeededRandom } from '../../random/index.ts';
import type { Learns } from '../party.ts';
import {
  batchCount,
  discloseSide,
  EcdhParty,
  hashPrefix,
  hashToGroupDst,
  haveCommonKey,
  intersectTags,
  type PartyOptions,
  rowsInBatch,
  runId,
  tagBytes,
  tagContext,
} from './index.ts';
import { decodeMessage, encodeMessage } from './messages.ts';

const kernel = new BatchKernel();
const binding = { network: 'n', agreement: 'a', job: 'j', profile: 'phone' };
const run = runId(binding);
const plan = new Uint8Array(32).fill(1);

function options(side: 'proposer' | 'partner', changes: Partial<PartyOptions> = {}): PartyOptions {
  return {
    run,
    plan,
    side,
    learns: { own: 'rows', peer: 'rows' },
    own: { count: 3, root: new Uint8Array(32).fill(side === 'proposer' ? 2 : 3), kernel: 'wasm' },
    peerCount: { min: 1, max: 100 },
    ...changes,
  };
}

/** Two parties that have said hello. */
function introduced(learns: [Learns, Learns] = ['rows', 'rows']) {
  const proposer = new EcdhParty(options('proposer', { learns: { own: learns[0], peer: learns[1] } }));
  const partner = new EcdhParty(options('partner', { learns: { own: learns[1], peer: learns[0] } }));
  proposer.receive(partner.hello());
  partner.receive(proposer.hello());
  return { proposer, partner };
}

/** The whole exchange in memory; returns matched indices or the count, and all that each side received. */
async function exchange(keys: [Uint8Array[], Uint8Array[]], learns: [Learns, Learns], seed: string) {
  const random = new SeededRandom(seed);
  const scalars = keys.map(() => kernel.randomScalar(random));
  const points = await Promise.all(
    keys.map((list, i) =>
      kernel.blind({
        keys: concatBytes(...list),
        prefix: hashPrefix(binding),
        dst: hashToGroupDst,
        scalar: scalars[i]!,
      }),
    ),
  );
  const roots = [new Uint8Array(32).fill(2), new Uint8Array(32).fill(3)];
  const parties = keys.map(
    (list, i) =>
      new EcdhParty(
        options(i === 0 ? 'proposer' : 'partner', {
          learns: { own: learns[i]!, peer: learns[1 - i]! },
          own: { count: list.length, root: roots[i]!, kernel: 'wasm' },
          peerCount: { min: 0, max: 1000 },
        }),
      ),
  );
  const received: Uint8Array[][] = [[], []];
  const deliver = (to: number, message: Uint8Array) => {
    received[to]!.push(message);
    return parties[to]!.receive(message);
  };
  const hellos = parties.map((party) => party.hello());
  for (const to of [0, 1]) deliver(to, hellos[1 - to]!);
  const width = parties[0]!.tagBytes;
  const theirs = [new Uint8Array(0), new Uint8Array(0)];
  for (const to of [0, 1]) {
    if (keys[1 - to]!.length === 0) continue;
    const event = deliver(to, parties[1 - to]!.points(0, points[1 - to]!));
    if (event.kind !== 'points') throw new Error('expected points');
    const tag = { context: tagContext(run), bytes: width };
    theirs[to] = (await kernel.evaluate({
      points: event.points,
      scalar: scalars[to]!,
      tag,
    })) as Uint8Array<ArrayBuffer>;
  }
  const results: Uint32Array[] = [];
  for (const to of [0, 1]) {
    if (learns[to] === 'nothing') continue;
    let mine = theirs[1 - to]!;
    if (learns[to] === 'count') {
      mine = concatBytes(...rowsOf(mine, width).toSorted(compareBytes)) as typeof mine;
    }
    if (keys[to]!.length > 0) deliver(to, parties[1 - to]!.tags(0, mine));
    const sorted = { mine: await numbered(mine, width), theirs: await numbered(theirs[to]!, width) };
    results[to] = intersectTags(sorted, width).toSorted();
  }
  for (const to of [0, 1]) expect(parties[to]!.holdsAll).toBe(true);
  return { results, received, width };
}

function rowsOf(packed: Uint8Array, width: number): Uint8Array[] {
  return Array.from({ length: packed.length / width }, (_, i) => packed.subarray(i * width, (i + 1) * width));
}

/** The tags with their positions behind them, in ascending order. */
function numbered(tags: Uint8Array, width: number): Promise<Uint8Array> {
  const rows = rowsOf(tags, width).map((tag, i) => concatBytes(tag, new Uint8Array(Uint32Array.of(i).buffer)));
  return plainRowSorter.sortRows(concatBytes(...rows), { rowBytes: width + 4, keyBytes: width });
}

function key(n: number): Uint8Array {
  return new Uint8Array(16).fill(n);
}

describe('psi/ecdh against the plain intersection', () => {
  const sets = fc.tuple(fc.uniqueArray(fc.integer({ min: 0, max: 9 })), fc.uniqueArray(fc.integer({ min: 0, max: 9 })));
  const modes: [Learns, Learns][] = [
    ['rows', 'nothing'],
    ['nothing', 'rows'],
    ['rows', 'rows'],
    ['count', 'count'],
    ['count', 'nothing'],
  ];

  it.each(modes)('[F31] first learns %s, second learns %s: empty, full and partial overlaps', async (first, second) => {
    await fc.assert(
      fc.asyncProperty(sets, fc.string(), async ([a, b], seed) => {
        const { results } = await exchange([a.map(key), b.map(key)], [first, second], seed);
        const shared = new Set(a.filter((n) => b.includes(n)));
        for (const [i, list] of [a, b].entries()) {
          const learns = [first, second][i];
          if (learns === 'rows') expect([...results[i]!].map((at) => list[at]!).sort()).toEqual([...shared].sort());
          if (learns === 'count') expect(results[i]!).toHaveLength(shared.size);
          if (learns === 'nothing') expect(results[i]).toBeUndefined();
        }
      }),
      { numRuns: 15 },
    );
  });

  it.each(modes)('the transcript is what the disclosure declares: %s and %s', async (first, second) => {
    const lists: [Uint8Array[], Uint8Array[]] = [[1, 2, 3].map(key), [3, 4].map(key)];
    const { received, width } = await exchange(lists, [first, second], 'disclosure');
    for (const i of [0, 1]) {
      const declared = discloseSide([first, second][i]!, width).receives.map(({ message, bytesPerRow, rowsOf }) => ({
        type: message,
        bytes: bytesPerRow * lists[rowsOf === 'own' ? i : 1 - i]!.length,
      }));
      const bulk = received[i]!.map((bytes) => decodeMessage(bytes, { run, side: i === 0 ? 'partner' : 'proposer' }))
        .filter((message) => message.type !== 'hello')
        .map((message) => ({
          type: message.type,
          bytes: message.type === 'points' ? message.points.length : message.type === 'tags' ? message.tags.length : -1,
        }));
      expect(bulk).toEqual(declared);
    }
  });

  it('where only a count is learned, tags come sorted: their order says nothing', async () => {
    const { received, width } = await exchange(
      [[1, 2, 3, 4, 5].map(key), [2, 5].map(key)],
      ['count', 'count'],
      'sorted',
    );
    const tags = received[0]!
      .map((bytes) => decodeMessage(bytes, { run, side: 'partner' }))
      .find((message) => message.type === 'tags');
    if (tags?.type !== 'tags') throw new Error('expected tags');
    const sorted = rowsOf(tags.tags, width).map(bytesToHex).toSorted();
    expect(rowsOf(tags.tags, width).map(bytesToHex)).toEqual(sorted);
  });

  it('[F25] [PE1] the same list in two runs gives points and tags that have nothing in common', async () => {
    const scalar = kernel.randomScalar(new SeededRandom('one key in two runs would not help either'));
    const blind = (job: string) =>
      kernel.blind({ keys: key(7), prefix: hashPrefix({ ...binding, job }), dst: hashToGroupDst, scalar });
    expect(bytesToHex(await blind('j1'))).not.toBe(bytesToHex(await blind('j2')));
    const [a, b] = await Promise.all(['x', 'y'].map((seed) => exchange([[key(7)], [key(7)]], ['rows', 'rows'], seed)));
    const content = (result: typeof a) => {
      const bulk = result!.received.flat().filter((bytes) => bytes[0] !== 0);
      return new Set(bulk.map((bytes) => bytesToHex(bytes.subarray(22))));
    };
    // Two lists of points, and the one tag that both sides take of the shared identifier.
    expect(content(a).size).toBe(3);
    expect([...content(a)].filter((hex) => content(b).has(hex))).toEqual([]);
  });
});

describe('a hostile peer ends the run', () => {
  const code = (value: string) => expect.objectContaining({ name: 'ProtocolError', code: value });
  const points = new Uint8Array(96);

  it('[F24] [PE2] with a message of another session', () => {
    const { proposer } = introduced();
    const other = runId({ ...binding, job: 'another' });
    const foreign = encodeMessage({ type: 'points', index: 0, points }, { run: other, side: 'partner' });
    expect(() => proposer.receive(foreign)).toThrow(code('wrong-session'));
  });

  it('[F23] [PE2] with our own message, or our own commitment', () => {
    const { proposer } = introduced();
    expect(() => proposer.receive(proposer.points(0, points))).toThrow(code('wrong-session'));
    const root = options('proposer').own.root;
    const mirror = new EcdhParty(options('partner', { own: { count: 3, root, kernel: 'wasm' } }));
    expect(() => new EcdhParty(options('proposer')).receive(mirror.hello())).toThrow(code('not-distinct'));
  });

  it('[F22] [PE2] with more, fewer, repeated or re-ordered batches', () => {
    const { proposer, partner } = introduced();
    expect(() => proposer.receive(partner.points(1, points))).toThrow(code('wrong-order'));
    expect(() => proposer.receive(partner.points(0, points.subarray(32)))).toThrow(code('wrong-count'));
    expect(() => proposer.receive(partner.points(0, new Uint8Array(128)))).toThrow(code('wrong-count'));
    expect(() => proposer.receive(partner.done(new Uint8Array(32)))).toThrow(code('wrong-count'));
    expect(proposer.receive(partner.points(0, points)).kind).toBe('points');
    expect(() => proposer.receive(partner.points(0, points))).toThrow(code('wrong-order'));
    expect(() => proposer.receive(partner.points(1, points))).toThrow(code('wrong-count'));
  });

  it('[PE2] before hello, after the end, or with a second hello', () => {
    const { partner } = introduced();
    const fresh = new EcdhParty(options('proposer'));
    expect(() => fresh.receive(partner.points(0, points))).toThrow(code('wrong-order'));
    fresh.receive(partner.hello());
    expect(() => fresh.receive(partner.hello())).toThrow(code('wrong-order'));
    fresh.receive(partner.points(0, points));
    fresh.receive(partner.tags(0, new Uint8Array(3 * fresh.tagBytes)));
    fresh.receive(partner.done(new Uint8Array(32)));
    expect(() => fresh.receive(partner.done(new Uint8Array(32)))).toThrow(code('wrong-order'));
  });

  it('[PE2] with tags that nobody agreed to', () => {
    const { partner } = introduced(['rows', 'nothing']);
    const proposer = new EcdhParty(options('proposer', { learns: { own: 'rows', peer: 'nothing' } }));
    proposer.receive(partner.hello());
    const receiver = new EcdhParty(options('partner', { learns: { own: 'nothing', peer: 'rows' } }));
    receiver.receive(proposer.hello());
    expect(() => receiver.receive(proposer.tags(0, new Uint8Array(33)))).toThrow(code('wrong-count'));
  });

  it.each([
    ['another plan', { plan: new Uint8Array(32) }, 'wrong-plan'],
    ['another thing to learn', { learns: { own: 'nothing', peer: 'rows' } as const }, 'wrong-plan'],
    ['a list below the minimum', { own: { count: 1, root: new Uint8Array(32), kernel: 'wasm' } }, 'set-size'],
    ['a list over the limit', { own: { count: 101, root: new Uint8Array(32), kernel: 'wasm' } }, 'set-size'],
    [
      'a claim to hold what was never sent',
      { held: { points: 9, tags: 0, commitment: { count: 3, root: new Uint8Array(32) } } },
      'wrong-count',
    ],
  ])('[F27] with %s', (_, changes, expected) => {
    const peer = new EcdhParty(options('partner', changes));
    const own = new EcdhParty(options('proposer', { peerCount: { min: 2, max: 100 } }));
    expect(() => own.receive(peer.hello())).toThrow(code(expected));
  });

  it('[F42] with another version of the protocol', () => {
    const hello = encodeMessage(
      {
        type: 'hello',
        version: 0,
        plan,
        learns: 'rows',
        count: 3,
        root: plan,
        kernel: 'wasm',
        pointsHeld: 0,
        tagsHeld: 0,
      },
      { run, side: 'partner' },
    );
    expect(() => new EcdhParty(options('proposer')).receive(hello)).toThrow(code('wrong-plan'));
  });

  it('[F30] [PE5] with another list after a restart', () => {
    const commitment = { count: 3, root: new Uint8Array(32).fill(9) };
    const resumed = new EcdhParty(options('proposer', { held: { points: 0, tags: 0, commitment } }));
    expect(() => resumed.receive(new EcdhParty(options('partner')).hello())).toThrow(code('commitment'));
  });

  it('[F23] [PE4] with an element twice, in its list or in its answers', async () => {
    const random = new SeededRandom('twice');
    const tags = random.bytes(55);
    const once = await numbered(tags, 11);
    const repeated = await numbered(concatBytes(tags, tags.subarray(11, 22)), 11);
    expect(() => intersectTags({ mine: once, theirs: repeated }, 11)).toThrow(code('not-distinct'));
    expect(() => intersectTags({ mine: repeated, theirs: once }, 11)).toThrow(code('not-distinct'));
  });

  it('[F23] [PE4] with one of our own elements', async () => {
    const random = new SeededRandom('reflected');
    const prints = (bytes: Uint8Array) => plainRowSorter.sortRows(bytes, { rowBytes: 12, keyBytes: 12 });
    const [mine, theirs] = [random.bytes(60), random.bytes(48)];
    const shape = { rowBytes: 12, keyBytes: 12 };
    expect(haveCommonKey(await prints(mine), await prints(theirs), shape)).toBe(false);
    const reflected = await prints(concatBytes(theirs, mine.subarray(24, 36)));
    expect(haveCommonKey(await prints(mine), reflected, shape)).toBe(true);
    expect(haveCommonKey(reflected, await prints(mine), shape)).toBe(true);
  });

  it('[F39] with any bytes at all: refused as a message, never another error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(3), (noise, type) => {
        const { proposer } = introduced();
        const framed = concatBytes(Uint8Array.of(type, 1), run.subarray(0, 16), noise);
        for (const bytes of [noise, framed]) {
          try {
            proposer.receive(bytes);
          } catch (error) {
            expect(error).toMatchObject({ name: 'ProtocolError' });
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('after a restart [PE7]', () => {
  it('a side asks for what it lacks and is sent the same bytes', () => {
    const { proposer, partner } = introduced();
    const first = proposer.points(0, new Uint8Array(96).fill(5));
    partner.receive(first);
    const commitment = { count: 3, root: options('proposer').own.root };
    const restarted = new EcdhParty(options('partner', { held: { points: 1, tags: 0, commitment } }));
    const again = new EcdhParty(options('proposer'));
    expect(again.receive(restarted.hello())).toEqual({ kind: 'agreed', sendPointsFrom: 1, sendTagsFrom: 0 });
    expect(again.points(0, new Uint8Array(96).fill(5))).toEqual(first);
  });
});

describe('parameters', () => {
  it('tags are long enough for any pair of either list', () => {
    expect(tagBytes({ own: 1_000_000, peer: 1_000_000 })).toBe(11);
    expect(tagBytes({ own: 0, peer: 0 })).toBe(6);
    for (const n of [1, 1000, 2 ** 20, 2 ** 31]) {
      expect(8 * tagBytes({ own: n, peer: n })).toBeGreaterThanOrEqual(40 + 2 * Math.log2(2 * n));
    }
  });

  it.each([0, 1, 16383, 16384, 16385, 32768])('%d rows are cut into batches without loss', (rows) => {
    let sum = 0;
    for (let i = 0; i < batchCount(rows); i++) sum += rowsInBatch(rows, i);
    expect(sum).toBe(rows);
    expect(rowsInBatch(rows, batchCount(rows))).toBe(0);
  });

  it('[F97] no two bindings share a prefix', () => {
    const a = hashPrefix({ ...binding, network: 'ab', agreement: 'c' });
    const b = hashPrefix({ ...binding, network: 'a', agreement: 'bc' });
    expect(bytesToHex(a)).not.toBe(bytesToHex(b));
    expect(ristretto255.hashToGroup(utf8ToBytes('x'), hashToGroupDst)).toHaveLength(32);
  });
});
