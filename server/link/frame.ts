/**
 * What two sessions say to each other (proto/causeway/link/v1/link.proto), as tagged unions, and the way to and from the protobuf
 * messages. Everything that comes from the peer is checked here for form; what it means is the session's to judge.
 */

import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { LinkError, type PeerFailure } from './error.ts';
import {
  CHANNEL_NAME_LENGTH_MAX,
  FAILURE_CODE_LENGTH_MAX,
  FAILURE_DETAIL_LENGTH_MAX,
  INCARNATION_BYTES,
  METHOD_NAME_LENGTH_MAX,
} from './limits.ts';
import {
  FrameSchema,
  SegmentSchema,
  type Failure as WireFailure,
  type Frame as WireFrame,
  type Segment as WireSegment,
} from './proto/causeway/link/v1/link_pb.ts';

export type Frame = HelloFrame | ProbeFrame | RefusalFrame | SegmentsFrame | AcknowledgementFrame;

export interface HelloFrame {
  readonly kind: 'hello';
  readonly versionMin: number;
  readonly versionMax: number;
  readonly incarnation: Uint8Array;
  /** What the sender remembers of the receiver; empty at first. */
  readonly peerIncarnation: Uint8Array;
  readonly received: number;
  readonly timeMs: number;
}

interface SessionFrame {
  readonly session: bigint;
  readonly acknowledged: number;
}

export interface ProbeFrame extends SessionFrame {
  readonly kind: 'probe';
  readonly nonce: number;
  readonly answer: boolean;
}

export interface RefusalFrame extends PeerFailure {
  readonly kind: 'refusal';
  readonly session: bigint;
}

export interface SegmentsFrame extends SessionFrame {
  readonly kind: 'segments';
  readonly sequence: number;
  readonly segments: readonly Segment[];
}

export interface AcknowledgementFrame extends SessionFrame {
  readonly kind: 'acknowledgement';
}

export type Segment =
  | { readonly kind: 'open'; readonly channel: number; readonly name: string }
  | { readonly kind: 'data'; readonly channel: number; readonly data: Uint8Array; readonly left: number }
  | { readonly kind: 'credit'; readonly channel: number; readonly limit: number }
  | { readonly kind: 'close'; readonly channel: number; readonly failure: PeerFailure | undefined }
  | {
      readonly kind: 'call';
      readonly call: number;
      readonly method: string;
      readonly timeoutMs: number;
      readonly body: Uint8Array;
      readonly left: number;
    }
  | {
      readonly kind: 'answer';
      readonly call: number;
      readonly body: Uint8Array;
      readonly left: number;
      readonly failure: PeerFailure | undefined;
    }
  | { readonly kind: 'cancel'; readonly call: number };

/** Field numbers of link.proto, for the one message that is encoded by hand; a test compares. */
const field = { session: 1, sequence: 2, acknowledged: 3, segments: 7, segmentData: 2, channel: 1, left: 2, data: 3 };
/** Shorter data are cheaper to copy than to send as a part of their own. */
const COPIED_BYTES_MAX = 4096;

/** An upper bound of what a frame without segments takes as encoded, and of what a segment adds to its own bytes. */
export const FRAME_OVERHEAD_BYTES = 64;
export const SEGMENT_OVERHEAD_BYTES = 48;

/** An upper bound of a segment's size as encoded. */
export function segmentBytesMax(segment: Segment): number {
  switch (segment.kind) {
    case 'open':
      return SEGMENT_OVERHEAD_BYTES + 3 * segment.name.length;
    case 'data':
      return SEGMENT_OVERHEAD_BYTES + segment.data.length;
    case 'call':
      return SEGMENT_OVERHEAD_BYTES + 3 * segment.method.length + segment.body.length;
    case 'answer':
      return SEGMENT_OVERHEAD_BYTES + failureBytesMax(segment.failure) + segment.body.length;
    case 'close':
      return SEGMENT_OVERHEAD_BYTES + failureBytesMax(segment.failure);
    case 'credit':
    case 'cancel':
      return SEGMENT_OVERHEAD_BYTES;
  }
}

/** A failure cut to what may travel. */
export function boundedFailure(failure: PeerFailure): PeerFailure {
  return {
    code: failure.code.slice(0, FAILURE_CODE_LENGTH_MAX).toWellFormed(),
    detail: failure.detail.slice(0, FAILURE_DETAIL_LENGTH_MAX).toWellFormed(),
  };
}

