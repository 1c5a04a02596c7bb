/** The six messages, and how they stand on the wire. Integers are big-endian; every length is checked before use. */
import { type ByteReader, type ByteWriter, bytesToUtf8, DecodeError, utf8ToBytes } from '../../bytes/index.ts';
import { elementBytes, scalarBytes } from '../../group/index.ts';
import { setSizeMax } from '../batch.ts';
import { type Envelope, readEnvelope, writeEnvelope } from '../envelope.ts';
import { earlierVersionsMax, evaluationBitsMax, placeBitsMax, type Table } from './parameters.ts';

/** A version before the present one, and the change that leads from it to the next. */
export interface EarlierVersion {
  readonly rows: number;
  readonly root: Uint8Array;
  /** How many identifiers joined the list, and how many left it. */
  readonly added: number;
  readonly removed: number;
}

/** The table that the server answers under. */
export interface ServerHello {
  readonly type: 'server-hello';
  readonly version: number;
  /** Digest of what both sides agreed to run, 32 bytes. */
  readonly plan: Uint8Array;
  readonly kernel: string;
  readonly table: Table;
  /** Versions of the same epoch that a client can be brought from, oldest first, the last one being the one before the table's. */
  readonly earlier: readonly EarlierVersion[];
  /** Batches of points that this side already holds; zero unless it resumes. */
  readonly pointsHeld: number;
}

/** The version of a table that a client has kept. */
export interface HeldTable {
  readonly epoch: number;
  readonly version: number;
  readonly root: Uint8Array;
}

/** The list that the client asks for. */
export interface ClientHello {
  readonly type: 'client-hello';
  readonly version: number;
  readonly plan: Uint8Array;
  readonly kernel: string;
  /** Distinct match keys. */
  readonly count: number;
  /** Merkle root over the batches of points that will follow, 32 bytes: the commitment. */
  readonly root: Uint8Array;
  /** The table that this side had when the run began. */
  readonly table: HeldTable | undefined;
  /** Messages of the shipment, and batches of answers, that this side already holds; zero unless it resumes. */
  readonly bucketsHeld: number;
  readonly answersHeld: number;
}

/** A bucket of the table, or of a list of what joined or left it. Its number in the shipment says which. */
export interface BucketMessage {
  readonly type: 'bucket';
  readonly index: number;
  readonly rows: number;
  readonly bytes: Uint8Array;
}

/** Blinded points, 32 bytes a row. */
export interface Points {
  readonly type: 'points';
  readonly index: number;
  readonly points: Uint8Array;
}

/** The points of one batch under the server's key, 32 bytes a row, and the proof that it was that key. */
export interface Answers {
  readonly type: 'answers';
  readonly index: number;
  readonly proof: Uint8Array;
  readonly answers: Uint8Array;
}

/** The end: digest of all that was said, 32 bytes. */
export interface Done {
  readonly type: 'done';
  readonly transcript: Uint8Array;
}

export type Message = ServerHello | ClientHello | BucketMessage | Points | Answers | Done;

const types = ['server-hello', 'client-hello', 'bucket', 'points', 'answers', 'done'] as const;
const digestBytes = 32;
const kernelNameBytesMax = 32;
/** Challenge and response of a proof. */
export const proofBytes: number = 2 * scalarBytes;

export function encodeMessage(message: Message, envelope: Envelope): Uint8Array {
  const writer = writeEnvelope(types.indexOf(message.type), envelope);
  switch (message.type) {
    case 'server-hello': {
      writer.u32(message.version).raw(message.plan).prefixed(utf8ToBytes(message.kernel));
      writeTable(writer, message.table);
      writer.u8(message.earlier.length);
      for (const { rows, root, added, removed } of message.earlier) writer.u64(rows).raw(root).u64(added).u64(removed);
      return writer.u32(message.pointsHeld).finish();
    }
    case 'client-hello': {
      writer
        .u32(message.version)
        .raw(message.plan)
        .prefixed(utf8ToBytes(message.kernel))
        .u64(message.count)
        .raw(message.root)
        .u8(message.table ? 1 : 0);
      if (message.table) writer.u32(message.table.epoch).u32(message.table.version).raw(message.table.root);
      return writer.u32(message.bucketsHeld).u32(message.answersHeld).finish();
    }
    case 'bucket':
      return writer.u32(message.index).u32(message.rows).raw(message.bytes).finish();
    case 'points':
      return writer.u32(message.index).raw(message.points).finish();
    case 'answers':
      return writer.u32(message.index).raw(message.proof).raw(message.answers).finish();
    case 'done':
      return writer.raw(message.transcript).finish();
  }
}

/**
 * Reads a peer's message. Rows, points and answers are views of the bytes given.
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
    case 'server-hello': {
      const common = readCommon(reader);
      const table = readTable(reader);
      const earlierCount = reader.u8();
      if (earlierCount > earlierVersionsMax)
        throw new DecodeError('limit-exceeded', `at most ${earlierVersionsMax} earlier versions are told`);
      const earlier = Array.from({ length: earlierCount }, () => ({
        rows: readCount(reader),
        root: reader.raw(digestBytes),
        added: readCount(reader),
        removed: readCount(reader),
      }));
      return { type, ...common, table, earlier, pointsHeld: reader.u32() };
    }
    case 'client-hello': {
      const common = readCommon(reader);
      const count = readCount(reader);
      const root = reader.raw(digestBytes);
      const holds = reader.u8();
      if (holds > 1) throw new DecodeError('malformed', 'a field of hello is out of range');
      const table =
        holds === 1 ? { epoch: reader.u32(), version: reader.u32(), root: reader.raw(digestBytes) } : undefined;
      return { type, ...common, count, root, table, bucketsHeld: reader.u32(), answersHeld: reader.u32() };
    }
    case 'bucket':
      return { type, index: reader.u32(), rows: reader.u32(), bytes: reader.rest() };
    case 'points':
      return { type, index: reader.u32(), points: reader.rest() };
    case 'answers':
      return { type, index: reader.u32(), proof: reader.raw(proofBytes), answers: reader.rest() };
    case 'done':
      return { type, transcript: reader.raw(digestBytes) };
  }
}

function readCommon(reader: ByteReader): { version: number; plan: Uint8Array; kernel: string } {
  const version = reader.u32();
  const plan = reader.raw(digestBytes);
  const kernel = bytesToUtf8(reader.prefixed({ bytesMax: kernelNameBytesMax }));
  if (!/^[a-z0-9-]+$/.test(kernel)) throw new DecodeError('malformed', 'a field of hello is out of range');
  return { version, plan, kernel };
}

function writeTable(writer: ByteWriter, table: Table): void {
  writer
    .u32(table.epoch)
    .u32(table.version)
    .u8(table.placeBits)
    .u8(table.evaluationBits)
    .u64(table.rows)
    .raw(table.publicKey)
    .raw(table.root);
}

function readTable(reader: ByteReader): Table {
  const table = {
    epoch: reader.u32(),
    version: reader.u32(),
    placeBits: reader.u8(),
    evaluationBits: reader.u8(),
    rows: readCount(reader),
    publicKey: reader.raw(elementBytes),
    root: reader.raw(digestBytes),
  };
  if (table.placeBits > placeBitsMax || table.evaluationBits > evaluationBitsMax || table.epoch * table.version === 0)
    throw new DecodeError('limit-exceeded', 'a table of this shape is not known');
  return table;
}

function readCount(reader: ByteReader): number {
  const count = reader.u64();
  if (count > setSizeMax) throw new DecodeError('limit-exceeded', `a list is at most ${setSizeMax} rows`);
  return count;
}
