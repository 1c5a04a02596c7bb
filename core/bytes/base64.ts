/** Base64 with padding (RFC 4648 §4): of a text, and of packed rows without a string for each. */
import { bytesToUtf8, utf8ToBytes } from './utf8.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const letters = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0));
const pad = '='.charCodeAt(0);
/** What a letter stands for, by its code; 64 for what is none. */
const values = new Uint8Array(256).fill(64);
for (const [value, letter] of letters.entries()) values[letter] = value;

/** Characters of so many bytes. */
export function base64Characters(byteCount: number): number {
  return 4 * Math.ceil(byteCount / 3);
}

/** Writes the text of `rowBytes` bytes from `from` on, as ASCII, to `to` at `at`. */
export function writeBase64(bytes: Uint8Array, from: number, rowBytes: number, to: Uint8Array, at: number): void {
  const end = from + rowBytes;
  let out = at;
  for (let i = from; i < end; i += 3) {
    const left = end - i;
    const word = (bytes[i]! << 16) | ((left > 1 ? bytes[i + 1]! : 0) << 8) | (left > 2 ? bytes[i + 2]! : 0);
    to[out++] = letters[word >> 18]!;
    to[out++] = letters[(word >> 12) & 63]!;
    to[out++] = left > 1 ? letters[(word >> 6) & 63]! : pad;
    to[out++] = left > 2 ? letters[word & 63]! : pad;
  }
}

/**
 * Reads the text that stands as ASCII at `at`, as the `rowBytes` bytes that it says, to `to` at `out`.
 * @returns whether it is the one text of such bytes: canonical, as {@link writeBase64} writes it.
 */
export function readBase64(text: Uint8Array, at: number, rowBytes: number, to: Uint8Array, out: number): boolean {
  if (at + base64Characters(rowBytes) > text.length) return false;
  const end = out + rowBytes;
  let [from, bad] = [at, 0];
  for (let i = out; i < end; i += 3) {
    const left = end - i;
    const [a, b] = [values[text[from++]!]!, values[text[from++]!]!];
    const [third, fourth] = [text[from++]!, text[from++]!];
    const c = left > 1 ? values[third]! : third === pad ? 0 : 64;
    const d = left > 2 ? values[fourth]! : fourth === pad ? 0 : 64;
    bad |= (a | b | c | d) & 64;
    const word = (a << 18) | (b << 12) | (c << 6) | d;
    to[i] = word >> 16;
    if (left > 1) to[i + 1] = word >> 8;
    if (left > 2) to[i + 2] = word;
    // Bits behind the last byte are zero.
    if (left === 1) bad |= word & 0xffff;
    if (left === 2) bad |= word & 0xff;
  }
  return bad === 0;
}

export function bytesToBase64(bytes: Uint8Array): string {
  const text = new Uint8Array(base64Characters(bytes.length));
  writeBase64(bytes, 0, bytes.length, text, 0);
  return bytesToUtf8(text);
}

/** @throws {RangeError} for anything but canonical Base64: wrong length, foreign characters, or non-zero padding bits. */
export function base64ToBytes(text: string): Uint8Array {
  const ascii = utf8ToBytes(text);
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array(Math.max(0, 3 * Math.floor(ascii.length / 4) - padding));
  if (ascii.length % 4 !== 0 || !readBase64(ascii, 0, bytes.length, bytes, 0))
    throw new RangeError(`expected canonical Base64 with padding, got ${text.length} characters`);
  return bytes;
}
