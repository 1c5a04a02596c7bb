/**
 * Frames on an HTTP/2 stream in gRPC's form: each message after one byte of flags and four of length (gRPC over HTTP/2, "Length-Prefixed
 * Message"). Any gRPC client can attach; this side is written by hand for its speed alone: Connect copies each frame four times.
 */

import type { Http2Stream } from 'node:http2';
import { LinkError } from './error.ts';
import { decodeFrame, encodeFrameParts, type Frame } from './frame.ts';
import { sessionLimits } from './limits.ts';

const PREFIX_BYTES = 5;
/** Given to the stream and not yet on the socket: enough to keep it busy, little enough that a call does not wait long. */
const AHEAD_BYTES_MAX = 1024 * 1024;

/** Cuts a stream of bytes into frames. */
export class FrameReader {
  readonly #bytesMax: number;
  readonly #prefix = new Uint8Array(PREFIX_BYTES);
  #prefixBytes = 0;
  #frame: Uint8Array | undefined;
  #frameBytes = 0;

  constructor(limit: { bytesMax: number } = { bytesMax: sessionLimits.frameBytesMax }) {
    this.#bytesMax = limit.bytesMax;
  }

  /**
   * Takes the next bytes.
   * @throws {LinkError} `frame-too-large` before anything is allocated for it, `protocol`.
   */
  *read(chunk: Uint8Array): Generator<Frame, void, void> {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#frame === undefined) {
        const taken = chunk.subarray(offset, offset + PREFIX_BYTES - this.#prefixBytes);
        this.#prefix.set(taken, this.#prefixBytes);
        this.#prefixBytes += taken.length;
        offset += taken.length;
        if (this.#prefixBytes < PREFIX_BYTES) return;
        this.#begin();
      }
      const frame: Uint8Array = this.#frame!;
      const taken = chunk.subarray(offset, offset + frame.length - this.#frameBytes);
      frame.set(taken, this.#frameBytes);
      this.#frameBytes += taken.length;
      offset += taken.length;
      if (this.#frameBytes < frame.length) return;
      this.#frame = undefined;
      this.#prefixBytes = 0;
      yield decodeFrame(frame, { bytesMax: this.#bytesMax });
    }
  }

  #begin(): void {
    const length = new DataView(this.#prefix.buffer).getUint32(1);
    if (this.#prefix[0] !== 0) throw new LinkError('protocol', 'the peer sent a compressed frame');
    if (length > this.#bytesMax) {
      throw new LinkError('frame-too-large', `frame too large: ${length} bytes (limit ${this.#bytesMax})`);
    }
    const { buffer } = Buffer.allocUnsafeSlow(length);
    this.#frame = new Uint8Array(buffer);
    this.#frameBytes = 0;
  }
}

/** Sends frames as fast as the stream takes them; returns when there are no more, or when the stream is gone. */
export async function sendFrames(stream: Http2Stream, frames: AsyncIterable<Frame>): Promise<void> {
  let aheadBytes = 0;
  let changed = Promise.withResolvers<void>();
  const change = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  stream.once('close', change);
  for await (const frame of frames) {
    if (stream.destroyed || stream.writableEnded) return;
    const parts = encodeFrameParts(frame);
    const prefix = Buffer.alloc(PREFIX_BYTES);
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    prefix.writeUInt32BE(length, 1);
    aheadBytes += length;
    stream.cork();
    stream.write(prefix);
    parts.forEach((part, i) => {
      if (i < parts.length - 1) stream.write(part);
      else
        stream.write(part, () => {
          aheadBytes -= length;
          change();
        });
    });
    stream.uncork();
    while (aheadBytes >= AHEAD_BYTES_MAX && !stream.destroyed) await changed.promise;
  }
}
