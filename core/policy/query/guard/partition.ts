/**
 * The strict guard of exact answers. All sets that were ever released cut the people into parts, those whom every set treats alike. Whatever sums and
 * differences of released figures somebody forms, they are figures of unions of parts; so as long as no part is smaller than the minimum, no
 * combination is about fewer people.
 */
import { QueryRefused } from '../refusal.ts';
import type { PersonSet } from './person-set.ts';

export class Partition {
  /** Ascending. */
  readonly #persons: Uint32Array;
  /** The part of the person at the same place; parts are numbered from 0. */
  readonly #parts: Uint32Array;
  readonly #partSizes: readonly number[];

  private constructor(persons: Uint32Array, parts: Uint32Array) {
    this.#persons = persons;
    this.#parts = parts;
    const sizes: number[] = [];
    for (const part of parts) sizes[part] = (sizes[part] ?? 0) + 1;
    this.#partSizes = sizes;
  }

  /** All people in one part. */
  static of(people: PersonSet): Partition {
    const persons = people.toArray();
    return new Partition(persons, new Uint32Array(persons.length));
  }

  get partCount(): number {
    return this.#partSizes.length;
  }

  /**
   * Cuts the parts by further sets.
   * @param k the fewest people that may be left in a part; 1 for what was known before any answer, such as the tables themselves.
   * @returns a new partition; this one stays as it is, so that a refused answer leaves no trace.
   * @throws {QueryRefused} `too-fine` where a part would be smaller.
   */
  split(sets: readonly PersonSet[], k: number): Partition {
    let result: Partition = this;
    for (const set of sets) result = result.#splitBy(set, k);
    return result;
  }

  #splitBy(set: PersonSet, k: number): Partition {
    const inside = this.#inside(set);
    const taken = new Array<number>(this.partCount).fill(0);
    this.#parts.forEach((part, i) => {
      taken[part]! += inside[i]!;
    });
    let next = this.partCount;
    const newPart = taken.map((count, part) => {
      const left = this.#partSizes[part]! - count;
      if (count === 0 || left === 0) return part;
      if (count < k || left < k) throw new QueryRefused('too-fine', { rule: 'k' });
      return next++;
    });
    return new Partition(
      this.#persons,
      this.#parts.map((part, i) => (inside[i] === 1 ? newPart[part]! : part)),
    );
  }

  /** For each person 1 where the set holds it. */
  #inside(set: PersonSet): Uint8Array {
    const members = set.toArray();
    const inside = new Uint8Array(this.#persons.length);
    let found = 0;
    this.#persons.forEach((person, i) => {
      if (person !== members[found]) return;
      inside[i] = 1;
      found++;
    });
    if (found < members.length) throw new RangeError('expected a set of the people of the partition');
    return inside;
  }
}
