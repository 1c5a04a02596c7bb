/**
 * A sorted list of uniformly distributed tags in few bits, after Elias ("Efficient storage and retrieval by content and address of static
 * files", J. ACM 21, 1974) and Fano (1971): the leading bits of a tag are its place, and places are written in unary; the rest of each
 * tag stands as it is. Of n tags in 2^p places a tag takes its rest, one bit, and 2^p/n of a bit: between 1 and 2 where p is the
 * least with 2^p ≥ n. The size follows from n alone, one list has one coding, and a look-up reads the unary part and a rest or two.
 *
 * A list is cut in buckets by the leading bits of the place. Tags are packed, the first bit of a tag being the highest of its first byte;
 * bits behind the last one are zero. Peer-controlled: everything is checked while it is decoded.
 */
import { ProtocolError } from '../protocol-error.ts';

export interface Coding {
  readonly tagBits: number;
  /** The list has 2^placeBits places. */
  readonly placeBits: number;
  /** A bucket holds at most 2^bucketBits of them. */
  readonly bucketBits: number;
}

/** A bucket of a list: `rows` tags as `bytes`. */
export interface Bucket {
  readonly index: number;
  readonly rows: number;
  readonly bytes: Uint8Array;
}

/** Bytes of a packed tag. */
export function tagBytes({ tagBits }: Pick<Coding, 'tagBits'>): number {
  return Math.ceil(tagBits / 8);
}

export function bucketCount({ placeBits, bucketBits }: Coding): number {
  return 2 ** Math.max(0, placeBits - bucketBits);
}

/** @returns the bytes of a bucket of `rows` tags. */
export function bucketBytes(coding: Coding, rows: number): number {
  return Math.ceil((rows + placesIn(coding)) / 8) + Math.ceil((rows * restBits(coding)) / 8);
}

/** @returns the bucket that the tag at offset `at` of some packed tags belongs to. */
export function bucketOfTag(tags: Uint8Array, at: number, coding: Coding): number {
  return readBits(tags, 8 * at, bucketPrefixBits(coding));
}

/** Sets the bits behind a tag's last one to zero, in each of the packed tags. */
export function cutTags(tags: Uint8Array, coding: Pick<Coding, 'tagBits'>): void {
  const width = tagBytes(coding);
  const mask = (0xff << (8 * width - coding.tagBits)) & 0xff;
  if (mask !== 0xff) for (let at = width - 1; at < tags.length; at += width) tags[at]! &= mask;
}

/**
 * Codes one bucket.
 * @param tags ascending, without repetition, all of this bucket.
 * @param into memory for its bytes, where there are enough of them; new memory if left out.
 */
export function encodeBucket(tags: Uint8Array, coding: Coding, index: number, into?: Uint8Array): Bucket {
  const width = tagBytes(coding);
  const rows = tags.length / width;
  const length = bucketBytes(coding, rows);
  const bytes = into && into.length >= length ? into.subarray(0, length).fill(0) : new Uint8Array(length);
  const [prefix, rest] = [bucketPrefixBits(coding), restBits(coding)];
  // Rests follow each other: bits are gathered until they fill bytes.
  let restAt = restOffset(coding, rows);
  let [gathered, count] = [0, 0];
  for (let row = 0, at = 0; row < rows; row++, at += width) {
    const unary = row + readBits(tags, 8 * at + prefix, coding.placeBits - prefix);
    bytes[unary >>> 3]! |= 0x80 >>> (unary & 7);
    for (let done = 0; done < rest; done += 24) {
      const taken = Math.min(24, rest - done);
      gathered = (gathered << taken) | bitsAt(tags, 8 * at + coding.placeBits + done, taken);
      for (count += taken; count >= 8; count -= 8) bytes[restAt++] = gathered >>> (count - 8);
    }
  }
  if (count > 0) bytes[restAt] = gathered << (8 - count);
  return { index, rows, bytes };
}

/**
 * Decodes one bucket.
 * @returns its tags, packed and ascending.
 * @throws {ProtocolError} `wrong-count` for another length than so many rows have, `malformed-message` for what no list is coded to,
 *   `not-distinct` for a tag that stands twice.
 */
export function decodeBucket({ index, rows, bytes }: Bucket, coding: Coding): Uint8Array {
  checkLength({ index, rows, bytes }, coding);
  const width = tagBytes(coding);
  const [prefix, rest] = [bucketPrefixBits(coding), restBits(coding)];
  const places = placesIn(coding);
  const tags = new Uint8Array(rows * width);
  let row = 0;
  let restAt = 8 * restOffset(coding, rows);
  for (let unary = 0; unary < rows + places; unary++) {
    if ((bytes[unary >>> 3]! & (0x80 >>> (unary & 7))) === 0) continue;
    const place = unary - row;
    if (row === rows || place >= places) throw malformed(index);
    const at = row * width;
    writeBits(tags, 8 * at, index, prefix);
    writeBits(tags, 8 * at + prefix, place, coding.placeBits - prefix);
    copyBits(bytes, restAt, tags, 8 * at + coding.placeBits, rest);
    if (row > 0) checkAscends(tags, at, width, index);
    restAt += rest;
    row += 1;
  }
  if (row !== rows || !endsInZeros(bytes, rows, coding)) throw malformed(index);
  return tags;
}

/**
 * Which of some tags are in a bucket that could be decoded, without decoding it.
 * @param wanted ascending, packed, all of this bucket. @returns their positions in `wanted`, ascending.
 */
