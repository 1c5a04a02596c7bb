/**
 * The 128 base OTs of a run: Masny and Rindal, "Endemic Oblivious Transfer" (CCS 2019), over ristretto255. The sender of the PSI is their
 * receiver, and its choice bits are Δ; the receiver of the PSI ends up with both seeds of each OT. Semi-honest, under DDH-type hardness with
 * hashes as random oracles; bound to the run by its id. About a thousand group operations, once for each run.
 *
 * For each i, S sends two elements: the one for 1 − δ_i is random, and the other one is chosen so that its sum with a hash of the first is
 * y_i·G. R has one secret a: of the two products a·(element + hash) S knows the one that is y_i·A.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '../../bytes/index.ts';
import { elementBytes, GroupError, ristretto255 as group } from '../../group/index.ts';
import type { RandomSource } from '../../random/index.ts';
import { ProtocolError } from '../protocol-error.ts';
import { blockBytes } from './binding.ts';

/** Bits of Δ. */
export const baseOtCount = 128;
/** Bytes of the sender's message: for each OT, two elements. */
export const baseElementsBytes = 2 * baseOtCount * elementBytes;

const hashTag = utf8ToBytes('causeway/psi-vole/1/base');
const keyDomain = utf8ToBytes('causeway/psi-vole/1/base-key');

/** What the sender keeps between its elements and the answer. Secret; serves once. */
export interface BaseState {
  readonly run: Uint8Array;
  /** Δ, 16 bytes: bit i is the choice of OT i. */
  readonly delta: Uint8Array;
  readonly elements: Uint8Array;
  /** y_i, scalars of 32 bytes. */
  readonly scalars: readonly Uint8Array[];
}

/** Draws Δ, uniform but not zero, and the elements that ask for its seeds. @param run rid, 32 bytes. */
export function beginBase(run: Uint8Array, random: RandomSource): { message: Uint8Array; state: BaseState } {
  const delta = drawDelta(random);
  const elements = new Uint8Array(baseElementsBytes);
  const scalars: Uint8Array[] = [];
  for (let i = 0; i < baseOtCount; i++) {
    const choice = bitOf(delta, i);
    const scalar = group.randomScalar(random);
    const other = group.fromUniformBytes(random.bytes(64));
    const chosen = group.subtract(group.multiplyBase(scalar), hashToGroup({ run, i, v: choice, element: other }));
    elementOf(elements, i, 0).set(select(choice, chosen, other));
    elementOf(elements, i, 1).set(select(choice, other, chosen));
    scalars.push(scalar);
  }
  return { message: elements.slice(), state: { run, delta, elements, scalars } };
}

/**
 * The receiver's answer, and both seeds of each OT.
 * @param elements {@link baseElementsBytes} from the sender.
 * @returns the message, one element; and the seeds for 0 and for 1, packed.
 * @throws {ProtocolError} `malformed-point` for an element that is not canonical, or the identity.
 */
export function answerBase(
  run: Uint8Array,
  elements: Uint8Array,
  random: RandomSource,
): { message: Uint8Array; seeds0: Uint8Array; seeds1: Uint8Array } {
  const scalar = group.randomScalar(random);
  const answer = group.multiplyBase(scalar);
  const seeds = [new Uint8Array(baseOtCount * blockBytes), new Uint8Array(baseOtCount * blockBytes)] as const;
  refusingMalformed(() => {
    for (let i = 0; i < 2 * baseOtCount; i++) group.checkElement(elementOf(elements, 0, i), i);
    for (let i = 0; i < baseOtCount; i++) {
      for (const v of [0, 1] as const) {
        const hash = hashToGroup({ run, i, v, element: elementOf(elements, i, 1 - v) });
        const shared = group.multiply(scalar, group.add(elementOf(elements, i, v), hash), 2 * i + v);
        seeds[v].set(deriveSeed({ run, i, v, answer, elements, shared }), i * blockBytes);
      }
    }
  });
  scalar.fill(0);
  return { message: answer, seeds0: seeds[0], seeds1: seeds[1] };
}

/**
 * @param answer one element, from the receiver.
 * @returns Δ, and of each OT the seed that its bit chose, packed. The state is used up.
 * @throws {ProtocolError} `malformed-point` for an element that is not canonical, or the identity.
 */
export function finishBase(state: BaseState, answer: Uint8Array): { delta: Uint8Array; seeds: Uint8Array } {
  const { run, delta, elements, scalars } = state;
  const seeds = new Uint8Array(baseOtCount * blockBytes);
  refusingMalformed(() => {
    group.checkElement(answer);
    for (const [i, scalar] of scalars.entries()) {
      const shared = group.multiply(scalar, answer);
      seeds.set(deriveSeed({ run, i, v: bitOf(delta, i), answer, elements, shared }), i * blockBytes);
      scalar.fill(0);
    }
  });
  return { delta, seeds };
}

interface Place {
  readonly run: Uint8Array;
  /** Number of the OT. */
  readonly i: number;
  /** Which of its two sides. */
  readonly v: number;
}

/** Onto the group, bound to the run, the OT and the side. */
function hashToGroup({ run, i, v, element }: Place & { readonly element: Uint8Array }): Uint8Array {
  return group.hashToGroup(concatBytes(run, Uint8Array.of(i, v), element), hashTag);
}

interface Derivation extends Place {
  readonly answer: Uint8Array;
  readonly elements: Uint8Array;
  readonly shared: Uint8Array;
}

function deriveSeed({ run, i, v, answer, elements, shared }: Derivation): Uint8Array {
  const both = elements.subarray(2 * i * elementBytes, 2 * (i + 1) * elementBytes);
  return sha256(concatBytes(keyDomain, run, Uint8Array.of(i, v), answer, both, shared)).slice(0, blockBytes);
}

function drawDelta(random: RandomSource): Uint8Array {
  for (;;) {
    const delta = random.bytes(blockBytes);
    if (delta.some((byte) => byte !== 0)) return delta;
  }
}

function elementOf(elements: Uint8Array, i: number, v: number): Uint8Array {
  const at = (2 * i + v) * elementBytes;
  return elements.subarray(at, at + elementBytes);
}

function bitOf(delta: Uint8Array, i: number): number {
  return (delta[i >> 3]! >> (i & 7)) & 1;
}

/** `zero` or `one`, by a secret bit: no branch and no index depends on it. */
function select(bit: number, zero: Uint8Array, one: Uint8Array): Uint8Array {
  return zero.map((byte, k) => byte ^ (-bit & (byte ^ one[k]!)));
}

function refusingMalformed(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof GroupError)) throw error;
    throw new ProtocolError('malformed-point', `element ${error.index + 1} of the base OTs is not valid`, {
      cause: error,
    });
  }
}
