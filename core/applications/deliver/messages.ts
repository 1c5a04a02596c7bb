/** What the two sides of a delivery say to each other. */
import { type ByteReader, ByteWriter, bytesToHex, hexToBytes } from '../../bytes/index.ts';
import { canonicalBytes, type JsonValue, parseJson } from '../../json/index.ts';
import { decodeMessage } from '../message.ts';
import { chunkBytes, type DeliverManifest, deliverManifest } from './manifest.ts';

export type DeliverMessage =
  /** The provider's first: its list. */
  | { readonly type: 'hello'; readonly list: string }
  /** The receiver's first: its list, its key of this job, and how many chunks are on its disk. */
  | { readonly type: 'open'; readonly list: string; readonly recipient: string; readonly held: number }
  /** The provider's second; chunks from `held` on follow. */
  | { readonly type: 'manifest'; readonly manifest: DeliverManifest }
  | { readonly type: 'chunk'; readonly index: number; readonly sealed: Uint8Array }
  /** The receiver's last: everything came, was opened, and is on its disk. */
  | { readonly type: 'received' };

const types = ['hello', 'open', 'manifest', 'chunk', 'received'] as const;
const manifestBytesMax = 4096;
/** With the salt of the first chunk, and the tag. */
const sealedBytesMax = chunkBytes + 32 + 16;

export function encodeDeliver(message: DeliverMessage): Uint8Array {
  const writer = new ByteWriter().u8(types.indexOf(message.type));
  switch (message.type) {
    case 'hello':
      return writer.raw(hexToBytes(message.list)).finish();
    case 'open':
      return writer.raw(hexToBytes(message.list)).raw(hexToBytes(message.recipient)).u32(message.held).finish();
    case 'manifest':
      return writer.prefixed(canonicalBytes(message.manifest as unknown as JsonValue)).finish();
    case 'chunk':
      return writer.u32(message.index).prefixed(message.sealed).finish();
    case 'received':
      return writer.finish();
  }
}

/** Reads a peer's message; a chunk is a view of the bytes given. @throws {ProtocolError} `malformed-message`. */
export function decodeDeliver(bytes: Uint8Array): DeliverMessage {
  return decodeMessage(bytes, types, read);
}

function read(type: DeliverMessage['type'], reader: ByteReader): DeliverMessage {
  switch (type) {
    case 'hello':
      return { type, list: bytesToHex(reader.raw(32)) };
    case 'open':
      return { type, list: bytesToHex(reader.raw(32)), recipient: bytesToHex(reader.raw(32)), held: reader.u32() };
    case 'manifest':
      return { type, manifest: deliverManifest.parse(parseJson(reader.prefixed({ bytesMax: manifestBytesMax }))) };
    case 'chunk':
      return { type, index: reader.u32(), sealed: reader.prefixed({ bytesMax: sealedBytesMax }) };
    case 'received':
      return { type };
  }
}
