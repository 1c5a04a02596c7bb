/**
 * The messages, and how they stand on the wire. Integers are big-endian. Four of them are small and of a fixed form; the bulk ones are
 * byte strings whose lengths both sides compute, cut into pieces that a link carries.
 */
import {
  ByteReader,
  ByteWriter,
  bytesToUtf8,
  concatBytes,
  DecodeError,
  equalBytes,
  utf8ToBytes,
} from '../../bytes/index.ts';
import { ProtocolError } from '../protocol-error.ts';
import { blockBytes, digestBytes } from './binding.ts';
import { type Form, setSizeMax } from './parameters.ts';

/** Who speaks. The receiver learns which of its rows match; the sender holds Δ. */
export type Role = 'receiver' | 'sender';
/** Who gets something out of the run: the receiver alone, or the sender too, on the receiver's word. */
export type Mode = 'receiver-learns' | 'both-learn';

/** The sender is there: a receiver that has ended, and serves a sender that lost the end, says nothing before it hears this. */
export interface Ready {
  readonly type: 'ready';
}

export interface Hello {
  readonly type: 'hello';
  readonly version: number;
  readonly form: Form;
  readonly mode: Mode;
  /** Digest of what both sides agreed to run, 32 bytes. */
  readonly plan: Uint8Array;
  /** Distinct identifiers that this side declares. */
  readonly count: number;
  /** What the evidence holds this side's list to, 32 bytes: a hiding commitment, opaque to the protocol. */
  readonly commitment: Uint8Array;
  readonly kernel: string;
  /** Where this side can go on from; zeroes for a side that begins. */
  readonly resume: ResumePoint;
  /** The receiver: its commitment to its nonce. The sender: its nonce. 32 bytes. */
  readonly nonce: Uint8Array;
}

/** What a side holds of an exchange that was interrupted. */
export interface ResumePoint {
  /** The key that cut the lists into bins in the exchange's first run, 16 bytes. */
  readonly partition: Uint8Array;
  /** Buckets from 0 on that this side has done with. */
  readonly buckets: number;
}

/** The receiver's nonce, 32 bytes: what its hello committed to. */
export interface Open {
  readonly type: 'open';
  readonly nonce: Uint8Array;
}

/** A piece of a bulk message. */
export interface Piece {
  readonly type: Bulk;
  /** The epoch or the bucket that it belongs to; zero for those of the run. */
  readonly number: number;
  /** Its place in its message: all but the last one have {@link pieceBytesMax} bytes. */
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** The end: digest of all that was said, 32 bytes. */
export interface Done {
  readonly type: 'done';
  readonly transcript: Uint8Array;
}

export type Message = Ready | Hello | Open | Piece | Done;

/**
 * - `base-elements`, `base-answer`: the base OTs of the run;
 * - `epoch-choices`, `epoch-trees`: the set-up VOLE of an epoch;
 * - `choices`, `trees`: the VOLE of a bucket;
 * - `okvs`: the receiver's keys, encoded and masked; `tags`: the sender's, sorted; `match`: a bit for each tag.
 */
export const bulkTypes = [
  'base-elements',
  'base-answer',
  'epoch-choices',
  'epoch-trees',
  'choices',
  'trees',
  'okvs',
  'tags',
  'match',
] as const;
export type Bulk = (typeof bulkTypes)[number];

/** Bytes of a bulk message that travel together: a link carries messages of 1 MiB at most. */
export const pieceBytesMax = 2 ** 19;
/** Bytes before the content of a piece. */
export const pieceOverheadBytes = 26;

const types = ['ready', 'hello', 'open', 'done', ...bulkTypes] as const;
const roles = ['receiver', 'sender'] as const;
const forms = ['fast', 'low'] as const;
const modes = ['receiver-learns', 'both-learn'] as const;
const runBytes = 16;
const kernelNameBytesMax = 32;

/** Whom a message belongs to. */
export interface Envelope {
  /** The exchange, for hello; the run, for all that follows: the first 16 bytes of its id count. */
  readonly run: Uint8Array;
  readonly role: Role;
}

export function encodeMessage(message: Message, { run, role }: Envelope): Uint8Array {
  const writer = new ByteWriter()
    .u8(types.indexOf(message.type))
    .u8(roles.indexOf(role))
    .raw(run.subarray(0, runBytes));
  switch (message.type) {
    case 'ready':
      return writer.finish();
    case 'hello':
      return writer
        .u32(message.version)
        .u8(forms.indexOf(message.form))
        .u8(modes.indexOf(message.mode))
        .raw(message.plan)
        .u64(message.count)
        .raw(message.commitment)
        .prefixed(utf8ToBytes(message.kernel))
        .raw(message.resume.partition)
        .u32(message.resume.buckets)
        .raw(message.nonce)
        .finish();
    case 'open':
      return writer.raw(message.nonce).finish();
    case 'done':
      return writer.raw(message.transcript).finish();
    default:
      // The writer is for small fields: half a megabyte would go through it in three copies.
      return concatBytes(writer.u32(message.number).u32(message.index).finish(), message.bytes);
  }
}

/**
 * Reads a peer's message. Bytes in it are views of those given.
 * @param expected the peer's role, and the run; for a peer that has not said hello yet, the exchange.
 * @throws {ProtocolError} `malformed-message` or `wrong-session`.
 */
export function decodeMessage(bytes: Uint8Array, expected: Envelope): Message {
  try {
    const reader = new ByteReader(bytes);
    const type = types[reader.u8()];
    const role = roles[reader.u8()];
    const run = reader.raw(runBytes);
    if (!type || !role) throw new DecodeError('malformed', 'unknown kind of message');
    if (!equalBytes(run, expected.run.subarray(0, runBytes))) {
      throw new ProtocolError('wrong-session', "the partner's message belongs to another run");
    }
    if (role !== expected.role) throw new ProtocolError('wrong-session', 'the partner sent our own message back');
    const message = read(type, reader);
    reader.end();
    return message;
  } catch (error) {
    if (!(error instanceof DecodeError || error instanceof RangeError)) throw error;
    throw new ProtocolError('malformed-message', `the partner's message could not be read: ${error.message}`, {
      cause: error,
    });
  }
}

function read(type: Message['type'], reader: ByteReader): Message {
  switch (type) {
    case 'ready':
      return { type };
    case 'hello': {
      const version = reader.u32();
      const form = forms[reader.u8()];
      const mode = modes[reader.u8()];
      const plan = reader.raw(digestBytes);
      const count = reader.u64();
      const commitment = reader.raw(digestBytes);
      const kernel = bytesToUtf8(reader.prefixed({ bytesMax: kernelNameBytesMax }));
      if (!form || !mode || !/^[a-z0-9-]+$/.test(kernel))
        throw new DecodeError('malformed', 'a field of hello is out of range');
      if (count > setSizeMax) throw new DecodeError('limit-exceeded', `a list is at most ${setSizeMax} rows`);
      const resume = { partition: reader.raw(blockBytes), buckets: reader.u32() };
      return { type, version, form, mode, plan, count, commitment, kernel, resume, nonce: reader.raw(digestBytes) };
    }
    case 'open':
      return { type, nonce: reader.raw(digestBytes) };
    case 'done':
      return { type, transcript: reader.raw(digestBytes) };
    default:
      return { type, number: reader.u32(), index: reader.u32(), bytes: reader.rest() };
  }
}
