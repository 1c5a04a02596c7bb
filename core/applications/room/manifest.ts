/**
 * What an upload is: its manifest, whose hash the contributor signs on the ledger before it sends anything, and what every sealed chunk is bound
 * to. A chunk of another upload, room or place does not open.
 */
import { z } from 'zod';
import { ByteWriter, bytesToHex, hexToBytes, lengthPrefixed, utf8ToBytes } from '../../bytes/index.ts';
import { sha256 } from '../../crypto/index.ts';
import { canonicalBytes, type JsonValue } from '../../json/index.ts';
import { roomRowsMax } from './terms.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const slug = z.string().regex(/^[a-z0-9-]{1,63}$/);

export const roomManifest = z.strictObject({
  version: z.literal(1),
  /** Random: 16 bytes, hexadecimal. */
  upload: z.string().regex(/^[0-9a-f]{32}$/),
  room: slug,
  agreement: digest,
  contributor: slug,
  table: z.string().min(1).max(128),
  /** Of the key that it is sealed to: see {@link keyIdOf}. */
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  rows: z.int().min(0).max(roomRowsMax),
  chunks: z.int().min(1).max(roomRowsMax),
  chunkRows: z.int().min(1).max(roomRowsMax),
  /** Of this contributor's part in each exchange of pseudonyms: both ends name the same, or the room takes neither. */
  exchanges: z
    .array(
      z.strictObject({
        form: z.string().max(200),
        client: slug,
        server: slug,
        /** Merkle root over the client's blinded list. */
        root: digest,
        transcript: digest,
      }),
    )
    .max(256),
  /** RFC 6962 root over the plaintext of the chunks, each behind its place and a salt that chunk 0 holds. */
  commitment: digest,
  /** HPKE's encapsulated key. */
  enc: digest,
  /** RFC 6962 root over the sealed chunks. */
  sealedRoot: digest,
});

export type RoomManifest = z.infer<typeof roomManifest>;

/** @returns SHA-256 of the canonical manifest, in hexadecimal: what the ledger carries. */
export function manifestDigest(manifest: RoomManifest): string {
  return bytesToHex(sha256(canonicalBytes(manifest as unknown as JsonValue)));
}

/** Names a room's key. @param key 32 bytes. @returns 8 bytes, hexadecimal. */
export function keyIdOf(key: Uint8Array): string {
  return bytesToHex(sha256(key)).slice(0, 16);
}

/** HPKE's `info`: what the whole upload is bound to. */
export function sealInfo({ enc: _, sealedRoot: __, ...bound }: RoomManifest): Uint8Array {
  return lengthPrefixed(
    utf8ToBytes('causeway/v1/room/upload'),
    utf8ToBytes(bound.room),
    hexToBytes(bound.keyId),
    sha256(canonicalBytes(bound as unknown as JsonValue)),
  );
}

/** What one chunk is bound to beside: its place, and how many there are. @param rows in this chunk. */
export function chunkAad(manifest: RoomManifest, index: number): Uint8Array {
  const { upload, agreement, commitment, chunks, chunkRows, rows } = manifest;
  const isLast = index === chunks - 1;
  return new ByteWriter()
    .prefixed(hexToBytes(upload))
    .raw(sha256(lengthPrefixed(hexToBytes(agreement), hexToBytes(commitment))))
    .u32(index)
    .u32(chunks)
    .u8(isLast ? 1 : 0)
    .u32(isLast ? rows - index * chunkRows : chunkRows)
    .finish();
}
