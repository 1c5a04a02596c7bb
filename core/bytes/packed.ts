/** Joins byte strings into one new array. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/**
 * LP(part₁) ‖ LP(part₂) ‖ …, each with its length before it as 4 bytes, big-endian: two different lists never give one byte string.
 */
export function lengthPrefixed(...parts: readonly Uint8Array[]): Uint8Array {
  const framed: Uint8Array[] = [];
  for (const part of parts) {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, part.length);
    framed.push(length, part);
  }
  return concatBytes(...framed);
}

/** Whether two byte strings are equal. Not constant time: for public values only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0;
}

/** Orders byte strings as `memcmp` does, a prefix before its extensions: negative, zero or positive. Not constant time. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Orders two rows of packed lists, given by their offsets in bytes, as `memcmp` does: without a view for each. Not constant time. */
export function compareRows(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, rowBytes: number): number {
  for (let k = 0; k < rowBytes; k++) {
    const difference = a[aAt + k]! - b[bAt + k]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
