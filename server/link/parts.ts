import { LinkError } from './error.ts';
import { FRAGMENT_BYTES_MIN } from './limits.ts';

/** Cuts the next part off `body`: what fits, or nothing where that would leave a part under the least size. */
export function nextPart(
  body: Uint8Array,
  from: number,
  roomBytes: number,
): { readonly data: Uint8Array; readonly more: boolean } | undefined {
  const left = body.length - from;
  if (left <= roomBytes) return { data: from === 0 ? body : body.subarray(from), more: false };
  if (roomBytes < FRAGMENT_BYTES_MIN) return undefined;
  return { data: body.subarray(from, from + roomBytes), more: true };
}

/** Joins the parts of one message as they come. */
export class PartialMessage {
  #parts: Uint8Array[] = [];
  #length = 0;

  /** Bytes held of a message that is not complete. */
  get length(): number {
    return this.#length;
  }

  /**
   * @returns the message, once its last part is here.
   * @throws {LinkError} `protocol` for a message past `bytesMax` or a part under the least size.
   */
  add(part: { data: Uint8Array; more: boolean }, limit: { bytesMax: number }): Uint8Array | undefined {
    if (this.#length + part.data.length > limit.bytesMax) {
      throw new LinkError('protocol', `the peer sent a message that is over the limit of ${limit.bytesMax} bytes`);
    }
    if (part.more) {
      if (part.data.length < FRAGMENT_BYTES_MIN) {
        throw new LinkError(
          'protocol',
          `the peer sent a part of ${part.data.length} bytes (least ${FRAGMENT_BYTES_MIN})`,
        );
      }
      this.#parts.push(part.data);
      this.#length += part.data.length;
      return undefined;
    }
    if (this.#parts.length === 0) return part.data;
    // Not filled with zeros first, unlike an array made by its constructor.
    const joined = Buffer.concat([...this.#parts, part.data]);
    const message = new Uint8Array(joined.buffer, joined.byteOffset, joined.length);
    this.#parts = [];
    this.#length = 0;
    return message;
  }
}
