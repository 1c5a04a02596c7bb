/** Numbers pairs of numbers in the order in which they first come, by open addressing: no object and no text for a pair. */
export class PairIndex {
  #first = new Int32Array(1024);
  #second = new Int32Array(1024);
  #size = 0;
  /** The number of a pair and one more; 0 is free. */
  #slots = new Int32Array(4096);

  get size(): number {
    return this.#size;
  }

  /** @returns the pair's number, from 0; a new one is the old size. */
  of(first: number, second: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(first, second) & mask;
    for (let number = this.#slots[slot]!; number !== 0; number = this.#slots[slot]!) {
      if (this.#first[number - 1] === first && this.#second[number - 1] === second) return number - 1;
      slot = (slot + 1) & mask;
    }
    if (this.#size === this.#first.length) {
      this.#first = grown(this.#first);
      this.#second = grown(this.#second);
    }
    this.#first[this.#size] = first;
    this.#second[this.#size] = second;
    this.#slots[slot] = ++this.#size;
    if (2 * this.#size > this.#slots.length) this.#rehash();
    return this.#size - 1;
  }

  first(number: number): number {
    return this.#first[number]!;
  }

  second(number: number): number {
    return this.#second[number]!;
  }

  #rehash(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (let number = 0; number < this.#size; number++) {
      let slot = hash(this.#first[number]!, this.#second[number]!) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number + 1;
    }
  }
}

function hash(first: number, second: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second + 1, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

/** Twice as long, with what was there. */
export function grown<A extends Int32Array | Float64Array>(from: A): A {
  const to = new (from.constructor as new (length: number) => A)(2 * from.length);
  to.set(from);
  return to;
}
