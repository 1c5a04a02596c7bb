/** Where a file's rows come from: which member each row is about, which rows repeat another, and in which shuffled order they stand. */
import { Permutation } from '../random/permutation.ts';

/**
 * A file of `members` people has one slot for each (slots 0 … members − 1), then `repeated` slots that are another slot's row again, then
 * `second` slots for people who are in it twice under another number. Nobody has more than two. A permutation puts the slots in row order;
 * everything can be asked for in both directions.
 */
export class RowOrder {
  readonly rows: number;
  readonly members: number;
  readonly #repeated: number;
  readonly #shuffled: Permutation;
  readonly #doubled: Permutation;

  constructor(
    sizes: { readonly members: number; readonly repeated: number; readonly second: number },
    seed: number,
    file: string,
  ) {
    if (sizes.repeated + sizes.second > sizes.members) throw new RangeError('more doubled rows than members');
    this.members = sizes.members;
    this.rows = sizes.members + sizes.repeated + sizes.second;
    this.#repeated = sizes.repeated;
    this.#shuffled = new Permutation(this.rows, seed, `${file} row order`);
    this.#doubled = new Permutation(sizes.members, seed, `${file} doubled`);
  }

  slotAt(row: number): number {
    return this.#shuffled.inverse(row);
  }

  rowOf(slot: number): number {
    return this.#shuffled.forward(slot);
  }

  /** The member, 0 … members − 1, whom a slot is about. */
  memberOf(slot: number): number {
    return slot < this.members ? slot : this.#doubled.forward(slot - this.members);
  }

  /** The slot whose cells a slot shows: itself, or the one that it repeats byte for byte. */
  contentOf(slot: number): number {
    const repeats = slot >= this.members && slot < this.members + this.#repeated;
    return repeats ? this.memberOf(slot) : slot;
  }

  /** The member's second slot, or −1. */
  secondSlotOf(member: number): number {
    const slot = this.members + this.#doubled.inverse(member);
    return slot < this.rows ? slot : -1;
  }
}
