/** What a contributor and the room say to each other while an upload is under way. */
import { type ByteReader, ByteWriter } from '../../bytes/index.ts';
import { canonicalBytes, type JsonValue, parseJson } from '../../json/index.ts';
import { decodeMessage } from '../message.ts';
import { chunkPlaintextMax } from './layout.ts';
import { type RoomManifest, roomManifest } from './manifest.ts';

export type UploadMessage =
  /** The contributor's first. */
  | { readonly type: 'manifest'; readonly manifest: RoomManifest }
  /** The room's answer: send chunks from this one on. */
  | { readonly type: 'held'; readonly chunks: number }
  | { readonly type: 'chunk'; readonly index: number; readonly sealed: Uint8Array }
  /** The room's last: all chunks have come, and are on its disk. */
  | { readonly type: 'received' };

const types = ['manifest', 'held', 'chunk', 'received'] as const;
const manifestBytesMax = 1 << 20;
const sealedBytesMax = chunkPlaintextMax + 16;

export function encodeUpload(message: UploadMessage): Uint8Array {
  const writer = new ByteWriter().u8(types.indexOf(message.type));
  switch (message.type) {
    case 'manifest':
      return writer.prefixed(canonicalBytes(message.manifest as unknown as JsonValue)).finish();
    case 'held':
      return writer.u32(message.chunks).finish();
    case 'chunk':
      return writer.u32(message.index).prefixed(message.sealed).finish();
    case 'received':
      return writer.finish();
  }
}

/** Reads a peer's message; a chunk is a view of the bytes given. @throws {ProtocolError} `malformed-message`. */
export function decodeUpload(bytes: Uint8Array): UploadMessage {
  return decodeMessage(bytes, types, read);
}

function read(type: UploadMessage['type'], reader: ByteReader): UploadMessage {
  switch (type) {
    case 'manifest':
      return { type, manifest: roomManifest.parse(parseJson(reader.prefixed({ bytesMax: manifestBytesMax }))) };
    case 'held':
      return { type, chunks: reader.u32() };
    case 'chunk':
      return { type, index: reader.u32(), sealed: reader.prefixed({ bytesMax: sealedBytesMax }) };
    case 'received':
      return { type };
  }
}