export function encodeFrame(frame: Frame): Uint8Array {
  return toBinary(FrameSchema, frameToMessage(frame));
}

/**
 * The same bytes as {@link encodeFrame}, in parts: channel data stay where they are, since each copy of them costs as much as their
 * encryption.
 */
export function encodeFrameParts(frame: Frame): readonly Uint8Array[] {
  if (frame.kind !== 'segments') return [encodeFrame(frame)];
  const parts: Uint8Array[] = [];
  let writer = new BinaryWriter();
  if (frame.session > 0n) writer.tag(field.session, WireType.Bit64).fixed64(frame.session);
  writer.tag(field.sequence, WireType.Varint).uint64(frame.sequence);
  if (frame.acknowledged > 0) writer.tag(field.acknowledged, WireType.Varint).uint64(frame.acknowledged);
  for (const segment of frame.segments) {
    writer.tag(field.segments, WireType.LengthDelimited);
    if (segment.kind !== 'data' || segment.data.length < COPIED_BYTES_MAX) {
      writer.bytes(toBinary(SegmentSchema, create(SegmentSchema, segmentToMessage(segment))));
      continue;
    }
    const { data } = segment;
    const head = new BinaryWriter();
    if (segment.channel > 0) head.tag(field.channel, WireType.Varint).uint32(segment.channel);
    if (segment.left > 0) head.tag(field.left, WireType.Varint).uint32(segment.left);
    const headBytes = head.tag(field.data, WireType.LengthDelimited).uint32(data.length).finish();
    const contentBytes = headBytes.length + data.length;
    const wrap = new BinaryWriter().tag(field.segmentData, WireType.LengthDelimited).uint32(contentBytes).finish();
    writer
      .uint32(wrap.length + contentBytes)
      .raw(wrap)
      .raw(headBytes);
    parts.push(writer.finish(), data);
    writer = new BinaryWriter();
  }
  const tail = writer.finish();
  if (tail.length > 0) parts.push(tail);
  return parts;
}

/**
 * Reads a frame. Its channel data and bodies are views of `bytes`: who keeps them copies them.
 * @throws {LinkError} `frame-too-large`, or `protocol` for bytes that are no frame.
 */
export function decodeFrame(bytes: Uint8Array, limit: { bytesMax: number }): Frame {
  if (bytes.length > limit.bytesMax) {
    throw new LinkError('frame-too-large', `frame too large: ${bytes.length} bytes (limit ${limit.bytesMax})`);
  }
  let message: WireFrame;
  try {
    message = fromBinary(FrameSchema, bytes);
  } catch (cause) {
    throw new LinkError('protocol', 'the peer sent bytes that are not a frame', { cause });
  }
  return frameFromMessage(message);
}

export function frameToMessage(frame: Frame): WireFrame {
  switch (frame.kind) {
    case 'hello':
      return create(FrameSchema, {
        hello: {
          versionMin: frame.versionMin,
          versionMax: frame.versionMax,
          incarnation: frame.incarnation,
          peerIncarnation: frame.peerIncarnation,
          received: BigInt(frame.received),
          timeMs: BigInt(Math.trunc(frame.timeMs)),
        },
      });
    case 'refusal':
      return create(FrameSchema, { session: frame.session, refusal: { code: frame.code, detail: frame.detail } });
    case 'probe':
      return create(FrameSchema, {
        session: frame.session,
        acknowledged: BigInt(frame.acknowledged),
        probe: { nonce: BigInt(frame.nonce), answer: frame.answer },
      });
    case 'acknowledgement':
      return create(FrameSchema, { session: frame.session, acknowledged: BigInt(frame.acknowledged) });
    case 'segments':
      return create(FrameSchema, {
        session: frame.session,
        acknowledged: BigInt(frame.acknowledged),
        sequence: BigInt(frame.sequence),
        segments: frame.segments.map(segmentToMessage),
      });
  }
}

