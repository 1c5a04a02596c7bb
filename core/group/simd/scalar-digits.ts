/**
 * A secret scalar as 64 digits of radix 16, each odd and from −15 to 15, so that none is zero and every multiplication does the same. (Joye,
 * Tunstall: Exponent Recoding and Regular Exponentiation Algorithms, 2009, algorithm 6.) Nothing branches on it.
 */
import { digitBytes, digitCount, tableSize } from './ladder.ts';

/** ℓ = 2^252 + 27742317777372353535851937790883648493, little-endian. */
const order = Uint8Array.from({ length: 32 }, (_, i) =>
  Number(((2n ** 252n + 27742317777372353535851937790883648493n) >> BigInt(8 * i)) & 255n),
);

/**
 * Writes the digits of half a scalar, that is of k' with 2k' = k mod ℓ, as masks for {@link digitCount} digits.
 * @param scalar 32 bytes, little-endian, below ℓ.
 * @param out `digitCount` times `digitBytes`.
 */
export function writeHalfScalar(scalar: Uint8Array, out: Uint8Array): void {
  const k = Uint8Array.from(scalar);
  // ℓ is odd: adding it makes an odd scalar even, which is then halved; and an even half odd, as the recoding wants it.
  addMasked(k, -(k[0]! & 1));
  shiftRight(k, 1);
  addMasked(k, (k[0]! & 1) - 1);
  for (let i = 0; i < digitCount; i++) {
    // k is odd and stays so: with d = (k mod 32) − 16 the rest, (k − d)/16, is the bits above with the lowest one set.
    const digit = (k[0]! & 31) - (i === digitCount - 1 ? 0 : 16);
    const sign = digit >> 31;
    const magnitude = (digit ^ sign) - sign;
    const masks = out.subarray(i * digitBytes, (i + 1) * digitBytes);
    for (let j = 0; j < tableSize; j++) masks.fill(maskWhereEqual(magnitude, 2 * j + 1), 16 * j, 16 * j + 16);
    masks.fill(sign, 16 * tableSize);
    shiftRight(k, 4);
    k[0]! |= 1;
  }
  k.fill(0);
}

/** −1, all ones, where two small numbers are equal; 0 elsewhere. */
function maskWhereEqual(a: number, b: number): number {
  return ((a ^ b) - 1) >> 31;
}

/** Adds ℓ where the mask is −1, and 0 where it is 0. */
function addMasked(k: Uint8Array, mask: number): void {
  let carry = 0;
  for (let i = 0; i < k.length; i++) {
    const sum = k[i]! + (order[i]! & mask) + carry;
    k[i] = sum;
    carry = sum >> 8;
  }
}

function shiftRight(k: Uint8Array, bits: number): void {
  for (let i = 0; i < k.length; i++) k[i] = (k[i]! >> bits) | ((k[i + 1] ?? 0) << (8 - bits));
}
