/** The messages, and how they stand on the wire. Integers are big-endian; every length is checked before use. */
import { type ByteReader, bytesToUtf8, DecodeError, utf8ToBytes } from '../../bytes/index.ts';
import { type Envelope, readEnvelope, writeEnvelope } from '../envelope.ts';
import { checkCount } from './parameters.ts';
import { groupsMax, rowsMax } from './plan.ts';

export type Role = 'receiver' | 'sender';

export interface Hello {
  readonly type: 'hello';
  readonly version: number;
  readonly role: Role;
  /** Digest of what both sides agreed to run, 32 bytes. */
  readonly plan: Uint8Array;
  /** Rows of each of the receiver's groups, or of the sender: distinct ids, without labels and fillers. */
  readonly rows: readonly number[];
  /** SHA-256 over the list of points that will follow, 32 bytes: the commitment. */
  readonly root: Uint8Array;
  readonly kernel: string;
  /** K = key · G of the scalar that blinds the list, 32 bytes. */
  readonly blindingKey: Uint8Array;
  /** Of the receiver: X and the proof that it knows x, 96 bytes. Of the sender: SHA-256 of the seed of its empty slots, 32 bytes. */
  readonly opening: Uint8Array;
  /** Messages of the peer's that this side holds already; zero unless it resumes. */
  readonly held: number;
}

interface Batch<Type extends string> {
  readonly type: Type;
  readonly index: number;
  readonly rows: Uint8Array;
}
/** M1 and M2: blinded points, 32 bytes a row. M3: tags. M4: ciphertexts, 64 bytes for each slot and group. */
export type Bulk = Batch<'points'> | Batch<'tags'> | Batch<'bits'>;

/** The receiver's labels among its points, in the labels' order, and the proof that they are: 64 bytes. */
export interface Labels {
  readonly type: 'labels';
  readonly points: Uint8Array;
  readonly proof: Uint8Array;
}

/** M5: which slots are check labels of each group, which match nothing, and why to believe it. */
export interface Check {
  readonly type: 'check';
  readonly labelSlots: Uint32Array;
  readonly emptySlots: Uint32Array;
  readonly emptySeed: Uint8Array;
  readonly proof: Uint8Array;
}

/** The randomness of these slots' ciphertexts: 32 bytes for each slot and group, label slots first. */
export interface Opening {
  readonly type: 'opening';
  readonly scalars: Uint8Array;
}

/** M6: tests of some places, 64 bytes each, ascending inside a place. */
export interface Gate {
  readonly type: 'gate';
  readonly round: number;
  /** Places of the round, in all its messages. */
  readonly placeCount: number;
  readonly index: number;
  readonly tests: Uint8Array;
}

/** M7: for each place whether its value is below the minimum, one byte each, signed by the receiver. */
export interface Verdicts {
  readonly type: 'verdicts';
  readonly round: number;
  readonly verdicts: Uint8Array;
  readonly signature: Uint8Array;
}

/** M8: one byte for each figure in plan order, 1 where it is released, and the ciphertexts of those. */
export interface Release {
  readonly type: 'release';
  readonly released: Uint8Array;
  readonly ciphertexts: Uint8Array;
}

/** The end: digest of all that was said, and of the salted result, which the sender has from the receiver; 32 bytes each. */
export interface Done {
  readonly type: 'done';
  readonly transcript: Uint8Array;
  readonly result: Uint8Array;
}

export type Message = Hello | Bulk | Labels | Check | Opening | Gate | Verdicts | Release | Done;

export const messageTypes = [
  'hello',
  'points',
  'labels',
  'tags',
  'bits',
  'check',
  'opening',
  'gate',
  'verdicts',
  'release',
  'done',
] as const;
const roles = ['receiver', 'sender'] as const;
const kernelNameBytesMax = 32;
/** Of a field whose length the party checks: figures, gate groups, labels of eight groups. */
const fieldBytesMax = 2 ** 20;
export const signatureBytes = 64;
export const proofBytes = 64;

