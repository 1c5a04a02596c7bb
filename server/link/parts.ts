import { LinkError } from './error.ts';

/** A message or a part of one. */
export interface Part {
  readonly data: Uint8Array;
  /** Bytes of the message that follow in later parts. */
  readonly left: number;
}

/** A part that is not the last holds at least this much: each costs a frame's overhead. */
const PART_BYTES_MIN = 4096;

/** Cuts the next part off `body`: what fits, or nothing where that would be too little. */
export function nextPart(body: Uint8Array, from: number, roomBytes: number): Part | undefined {
  const remaining = body.length - from;
  if (remaining <= roomBytes) return { data: from === 0 ? body : body.subarray(from), left: 0 };
  if (roomBytes < PART_BYTES_MIN) return undefined;
  return { data: body.subarray(from, from + roomBytes), left: remaining - roomBytes };
}

/** Joins the parts of one message as they come. */
export class PartialMessage {
  #message: Uint8Array | undefined;
  #filledBytes = 0;

  /** Whether the next part is the first of a message. */
  get atStart(): boolean {
    return this.#message === undefined;
  }

  /**
   * Copies a part: its bytes belong to the frame.
   * @returns the message, once its last part is here.
   * @throws {LinkError} `protocol` for a message past `bytesMax`, or a part that does not continue the message.
   */
  add({ data, left }: Part, limit: { bytesMax: number }): Uint8Array | undefined {
    if (this.#message === undefined) {
      const length = data.length + left;
      if (length > limit.bytesMax) {
        throw new LinkError('protocol', `the peer sent a message of ${length} bytes (limit ${limit.bytesMax})`);
      }
      // Not filled with zeros first, unlike an array made by its constructor: all of it is written before anyone reads it.
      this.#message = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
      this.#filledBytes = 0;
    }
    if (this.#filledBytes + data.length + left !== this.#message.length || (data.length === 0 && left > 0)) {
      throw new LinkError('protocol', 'the peer sent a part that does not continue its message');
    }
    this.#message.set(data, this.#filledBytes);
    this.#filledBytes += data.length;
    if (left > 0) return undefined;
    const message = this.#message;
    this.#message = undefined;
    return message;
  }
}
