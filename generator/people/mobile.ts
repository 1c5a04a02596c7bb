/** Chinese mobile numbers, one for every index: a bijection, so that none is given twice and none needs to be remembered. */
import { Permutation } from '../random/permutation.ts';

/** Allocated to China Mobile, China Unicom, China Telecom and China Broadnet; mobile in libphonenumber's metadata too. */
const prefixes = [
  135, 136, 137, 138, 139, 147, 150, 151, 152, 157, 158, 159, 178, 182, 183, 184, 187, 188, 198, 130, 131, 132, 155,
  156, 166, 175, 176, 185, 186, 133, 153, 173, 177, 180, 181, 189, 191, 199, 193, 192,
] as const;

/**
 * After the prefix six free digits and a pair of two that differ: 90 pairs. So no number ends as `13800000000` or `13888888888` do,
 * which readers may take for placeholders.
 */
const pairs = 90;
const numbers = prefixes.length * 1_000_000 * pairs;

export class Mobiles {
  readonly #order: Permutation;

  constructor(seed: number) {
    this.#order = new Permutation(numbers, seed, 'mobile');
  }

  /**
   * @param index 0 … 3.6·10^9 − 1.
   * @returns the 11 digits as an integer.
   */
  at(index: number): number {
    const value = this.#order.forward(index);
    const head = Math.floor(value / pairs);
    const pair = value - head * pairs;
    const prefix = Math.floor(head / 1_000_000);
    const tens = Math.floor(pair / 9);
    const units = pair % 9;
    const digits = (head - prefix * 1_000_000) * 100 + tens * 10 + (units < tens ? units : units + 1);
    return prefixes[prefix]! * 100_000_000 + digits;
  }
}
