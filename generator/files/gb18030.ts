/**
 * Text to GB18030. The runtime only decodes this encoding, so its decoder (WHATWG Encoding Standard §10.2) is turned round:
 * every two-byte sequence and every four-byte sequence of the Basic Multilingual Plane is decoded once; the other planes are linear.
 */

/** @throws {RangeError} for a lone surrogate. */
export function gb18030(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (point < 0x80) bytes.push(point);
    else if (point >= 0x10000) bytes.push(...fourBytes(point - 0x10000 + firstSupplementary));
    else {
      const sequence = sequences().get(point);
      if (sequence === undefined) throw new RangeError('a lone surrogate has no GB18030 form');
      bytes.push(...sequence);
    }
  }
  return Uint8Array.from(bytes);
}

/** Linear index of 0x90 0x30 0x81 0x30, which stands for U+10000. */
const firstSupplementary = (0x90 - 0x81) * 12_600;
/** Linear index of the last four-byte sequence of the Basic Multilingual Plane, 0x84 0x31 0xA4 0x39. */
const lastBasic = 39_419;

let known: ReadonlyMap<number, readonly number[]> | undefined;

function sequences(): ReadonlyMap<number, readonly number[]> {
  if (known !== undefined) return known;
  const decoder = new TextDecoder('gb18030');
  const table = new Map<number, readonly number[]>();
  const add = (sequence: readonly number[]) => {
    const text = decoder.decode(Uint8Array.from(sequence));
    const point = text.codePointAt(0)!;
    if (text.length === 1 && point !== 0xfffd && !table.has(point)) table.set(point, sequence);
  };
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) add([lead, trail]);
  }
  for (let index = 0; index <= lastBasic; index++) add(fourBytes(index));
  known = table;
  return table;
}

function fourBytes(index: number): readonly number[] {
  return [
    0x81 + Math.floor(index / 12_600),
    0x30 + (Math.floor(index / 1_260) % 10),
    0x81 + (Math.floor(index / 10) % 126),
    0x30 + (index % 10),
  ];
}
