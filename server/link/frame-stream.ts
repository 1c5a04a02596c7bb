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

/** Cuts a stream of bytes into frames. One buffer serves for all: what a frame holds is valid until the next one is read. */
export class FrameReader {
  readonly #bytesMax: number;
  readonly #prefix = new Uint8Array(PREFIX_BYTES);
  #prefixBytes = 0;
  #buffer: Uint8Array | undefined;
  #lengthBytes = 0;
  #filledBytes = 0;

  constructor(limit: { bytesMax: number } = { bytesMax: sessionLimits.frameBytesMax }) {
    this.#bytesMax = limit.bytesMax;
  }

  /**
   * Takes the next bytes.
   * @throws {LinkError} `frame-too-large` before anything of it is read, `protocol`.
   */
  *read(bytes: Uint8Array): Generator<Frame, void, void> {
    // Not as a Buffer, whose `slice` is a view where an array's is a copy.
    const chunk = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#prefixBytes < PREFIX_BYTES) {
        const taken = chunk.subarray(offset, offset + PREFIX_BYTES - this.#prefixBytes);
        this.#prefix.set(taken, this.#prefixBytes);
        this.#prefixBytes += taken.length;
        offset += taken.length;
        if (this.#prefixBytes < PREFIX_BYTES) return;
        this.#begin();
      }
      const taken = chunk.subarray(offset, offset + this.#lengthBytes - this.#filledBytes);
      offset += taken.length;
      const frame = this.#fill(taken);
      if (frame === undefined) return;
      this.#prefixBytes = 0;
      yield decodeFrame(frame, { bytesMax: this.#bytesMax });
    }
  }

  #begin(): void {
    this.#lengthBytes = new DataView(this.#prefix.buffer).getUint32(1);
    this.#filledBytes = 0;
    if (this.#prefix[0] !== 0) throw new LinkError('protocol', 'the peer sent a compressed frame');
    if (this.#lengthBytes > this.#bytesMax) {
      throw new LinkError('frame-too-large', `frame too large: ${this.#lengthBytes} bytes (limit ${this.#bytesMax})`);
    }
  }

  /** @returns the frame, once all of it is here. */
  #fill(taken: Uint8Array): Uint8Array | undefined {
    if (taken.length === this.#lengthBytes) return taken;
    this.#buffer ??= new Uint8Array(this.#bytesMax);
    this.#buffer.set(taken, this.#filledBytes);
    this.#filledBytes += taken.length;
    return this.#filledBytes === this.#lengthBytes ? this.#buffer.subarray(0, this.#lengthBytes) : undefined;
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
