/** Packed bytes: how they are compared, joined, written and read. */

export { base64Characters, base64ToBytes, bytesToBase64, readBase64, writeBase64 } from './base64.ts';
export { ByteReader, ByteWriter, DecodeError } from './codec.ts';
export { bytesToHex, hexToBytes } from './hex.ts';
export { compareBytes, compareRows, concatBytes, equalBytes, lengthPrefixed } from './packed.ts';
export { checkRows, plainRowSorter, type RowShape, type RowSorter, sortRowsMax } from './sort-rows.ts';
export { TextDecoder, TextEncoder } from './text-codec.ts';
export { bytesToUtf8, utf8ToBytes } from './utf8.ts';
