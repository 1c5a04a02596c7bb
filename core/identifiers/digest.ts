/**
 * Digests of canonical text, and chains of them: each further step works on the lower-case hexadecimal of the one before
 * (Tencent's `md5_sha256_x`). A digest of a telephone number hides nothing, since all numbers can be tried: it is a form
 * of the identifier, not a protection.
 */
import { md5 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '../bytes/index.ts';
import type { DigestName } from './profile.ts';
import { sm3 } from './sm3.ts';

export const digestBytes: Readonly<Record<DigestName, number>> = { md5: 16, sha256: 32, sm3: 32 };

const algorithms: Readonly<Record<DigestName, (message: Uint8Array) => Uint8Array>> = { md5, sha256, sm3 };

/** @returns the text after all steps, as lower-case hexadecimal; the text itself where there are none. */
export function digestText(steps: readonly DigestName[], text: string): string {
  let current = text;
  for (const step of steps) current = bytesToHex(algorithms[step](utf8ToBytes(current)));
  return current;
}
