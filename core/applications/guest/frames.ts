/**
 * What a guest's page and its host's node say to each other while a match runs: messages of the protocol, and questions that are answered,
 * each as one frame. Integers are big-endian; every length is checked before use.
 */
import { ByteReader, ByteWriter, bytesToUtf8, DecodeError, utf8ToBytes } from '../../bytes/index.ts';

export type Frame =
  /** A message of the exchange. */
  | { readonly kind: 'message'; readonly bytes: Uint8Array }
  | { readonly kind: 'question'; readonly id: number; readonly method: string; readonly body: Uint8Array }
  | { readonly kind: 'answer'; readonly id: number; readonly body: Uint8Array }
  | { readonly kind: 'refusal'; readonly id: number; readonly code: string; readonly detail: string }
  /** The last one: the host will say nothing more. */
  | { readonly kind: 'end' };

/** A batch of points with its envelope, and room beside it; evidence of one run is shorter. */
export const frameBytesMax = 2 ** 20;

const kinds = ['message', 'question', 'answer', 'refusal', 'end'] as const;
const methodBytesMax = 64;
const textBytesMax = 4096;

export function encodeFrame(frame: Frame): Uint8Array {
  const writer = new ByteWriter().u8(kinds.indexOf(frame.kind));
  switch (frame.kind) {
    case 'message':
      return writer.raw(frame.bytes).finish();
    case 'question':
      return writer.u32(frame.id).prefixed(utf8ToBytes(frame.method)).raw(frame.body).finish();
    case 'answer':
      return writer.u32(frame.id).raw(frame.body).finish();
    case 'refusal':
      return writer.u32(frame.id).prefixed(utf8ToBytes(frame.code)).prefixed(utf8ToBytes(frame.detail)).finish();
    case 'end':
      return writer.finish();
  }
}

/** @throws {DecodeError} for bytes that are no frame; views of the bytes given are kept. */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.length > frameBytesMax)
    throw new DecodeError('limit-exceeded', `a frame has at most ${frameBytesMax} bytes`);
  const reader = new ByteReader(bytes);
  const kind = kinds[reader.u8()];
  const text = (bytesMax: number) => bytesToUtf8(reader.prefixed({ bytesMax }));
  switch (kind) {
    case 'message':
      return { kind, bytes: reader.rest() };
    case 'question':
      return { kind, id: reader.u32(), method: text(methodBytesMax), body: reader.rest() };
    case 'answer':
      return { kind, id: reader.u32(), body: reader.rest() };
    case 'refusal': {
      const refusal = { kind, id: reader.u32(), code: text(methodBytesMax), detail: text(textBytesMax) } as const;
      reader.end();
      return refusal;
    }
    case 'end':
      reader.end();
      return { kind };
  }
  throw new DecodeError('malformed', 'a frame of an unknown kind');
}
