/**
 * Nothing that the module does depends on what it computes with: read from its bytes. Numbers that could be a condition or an address are i32,
 * and no instruction in it makes an i32 of a vector or of memory.
 */
import { describe, expect, it } from 'vitest';
import { i32, v128 } from './instructions.ts';
import { ModuleWriter } from './module-writer.ts';
import { writeRowsModule } from './rows-module.ts';

/** Instructions that give an i32, or nothing: loop, end, br_if, call, locals, constants, add, sub, mul. */
const plain = new Set([0x03, 0x0b, 0x0d, 0x10, 0x20, 0x21, 0x22, 0x41, 0x6a, 0x6b, 0x6c]);
/** Instructions that take vectors or an address and give a vector, or store one; by their opcode behind 0xfd. */
const vectors = new Set([
  // load, store, const, shuffle
  0x00, 0x0b, 0x0c, 0x0d,
  // not, and, or, xor, bitselect
  0x4d, 0x4e, 0x50, 0x51, 0x52,
  // i16x8.mul; i64x2: shl, shr_u, add, sub, eq
  0x95, 0xcb, 0xcd, 0xce, 0xd1, 0xd6,
  // f64x2: add, sub, relaxed_madd. None takes longer for other numbers, as long as these are no subnormal ones: they are whole.
  0xf0,
  0xf1, 0x107,
]);

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  skip(count: number): void {
    this.#at += count;
  }

  byte(): number {
    return this.#bytes[this.#at++]!;
  }

  number(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }
}

interface Seen {
  /** Instructions that are in neither list. */
  readonly foreign: string[];
  readonly loops: number;
  readonly branches: number;
  readonly instructions: number;
}

/** Reads every instruction of every function. */
function read(module: Uint8Array): Seen {
  const seen = { foreign: [] as string[], loops: 0, branches: 0, instructions: 0 };
  const reader = new Reader(module, 8);
  while (reader.at < module.length) {
    const [id, size] = [reader.byte(), reader.number()];
    if (id !== 10) {
      reader.skip(size);
      continue;
    }
    for (let functions = reader.number(); functions > 0; functions--) {
      const length = reader.number();
      const end = reader.at + length;
      for (let groups = reader.number(); groups > 0; groups--) {
        reader.number();
        reader.byte();
      }
      while (reader.at < end && seen.foreign.length === 0) instruction(reader, seen);
      reader.skip(end - reader.at);
    }
  }
  return seen;
}

function instruction(
  reader: Reader,
  seen: { foreign: string[]; loops: number; branches: number; instructions: number },
) {
  seen.instructions += 1;
  const opcode = reader.byte();
  if (opcode === 0xfd) {
    const vector = reader.number();
    if (!vectors.has(vector)) seen.foreign.push(`0xfd ${vector.toString(16)}`);
    if (vector === 0x00 || vector === 0x0b) {
      reader.number();
      reader.number();
    } else if (vector === 0x0c || vector === 0x0d) reader.skip(16);
    return;
  }
  if (!plain.has(opcode)) seen.foreign.push(opcode.toString(16));
  if (opcode === 0x03) seen.loops += 1;
  if (opcode === 0x0d) seen.branches += 1;
  if (opcode === 0x03) reader.byte();
  else if (opcode !== 0x0b && opcode < 0x6a) reader.number();
}

describe('the module', () => {
  it('has no condition and no address that depends on a vector or on memory', () => {
    const seen = read(writeRowsModule().bytes);
    expect(seen.foreign).toEqual([]);
    expect(seen.instructions).toBeGreaterThan(10_000);
    // Loops over rows, digits, entries and squarings, each with its one branch back.
    expect(seen.branches).toBe(seen.loops);
    expect(seen.loops).toBeLessThan(10);
  });

  it.each<[string, readonly number[]]>([
    ['an i32 of a vector', [...i32.constant(0), ...v128.load(i32.constant(0), 0), 0xfd, 0x53]],
    ['an i32 of memory', [...i32.constant(0), 0x28, 2, 0]],
    ['an if', [...i32.constant(0), 0x04, 0x40, 0x0b]],
  ])('a canary is caught: %s', (_, code) => {
    const module = new ModuleWriter();
    module.add(0, (writer) => writer.do(code));
    expect(read(module.finish(1)).foreign).not.toEqual([]);
  });
});
