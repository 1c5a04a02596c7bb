/**
 * Credits of the rule models by unit of one dimension (channels, say): sums in whole millionths and whole units of money, and sums of squares by
 * person, from which the intervals come. Everything is added in whole numbers, so the order of people changes nothing.
 */
import { shareValue } from './rules.ts';
import { creditsPerOrder, ruleModels } from './settings.ts';

const modelCount = ruleModels.length;

/** What one unit was given by one model. */
export interface UnitCredit {
  /** Millionths of an order. */
  readonly credits: number;
  /** What it would be given if every path had led to an order; 0 for models that ask how long before the order a touch was. */
  readonly reached: number;
  /** Sum over people of their credit squared, in orders². */
  readonly squares: number;
  /** By currency: units, and the sum over people of their value squared. */
  readonly values: readonly { readonly units: number; readonly squares: number }[];
}

export class Tally {
  readonly #unitOf: Uint32Array;
  readonly #unitCount: number;
  readonly #currencyCount: number;
  readonly #credits: Float64Array;
  readonly #reached: Float64Array;
  readonly #creditSquares: Float64Array;
  readonly #values: Float64Array;
  readonly #valueSquares: Float64Array;
  /** People with a touch of the unit. */
  readonly #persons: Float64Array;
  /** Of the person whose orders are being added. */
  readonly #own: { readonly credits: Float64Array; readonly values: Float64Array };
  readonly #seen: Uint8Array;
  readonly #seenUnits: number[] = [];

  /** @param unitOf the unit of each placement. */
  constructor(unitOf: Uint32Array, unitCount: number, currencyCount: number) {
    this.#unitOf = unitOf;
    this.#unitCount = unitCount;
    this.#currencyCount = currencyCount;
    const cells = modelCount * unitCount;
    this.#credits = new Float64Array(cells);
    this.#reached = new Float64Array(cells);
    this.#creditSquares = new Float64Array(cells);
    this.#values = new Float64Array(cells * currencyCount);
    this.#valueSquares = new Float64Array(cells * currencyCount);
    this.#persons = new Float64Array(unitCount);
    this.#own = { credits: new Float64Array(cells), values: new Float64Array(cells * currencyCount) };
    this.#seen = new Uint8Array(unitCount);
  }

  /** Says that the person has a touch of a placement, which is in a path of some kind. */
  see(placement: number): void {
    const unit = this.#unitOf[placement]!;
    if (this.#seen[unit] === 1) return;
    this.#seen[unit] = 1;
    this.#seenUnits.push(unit);
  }

  /**
   * Adds an order of the person, all of whose touches were seen.
   * @param credits of `count` touches, by one model, summing to one order.
   */
  add(
    model: number,
    placements: Uint32Array,
    credits: Int32Array,
    count: number,
    order: { readonly value: number; readonly currency: number },
  ): void {
    const { value, currency } = order;
    let left = value;
    for (let i = 0; i < count; i++) {
      const cell = model * this.#unitCount + this.#unitOf[placements[i]!]!;
      this.#own.credits[cell]! += credits[i]!;
      if (value === 0) continue;
      const share = i === count - 1 ? left : shareValue(value, credits[i]!);
      left -= share;
      this.#own.values[cell * this.#currencyCount + currency]! += share;
    }
  }

  /** Adds the shares of a path, with an order or without. */
  reach(model: number, placements: Uint32Array, credits: Int32Array, count: number): void {
    for (let i = 0; i < count; i++)
      this.#reached[model * this.#unitCount + this.#unitOf[placements[i]!]!]! += credits[i]!;
  }

  /** Ends a person. */
  endPerson(): void {
    for (const unit of this.#seenUnits) {
      this.#seen[unit] = 0;
      this.#persons[unit]!++;
      for (let model = 0; model < modelCount; model++) this.#settle(model * this.#unitCount + unit);
    }
    this.#seenUnits.length = 0;
  }

  #settle(cell: number): void {
    const credit = this.#own.credits[cell]!;
    if (credit === 0) return;
    this.#own.credits[cell] = 0;
    this.#credits[cell]! += credit;
    this.#creditSquares[cell]! += (credit / creditsPerOrder) ** 2;
    for (let at = cell * this.#currencyCount; at < (cell + 1) * this.#currencyCount; at++) {
      const value = this.#own.values[at]!;
      if (value === 0) continue;
      this.#own.values[at] = 0;
      this.#values[at]! += value;
      this.#valueSquares[at]! += value * value;
    }
  }

  /** Units of which the person whose orders are being added has a touch. */
  get seenUnits(): readonly number[] {
    return this.#seenUnits;
  }

  /** What that person's orders give a unit so far: millionths of an order, and units of money by currency. */
  ownCredit(model: number, unit: number): { readonly credits: number; readonly values: readonly number[] } {
    const cell = model * this.#unitCount + unit;
    const values = this.#own.values.subarray(cell * this.#currencyCount, (cell + 1) * this.#currencyCount);
    return { credits: this.#own.credits[cell]!, values: [...values] };
  }

  persons(unit: number): number {
    return this.#persons[unit]!;
  }

  /** @throws {RangeError} for sums that are no longer exact. */
  credit(model: number, unit: number): UnitCredit {
    const cell = model * this.#unitCount + unit;
    const values = Array.from({ length: this.#currencyCount }, (_, currency) => {
      const at = cell * this.#currencyCount + currency;
      return { units: exactSum(this.#values[at]!), squares: this.#valueSquares[at]! };
    });
    return {
      credits: exactSum(this.#credits[cell]!),
      reached: exactSum(this.#reached[cell]!),
      squares: this.#creditSquares[cell]!,
      values,
    };
  }
}

function exactSum(sum: number): number {
  if (!Number.isSafeInteger(sum))
    throw new RangeError('The amounts are too large to be added exactly: use a coarser unit.');
  return sum;
}