export function encodeMessage(message: Message, envelope: Envelope): Uint8Array {
  const writer = writeEnvelope(messageTypes.indexOf(message.type), envelope);
  switch (message.type) {
    case 'hello':
      writer.u32(message.version).u8(roles.indexOf(message.role)).raw(message.plan).u8(message.rows.length);
      for (const count of message.rows) writer.u32(count);
      return writer
        .raw(message.root)
        .prefixed(utf8ToBytes(message.kernel))
        .raw(message.blindingKey)
        .prefixed(message.opening)
        .u32(message.held)
        .finish();
    case 'points':
    case 'tags':
    case 'bits':
      return writer.u32(message.index).raw(message.rows).finish();
    case 'labels':
      return writer.raw(message.proof).raw(message.points).finish();
    case 'check':
      for (const slot of [...message.emptySlots, ...message.labelSlots]) writer.u32(slot);
      return writer.raw(message.emptySeed).raw(message.proof).finish();
    case 'opening':
      return writer.raw(message.scalars).finish();
    case 'gate':
      return writer.u8(message.round).u32(message.placeCount).u32(message.index).raw(message.tests).finish();
    case 'verdicts':
      return writer.u8(message.round).raw(message.signature).raw(message.verdicts).finish();
    case 'release':
      return writer.prefixed(message.released).raw(message.ciphertexts).finish();
    case 'done':
      return writer.raw(message.transcript).raw(message.result).finish();
  }
}

/**
 * Reads a peer's message. What holds rows is a view of the bytes given.
 * @param expected the run, and the side that the peer has.
 * @param groupCount groups of the receiver, as agreed.
 * @throws {ProtocolError} `malformed-message` or `wrong-session`.
 */
export function decodeMessage(bytes: Uint8Array, expected: Envelope, groupCount: number): Message {
  return readEnvelope(bytes, expected, (kind, reader) => {
    const type = messageTypes[kind];
    if (!type) throw new DecodeError('malformed', 'unknown kind of message');
    return read(type, reader, groupCount);
  });
}

function read(type: Message['type'], reader: ByteReader, groupCount: number): Message {
  switch (type) {
    case 'hello':
      return readHello(reader);
    case 'points':
    case 'tags':
    case 'bits':
      return { type, index: reader.u32(), rows: reader.rest() };
    case 'labels':
      return { type, proof: reader.raw(proofBytes), points: reader.rest() };
    case 'check': {
      const slots = (count: number) => Uint32Array.from({ length: count }, () => reader.u32());
      const emptySlots = slots(checkCount);
      const labelSlots = slots(checkCount * groupCount);
      return { type, emptySlots, labelSlots, emptySeed: reader.raw(32), proof: reader.raw(proofBytes) };
    }
    case 'opening':
      return { type, scalars: reader.rest() };
    case 'gate':
      return { type, round: reader.u8(), placeCount: reader.u32(), index: reader.u32(), tests: reader.rest() };
    case 'verdicts':
      return { type, round: reader.u8(), signature: reader.raw(signatureBytes), verdicts: reader.rest() };
    case 'release':
      return { type, released: reader.prefixed({ bytesMax: fieldBytesMax }), ciphertexts: reader.rest() };
    case 'done':
      return { type, transcript: reader.raw(32), result: reader.raw(32) };
  }
}

function readHello(reader: ByteReader): Hello {
  const version = reader.u32();
  const role = roles[reader.u8()];
  const plan = reader.raw(32);
  const listCount = reader.u8();
  if (!role || listCount < 1 || listCount > groupsMax) {
    throw new DecodeError('malformed', 'a field of hello is out of range');
  }
  const rows = Array.from({ length: listCount }, () => reader.u32());
  if (rows.some((count) => count > rowsMax)) {
    throw new DecodeError('limit-exceeded', `a list is at most ${rowsMax} rows`);
  }
  const root = reader.raw(32);
  const kernel = bytesToUtf8(reader.prefixed({ bytesMax: kernelNameBytesMax }));
  if (!/^[a-z0-9-]+$/.test(kernel)) throw new DecodeError('malformed', 'a field of hello is out of range');
  const blindingKey = reader.raw(32);
  const opening = reader.prefixed({ bytesMax: 96 });
  if (opening.length !== (role === 'receiver' ? 96 : 32)) throw new DecodeError('malformed', 'a key of another length');
  return { type: 'hello', version, role, plan, rows, root, kernel, blindingKey, opening, held: reader.u32() };
}
