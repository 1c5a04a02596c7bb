/** Numbers as they are released and stored: equal questions are answered from them again. */
import { bytesToHex } from '../../../bytes/index.ts';
import { discreteGaussian, KeyedRandom, RandomIntegers } from '../../../privacy/index.ts';
import type { CompiledQuery } from '../compile/compile.ts';
import type { Vector } from '../compile/vectors.ts';

/** Plain JSON. */
export interface ReleasedNumbers {
  /** By the vectors' keys in hexadecimal: decimal numbers in the order of the cells; null for what is hidden. */
  readonly values: Readonly<Record<string, readonly (string | null)[]>>;
  /** Of an exact answer: the groups that are hidden, taken together. */
  readonly hidden?: HiddenGroups;
}

export interface HiddenGroups {
  readonly groups: number;
  /** By the vectors' keys; a vector that is missing is not stated. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Adds to each number the noise of its name: the same each time, so that asking again tells nothing new. All of it is drawn here, before anything is
 * released, for how long a draw takes depends on what is drawn.
 * @param secret of the room, 32 bytes or more.
 */
export function withNoise(
  { vectors }: CompiledQuery,
  numbers: readonly (readonly bigint[])[],
  secret: Uint8Array,
): ReleasedNumbers {
  const values = vectors.map((vector, i) => {
    const { keys, variance } = vector;
    if (variance === undefined) throw new TypeError('expected a question that is answered with noise');
    const noisy = numbers[i]!.map((number, place) => {
      const source = new KeyedRandom({ secret, name: keys[place]! });
      return String(number + discreteGaussian(variance, new RandomIntegers(source)));
    });
    return [nameOf(vector), noisy] as const;
  });
  return { values: Object.fromEntries(values) };
}

export function nameOf({ key }: Vector): string {
  return bytesToHex(key);
}
