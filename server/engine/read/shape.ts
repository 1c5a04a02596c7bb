/**
 * The structure of a text in its own encoding: one byte per unit, the delimiters, quotes and line ends where they are, everything else
 * neutral. The scanner runs on it as on UTF-8, and what it finds are places in the original bytes: so rows can be copied byte for
 * byte. It finds the same records as in the text's UTF-8 form, because both have the same ASCII characters in the same order.
 */
import type { Encoding } from '@causeway/core/table';

/** A byte that no dialect gives a meaning to. */
const neutral = 0xff;

export interface Shape {
  /** How many bytes of the original one byte of structure stands for. */
  readonly unitBytes: number;
  /** @returns the structure of the bytes, which follow those of the last call; an incomplete unit waits for the next. */
  of(bytes: Uint8Array): Uint8Array;
}

export function shapeOf(encoding: Encoding): Shape {
  switch (encoding) {
    case 'utf-8':
      return { unitBytes: 1, of: (bytes) => bytes };
    case 'utf-16le':
      return wideShape({ low: 0, high: 1 });
    case 'utf-16be':
      return wideShape({ low: 1, high: 0 });
    case 'gb18030':
      return gbShape();
  }
}

function wideShape(order: { readonly low: 0 | 1; readonly high: 0 | 1 }): Shape {
  let waiting: number | undefined;
  return {
    unitBytes: 2,
    of: (bytes) => {
      const all = waiting === undefined ? bytes : joined(waiting, bytes);
      const shape = new Uint8Array(all.length >> 1);
      for (let i = 0; i < shape.length; i++) {
        const low = all[2 * i + order.low]!;
        shape[i] = all[2 * i + order.high] === 0 && low < 0x80 ? low : neutral;
      }
      waiting = all.length % 2 === 1 ? all[all.length - 1]! : undefined;
      return shape;
    },
  };
}

function joined(first: number, rest: Uint8Array): Uint8Array {
  const all = new Uint8Array(rest.length + 1);
  all[0] = first;
  all.set(rest, 1);
  return all;
}

/**
 * GB 18030: one byte below 0x80; else a lead, then 0x30–0x39 for four bytes (lead, digit, lead, digit) or any other for two. The
 * second byte may be an ASCII letter or a bar, which is no delimiter then.
 */
function gbShape(): Shape {
  /** Where in a character the next byte stands: 0 at its beginning, 1 second byte, 2 third, 3 fourth. */
  let place = 0;
  return {
    unitBytes: 1,
    of: (bytes) => {
      const shape = new Uint8Array(bytes.length);
      for (let i = 0; i < bytes.length; i++) {
        const byte = bytes[i]!;
        if (place === 0 && byte < 0x81) {
          shape[i] = byte;
          continue;
        }
        shape[i] = neutral;
        if (place === 1) place = byte >= 0x30 && byte <= 0x39 ? 2 : 0;
        else place = (place + 1) % 4;
      }
      return shape;
    },
  };
}
