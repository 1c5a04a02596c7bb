/** The public numbers and labels of a run, computed from the plan and the two sizes; none is received. */
import { sha256 } from '@noble/hashes/sha2.js';
import { ByteWriter, concatBytes, utf8ToBytes } from '../../bytes/index.ts';
import { ristretto255 } from '../../group/index.ts';
import { bindingBytes, type RunBinding } from '../party.ts';

/** Version of the messages; a peer with another one is refused. */
export const protocolVersion = 1;
/** Domain separation of hash-to-group (RFC 9380 §3.1): of identifiers, and of labels, so that no identifier is a label. */
export const hashToGroupDst: Uint8Array = utf8ToBytes('causeway/v1/join-sum/h2g');
const labelDst = utf8ToBytes('causeway/v1/join-sum/label');

/** Public decoys of each group: the receiver has all, the sender a random number of them around the half. */
export const decoyCount = 140;
/** Labels of each group that both sides have, and points that match nothing: slots whose bits are opened. */
export const checkCount = 64;
/** Labels of each group in the receiver's list. */
export const labelCount: number = decoyCount + checkCount;

/** Bytes of a ciphertext: two elements. */
export const ciphertextBytes = 64;

/** @returns the 32 bytes that name this exchange on the wire. */
export function runId(binding: RunBinding): Uint8Array {
  return sha256(concatBytes(utf8ToBytes('causeway/v1/join-sum/run'), bindingBytes(binding)));
}

/** @returns what stands before each match key in the hash input, so that equal ids in two runs give unrelated points. */
export function hashPrefix(binding: RunBinding): Uint8Array {
  return bindingBytes(binding);
}

/** @returns what stands before a doubly blinded point when its tag is taken. */
export function tagContext(run: Uint8Array): Uint8Array {
  return concatBytes(utf8ToBytes('causeway/v1/join-sum/tag'), run);
}

/** What every proof of the run is bound to. @param what names the statement. */
export function proofContext(run: Uint8Array, what: 'labels' | 'check-slots' | 'sum-key'): Uint8Array {
  return concatBytes(utf8ToBytes(`causeway/v1/join-sum/${what}/`), run);
}

/** The least that lists are sorted by. */
const tagBytesMin = 8;

/**
 * Bytes of a tag: some tag of the sender's slots equals one of another id in the receiver's list with probability below 2^-40.
 * @param counts elements in the two lists, labels and fillers with them.
 */
export function tagBytes(counts: { readonly receiver: number; readonly sender: number }): number {
  const bits = 40 + Math.log2(Math.max(1, counts.receiver)) + Math.log2(Math.max(1, counts.sender));
  return Math.max(tagBytesMin, Math.ceil(bits / 8));
}

/** Elements in the lists that travel. @param rows of each of the receiver's groups, and of the sender. */
export function listSizes(rows: { readonly groups: readonly number[]; readonly sender: number }): {
  readonly groups: readonly number[];
  readonly sender: number;
} {
  return {
    groups: rows.groups.map((count) => count + labelCount),
    sender: rows.sender + labelCount * rows.groups.length + checkCount,
  };
}

/**
 * The labels of one group as elements: its decoys, then its check labels.
 * @returns {@link labelCount} encodings.
 */
export function labelElements(run: Uint8Array, group: number): Uint8Array[] {
  return Array.from({ length: labelCount }, (_, index) => {
    const kind = index < decoyCount ? 0 : 1;
    const number = kind === 0 ? index : index - decoyCount;
    return ristretto255.hashToGroup(new ByteWriter().raw(run).u8(group).u8(kind).u16(number).finish(), labelDst);
  });
}
