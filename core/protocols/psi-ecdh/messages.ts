/** The four messages, and how they stand on the wire. Integers are big-endian; every length is checked before use. */
import { type ByteReader, bytesToUtf8, DecodeError, utf8ToBytes } from '../../bytes/index.ts';
import { setSizeMax } from '../batch.ts';
import { type Envelope, readEnvelope, writeEnvelope } from '../envelope.ts';
import type { Learns } from '../party.ts';

export interface Hello {
  readonly type: 'hello';
  readonly version: number;
  /** Digest of what both sides agreed to run, 32 bytes. */
  readonly plan: Uint8Array;
  readonly learns: Learns;
  /** Distinct match keys of this side. */
  readonly count: number;
  /** Merkle root over the batches of points that will follow, 32 bytes: the commitment. */
  readonly root: Uint8Array;
  readonly kernel: string;
  /** Batches of the peer's points and tags that this side already holds; zero unless it resumes. */
  readonly pointsHeld: number;
  readonly tagsHeld: number;
}

/** Blinded points, 32 bytes a row. */
export interface Points {
  readonly type: 'points';
  readonly index: number;
  readonly points: Uint8Array;
}

/** Tags of the peer's points under both keys. */
export interface Tags {
  readonly type: 'tags';
  readonly index: number;
  readonly tags: Uint8Array;
}

/** The end: digest of all that was said, 32 bytes. */
export interface Done {
  readonly type: 'done';
  readonly transcript: Uint8Array;
}

export type Message = Hello | Points | Tags | Done;

const types = ['hello', 'points', 'tags', 'done'] as const;
const learnings = ['rows', 'count', 'nothing'] as const;
const kernelNameBytesMax = 32;

export function encodeMessage(message: Message, envelope: Envelope): Uint8Array {
  const writer = writeEnvelope(types.indexOf(message.type), envelope);
  switch (message.type) {
    case 'hello':
      return writer
        .u32(message.version)
        .raw(message.plan)
        .u8(learnings.indexOf(message.learns))
        .u64(message.count)
        .raw(message.root)
        .prefixed(utf8ToBytes(message.kernel))
        .u32(message.pointsHeld)
        .u32(message.tagsHeld)
        .finish();
    case 'points':
      return writer.u32(message.index).raw(message.points).finish();
    case 'tags':
      return writer.u32(message.index).raw(message.tags).finish();
    case 'done':
      return writer.raw(message.transcript).finish();
  }
}

/**
 * Reads a peer's message. Points and tags are views of the bytes given.
 * @param expected the run, and the side that the peer has.
 * @throws {ProtocolError} `malformed-message` or `wrong-session`.
 */
export function decodeMessage(bytes: Uint8Array, expected: Envelope): Message {
  return readEnvelope(bytes, expected, (kind, reader) => {
    const type = types[kind];
    if (!type) throw new DecodeError('malformed', 'unknown kind of message');
    return read(type, reader);
  });
}

function read(type: Message['type'], reader: ByteReader): Message {
  switch (type) {
    case 'hello': {
      const version = reader.u32();
      const plan = reader.raw(32);
      const learns = learnings[reader.u8()];
      const count = reader.u64();
      const root = reader.raw(32);
      const kernel = bytesToUtf8(reader.prefixed({ bytesMax: kernelNameBytesMax }));
      if (!learns || !/^[a-z0-9-]+$/.test(kernel))
        throw new DecodeError('malformed', 'a field of hello is out of range');
      if (count > setSizeMax) throw new DecodeError('limit-exceeded', `a list is at most ${setSizeMax} rows`);
      return { type, version, plan, learns, count, root, kernel, pointsHeld: reader.u32(), tagsHeld: reader.u32() };
    }
    case 'points':
      return { type, index: reader.u32(), points: reader.rest() };
    case 'tags':
      return { type, index: reader.u32(), tags: reader.rest() };
    case 'done':
      return { type, transcript: reader.raw(32) };
  }
}
