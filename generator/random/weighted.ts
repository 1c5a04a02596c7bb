import type { Draw } from '@causeway/core/random';

/** A choice among names by weight, e.g. `{ plain: 9_000, empty: 1_000 }`; the most likely name first makes it fast. */
export class Weighted<Name extends string> {
  readonly names: readonly Name[];
  readonly #bounds: Float64Array;
  readonly #scale: number;

  /** @param weights positive integers; their sum need not be anything. */
  constructor(weights: Readonly<Record<Name, number>>) {
    this.names = Object.keys(weights) as Name[];
    this.#bounds = new Float64Array(this.names.length);
    let sum = 0;
    for (const [i, name] of this.names.entries()) {
      sum += weights[name];
      this.#bounds[i] = sum;
    }
    this.#scale = sum / 2 ** 32;
  }

  pick(draw: Draw): Name {
    return this.names[this.index(draw)]!;
  }

  /** The index of the chosen name in `names`. */
  index(draw: Draw): number {
    const at = draw.u32() * this.#scale;
    let i = 0;
    while (at >= this.#bounds[i]!) i++;
    return i;
  }
}
