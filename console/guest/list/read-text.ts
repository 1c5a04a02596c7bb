/** The text of a file, whose bytes have to be valid in the encoding that they are read in: an identifier is never read as mojibake. */
import { ListError } from './list-error.ts';

/** A list of a million people is about half of it. */
export const fileBytesMax = 200_000_000;

/** @throws {ListError} `workbook` for an Excel file, `encoding` for bytes that are no text. */
export function readText(bytes: Uint8Array): string {
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0]))
    throw new ListError('workbook');
  if (startsWith(bytes, [0xff, 0xfe])) return decode(bytes, 'utf-16le');
  if (startsWith(bytes, [0xfe, 0xff])) return decode(bytes, 'utf-16be');
  if (bytes.subarray(0, 65_536).includes(0)) throw new ListError('encoding');
  try {
    return decode(bytes, 'utf-8');
  } catch {
    // What Excel and WPS write in China unless asked for UTF-8.
    return decode(bytes, 'gb18030');
  }
}

function decode(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw Object.assign(new ListError('encoding'), { cause });
  }
}

function startsWith(bytes: Uint8Array, head: readonly number[]): boolean {
  return head.every((byte, i) => bytes[i] === byte);
}
