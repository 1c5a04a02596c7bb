import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import { concatBytes, plainRowSorter } from '../../bytes/index.ts';
import { BatchKernel, ristretto255 as group } from '../../group/index.ts';
import { SeededRandom } from '../../random/index.ts';
import { addCiphertexts, identity, pointOf } from './elgamal.ts';
import type { EncryptRequest } from './kernel.ts';
import { decodeMessage, encodeMessage, type Message, type Role } from './messages.ts';
import { hashPrefix, listSizes } from './parameters.ts';
import { boundRefusal, checkPlan, figureMax, type SumPlan } from './plan.ts';
import { buildPoints } from './receiver-list.ts';
import { ReferenceSumKernel } from './reference-kernel.ts';
import { RunSeed } from './run-seed.ts';
import { buildSlots, drawDecoys, slotBytes, splitSlots } from './sender-list.ts';
import { binding, type Carry, failureOf, newLogs, play, run } from './testing/both-roles.ts';
import { keysOf, plan, sampleOf } from './testing/sample.ts';

const ids = Array.from({ length: 12 }, (_, i) => i);
const sample = sampleOf({ groups: [ids], ids: ids.map((i) => i + 4) }, plan, 'hostile');
const sides = { plan, groups: sample.groups.map(keysOf), rows: sample.rows, batchRows: 300 };

/** Changes messages of a kind on their way. */
function changing<Type extends Message['type']>(
  type: Type,
  change: (message: Extract<Message, { type: Type }>) => Message,
): Carry {
  return (bytes, to) => {
    const side = to === 'receiver' ? 'partner' : 'proposer';
    const message = decodeMessage(bytes, { run, side }, 1);
    if (message.type !== type) return [bytes];
    return [encodeMessage(change(message as Extract<Message, { type: Type }>), { run, side })];
  };
}

/** What ends a run, and at which side. */
async function ends(carry: Carry, changes: Partial<typeof sides> & { changes?: object } = {}, logs = newLogs()) {
  const played = await play({ ...sides, ...changes }, logs, carry);
  const code = (failureOf(played) as { code?: string }).code;
  const at = (['receiver', 'sender'] as const).filter((role) => {
    const side = played[role];
    return side.status === 'rejected' && side.reason === failureOf(played);
  });
  return { code, at: at[0], heard: logs.heard };
}

const kinds = (role: Role, logs: { readonly [role in Role]: readonly Uint8Array[] }) =>
  new Set(
    logs[role].map(
      (bytes) => decodeMessage(bytes, { run, side: role === 'receiver' ? 'partner' : 'proposer' }, 1).type,
    ),
  );

