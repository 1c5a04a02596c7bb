/**
 * Oblivious pseudorandom functions over ristretto255-SHA512: OPRF, VOPRF and POPRF (RFC 9497 §3.3). A client learns F(key, input) and
 * nothing of the key; the server learns nothing of the input. In the verifiable modes a proof shows that one committed key was used.
 * Adversary: malicious client or server, as the RFC analyses. Function names are the RFC's.
 */
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '../bytes/index.ts';
import { ristretto255 as group } from '../group/index.ts';
import type { RandomSource } from '../random/index.ts';
import { generateProof, type Proof, verifyProof } from './dleq.ts';

/** RFC 9497 §3.1: the mode is part of every domain separation tag. */
export type OprfMode = 'oprf' | 'voprf' | 'poprf';
const modeByte: Record<OprfMode, number> = { oprf: 0, voprf: 1, poprf: 2 };

export class OprfError extends Error {
  override readonly name = 'OprfError';
  readonly code: 'invalid-input' | 'invalid-proof' | 'derive-key-pair' | 'wrong-count';

  constructor(code: OprfError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export interface KeyPair {
  readonly secretKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** The protocol of one mode. Elements and scalars are encodings of 32 bytes; inputs up to 2^16 − 1 bytes. */
export class Oprf {
  readonly mode: OprfMode;
  /** "OPRFV1-" ‖ mode ‖ "-ristretto255-SHA512" (§3.1): part of every hash. */
  readonly context: Uint8Array;

  constructor(mode: OprfMode) {
    this.mode = mode;
    this.context = concatBytes(
      utf8ToBytes('OPRFV1-'),
      Uint8Array.of(modeByte[mode]),
      utf8ToBytes('-ristretto255-SHA512'),
    );
  }

  /** Domain separation tag under which inputs become elements (§4.1). */
  get hashToGroupTag(): Uint8Array {
    return this.#tag('HashToGroup-');
  }

  /** §3.2.1. @throws {OprfError} `derive-key-pair` when 256 tries give zero. */
  deriveKeyPair(seed: Uint8Array, info: Uint8Array): KeyPair {
    const input = concatBytes(seed, withLength(info));
    for (let counter = 0; counter < 256; counter++) {
      const secretKey = group.hashToScalar(concatBytes(input, Uint8Array.of(counter)), this.#tag('DeriveKeyPair'));
      if (!group.scalar.isZero(secretKey)) return { secretKey, publicKey: group.multiplyBase(secretKey) };
    }
    throw new OprfError('derive-key-pair', 'no key could be derived from this seed');
  }

  /**
   * §3.3.1 Blind, client side.
   * @returns the secret blind, and the element to send.
   */
  blind(input: Uint8Array, random: RandomSource): { blind: Uint8Array; blindedElement: Uint8Array } {
    const blind = group.randomScalar(random);
    return { blind, blindedElement: group.multiply(blind, this.#inputElement(input)) };
  }

  /** §3.3.1 BlindEvaluate, server side; peer-controlled element. @throws {GroupError} */
  evaluate(secretKey: Uint8Array, blindedElement: Uint8Array): Uint8Array {
    group.checkElement(blindedElement);
    return group.multiply(secretKey, blindedElement);
  }

  /** §3.3.2 BlindEvaluate with a proof over the whole batch. @throws {GroupError} */
  evaluateVerifiable(
    keys: KeyPair,
    blindedElements: readonly Uint8Array[],
    random: RandomSource,
  ): { evaluatedElements: Uint8Array[]; proof: Proof } {
    const evaluatedElements = blindedElements.map((element) => this.evaluate(keys.secretKey, element));
    const statement = { a: group.generator, b: keys.publicKey, c: blindedElements, d: evaluatedElements };
    return { evaluatedElements, proof: generateProof(keys.secretKey, statement, this.context, random) };
  }

  /** §3.3.3 BlindEvaluate with public info: the evaluation is under the inverse of the tweaked key. @throws {OprfError | GroupError} */
  evaluatePartial(
    secretKey: Uint8Array,
    blindedElements: readonly Uint8Array[],
    info: Uint8Array,
    random: RandomSource,
  ): { evaluatedElements: Uint8Array[]; proof: Proof } {
    const tweaked = group.scalar.add(secretKey, this.#infoScalar(info));
    if (group.scalar.isZero(tweaked)) throw new OprfError('invalid-input', 'this info cancels the key');
    const inverse = group.scalar.invert(tweaked);
    const evaluatedElements = blindedElements.map((element) => this.evaluate(inverse, element));
    const statement = { a: group.generator, b: group.multiplyBase(tweaked), c: evaluatedElements, d: blindedElements };
    return { evaluatedElements, proof: generateProof(tweaked, statement, this.context, random) };
  }

  /** §3.3.3: the key under which a client of the partially oblivious mode checks the proof. */
  tweakedKey(publicKey: Uint8Array, info: Uint8Array): Uint8Array {
    return group.add(group.multiplyBase(this.#infoScalar(info)), publicKey);
  }

  /**
   * §3.3.2 and §3.3.3: checks the proof over a batch before anything is finalized.
   * @param publicKey the server's key (voprf) or its tweaked key (poprf).
   * @throws {OprfError} `invalid-proof`: the partner's proof of using one key failed.
   */
  verify(
    publicKey: Uint8Array,
    batch: { readonly blindedElements: readonly Uint8Array[]; readonly evaluatedElements: readonly Uint8Array[] },
    proof: Proof,
  ): void {
    const { blindedElements, evaluatedElements } = batch;
    if (blindedElements.length !== evaluatedElements.length) {
      throw new OprfError('wrong-count', `expected ${blindedElements.length} answers, got ${evaluatedElements.length}`);
    }
    for (const [index, element] of evaluatedElements.entries()) group.checkElement(element, index);
    const [c, d] = this.mode === 'poprf' ? [evaluatedElements, blindedElements] : [blindedElements, evaluatedElements];
    if (!verifyProof({ a: group.generator, b: publicKey, c, d }, proof, this.context)) {
      throw new OprfError('invalid-proof', "the partner's proof of using one key failed");
    }
  }

  /** §3.3.1 Finalize: 64 bytes of output. `info` is for the partially oblivious mode alone. */
  finalize(input: Uint8Array, blind: Uint8Array, evaluatedElement: Uint8Array, info?: Uint8Array): Uint8Array {
    group.checkElement(evaluatedElement);
    return this.#output(input, group.multiply(group.scalar.invert(blind), evaluatedElement), info);
  }

  /** §3.3: the server's own evaluation of an input, equal to what a client would finalize. */
  evaluateDirectly(secretKey: Uint8Array, input: Uint8Array, info?: Uint8Array): Uint8Array {
    const factor = info ? group.scalar.invert(group.scalar.add(secretKey, this.#infoScalar(info))) : secretKey;
    return this.#output(input, group.multiply(factor, this.#inputElement(input)), info);
  }

  #inputElement(input: Uint8Array): Uint8Array {
    if (input.length > 0xffff) throw new OprfError('invalid-input', 'an input is at most 65,535 bytes');
    return group.hashToGroup(input, this.hashToGroupTag);
  }

  #infoScalar(info: Uint8Array): Uint8Array {
    return group.hashToScalar(concatBytes(utf8ToBytes('Info'), withLength(info)), this.#tag('HashToScalar-'));
  }

  #output(input: Uint8Array, element: Uint8Array, info: Uint8Array | undefined): Uint8Array {
    const parts = [
      withLength(input),
      ...(info ? [withLength(info)] : []),
      withLength(element),
      utf8ToBytes('Finalize'),
    ];
    return sha512(concatBytes(...parts));
  }

  #tag(label: string): Uint8Array {
    return concatBytes(utf8ToBytes(label), this.context);
  }
}

/** I2OSP(length, 2) ‖ bytes. */
function withLength(bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes);
}
