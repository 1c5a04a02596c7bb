/**
 * What an upload is: its manifest, with a part for each table, whose hash the contributor signs on the ledger before it sends anything; and what every
 * sealed chunk is bound to. A chunk of another upload, room, table or place does not open.
 */
import { z } from 'zod';
import { ByteWriter, bytesToHex, hexToBytes, lengthPrefixed, utf8ToBytes } from '../../bytes/index.ts';
import { sha256 } from '../../crypto/index.ts';
import { canonicalBytes, type JsonValue } from '../../json/index.ts';
import { roomRowsMax } from './terms.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const slug = z.string().regex(/^[a-z0-9-]{1,63}$/);

const tableManifest = z.strictObject({
  table: z.string().min(1).max(128),
  rows: z.int().min(0).max(roomRowsMax),
  chunks: z.int().min(1).max(roomRowsMax),
  chunkRows: z.int().min(1).max(roomRowsMax),
  /** RFC 6962 root over the plaintext of the chunks, each behind its place and a salt that chunk 0 holds. */
  commitment: digest,
  /** HPKE's encapsulated key. */
  enc: digest,
  /** RFC 6962 root over the sealed chunks. */
  sealedRoot: digest,
});

/** What one table of an upload is. */
export type TableManifest = z.infer<typeof tableManifest>;

export const roomManifest = z.strictObject({
  version: z.literal(1),
  /** Random: 16 bytes, hexadecimal. */
  upload: z.string().regex(/^[0-9a-f]{32}$/),
  room: slug,
  agreement: digest,
  contributor: slug,
  /** Of the key that it is sealed to: see {@link keyIdOf}. */
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  /** Of this contributor's part in each exchange of pseudonyms: both ends name the same, or the room takes neither. */
  exchanges: z
    .array(
      z.strictObject({
        form: z.string().max(200),
        client: slug,
        /** The client's, whose list it is. */
        table: z.string().max(128),
        server: slug,
        /** Merkle root over the client's blinded list. */
        root: digest,
        transcript: digest,
      }),
    )
    .max(4096),
  /** In the order of the terms. */
  tables: z.array(tableManifest).min(1).max(30),
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

/** HPKE's `info`: what a table of an upload is bound to. The tables beside it are bound to the ledger, by the hash of them all. */
export function sealInfo({ tables: _, ...upload }: RoomManifest, table: TableManifest): Uint8Array {
  const { enc: __, sealedRoot: ___, ...bound } = table;
  return lengthPrefixed(
    utf8ToBytes('causeway/v1/room/upload'),
    utf8ToBytes(upload.room),
    hexToBytes(upload.keyId),
    sha256(canonicalBytes({ ...upload, ...bound } as unknown as JsonValue)),
  );
}

/** What one chunk is bound to beside: its place, and how many there are. */
export function chunkAad({ upload, agreement }: RoomManifest, table: TableManifest, index: number): Uint8Array {
  const { commitment, chunks, chunkRows, rows } = table;
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