describe('a receiver that deviates', () => {
  const seed = new RunSeed(new SeededRandom('seed/receiver').bytes(32));
  const ports = { kernel: new BatchKernel(), sorter: plainRowSorter };

  it('cannot leave its labels out of its list to learn the match total', async () => {
    const logs = newLogs();
    const honest = await buildPoints(
      { groups: sides.groups, run, prefix: hashPrefix(binding) },
      seed.scalar('blinding'),
      ports,
    );
    // Other points in the place of all but its own rows: the list is as long, and the labels are not in it.
    const other = group.fromUniformBytes(new SeededRandom('other').bytes(64));
    const without = honest.slice();
    without.set(other, 0);
    logs.kept.receiver.set('points', await plainRowSorter.sortRows(without, { rowBytes: 32, keyBytes: 32 }));
    expect(await ends((message) => [message], {}, logs)).toMatchObject({ code: 'wrong-proof', at: 'sender' });
    expect(kinds('receiver', logs.heard).has('tags')).toBe(false);
  });

  it('that encrypts other weights than 0 and 1 is caught when the check slots are opened', async () => {
    class Heavy extends ReferenceSumKernel {
      override async encryptBits({ bits, ...request }: EncryptRequest): Promise<Uint8Array> {
        const honest = await super.encryptBits({ ...request, bits });
        const extra = concatBytes(identity, pointOf(2n ** 20n - 1n));
        for (const [i, bit] of bits.entries()) {
          if (bit === 1) honest.set(addCiphertexts(honest.slice(64 * i, 64 * i + 64), extra), 64 * i);
        }
        return honest;
      }
    }
    const logs = newLogs();
    const heavy = { changes: { receiver: { sums: new Heavy() } } };
    expect(await ends((message) => [message], heavy, logs)).toMatchObject({ code: 'wrong-proof', at: 'sender' });
    expect(kinds('receiver', logs.heard).has('gate')).toBe(false);
  });

  it('cannot replay the ciphertexts of another run', async () => {
    const other = newLogs();
    await play({ ...sides, seed: 'another' }, other);
    const replayed = other.heard.sender.filter(
      (bytes) => decodeMessage(bytes, { run, side: 'proposer' }, 1).type === 'bits',
    );
    let next = 0;
    const carry = changing('bits', () => decodeMessage(replayed[next++]!, { run, side: 'proposer' }, 1));
    expect(await ends(carry)).toMatchObject({ code: 'wrong-proof', at: 'sender' });
  });

  it('[F23] cannot commit to our own list', async () => {
    const root = sha256(splitSlots(await slotsOf('seed')).points);
    const carry = changing('hello', (hello) => (hello.role === 'receiver' ? { ...hello, root } : hello));
    expect(await ends(carry)).toMatchObject({ code: 'not-distinct', at: 'sender' });
  });

  it('[F22] [F23] cannot send points out of order, repeated, or one of the sender’s', async () => {
    const swap = (rows: Uint8Array) => concatBytes(rows.subarray(32, 64), rows.subarray(0, 32), rows.subarray(64));
    const twice = (rows: Uint8Array) => concatBytes(rows.subarray(0, 32), rows.subarray(0, 32), rows.subarray(64));
    for (const change of [swap, twice]) {
      const logs = newLogs();
      const honest = await buildPoints(
        { groups: sides.groups, run, prefix: hashPrefix(binding) },
        seed.scalar('blinding'),
        ports,
      );
      logs.kept.receiver.set('points', change(honest));
      expect(await ends((message) => [message], {}, logs)).toMatchObject({ code: 'not-distinct', at: 'sender' });
    }
    const logs = newLogs();
    await play(sides, logs);
    const slots = logs.kept.sender.get('slots')!;
    const again = newLogs();
    const honest = logs.kept.receiver.get('points')!;
    const reflected = await plainRowSorter.sortRows(concatBytes(honest.subarray(32), slots.subarray(0, 32)), {
      rowBytes: 32,
      keyBytes: 32,
    });
    again.kept.receiver.set('points', reflected);
    expect((await ends((message) => [message], {}, again)).code).toBe('not-distinct');
  });
});

