/**
 * Rows multiplied by one secret scalar, in a module of WebAssembly that is written when it is first wanted. An engine without relaxed vectors,
 * or one that rounds a multiply-add twice, has none.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes } from '../../bytes/index.ts';
import { GroupError } from '../kernel.ts';
import { webAssembly } from './engine.ts';
import { encodingBytes, groupRows, uniformBytes } from './read-rows.ts';
import { type BatchLayout, batchRows, type RowFunctions, writeRowsModule } from './rows-module.ts';
import { writeHalfScalar } from './scalar-digits.ts';

export class RowMultiplier {
  readonly #functions: RowFunctions;
  readonly #layout: BatchLayout;
  readonly #memory: Uint8Array;

  private constructor(functions: RowFunctions, layout: BatchLayout, memory: Uint8Array) {
    this.#functions = functions;
    this.#layout = layout;
    this.#memory = memory;
  }

  /** @returns undefined where the engine has not what the module needs, or does not give the known answers. */
  static open(): RowMultiplier | undefined {
    const engine = webAssembly();
    const { bytes, layout, memoryBytes } = writeRowsModule();
    if (!engine?.validate(bytes)) return undefined;
    const { exports } = new engine.Instance(new engine.Module(bytes));
    const { memory } = exports;
    const functions = exports as unknown as RowFunctions;
    const multiplier = new RowMultiplier(functions, layout, new Uint8Array(memory.buffer, 0, memoryBytes));
    return isRight(multiplier) ? multiplier : undefined;
  }

  /**
   * @param points encodings of 32 bytes, row after row; peer-controlled.
   * @param scalar 32 bytes, from 1 to ℓ − 1.
   * @returns scalar · pointᵢ as encodings, in order.
   * @throws {GroupError} with the index of the first point that is none, or the identity.
   */
  multiplyEncodings(points: Uint8Array, scalar: Uint8Array): Uint8Array {
    return this.#multiply('multiplyEncodings', { rows: points, rowBytes: encodingBytes, scalar });
  }

  /**
   * @param uniform 64 bytes for each element (RFC 9496 §4.3.4), row after row.
   * @param scalar 32 bytes, from 1 to ℓ − 1.
   * @returns scalar · elementᵢ as encodings, in order.
   * @throws {GroupError} where an element is the identity.
   */
  multiplyUniform(uniform: Uint8Array, scalar: Uint8Array): Uint8Array {
    return this.#multiply('multiplyUniform', { rows: uniform, rowBytes: uniformBytes, scalar });
  }

  #multiply(
    name: keyof RowFunctions,
    { rows, rowBytes, scalar }: { readonly rows: Uint8Array; readonly rowBytes: number; readonly scalar: Uint8Array },
  ): Uint8Array {
    const count = rows.length / rowBytes;
    const encodings = new Uint8Array(count * encodingBytes);
    try {
      writeHalfScalar(scalar, this.#memory.subarray(this.#layout.digits));
      for (let first = 0; first < count; first += batchRows) {
        const batch = rows.subarray(first * rowBytes, (first + batchRows) * rowBytes);
        encodings.set(this.#multiplyBatch(name, batch, { rowBytes, first }), first * encodingBytes);
      }
      return encodings;
    } finally {
      this.#memory.fill(0);
    }
  }

  /** @returns a view of the encodings. */
  #multiplyBatch(
    name: keyof RowFunctions,
    rows: Uint8Array,
    { rowBytes, first }: { readonly rowBytes: number; readonly first: number },
  ): Uint8Array {
    const count = rows.length / rowBytes;
    const groupCount = Math.ceil(count / groupRows);
    const input = this.#memory.subarray(this.#layout.rows);
    input.set(rows);
    // A last group that the rows do not fill repeats the last row.
    for (let row = count; row < groupCount * groupRows; row++)
      input.set(rows.subarray((count - 1) * rowBytes), row * rowBytes);
    this.#functions[name](groupCount);
    for (let row = 0; row < count; row++) {
      if (this.#memory[this.#layout.malformed + 8 * row] !== 0) throw new GroupError('malformed-point', first + row);
      if (this.#memory[this.#layout.identity + 8 * row] !== 0) throw new GroupError('identity', first + row);
    }
    return this.#memory.subarray(this.#layout.encodings, this.#layout.encodings + count * encodingBytes);
  }
}

/** SHA-256, in hexadecimal, over the encodings below; a test computes the same by libsodium. */
export const knownAnswers = 'a9984221799671434132ad9fa86d07657593099222aac21656f0ed3123c64cbf';

/** The rows of the known answers: six groups, of which the last is not filled. */
export function knownRows(): { readonly uniform: Uint8Array; readonly scalars: readonly [Uint8Array, Uint8Array] } {
  const bytes = (length: number, factor: number) =>
    Uint8Array.from({ length }, (_, i) => (i * factor + (i >> 6) * 29 + (i >> 3)) & 255);
  const scalarOf = (factor: number) => {
    const scalar = bytes(32, factor);
    scalar[31] = 7;
    return scalar;
  };
  return { uniform: bytes(uniformBytes * 21, 37), scalars: [scalarOf(91), scalarOf(53)] };
}

function isRight(multiplier: RowMultiplier): boolean {
  const { uniform, scalars } = knownRows();
  try {
    const points = multiplier.multiplyUniform(uniform, scalars[0]);
    const products = multiplier.multiplyEncodings(points, scalars[1]);
    return bytesToHex(sha256(concatBytes(points, products))) === knownAnswers;
  } catch (error) {
    if (error instanceof GroupError) return false;
    throw error;
  }
}