/** @throws {LinkError} `protocol` for a message that the rules of link.proto do not allow. */
export function frameFromMessage(message: WireFrame): Frame {
  const { hello, probe, refusal, segments, session } = message;
  const sequence = safeInteger(message.sequence);
  const acknowledged = safeInteger(message.acknowledged);
  const contents = [hello, probe, refusal].filter((part) => part !== undefined).length;
  if (contents + (segments.length > 0 ? 1 : 0) > 1) throw malformed('a frame with two contents');
  if (segments.length > 0 !== sequence > 0) throw malformed('a sequence without segments, or segments without one');
  if (hello !== undefined) {
    if (hello.incarnation.length !== INCARNATION_BYTES) throw malformed('an incarnation of another length');
    if (![0, INCARNATION_BYTES].includes(hello.peerIncarnation.length))
      throw malformed('a peer incarnation of another length');
    if (hello.versionMin > hello.versionMax) throw malformed('a version range that is empty');
    return {
      kind: 'hello',
      versionMin: hello.versionMin,
      versionMax: hello.versionMax,
      incarnation: new Uint8Array(hello.incarnation),
      peerIncarnation: new Uint8Array(hello.peerIncarnation),
      received: safeInteger(hello.received),
      timeMs: Number(hello.timeMs),
    };
  }
  if (refusal !== undefined) return { kind: 'refusal', session, ...failureFromMessage(refusal) };
  if (probe !== undefined) {
    return { kind: 'probe', session, acknowledged, nonce: safeInteger(probe.nonce), answer: probe.answer };
  }
  if (segments.length === 0) return { kind: 'acknowledgement', session, acknowledged };
  return { kind: 'segments', session, acknowledged, sequence, segments: segments.map(segmentFromMessage) };
}

function segmentToMessage(segment: Segment): MessageInitShape<typeof SegmentSchema> {
  switch (segment.kind) {
    case 'open':
      return { kind: { case: 'open', value: { channel: segment.channel, name: segment.name } } };
    case 'data':
      return { kind: { case: 'data', value: { channel: segment.channel, data: segment.data, left: segment.left } } };
    case 'credit':
      return { kind: { case: 'credit', value: { channel: segment.channel, limit: BigInt(segment.limit) } } };
    case 'close': {
      const { channel, failure } = segment;
      return { kind: { case: 'close', value: failure === undefined ? { channel } : { channel, failure } } };
    }
    case 'call': {
      const { call, method, timeoutMs, body, left } = segment;
      return { kind: { case: 'call', value: { call, method, timeoutMs, body, left } } };
    }
    case 'answer': {
      const { call, body, left, failure } = segment;
      return { kind: { case: 'answer', value: failure === undefined ? { call, body, left } : { call, failure } } };
    }
    case 'cancel':
      return { kind: { case: 'cancel', value: { call: segment.call } } };
  }
}

function segmentFromMessage({ kind }: WireSegment): Segment {
  switch (kind.case) {
    case 'open':
      return {
        kind: 'open',
        channel: kind.value.channel,
        name: boundedName(kind.value.name, CHANNEL_NAME_LENGTH_MAX),
      };
    case 'data':
      return { kind: 'data', channel: kind.value.channel, data: kind.value.data, left: kind.value.left };
    case 'credit':
      return { kind: 'credit', channel: kind.value.channel, limit: safeInteger(kind.value.limit) };
    case 'close':
      return { kind: 'close', channel: kind.value.channel, failure: optionalFailure(kind.value.failure) };
    case 'call':
      return {
        kind: 'call',
        call: kind.value.call,
        method: boundedName(kind.value.method, METHOD_NAME_LENGTH_MAX),
        timeoutMs: kind.value.timeoutMs,
        body: kind.value.body,
        left: kind.value.left,
      };
    case 'answer':
      return {
        kind: 'answer',
        call: kind.value.call,
        body: kind.value.body,
        left: kind.value.left,
        failure: optionalFailure(kind.value.failure),
      };
    case 'cancel':
      return { kind: 'cancel', call: kind.value.call };
    case undefined:
      throw malformed('a segment of an unknown kind');
  }
}

function optionalFailure(failure: WireFailure | undefined): PeerFailure | undefined {
  return failure === undefined ? undefined : failureFromMessage(failure);
}

function failureFromMessage({ code, detail }: { code: string; detail: string }): PeerFailure {
  if (code.length > FAILURE_CODE_LENGTH_MAX || detail.length > FAILURE_DETAIL_LENGTH_MAX) {
    throw malformed('a failure with too long a text');
  }
  return { code, detail };
}

function failureBytesMax(failure: PeerFailure | undefined): number {
  return failure === undefined ? 0 : 16 + 3 * (failure.code.length + failure.detail.length);
}

function boundedName(name: string, lengthMax: number): string {
  if (name.length > lengthMax) throw malformed('a name that is too long');
  return name;
}

function safeInteger(value: bigint): number {
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed('a number past 2^53 - 1');
  return Number(value);
}

function malformed(what: string): LinkError {
  return new LinkError('protocol', `the peer broke the link protocol: ${what}`);
}