describe('a sender that deviates', () => {
  it('cannot name a real row as a slot to open: nothing is opened then', async () => {
    const owners = await slotOwners();
    const row = owners.findIndex((owner) => owner < ids.length);
    for (const field of ['labelSlots', 'emptySlots'] as const) {
      const attempt = newLogs();
      const carry = changing('check', (check) => ({
        ...check,
        [field]: check[field].map((s, i) => (i === 0 ? row : s)),
      }));
      expect(await ends(carry, {}, attempt)).toMatchObject({ code: 'wrong-proof', at: 'receiver' });
      expect(kinds('sender', attempt.heard).has('opening')).toBe(false);
    }
  });

  it('cannot name one slot twice, or open another seed than it committed to', async () => {
    const twice = changing('check', (check) => ({
      ...check,
      emptySlots: check.emptySlots.map(() => check.labelSlots[0]!),
    }));
    expect(await ends(twice)).toMatchObject({ code: 'wrong-proof', at: 'receiver' });
    const otherSeed = changing('check', (check) => ({ ...check, emptySeed: new Uint8Array(32) }));
    expect(await ends(otherSeed)).toMatchObject({ code: 'wrong-proof', at: 'receiver' });
  });

  it('cannot keep its rows in the order of its file', async () => {
    const logs = newLogs();
    const slots = await slotsOf('seed');
    const inFileOrder = Array.from({ length: slots.length / slotBytes }, (_, i) =>
      slots.subarray(i * slotBytes, (i + 1) * slotBytes),
    ).sort(
      (a, b) => new DataView(a.slice().buffer).getUint32(32, true) - new DataView(b.slice().buffer).getUint32(32, true),
    );
    logs.kept.sender.set('slots', concatBytes(...inFileOrder));
    const { code } = await ends((message) => [message], {}, logs);
    expect(code).toBe('not-distinct');
  });

  it('cannot leave figures untested, test some twice as often, or release what is not in the plan', async () => {
    const more = changing('gate', (gate) => ({ ...gate, placeCount: gate.placeCount + 1 }));
    expect(await ends(more)).toMatchObject({ code: 'wrong-count', at: 'receiver' });
    const short = changing('release', (release) => ({ ...release, released: release.released.slice(1) }));
    expect(await ends(short)).toMatchObject({ code: 'wrong-count', at: 'receiver' });
    const early: Carry = (bytes, to, index) => {
      const message =
        index < 0 ? undefined : decodeMessage(bytes, { run, side: to === 'receiver' ? 'partner' : 'proposer' }, 1);
      if (message?.type !== 'gate') return [bytes];
      const released = new Uint8Array(12);
      return [encodeMessage({ type: 'release', released, ciphertexts: new Uint8Array(0) }, { run, side: 'partner' })];
    };
    expect(await ends(early)).toMatchObject({ code: 'wrong-order', at: 'receiver' });
  });

  it.each([1n, -1n])('a figure past its bounds by %s ends the run, and no search goes on without end', async (sign) => {
    // Of the count of all: from 0 to the rows of the sender.
    const past = sign > 0n ? BigInt(ids.length) + 1n : -BigInt(ids.length) - 1n;
    const carry = changing('release', (release) => {
      const ciphertexts = release.ciphertexts.slice();
      const moved = addCiphertexts(ciphertexts.slice(0, 64), concatBytes(identity, pointOf(past)));
      ciphertexts.set(moved, 0);
      return { ...release, ciphertexts };
    });
    expect(await ends(carry)).toMatchObject({ code: 'sum-out-of-range', at: 'receiver' });
  });
});

describe('a peer that is anything else', () => {
  it.each([
    ['[F35] a ciphertext whose first half is the identity', 'bits', 'sender'],
    ['[F17] [F18] an invalid element', 'points', 'receiver'],
  ] as const)('%s', async (_, type, at) => {
    const zeroed = changing(type, (message) => ({ ...message, rows: message.rows.slice().fill(0, 0, 32) }) as Message);
    const { code, at: where } = await ends(zeroed);
    expect(type === 'bits' ? code : 'malformed-point').toBe('malformed-point');
    expect(where).toBe(at);
    if (type === 'points') expect(['commitment', 'malformed-point']).toContain(code);
  });

  it('[F30] another list than the one of hello', async () => {
    let seen = false;
    const carry: Carry = (bytes, to) => {
      const message = decodeMessage(bytes, { run, side: to === 'receiver' ? 'partner' : 'proposer' }, 1);
      if (to !== 'receiver' || message.type !== 'points' || seen) return [bytes];
      seen = true;
      const rows = message.rows.slice();
      rows.set(group.generator, 0);
      return [encodeMessage({ ...message, rows }, { run, side: 'partner' })];
    };
    expect(await ends(carry)).toMatchObject({ code: 'commitment', at: 'receiver' });
  });

  it('[F24] a message of another run, a repeated one, one too early', async () => {
    const foreign: Carry = (bytes, _, index) => {
      if (index === 1) bytes[2]! ^= 1;
      return [bytes];
    };
    expect((await ends(foreign)).code).toBe('wrong-session');
    expect((await ends((bytes, _, index) => (index === 0 ? [bytes, bytes] : [bytes]))).code).toBe('wrong-order');
    expect((await ends((bytes, to, index) => (to === 'receiver' && index === 0 ? [] : [bytes]))).code).toMatch(
      /wrong-order|wrong-count/,
    );
  });

  it('[F27] a list below the minimum, over the limit, or another plan', async () => {
    const small = { changes: { sender: { peerRows: { min: 100, max: 1000 } } } };
    expect(await ends((message) => [message], small)).toMatchObject({ code: 'set-size', at: 'sender' });
    const large = { changes: { receiver: { peerRows: { min: 1, max: 5 } } } };
    expect(await ends((message) => [message], large)).toMatchObject({ code: 'set-size', at: 'receiver' });
    const other = { changes: { sender: { planDigest: new Uint8Array(32) } } };
    expect((await ends((message) => [message], other)).code).toBe('wrong-plan');
  });

  it('a key without the proof that its owner knows the secret', async () => {
    const carry = changing('hello', (hello) =>
      hello.role === 'receiver'
        ? {
            ...hello,
            opening: concatBytes(group.multiplyBase(new Uint8Array(32).fill(1, 0, 1)), hello.opening.subarray(32)),
          }
        : hello,
    );
    expect(await ends(carry)).toMatchObject({ code: 'wrong-proof', at: 'sender' });
  });

  it('the transcripts are compared at the end', async () => {
    const carry = changing('done', (done) => ({ ...done, transcript: sha256(done.transcript) }));
    expect((await ends(carry)).code).toBe('transcript');
  });
});

