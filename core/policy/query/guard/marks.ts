/**
 * A person's amount in a figure as one number of 32 bits. Two sums over the same people differ in their marks wherever a person gives another amount to them,
 * which the people alone do not show.
 */

import { PersonSet } from './person-set.ts';

/**
 * Two rounds of MurmurHash3's finaliser over the three words. Whoever asks cannot choose whose marks meet; of a set of a million about a hundred do.
 * @param low of the amount as a whole number of 64 bits, and high: its two words.
 */
export function markOf(person: number, low: number, high: number): number {
  return mixed(mixed(mixed(person ^ 0x9e3779b9) ^ low) ^ high);
}

/** Of an amount of 128 bits, four words from the lowest on: where 64 hold it, the mark is that of `markOf`. */
export function markOfWords(person: number, words: ArrayLike<number>, at: number): number {
  const [low, high, third, fourth] = [words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!];
  const mark = markOf(person, low, high);
  const sign = high >> 31;
  return (third | 0) === sign && (fourth | 0) === sign ? mark : mixed(mixed(mark ^ third) ^ fourth);
}

/** A set of marks, from as many as there are in any order. */
export function marksOf(marks: Uint32Array): PersonSet {
  const sorted = marks.slice().sort();
  return PersonSet.from(sorted.filter((mark, i) => i === 0 || mark !== sorted[i - 1]));
}

/** 32 bits, each of which depends on all of the word's. */
export function mixed(word: number): number {
  let hash = word >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
