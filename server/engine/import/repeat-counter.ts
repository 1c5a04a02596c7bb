/** Counts 64-bit keys that are there once, several times, or with differing companions: an open-addressing table in typed arrays. */

const once = 1;
const repeatedAlike = 2;
const repeatedDiffering = 3;

export class RepeatCounter {
  distinct = 0;
  repeated = 0;
  conflicting = 0;
  /** Per slot four words, as they came. */
  #slots = new Uint32Array(0);
  #states = new Uint8Array(0);

  /**
   * Counts one partition: no key of it may be in another.
   * @param entries four words each: a uniformly distributed key, and what came with it.
   */
  add(entries: Uint32Array): void {
    const slotCount = this.#clear(entries.length / 4);
    const mask = slotCount - 1;
    const slots = this.#slots;
    const states = this.#states;
    for (let i = 0; i < entries.length; i += 4) {
      const low = entries[i]!;
      const high = entries[i + 1]!;
      let slot = low & mask;
      while (states[slot] !== 0 && (slots[4 * slot] !== low || slots[4 * slot + 1] !== high)) slot = (slot + 1) & mask;
      if (states[slot] === 0) {
        states[slot] = once;
        for (let k = 0; k < 4; k++) slots[4 * slot + k] = entries[i + k]!;
        this.distinct += 1;
        continue;
      }
      if (states[slot] === once) {
        states[slot] = repeatedAlike;
        this.repeated += 1;
      }
      const differs = slots[4 * slot + 2] !== entries[i + 2] || slots[4 * slot + 3] !== entries[i + 3];
      if (differs && states[slot] === repeatedAlike) {
        states[slot] = repeatedDiffering;
        this.conflicting += 1;
      }
    }
  }

  /** Makes room for so many keys at half load. @returns the number of slots, a power of two. */
  #clear(count: number): number {
    let slotCount = 1024;
    while (slotCount < 2 * count) slotCount *= 2;
    if (slotCount > this.#states.length) {
      this.#slots = new Uint32Array(4 * slotCount);
      this.#states = new Uint8Array(slotCount);
    } else {
      this.#states.fill(0, 0, slotCount);
    }
    return slotCount;
  }
}
