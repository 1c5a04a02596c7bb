/**
 * How the characters of a text file are written. Identifiers must never be read as mojibake, so a file is decoded only where its
 * bytes are valid in the encoding, from the first to the last; a guess that does not hold ends the reading with the place [F2].
 */
import { concatBytes, TextDecoder, TextEncoder } from '../bytes/index.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

export interface DetectedEncoding {
  readonly encoding: Encoding;
  /** The byte order mark's length, 0 where there is none. */
  readonly markBytes: number;
  /** Whether the sample shows it; plain ASCII is UTF-8 and GB18030 alike. */
  readonly certain: boolean;
}

/** Whether bytes are UTF-8 from the first to the last: an engine's own is far faster than one that is written here. */
export type IsUtf8 = (bytes: Uint8Array) => boolean;

/**
 * @param sample the first bytes of the text, 4 MiB or all.
 * @param options.whole whether the sample is all of it: its last character is complete then.
 * @returns `binary` for bytes that are no text, `unknown` for text in an encoding that is not read.
 */
export function detectEncoding(
  sample: Uint8Array,
  options: { readonly whole: boolean; readonly isUtf8: IsUtf8 },
): DetectedEncoding | 'binary' | 'unknown' {
  if (startsWith(sample, [0xef, 0xbb, 0xbf])) return { encoding: 'utf-8', markBytes: 3, certain: true };
  if (startsWith(sample, [0xff, 0xfe])) return { encoding: 'utf-16le', markBytes: 2, certain: true };
  if (startsWith(sample, [0xfe, 0xff])) return { encoding: 'utf-16be', markBytes: 2, certain: true };
  if (startsWith(sample, [0x84, 0x31, 0x95, 0x33])) return { encoding: 'gb18030', markBytes: 4, certain: true };
  const wide = wideEncoding(sample);
  if (wide !== undefined) return { encoding: wide, markBytes: 0, certain: true };
  if (isBinary(sample)) return 'binary';
  const text = options.whole ? sample : sample.subarray(0, sample.length - cutBytes(sample));
  if (options.isUtf8(text)) return { encoding: 'utf-8', markBytes: 0, certain: text.some((byte) => byte > 127) };
  if (looksChinese(text, options)) return { encoding: 'gb18030', markBytes: 0, certain: true };
  return 'unknown';
}

/** A text that goes on in another way than it begins. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';
  readonly encoding: Encoding;
  /** Of the first invalid byte, or of where the piece begins that holds it. */
  readonly byteOffset: number;
  readonly place: 'at' | 'after';

  constructor(encoding: Encoding, byteOffset: number, place: 'at' | 'after' = 'at') {
    super(`not ${encoding} ${place} byte ${byteOffset}`);
    this.encoding = encoding;
    this.byteOffset = byteOffset;
    this.place = place;
  }
}

/**
 * The text as UTF-8 without a byte order mark.
 * @returns chunks that may be reused by their producer.
 * @throws {EncodingError}
 */
export async function* decodeToUtf8(
  chunks: AsyncIterable<Uint8Array>,
  { encoding, markBytes }: DetectedEncoding,
  isUtf8: IsUtf8,
): AsyncGenerator<Uint8Array> {
  const marked = skip(chunks, markBytes);
  if (encoding === 'utf-8') yield* checkUtf8(marked, markBytes, isUtf8);
  else yield* transcode(marked, encoding, markBytes);
}

async function* checkUtf8(
  chunks: AsyncIterable<Uint8Array>,
  start: number,
  isUtf8: IsUtf8,
): AsyncGenerator<Uint8Array> {
  let carried: Uint8Array = new Uint8Array(0);
  let offset = start;
  for await (const chunk of chunks) {
    const text = carried.length === 0 ? chunk : concatBytes(carried, chunk);
    const whole = text.subarray(0, text.length - cutBytes(text));
    if (!isUtf8(whole)) throw new EncodingError('utf-8', offset + firstInvalid(whole, isUtf8));
    carried = Uint8Array.from(text.subarray(whole.length));
    offset += whole.length;
    yield whole;
  }
  if (carried.length > 0) throw new EncodingError('utf-8', offset);
}

async function* transcode(
  chunks: AsyncIterable<Uint8Array>,
  encoding: 'utf-16le' | 'utf-16be' | 'gb18030',
  start: number,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const encoder = new TextEncoder();
  let offset = start;
  const decode = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new EncodingError(encoding, offset, 'after');
    }
  };
  let utf8 = new Uint8Array(0);
  for await (const chunk of chunks) {
    const text = decode(chunk);
    if (utf8.length < 3 * text.length) utf8 = new Uint8Array(3 * text.length);
    yield utf8.subarray(0, encoder.encodeInto(text, utf8).written);
    offset += chunk.length;
  }
  decode();
}

async function* skip(chunks: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of chunks) {
    const skipped = Math.min(left, chunk.length);
    left -= skipped;
    if (skipped < chunk.length) yield chunk.subarray(skipped);
  }
}

/** How many bytes at the end belong to a UTF-8 character that is cut off there. */
function cutBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/** By halves: the prefix that is valid, up to a cut character, ends before the first invalid byte. */
function firstInvalid(bytes: Uint8Array, isUtf8: IsUtf8): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    const prefix = bytes.subarray(0, middle);
    if (isUtf8(prefix.subarray(0, middle - cutBytes(prefix)))) valid = middle;
    else invalid = middle;
  }
  const prefix = bytes.subarray(0, valid);
  return valid - cutBytes(prefix);
}

/** A stray NUL is carried like any character; text does not have many. */
function isBinary(sample: Uint8Array): boolean {
  let nuls = 0;
  for (const byte of sample) if (byte === 0) nuls += 1;
  return nuls > 16 && nuls > sample.length * 0.01;
}

/** UTF-16 without a mark: every second byte of Latin text is zero. */
function wideEncoding(sample: Uint8Array): Encoding | undefined {
  const pairs = Math.min(sample.length >> 1, 32_768);
  let first = 0;
  let second = 0;
  for (let i = 0; i < pairs; i++) {
    if (sample[2 * i] === 0) first += 1;
    if (sample[2 * i + 1] === 0) second += 1;
  }
  if (second > pairs * 0.3 && first < pairs * 0.02) return 'utf-16le';
  if (first > pairs * 0.3 && second < pairs * 0.02) return 'utf-16be';
  return undefined;
}

/**
 * Valid GB18030 is also what Latin-1 or Shift JIS text sometimes is by chance. Chinese text gives itself away: most of its two-byte
 * characters are the 3,755 common ones (rows B0–D7 of GB 2312) or its punctuation and full-width forms (rows A1–A3).
 */
function looksChinese(bytes: Uint8Array, options: { readonly whole: boolean }): boolean {
  try {
    new TextDecoder('gb18030', { fatal: true }).decode(bytes, { stream: !options.whole });
  } catch {
    return false;
  }
  let common = 0;
  let pairs = 0;
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes[i]!;
    if (lead < 0x80) continue;
    i += 1;
    const trail = bytes[i] ?? 0;
    if (trail >= 0x30 && trail <= 0x39) {
      i += 2;
      continue;
    }
    pairs += 1;
    if (trail >= 0xa1 && ((lead >= 0xb0 && lead <= 0xd7) || (lead >= 0xa1 && lead <= 0xa3))) common += 1;
  }
  return common >= pairs * 0.6;
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, i) => bytes[i] === byte);
}
