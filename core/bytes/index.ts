/** Packed bytes: how they are compared, joined, written and read. */

export { base64ToBytes, bytesToBase64 } from './base64.ts';
export { ByteReader, ByteWriter, DecodeError } from './codec.ts';
export { bytesToHex, hexToBytes } from './hex.ts';
export { compareBytes, concatBytes, equalBytes, lengthPrefixed } from './packed.ts';
export { compareRows, sortRows, sortRowsMax, takeRows } from './sort-rows.ts';
export { bytesToUtf8, utf8ToBytes } from './utf8.ts';
