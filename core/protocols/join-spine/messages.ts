/** The five messages, and how they stand on the wire. Integers are big-endian; every length is checked before use. */
import { type ByteReader, bytesToUtf8, DecodeError, utf8ToBytes } from '../../bytes/index.ts';
import { setSizeMax } from '../batch.ts';
import { readEnvelope, writeEnvelope } from '../envelope.ts';

/** Which end of an exchange speaks: whose list it is, or whose key answers. */
export type Role = 'client' | 'server';

export interface ClientHello {
  readonly type: 'client-hello';
  readonly version: number;
  /** Digest of what all parties agreed to run, 32 bytes. */
  readonly plan: Uint8Array;
  /** Distinct identifiers in the list. */
  readonly count: number;
  /** Merkle root over the batches of points that will follow, 32 bytes: the commitment. */
  readonly root: Uint8Array;
  readonly kernel: string;
  /** Batches of answers that the client holds already; zero unless it resumes. */
  readonly answersHeld: number;
}

export interface ServerHello {
  readonly type: 'server-hello';
  readonly version: number;
  readonly plan: Uint8Array;
  readonly kernel: string;
  /** Batches of points that the server has evaluated and remembers; zero unless it resumes. */
  readonly pointsHeld: number;
}

/** Blinded points in ascending order, 32 bytes a row. */
export interface Points {
  readonly type: 'points';
  readonly index: number;
  readonly points: Uint8Array;
}

/** The same points under the server's key, in the same order. */
export interface Answers {
  readonly type: 'answers';
  readonly index: number;
  readonly answers: Uint8Array;
}

/** The end: digest of all that was said, 32 bytes. */
export interface Done {
  readonly type: 'done';
  readonly transcript: Uint8Array;
}

export type Message = ClientHello | ServerHello | Points | Answers | Done;

export interface Address {
  /** Id of the exchange, 32 bytes. */
  readonly run: Uint8Array;
  readonly from: Role;
}

const types = ['client-hello', 'server-hello', 'points', 'answers', 'done'] as const;
const kernelNameBytesMax = 32;
/** The envelope tells two sides apart; here the first one is always whose list it is. */
const sides = { client: 'proposer', server: 'partner' } as const;

export function encodeMessage(message: Message, { run, from }: Address): Uint8Array {
  const writer = writeEnvelope(types.indexOf(message.type), { run, side: sides[from] });
  switch (message.type) {
    case 'client-hello':
      return writer
        .u32(message.version)
        .raw(message.plan)
        .u64(message.count)
        .raw(message.root)
        .prefixed(utf8ToBytes(message.kernel))
        .u32(message.answersHeld)
        .finish();
    case 'server-hello':
      return writer
        .u32(message.version)
        .raw(message.plan)
        .prefixed(utf8ToBytes(message.kernel))
        .u32(message.pointsHeld)
        .finish();
    case 'points':
      return writer.u32(message.index).raw(message.points).finish();
    case 'answers':
      return writer.u32(message.index).raw(message.answers).finish();
    case 'done':
      return writer.raw(message.transcript).finish();
  }
}

/**
 * Reads a peer's message. Points and answers are views of the bytes given.
 * @throws {ProtocolError} `malformed-message` or `wrong-session`.
 */
export function decodeMessage(bytes: Uint8Array, { run, from }: Address): Message {
  return readEnvelope(bytes, { run, side: sides[from] }, (kind, reader) => {
    const type = types[kind];
    if (!type) throw new DecodeError('malformed', 'unknown kind of message');
    return read(type, reader);
  });
}

function read(type: Message['type'], reader: ByteReader): Message {
  switch (type) {
    case 'client-hello': {
      const [version, plan, count, root] = [reader.u32(), reader.raw(32), reader.u64(), reader.raw(32)];
      if (count > setSizeMax) throw new DecodeError('limit-exceeded', `a list is at most ${setSizeMax} rows`);
      return { type, version, plan, count, root, kernel: kernelName(reader), answersHeld: reader.u32() };
    }
    case 'server-hello': {
      const [version, plan] = [reader.u32(), reader.raw(32)];
      return { type, version, plan, kernel: kernelName(reader), pointsHeld: reader.u32() };
    }
    case 'points':
      return { type, index: reader.u32(), points: reader.rest() };
    case 'answers':
      return { type, index: reader.u32(), answers: reader.rest() };
    case 'done':
      return { type, transcript: reader.raw(32) };
  }
}

function kernelName(reader: ByteReader): string {
  const name = bytesToUtf8(reader.prefixed({ bytesMax: kernelNameBytesMax }));
  if (!/^[a-z0-9-]+$/.test(name)) throw new DecodeError('malformed', 'a field of hello is out of range');
  return name;
}
