/** The text of a file, whose bytes have to be valid in the encoding that they are read in: an identifier is never read as mojibake. */
import { ListError } from './list-error.ts';

/** @throws {ListError} `encoding` for bytes that are no text. */
export function readText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decode(bytes, 'utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decode(bytes, 'utf-16be');
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
