/** What the two sides of an activation say to each other beside psi/ecdh: the publisher's hash key before it (PAIR), labels after it (OPJA). */
import { z } from 'zod';
import { type ByteReader, ByteWriter } from '../../bytes/index.ts';
import { canonicalBytes, type JsonValue, parseJson } from '../../json/index.ts';
import { type Campaign, campaign, labelBytes } from '../../protocols/opja/index.ts';
import { hashKeyBytes } from '../../protocols/pair/index.ts';
import { decodeMessage } from '../message.ts';

/** What the advertiser says of its labels before it sends them. */
export interface LabelManifest {
  readonly campaign: Campaign;
  /** As many as the publisher has distinct identifiers. */
  readonly count: number;
  /** SHA-256 over all of them, in order, hexadecimal. */
  readonly digest: string;
}

export type ActivateMessage =
  /** The advertiser's question for the hash key of this run, and the publisher's answer. */
  | { readonly type: 'ask' }
  | { readonly type: 'hash-key'; readonly hashKey: Uint8Array }
  | { readonly type: 'manifest'; readonly manifest: LabelManifest }
  /** The publisher's: how many chunks are on its disk; those from there on follow. */
  | { readonly type: 'held'; readonly held: number }
  | { readonly type: 'chunk'; readonly index: number; readonly labels: Uint8Array }
  /** The publisher's last: everything came, was checked, and is on its disk. */
  | { readonly type: 'received' };

const types = ['ask', 'hash-key', 'manifest', 'held', 'chunk', 'received'] as const;

/** Labels in a message: 232 KiB. */
export const labelsPerChunk: number = 2 ** 13;
const manifestBytesMax = 4096;

const labelManifest = z.strictObject({
  campaign: z.strictObject(campaign.shape),
  count: z
    .int()
    .min(1)
    .max(2 ** 31),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});

export function encodeActivate(message: ActivateMessage): Uint8Array {
  const writer = new ByteWriter().u8(types.indexOf(message.type));
  switch (message.type) {
    case 'hash-key':
      return writer.raw(message.hashKey).finish();
    case 'manifest':
      return writer.prefixed(canonicalBytes(message.manifest as unknown as JsonValue)).finish();
    case 'held':
      return writer.u32(message.held).finish();
    case 'chunk':
      return writer.u32(message.index).prefixed(message.labels).finish();
    case 'ask':
    case 'received':
      return writer.finish();
  }
}

/** Reads a peer's message; labels are a view of the bytes given. @throws {ProtocolError} `malformed-message`. */
export function decodeActivate(bytes: Uint8Array): ActivateMessage {
  return decodeMessage(bytes, types, read);
}

function read(type: ActivateMessage['type'], reader: ByteReader): ActivateMessage {
  switch (type) {
    case 'hash-key':
      return { type, hashKey: reader.raw(hashKeyBytes).slice() };
    case 'manifest':
      return { type, manifest: labelManifest.parse(parseJson(reader.prefixed({ bytesMax: manifestBytesMax }))) };
    case 'held':
      return { type, held: reader.u32() };
    case 'chunk':
      return { type, index: reader.u32(), labels: reader.prefixed({ bytesMax: labelsPerChunk * labelBytes }) };
    case 'ask':
    case 'received':
      return { type };
  }
}
