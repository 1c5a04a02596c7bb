/**
 * Distinct paths without a text or an object for each: a tree of numbers. A person's journey is one walk from the root: the touches of each path, and
 * after each the mark of how it ended. Millions of journeys end in some ten thousand nodes.
 */

/** Marks in the walk; a unit u is the symbol u + 2. */
const endedInOrder = 0;
const endedWithout = 1;
const firstUnit = 2;

export interface Path {
  /** Units from the first touch to the last, repeats kept. */
  readonly units: readonly number[];
  readonly converts: boolean;
}

/** What people did, where they did the same: one entry for each distinct journey. */
export interface Journey {
  readonly persons: number;
  readonly paths: readonly Path[];
}

/** Paths of one kind, whoever went them. */
export interface CountedPath extends Path {
  readonly count: number;
  /** Sum of the orders' values by currency, in units; zeros where the path ended without one. */
  readonly values: readonly number[];
}

export class PathTree {
  readonly #currencyCount: number;
  #parent = new Int32Array(1024);
  #symbol = new Uint16Array(1024);
  /** People whose journey ends here; and walks that came through here, for ends of paths. */
  #journeys = new Float64Array(1024);
  #passes = new Float64Array(1024);
  #values: Float64Array;
  #nodeCount = 1;
  /** Open addressing: node numbers by parent and symbol; 0 is free, for the root is nobody's child. */
  #slots = new Int32Array(4096);

  constructor(currencyCount: number) {
    this.#currencyCount = currencyCount;
    this.#values = new Float64Array(1024 * currencyCount);
  }

  get nodeCount(): number {
    return this.#nodeCount;
  }

  /** Walks on from a node (0 is the root) to a touch of a unit, 0 … 65,533. */
  touch(node: number, unit: number): number {
    return this.#step(node, unit + firstUnit);
  }

  /** Ends a path in an order. @param value in units of a currency. */
  order(node: number, value: number, currency: number): number {
    const end = this.#step(node, endedInOrder);
    this.#passes[end]!++;
    this.#values[end * this.#currencyCount + currency]! += value;
    return end;
  }

  /** Ends a path that led to no order. */
  without(node: number): number {
    const end = this.#step(node, endedWithout);
    this.#passes[end]!++;
    return end;
  }

  /** Ends a person's journey. */
  end(node: number): void {
    this.#journeys[node]!++;
  }

  journeys(): Journey[] {
    const found: Journey[] = [];
    for (let node = 1; node < this.#nodeCount; node++) {
      const persons = this.#journeys[node]!;
      if (persons > 0) found.push({ persons, paths: this.#pathsTo(node) });
    }
    return found;
  }

  /** Distinct paths with how often they were gone. */
  paths(): CountedPath[] {
    const found = new Map<string, { units: number[]; converts: boolean; count: number; values: number[] }>();
    for (let node = 1; node < this.#nodeCount; node++) {
      if (this.#symbol[node]! >= firstUnit) continue;
      const converts = this.#symbol[node] === endedInOrder;
      const units = this.#unitsBefore(node);
      const key = `${converts ? '+' : '-'}${units.join(',')}`;
      const path = found.get(key) ?? {
        units,
        converts,
        count: 0,
        values: new Array<number>(this.#currencyCount).fill(0),
      };
      path.count += this.#passes[node]!;
      for (let c = 0; c < this.#currencyCount; c++) path.values[c]! += this.#values[node * this.#currencyCount + c]!;
      found.set(key, path);
    }
    return [...found.values()];
  }

  #step(node: number, symbol: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (Math.imul(node, 0x9e3779b1) ^ Math.imul(symbol, 0x85ebca6b)) & mask;
    for (;;) {
      const child = slots[slot]!;
      if (child === 0) break;
      if (this.#parent[child] === node && this.#symbol[child] === symbol) return child;
      slot = (slot + 1) & mask;
    }
    const child = this.#nodeCount++;
    if (child === this.#parent.length) this.#grow();
    this.#parent[child] = node;
    this.#symbol[child] = symbol;
    slots[slot] = child;
    if (2 * this.#nodeCount > slots.length) this.#rehash();
    return child;
  }

  #grow(): void {
    const size = 2 * this.#parent.length;
    const grown = <A extends Int32Array | Uint16Array | Float64Array>(from: A, to: A): A => {
      to.set(from);
      return to;
    };
    this.#parent = grown(this.#parent, new Int32Array(size));
    this.#symbol = grown(this.#symbol, new Uint16Array(size));
    this.#journeys = grown(this.#journeys, new Float64Array(size));
    this.#passes = grown(this.#passes, new Float64Array(size));
    this.#values = grown(this.#values, new Float64Array(size * this.#currencyCount));
  }

  #rehash(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (let child = 1; child < this.#nodeCount; child++) {
      let slot = (Math.imul(this.#parent[child]!, 0x9e3779b1) ^ Math.imul(this.#symbol[child]!, 0x85ebca6b)) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = child;
    }
  }

  #pathsTo(node: number): Path[] {
    const paths: Path[] = [];
    for (let end = node; end !== 0; ) {
      const units = this.#unitsBefore(end);
      paths.push({ units, converts: this.#symbol[end] === endedInOrder });
      for (let i = 0; i <= units.length; i++) end = this.#parent[end]!;
    }
    return paths.reverse();
  }

  /** The units of the path that ends in a node. */
  #unitsBefore(end: number): number[] {
    const units: number[] = [];
    for (let node = this.#parent[end]!; node !== 0 && this.#symbol[node]! >= firstUnit; node = this.#parent[node]!) {
      units.push(this.#symbol[node]! - firstUnit);
    }
    return units.reverse();
  }
}