describe('the blur of the match total', () => {
  it('does not show in the size of the sender’s list', async () => {
    const blurs = new Set<number>();
    const sizes = new Set<number>();
    for (const seed of ['a', 'b', 'c', 'd']) {
      sizes.add((await slotsOf(seed)).length / slotBytes);
      blurs.add(drawDecoys(new RunSeed(new SeededRandom(`${seed}/sender`).bytes(32)).stream('decoys/0')).size);
    }
    expect(blurs.size).toBeGreaterThan(1);
    expect([...sizes]).toEqual([listSizes({ groups: [0], sender: ids.length }).sender]);
  });

  it('is 70 decoys on average with a deviation of 10', () => {
    const sizes = Array.from({ length: 2000 }, (_, i) => drawDecoys(new SeededRandom(`blur/${i}`)).size);
    const mean = sizes.reduce((a, b) => a + b) / sizes.length;
    const variance = sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0) / sizes.length;
    expect(Math.abs(mean - 70)).toBeLessThan(1);
    expect(Math.abs(Math.sqrt(variance) - 10)).toBeLessThan(0.8);
  });
});

describe('a plan', () => {
  it('is refused, with what would fit, where a sum could not be found', () => {
    const columns = [{ name: 'cents', min: 0, max: 2 ** 30, squares: false }];
    expect(boundRefusal({ columns }, 2 ** 14)).toBeUndefined();
    expect(boundRefusal({ columns }, 2 ** 20)).toContain('units 100 times as large');
    expect(figureMax).toBe(2 ** 44);
  });

  it.each([
    ['no table', { tables: [] }],
    ['more than 256 cells', { tables: [{ name: 't', cellCount: 257, cellsPerRow: 1 }] }],
    ['one table twice', { tables: [plan.tables[0]!, plan.tables[0]!] }],
    ['more than 8 groups', { groupCount: 9 }],
    ['a minimum over 1,000', { minimumGroupRows: 1001 }],
    ['bounds the wrong way round', { columns: [{ name: 'x', min: 3, max: 2, squares: false }] }],
    ['more figures than tests', { tables: [{ name: 't', cellCount: 256, cellsPerRow: 1 }], groupCount: 2 }],
  ] satisfies [string, Partial<SumPlan>][])('with %s is refused', (_, change) => {
    expect(() => checkPlan({ ...plan, ...change })).toThrow(RangeError);
  });
});

function slotsOf(seed: string): Promise<Uint8Array> {
  const secret = new RunSeed(new SeededRandom(`${seed}/sender`).bytes(32));
  return buildSlots(
    { keys: sides.rows.keys, groupCount: 1, run, prefix: hashPrefix(binding) },
    { seed: secret, scalar: secret.scalar('blinding'), emptySeed: secret.bytes('empty') },
    { kernel: new BatchKernel(), sorter: plainRowSorter },
  );
}

async function slotOwners(): Promise<number[]> {
  return [...splitSlots(await slotsOf('seed')).owners];
}