export function findInBucket({ rows, bytes }: Bucket, coding: Coding, wanted: Uint8Array): Uint32Array {
  const width = tagBytes(coding);
  const [prefix, rest] = [bucketPrefixBits(coding), restBits(coding)];
  const count = wanted.length / width;
  const found = new Uint32Array(count);
  const restStart = 8 * restOffset(coding, rows);
  let foundCount = 0;
  let unary = 0;
  let row = 0;
  let place = 0;
  for (let i = 0; i < count; i++) {
    const at = 8 * i * width;
    const sought = readBits(wanted, at + prefix, coding.placeBits - prefix);
    while (place < sought) {
      const ones = onesIn[bytes[unary >>> 3]!]!;
      // A whole byte that ends before the place: as many places as it has zeros.
      if ((unary & 7) === 0 && place + 8 - ones < sought) {
        unary += 8;
        row += ones;
        place += 8 - ones;
      } else {
        if (bytes[unary >>> 3]! & (0x80 >>> (unary & 7))) row += 1;
        else place += 1;
        unary += 1;
      }
    }
    // The rows of this place are the ones from here on. They are not passed: the next tag may be of the same place.
    for (let k = 0; bytes[(unary + k) >>> 3]! & (0x80 >>> ((unary + k) & 7)); k++) {
      if (!equalBits(wanted, at + coding.placeBits, bytes, restStart + (row + k) * rest, rest)) continue;
      found[foundCount++] = i;
      break;
    }
  }
  return found.subarray(0, foundCount);
}

/** @throws {ProtocolError} `wrong-count` for another length than a bucket of so many rows has. */
export function checkLength({ index, rows, bytes }: Bucket, coding: Coding): void {
  const expected = bucketBytes(coding, rows);
  if (bytes.length === expected) return;
  throw new ProtocolError(
    'wrong-count',
    `expected ${expected} bytes in bucket ${index} of ${rows} rows, got ${bytes.length}`,
  );
}

/** Leading bits that are the same in all tags of a bucket. */
function bucketPrefixBits({ placeBits, bucketBits }: Coding): number {
  return Math.max(0, placeBits - bucketBits);
}

function placesIn({ placeBits, bucketBits }: Coding): number {
  return 2 ** Math.min(placeBits, bucketBits);
}

function restBits({ tagBits, placeBits }: Coding): number {
  return tagBits - placeBits;
}

function restOffset(coding: Coding, rows: number): number {
  return Math.ceil((rows + placesIn(coding)) / 8);
}

const onesIn = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0;
  for (let bits = byte; bits !== 0; bits &= bits - 1) ones += 1;
  return ones;
});

function checkAscends(tags: Uint8Array, at: number, width: number, index: number): void {
  let k = 0;
  while (k < width && tags[at - width + k] === tags[at + k]) k += 1;
  if (k === width) throw new ProtocolError('not-distinct', "the partner's list is not distinct");
  if (tags[at - width + k]! > tags[at + k]!) throw malformed(index);
}

/** The bits that fill up the last byte of each part are zero: one list has one coding. */
function endsInZeros(bytes: Uint8Array, rows: number, coding: Coding): boolean {
  const used = [rows + placesIn(coding), rows * restBits(coding)];
  const ends = [restOffset(coding, rows), bytes.length];
  return used.every((bits, i) => bits % 8 === 0 || (bytes[ends[i]! - 1]! & (0xff >>> (bits % 8))) === 0);
}

function malformed(index: number): ProtocolError {
  return new ProtocolError('malformed-message', `bucket ${index} of the partner's list is not the coding of a list`);
}

/** Reads up to 31 bits. */
function readBits(bytes: Uint8Array, at: number, count: number): number {
  if (count <= 24) return bitsAt(bytes, at, count);
  return bitsAt(bytes, at, 24) * 2 ** (count - 24) + bitsAt(bytes, at + 24, count - 24);
}

/** Writes up to 31 bits over zeros. */
function writeBits(bytes: Uint8Array, at: number, value: number, count: number): void {
  const rest = Math.max(0, count - 24);
  orBits(bytes, at, value >>> rest, count - rest);
  orBits(bytes, at + count - rest, value & (2 ** rest - 1), rest);
}

/** Copies bits over zeros. Places are counted from the highest bit of the first byte. */
function copyBits(from: Uint8Array, fromAt: number, to: Uint8Array, toAt: number, count: number): void {
  for (let done = 0; done < count; done += 24) {
    const taken = Math.min(24, count - done);
    orBits(to, toAt + done, bitsAt(from, fromAt + done, taken), taken);
  }
}

function equalBits(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, count: number): boolean {
  for (let done = 0; done < count; done += 24) {
    const taken = Math.min(24, count - done);
    if (bitsAt(a, aAt + done, taken) !== bitsAt(b, bAt + done, taken)) return false;
  }
  return true;
}

/** Reads up to 24 bits, which lie in four bytes at most. Behind the end are zeros. */
function bitsAt(bytes: Uint8Array, at: number, count: number): number {
  const byte = at >>> 3;
  const left = bytes.length - byte;
  const word =
    left >= 4
      ? (bytes[byte]! << 24) | (bytes[byte + 1]! << 16) | (bytes[byte + 2]! << 8) | bytes[byte + 3]!
      : ((bytes[byte] ?? 0) << 24) | ((bytes[byte + 1] ?? 0) << 16) | ((bytes[byte + 2] ?? 0) << 8);
  return count === 0 ? 0 : (word << (at & 7)) >>> (32 - count);
}

/** Writes up to 24 bits over zeros. */
function orBits(bytes: Uint8Array, at: number, value: number, count: number): void {
  const word = value << (32 - (at & 7) - count);
  for (let byte = at >>> 3, rest = word; rest !== 0; byte++, rest <<= 8) bytes[byte]! |= rest >>> 24;
}
