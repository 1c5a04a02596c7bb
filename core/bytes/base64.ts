/** Base64 with padding (RFC 4648 §4). */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function bytesToBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word = (bytes[i]! << 16) | ((left > 1 ? bytes[i + 1]! : 0) << 8) | (left > 2 ? bytes[i + 2]! : 0);
    text += alphabet[word >> 18]! + alphabet[(word >> 12) & 63]!;
    text += left > 1 ? alphabet[(word >> 6) & 63]! : '=';
    text += left > 2 ? alphabet[word & 63]! : '=';
  }
  return text;
}

/** @throws {RangeError} for anything but canonical Base64: wrong length, foreign characters, or non-zero padding bits. */
export function base64ToBytes(text: string): Uint8Array {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new RangeError(`expected Base64 with padding, got ${text.length} characters`);
  }
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let offset = 0;
  for (let i = 0; i < text.length; i += 4) {
    let word = 0;
    for (let k = 0; k < 4; k++) {
      const value = alphabet.indexOf(text[i + k]!);
      word = (word << 6) | Math.max(value, 0);
    }
    for (let shift = 16; shift >= 0 && offset < bytes.length; shift -= 8) bytes[offset++] = (word >> shift) & 255;
    if (offset === bytes.length && i + 4 === text.length && padding > 0 && (word & ((1 << (8 * padding)) - 1)) !== 0) {
      throw new RangeError('expected canonical Base64, got non-zero padding bits');
    }
  }
  return bytes;
}
