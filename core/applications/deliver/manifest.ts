/**
 * What a delivery is. Both sides hold the same matched identifiers, so their keys, kind after kind and in ascending order within each, number the rows for both, and
 * no identifier travels.
 * The provider seals all chunks (HPKE, RFC 9180) to a key of the receiver that is of this job alone, before it sends any of them; each chunk is bound to the
 * job, the agreement, the manifest and its place.
 */
import { z } from 'zod';
import { ByteWriter, bytesToHex, hexToBytes, lengthPrefixed, utf8ToBytes } from '../../bytes/index.ts';
import { sha256 } from '../../crypto/index.ts';
import { canonicalBytes, type JsonValue } from '../../json/index.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** Plaintext of a chunk: the last one may hold less. */
export const chunkBytes: number = 160 * 1024;

export const deliverManifest = z.strictObject({
  version: z.literal(1),
  job: z.string().min(1).max(64),
  agreement: digest,
  /** Of the list of matched keys: see {@link listDigest}. */
  list: digest,
  /** The receiver's key. */
  recipient: digest,
  /** Of the plaintext: lines of values. */
  bytes: z
    .int()
    .min(1)
    .max(2 ** 36),
  /** RFC 6962 root over the plaintext of the chunks, each behind its place and a salt that stands before chunk 0. */
  commitment: digest,
  /** HPKE's encapsulated key. */
  enc: digest,
});

export type DeliverManifest = z.infer<typeof deliverManifest>;

/** @returns SHA-256 of the canonical manifest, in hexadecimal. */
export function manifestDigest(manifest: DeliverManifest): string {
  return bytesToHex(sha256(canonicalBytes(manifest as unknown as JsonValue)));
}

/**
 * What both sides compare before anything is delivered: equal lists, equal digests; nothing of a list follows from it, for it is bound to the run.
 * @param setHash SHA-256 over each kind of identifier in turn: how many keys there are, 32-bit, little-endian, and the distinct keys in ascending order. 32 bytes.
 * @returns hexadecimal.
 */
export function listDigest(of: {
  readonly job: string;
  readonly agreement: string;
  readonly setHash: Uint8Array;
}): string {
  const { job, agreement, setHash } = of;
  const bound = lengthPrefixed(
    utf8ToBytes('causeway/v1/deliver/list'),
    utf8ToBytes(job),
    hexToBytes(agreement),
    setHash,
  );
  return bytesToHex(sha256(bound));
}

/** HPKE's `info`: what all of a delivery is bound to. */
export function deliverInfo({ enc: _, ...bound }: DeliverManifest): Uint8Array {
  return lengthPrefixed(utf8ToBytes('causeway/v1/deliver'), sha256(canonicalBytes(bound as unknown as JsonValue)));
}

/** What one chunk is bound to beside: its place. How many there are, the manifest says. */
export function deliverAad(index: number): Uint8Array {
  return new ByteWriter().u32(index).finish();
}
