/** UTF-8 (RFC 3629), written here because `core` compiles without the types of a browser or of Node. */

/** @throws {RangeError} for a lone surrogate: it has no UTF-8 form. */
export function utf8ToBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i)!;
    if (point >= 0xd800 && point <= 0xdfff) throw new RangeError(`lone surrogate at index ${i}`);
    if (point < 0x80) {
      bytes[length++] = point;
    } else if (point < 0x800) {
      bytes[length++] = 0xc0 | (point >> 6);
      bytes[length++] = 0x80 | (point & 63);
    } else if (point < 0x10000) {
      bytes[length++] = 0xe0 | (point >> 12);
      bytes[length++] = 0x80 | ((point >> 6) & 63);
      bytes[length++] = 0x80 | (point & 63);
    } else {
      i += 1;
      bytes[length++] = 0xf0 | (point >> 18);
      bytes[length++] = 0x80 | ((point >> 12) & 63);
      bytes[length++] = 0x80 | ((point >> 6) & 63);
      bytes[length++] = 0x80 | (point & 63);
    }
  }
  return bytes.slice(0, length);
}

/** @throws {RangeError} for bytes that are not UTF-8: truncated, over-long, a surrogate or past U+10FFFF. */
export function bytesToUtf8(bytes: Uint8Array): string {
  const parts: string[] = [];
  const points: number[] = [];
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i]!;
    const tail =
      lead < 0x80
        ? 0
        : lead >= 0xc2 && lead < 0xe0
          ? 1
          : lead >= 0xe0 && lead < 0xf0
            ? 2
            : lead >= 0xf0 && lead < 0xf5
              ? 3
              : -1;
    if (tail < 0 || i + tail >= bytes.length) throw new RangeError(`not UTF-8 at byte ${i}`);
    let point = tail === 0 ? lead : lead & (0x3f >> tail);
    for (let k = 1; k <= tail; k++) {
      const next = bytes[i + k]!;
      if ((next & 0xc0) !== 0x80) throw new RangeError(`not UTF-8 at byte ${i + k}`);
      point = (point << 6) | (next & 63);
    }
    const least = tail === 2 ? 0x800 : tail === 3 ? 0x10000 : 0;
    if (point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
      throw new RangeError(`not UTF-8 at byte ${i}`);
    }
    points.push(point);
    if (points.length === 4096) parts.push(String.fromCodePoint(...points.splice(0)));
    i += 1 + tail;
  }
  parts.push(String.fromCodePoint(...points));
  return parts.join('');
}
