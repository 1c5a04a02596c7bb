/** What stands before every message of a protocol: its kind, who speaks, and in which run. */
import { ByteReader, ByteWriter, DecodeError } from '../bytes/index.ts';
import type { Side } from './party.ts';
import { ProtocolError } from './protocol-error.ts';

export interface Envelope {
  /** Id of the run; its first 16 bytes stand in each message. */
  readonly run: Uint8Array;
  readonly side: Side;
}

const sides = ['proposer', 'partner'] as const;
const runBytes = 16;

/** Begins a message. @param kind its place in the protocol's list of kinds. */
export function writeEnvelope(kind: number, { run, side }: Envelope): ByteWriter {
  return new ByteWriter().u8(kind).u8(sides.indexOf(side)).raw(run.subarray(0, runBytes));
}

/**
 * Reads a peer's message.
 * @param expected the run, and the side that the peer has.
 * @param read reads what stands behind the envelope, to the end; views of the bytes given may be kept.
 * @throws {ProtocolError} `malformed-message` or `wrong-session`.
 */
export function readEnvelope<Message>(
  bytes: Uint8Array,
  expected: Envelope,
  read: (kind: number, reader: ByteReader) => Message,
): Message {
  try {
    const reader = new ByteReader(bytes);
    const kind = reader.u8();
    const side = sides[reader.u8()];
    const run = reader.raw(runBytes);
    if (!side) throw new DecodeError('malformed', 'unknown side');
    if (!run.every((byte, i) => byte === expected.run[i])) {
      throw new ProtocolError('wrong-session', "the partner's message belongs to another run");
    }
    if (side !== expected.side) throw new ProtocolError('wrong-session', 'the partner sent our own message back');
    const message = read(kind, reader);
    reader.end();
    return message;
  } catch (error) {
    if (!(error instanceof DecodeError || error instanceof RangeError)) throw error;
    throw new ProtocolError('malformed-message', `the partner's message could not be read: ${error.message}`, {
      cause: error,
    });
  }
}
