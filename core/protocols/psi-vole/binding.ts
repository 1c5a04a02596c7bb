/** What ties every message and every key of a run to that run alone. */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, lengthPrefixed, utf8ToBytes } from '../../bytes/index.ts';
import type { RunBinding } from '../party.ts';

/** Bytes of a public key of the ciphers, of a match key, and of a block. */
export const blockBytes = 16;
/** Bytes of a nonce and of a digest. */
export const digestBytes = 32;

const domain = 'causeway/psi-vole/1';

/** @returns the 32 bytes that name the exchange. It may take several runs, each with nonces of its own; see {@link runId}. */
export function exchangeId({ network, agreement, job, profile }: RunBinding): Uint8Array {
  const bound = lengthPrefixed(...[network, agreement, job, profile].map(utf8ToBytes));
  return sha256(concatBytes(utf8ToBytes(`${domain}/exchange`), bound));
}

/** The receiver's commitment to its nonce, c_R: the sender answers it without knowing the nonce, so that neither side chooses the run's keys. */
export function nonceCommitment(nonce: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8ToBytes(`${domain}/commit`), nonce));
}

/** @returns rid, 32 bytes: the run. @param hellos both messages as they stood on the wire. @param nonce the receiver's, opened. */
export function runId(
  hellos: { readonly receiver: Uint8Array; readonly sender: Uint8Array },
  nonce: Uint8Array,
): Uint8Array {
  return sha256(concatBytes(utf8ToBytes(`${domain}/rid`), hellos.receiver, hellos.sender, nonce));
}

/** What a public key is for: `part` cuts lists into bins; `row`, `dense`, `value` and `tag` hash keys; `code`, `ot` and `ggm` belong to a VOLE. */
export type KeyLabel = 'part' | 'row' | 'dense' | 'value' | 'tag' | 'code' | 'ot' | 'ggm';

/** K(label, i): a key that both sides know, 16 bytes. */
export function publicKey(run: Uint8Array, label: KeyLabel, index: bigint = 0n): Uint8Array {
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, index, true);
  const zero = Uint8Array.of(0);
  return sha256(concatBytes(utf8ToBytes(domain), zero, utf8ToBytes(label), zero, run, number)).slice(0, blockBytes);
}

/** The two VOLE instances of an epoch: the correlated OTs of its base values, and the VOLE that stretches them. Buckets have their own numbers. */
export function epochInstances(epoch: number): { readonly base: bigint; readonly setup: bigint } {
  const base = 2n ** 32n + 2n * BigInt(epoch);
  return { base, setup: base + 1n };
}
