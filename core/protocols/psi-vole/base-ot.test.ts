import { ristretto255 as oracle } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../bytes/index.ts';
import { elementBytes, ristretto255 as group } from '../../group/index.ts';
import { SeededRandom } from '../../random/index.ts';
import { answerBase, baseElementsBytes, baseOtCount, beginBase, finishBase } from './base-ot.ts';
import { blockBytes } from './binding.ts';

const run = new SeededRandom('base run').bytes(32);

function exchange(seed: string, theirRun = run) {
  const { message, state } = beginBase(run, new SeededRandom(`${seed} sender`));
  const answer = answerBase(theirRun, message, new SeededRandom(`${seed} receiver`));
  return { message, answer, chosen: finishBase(state, answer.message) };
}

const seedOf = (seeds: Uint8Array, i: number) => bytesToHex(seeds.subarray(i * blockBytes, (i + 1) * blockBytes));
const bitOf = (delta: Uint8Array, i: number) => (delta[i >> 3]! >> (i & 7)) & 1;

describe('base OTs', () => {
  it('give the sender the seed of its bit, and nothing like the other one', () => {
    const { message, answer, chosen } = exchange('agree');
    expect(message).toHaveLength(baseElementsBytes);
    expect(answer.message).toHaveLength(elementBytes);
    const all = new Set<string>();
    for (let i = 0; i < baseOtCount; i++) {
      const both = [seedOf(answer.seeds0, i), seedOf(answer.seeds1, i)];
      const bit = bitOf(chosen.delta, i);
      expect(seedOf(chosen.seeds, i)).toBe(both[bit]);
      expect(seedOf(chosen.seeds, i)).not.toBe(both[1 - bit]);
      for (const seed of both) all.add(seed);
    }
    expect(all.size).toBe(2 * baseOtCount);
  });

  it('are computed as specified: an independent computation of every seed agrees', () => {
    const { message, answer } = exchange('specified');
    // The secret of the answer is the first 64 bytes that its random source gives, mod ℓ.
    const scalar = group.randomScalar(new SeededRandom('specified receiver'));
    const factor = BigInt(`0x${bytesToHex(scalar.slice().reverse())}`);
    expect(oracle.Point.BASE.multiply(factor).toBytes()).toEqual(answer.message);
    for (const i of [0, 1, 63, 64, 127]) {
      const element = (v: number) => message.subarray((2 * i + v) * elementBytes, (2 * i + v + 1) * elementBytes);
      for (const v of [0, 1]) {
        const input = concatBytes(run, Uint8Array.of(i, v), element(1 - v));
        const hash = group.hashToGroup(input, utf8ToBytes('causeway/psi-vole/1/base'));
        const sum = oracle.Point.fromBytes(element(v)).add(oracle.Point.fromBytes(hash));
        const input2 = [
          utf8ToBytes('causeway/psi-vole/1/base-key'),
          run,
          Uint8Array.of(i, v),
          answer.message,
          element(0),
          element(1),
          sum.multiply(factor).toBytes(),
        ];
        const seed = bytesToHex(sha256(concatBytes(...input2)).slice(0, 16));
        expect(seedOf(v === 0 ? answer.seeds0 : answer.seeds1, i)).toBe(seed);
      }
    }
  });

  it('agree within one run alone', () => {
    const { answer, chosen } = exchange('other run', new SeededRandom('another run').bytes(32));
    for (let i = 0; i < baseOtCount; i++) {
      expect([seedOf(answer.seeds0, i), seedOf(answer.seeds1, i)]).not.toContain(seedOf(chosen.seeds, i));
    }
  });

  it('take a fresh Δ, which is never zero', () => {
    const deltas = ['a', 'b', 'c'].map((seed) => bytesToHex(exchange(seed).chosen.delta));
    expect(new Set(deltas).size).toBe(3);
    const random = new SeededRandom('zero first');
    let calls = 0;
    const zeroFirst = { bytes: (count: number) => (calls++ === 0 ? new Uint8Array(count) : random.bytes(count)) };
    expect(beginBase(run, zeroFirst).state.delta).not.toEqual(new Uint8Array(blockBytes));
  });
});

describe('hostile base OTs', () => {
  const hostile: readonly [string, Uint8Array][] = [
    ['[F18] the identity', new Uint8Array(elementBytes)],
    ['[F17] an encoding over p', hexToBytes(`ed${'ff'.repeat(30)}7f`)],
    ['[F17] a negative encoding', hexToBytes(`01${'00'.repeat(31)}`)],
    ['[F17] bytes that are no element', new Uint8Array(elementBytes).fill(0xff)],
  ];

  it.each(hostile)('%s is refused, wherever it stands', (_, element) => {
    const refused = expect.objectContaining({ code: 'malformed-point' });
    const { message, state } = beginBase(run, new SeededRandom('hostile'));
    for (const place of [0, 1, 130, 2 * baseOtCount - 1]) {
      const wrong = message.slice();
      wrong.set(element, place * elementBytes);
      expect(() => answerBase(run, wrong, new SeededRandom('hostile'))).toThrow(refused);
    }
    expect(() => finishBase(state, element)).toThrow(refused);
  });

  it('[F18] an element that makes the sum with its hash the identity is refused', () => {
    const message = beginBase(run, new SeededRandom('sum')).message.slice();
    const other = message.subarray(elementBytes, 2 * elementBytes);
    const input = concatBytes(run, Uint8Array.of(0, 0), other);
    const hash = group.hashToGroup(input, utf8ToBytes('causeway/psi-vole/1/base'));
    message.set(group.subtract(new Uint8Array(elementBytes), hash), 0);
    expect(() => answerBase(run, message, new SeededRandom('sum'))).toThrow(
      expect.objectContaining({ code: 'malformed-point' }),
    );
  });
});
