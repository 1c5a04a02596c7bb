/**
 * Labels of OPJA: one byte, 0xFF for a person in both lists and 0x00 for one who is not, under AES-128-GCM (NIST SP 800-38D) with the match transaction's id as
 * associated data, each under its own nonce: base XOR index, big-endian. A label is nonce ‖ ciphertext ‖ tag.
 *
 * All messages of a key have one byte and one associated data, so GHASH takes 256 values: they are taken once, and a list costs two AES blocks a label,
 * whichever it is.
 */
import type { Aead } from '../../crypto/index.ts';

export const nonceBytes = 12;
const tagBytes = 16;
/** Bytes of a label, for everybody the same. */
export const labelBytes: number = nonceBytes + 1 + tagBytes;
/** Characters of a label in Base64. */
export const labelCharacters: number = 4 * Math.ceil(labelBytes / 3);

const blockBytes = 16;
const matchedByte = 0xff;
const unmatchedByte = 0x00;

/** AES-128 of each 16-byte block under the cipher's key (FIPS 197), into new bytes. */
export type EncryptBlocks = (blocks: Uint8Array) => Uint8Array;

/** What a label says: `refused` is one that is not authentic, of another match, or says neither. */
export type Verdict = 'matched' | 'unmatched' | 'refused';

export class LabelCipher {
  readonly #encrypt: EncryptBlocks;
  /** GHASH over the associated data and each ciphertext byte, 16 bytes each. */
  readonly #hashes: Uint8Array;

  /** @param of.aead AES-128-GCM. @param of.aad the match transaction's id. */
  constructor(of: {
    readonly aead: Aead;
    readonly key: Uint8Array;
    readonly aad: Uint8Array;
    readonly encrypt: EncryptBlocks;
  }) {
    const { aead, key, aad, encrypt } = of;
    this.#encrypt = encrypt;
    const nonce = new Uint8Array(nonceBytes);
    const masks = this.#masks(nonce);
    this.#hashes = new Uint8Array(256 * blockBytes);
    for (let byte = 0; byte < 256; byte++) {
      const sealed = aead.seal({ key, nonce, aad, message: Uint8Array.of(byte ^ masks[blockBytes]!) });
      for (let k = 0; k < tagBytes; k++) this.#hashes[byte * blockBytes + k] = sealed[1 + k]! ^ masks[k]!;
    }
  }

  /**
   * Seals a part of a list.
   * @param of.first number of the part's first label in the list; a number is never sealed twice under one base.
   * @param of.isMatched for the numbers of the part. @returns labels, packed.
   */
  seal(of: {
    readonly base: Uint8Array;
    readonly first: number;
    readonly count: number;
    readonly isMatched: (index: number) => boolean;
  }): Uint8Array {
    const { base, first, count, isMatched } = of;
    const nonces = new Uint8Array(count * nonceBytes);
    for (let i = 0; i < count; i++) writeNonce(nonces, i * nonceBytes, base, first + i);
    const masks = this.#masks(nonces);
    const labels = new Uint8Array(count * labelBytes);
    for (let i = 0; i < count; i++) {
      const [from, to] = [i * 2 * blockBytes, i * labelBytes];
      for (let k = 0; k < nonceBytes; k++) labels[to + k] = nonces[i * nonceBytes + k]!;
      const byte = masks[from + blockBytes]! ^ (isMatched(first + i) ? matchedByte : unmatchedByte);
      labels[to + nonceBytes] = byte;
      for (let k = 0; k < tagBytes; k++)
        labels[to + nonceBytes + 1 + k] = masks[from + k]! ^ this.#hashes[byte * blockBytes + k]!;
    }
    return labels;
  }

  /** Opens labels from anywhere, in any order. @param labels packed; whoever carries them controls them. */
  open(labels: Uint8Array): Verdict[] {
    const count = labels.length / labelBytes;
    const nonces = new Uint8Array(count * nonceBytes);
    for (let i = 0; i < count; i++)
      for (let k = 0; k < nonceBytes; k++) nonces[i * nonceBytes + k] = labels[i * labelBytes + k]!;
    const masks = this.#masks(nonces);
    return Array.from({ length: count }, (_, i) => {
      const [from, at] = [i * 2 * blockBytes, i * labelBytes + nonceBytes];
      const byte = labels[at]!;
      let difference = 0;
      for (let k = 0; k < tagBytes; k++)
        difference |= labels[at + 1 + k]! ^ masks[from + k]! ^ this.#hashes[byte * blockBytes + k]!;
      if (difference !== 0) return 'refused';
      const plain = byte ^ masks[from + blockBytes]!;
      return plain === matchedByte ? 'matched' : plain === unmatchedByte ? 'unmatched' : 'refused';
    });
  }

  /** For each nonce AES(J₀) and the first block of the key stream (SP 800-38D §7.1: J₀ = nonce ‖ 1, then nonce ‖ 2). */
  #masks(nonces: Uint8Array): Uint8Array {
    const blocks = new Uint8Array((nonces.length / nonceBytes) * 2 * blockBytes);
    for (let from = 0, to = 0; from < nonces.length; from += nonceBytes) {
      for (let counter = 1; counter <= 2; counter++, to += blockBytes) {
        for (let k = 0; k < nonceBytes; k++) blocks[to + k] = nonces[from + k]!;
        blocks[to + blockBytes - 1] = counter;
      }
    }
    return this.#encrypt(blocks);
  }
}

/**
 * Whether the nonces of a part of a list are base XOR index and so say nothing: what else could stand in them, whoever carries the labels could read.
 * @param labels packed. @param first number of its first label. @param base the nonce of label 0.
 */
export function haveListNonces(labels: Uint8Array, first: number, base: Uint8Array): boolean {
  const expected = new Uint8Array(nonceBytes);
  for (let at = 0, index = first; at < labels.length; at += labelBytes, index++) {
    writeNonce(expected, 0, base, index);
    for (let k = 0; k < nonceBytes; k++) if (labels[at + k] !== expected[k]) return false;
  }
  return true;
}

/** Which label of its list a nonce numbers, against that of another label of the list: their numbers XORed; undefined for a nonce of another list. */
export function nonceDistance(labels: Uint8Array, at: number, other: Uint8Array): number | undefined {
  for (let k = 0; k < nonceBytes - 4; k++) if (labels[at + k] !== other[k]) return undefined;
  let distance = 0;
  for (let k = nonceBytes - 4; k < nonceBytes; k++) distance = distance * 256 + (labels[at + k]! ^ other[k]!);
  return distance;
}

/** base XOR index; a list has fewer than 2^32 labels, so the last four bytes alone differ. */
function writeNonce(to: Uint8Array, at: number, base: Uint8Array, index: number): void {
  for (let k = 0; k < nonceBytes; k++) to[at + k] = base[k]!;
  for (let k = 0; k < 4; k++) to[at + nonceBytes - 1 - k]! ^= (index >>> (8 * k)) & 255;
}
