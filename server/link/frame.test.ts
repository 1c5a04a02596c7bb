import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeFrame,
  encodeFrame,
  encodeFrameParts,
  FRAME_OVERHEAD_BYTES,
  type Frame,
  type Segment,
  segmentBytesMax,
} from './frame.ts';
import { FrameReader } from './frame-stream.ts';

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const count = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const failure = fc.record({
  code: fc.string({ maxLength: 64 }),
  detail: fc.string({ unit: 'grapheme', maxLength: 100 }),
});
const data = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom(4095, 4096, 4097, 9000).map((n) => new Uint8Array(n).fill(n)),
);
const segment: fc.Arbitrary<Segment> = fc.oneof(
  fc.record({ kind: fc.constant('open' as const), channel: u32, name: fc.string({ unit: 'grapheme', maxLength: 40 }) }),
  fc.record({ kind: fc.constant('data' as const), channel: u32, data, left: u32 }),
  fc.record({ kind: fc.constant('credit' as const), channel: u32, limit: count }),
  fc.record({ kind: fc.constant('close' as const), channel: u32, failure: fc.option(failure, { nil: undefined }) }),
  fc.record({
    kind: fc.constant('call' as const),
    call: u32,
    method: fc.string({ maxLength: 40 }),
    timeoutMs: u32,
    body: data,
    left: u32,
  }),
  fc.record({
    kind: fc.constant('answer' as const),
    call: u32,
    body: data,
    left: u32,
    failure: fc.constant(undefined),
  }),
  fc.record({ kind: fc.constant('cancel' as const), call: u32 }),
);
const session = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const segments: fc.Arbitrary<Frame> = fc.record({
  kind: fc.constant('segments' as const),
  session,
  sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  acknowledged: count,
  segments: fc.array(segment, { minLength: 1, maxLength: 5 }),
});
const other: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ kind: fc.constant('probe' as const), session, acknowledged: count, nonce: count, answer: fc.boolean() }),
  fc.record({ kind: fc.constant('acknowledgement' as const), session, acknowledged: count }),
  failure.map(({ code, detail }): Frame => ({ kind: 'refusal', session: 5n, code, detail })),
  fc.record({
    kind: fc.constant('hello' as const),
    versionMin: fc.constant(1),
    versionMax: u32.map((n) => n || 1),
    incarnation: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    peerIncarnation: fc.oneof(fc.constant(new Uint8Array(0)), fc.uint8Array({ minLength: 16, maxLength: 16 })),
    received: count,
    timeMs: count,
  }),
);
const anyFrame = fc.oneof(segments, other);
const limit = { bytesMax: 1 << 20 };

describe('frames', () => {
  it('are read back as written', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        expect(decodeFrame(encodeFrame(frame), limit)).toEqual(frame);
      }),
      { numRuns: 60 },
    );
  });

  it('encoded in parts are the bytes that protobuf itself would write', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        expect(Buffer.compare(Buffer.concat(encodeFrameParts(frame)), encodeFrame(frame))).toBe(0);
      }),
    );
  });

  it('are never larger than their segments were reckoned to be', () => {
    fc.assert(
      fc.property(segments, (frame) => {
        if (frame.kind !== 'segments') return;
        const reckoned = frame.segments.reduce((sum, part) => sum + segmentBytesMax(part), FRAME_OVERHEAD_BYTES);
        expect(encodeFrame(frame).length).toBeLessThanOrEqual(reckoned);
      }),
    );
  });

  it('channel data are not copied on their way out', () => {
    const bytes = new Uint8Array(10_000);
    const parts = encodeFrameParts({
      kind: 'segments',
      session: 1n,
      sequence: 1,
      acknowledged: 0,
      segments: [{ kind: 'data', channel: 1, data: bytes, left: 0 }],
    });
    expect(parts).toContain(bytes);
  });
});

describe('a stream of frames', () => {
  const framed = (bytes: Uint8Array) => {
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(bytes.length, 1);
    return Buffer.concat([prefix, bytes]);
  };

  it('[F37] is read the same wherever it is cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(other, { minLength: 1, maxLength: 4 }), fc.array(fc.nat({ max: 400 })), (frames, cuts) => {
        const stream = Buffer.concat(frames.map((frame) => framed(encodeFrame(frame))));
        const reader = new FrameReader();
        const read: Frame[] = [];
        const edges = [0, ...cuts.filter((cut) => cut < stream.length).sort((a, b) => a - b), stream.length];
        for (let i = 1; i < edges.length; i++) read.push(...reader.read(stream.subarray(edges[i - 1], edges[i])));
        expect(read).toEqual(frames);
      }),
    );
  });

  it.each([2 ** 32 - 1, 2 ** 31, (1 << 18) + 1])(
    '[F39] a declared length of %i is refused before it is allocated',
    (length) => {
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(length, 1);
      expect(() => [...new FrameReader().read(prefix)]).toThrow(expect.objectContaining({ code: 'frame-too-large' }));
    },
  );

  it('a compressed frame is refused', () => {
    expect(() => [...new FrameReader().read(new Uint8Array([1, 0, 0, 0, 1, 0]))]).toThrow(
      expect.objectContaining({ code: 'protocol' }),
    );
  });
});
