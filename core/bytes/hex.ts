const digits = '0123456789abcdef';

/** Lower-case hexadecimal. */
export function bytesToHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += digits[byte >> 4]! + digits[byte & 15]!;
  return hex;
}

/**
 * Reads hexadecimal of either case.
 * @throws {RangeError} for an odd length or any other character; the message does not repeat the text.
 */
export function hexToBytes(hex: string): Uint8Array {
  if (hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) {
    throw new RangeError(`expected hexadecimal of even length, got ${hex.length} characters`);
  }
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
