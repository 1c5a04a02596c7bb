/**
 * Distinct paths without a text or an object for each: a tree of numbers. A person's journey is one walk from the root: the touches of each path, and
 * after each the mark of how it ended. Millions of journeys share their beginnings, and end in as many nodes as there are distinct ones.
 */
import { type CountedPaths, endedInOrder, endedWithout, firstUnit, type Journeys, type Sequences } from './journeys.ts';
import { grown, PairIndex } from './pair-index.ts';

export class PathTree {
  readonly #currencyCount: number;
  /** A node by its parent and symbol; 0 is the root, which is nobody's child. */
  readonly #nodes = new PairIndex();
  /** For each node the number of the end of a path that it is, and one more; 0 for a touch. */
  #endOf = new Int32Array(1024);
  #endNode = new Int32Array(256);
  #endCount = 0;
  /** By end: people whose journey stops here, walks that came through, and the values of their orders by currency. */
  #stops = new Float64Array(256);
  #passes = new Float64Array(256);
  #values: Float64Array;

  constructor(currencyCount: number) {
    this.#currencyCount = currencyCount;
    this.#values = new Float64Array(256 * currencyCount);
  }

  /** Walks on from a node (0 is the root) to a touch of a unit, 0 … 65,533. */
  touch(node: number, unit: number): number {
    return this.#step(node, unit + firstUnit);
  }

  /** Ends a path in an order. @param value in units of a currency. */
  order(node: number, value: number, currency: number): number {
    const next = this.#step(node, endedInOrder);
    const end = this.#end(next);
    this.#passes[end]!++;
    this.#values[end * this.#currencyCount + currency]! += value;
    return next;
  }

  /** Ends a path that led to no order. */
  without(node: number): number {
    const next = this.#step(node, endedWithout);
    this.#passes[this.#end(next)]!++;
    return next;
  }

  /** Ends a person's journey, at the end of a path. */
  stop(node: number): void {
    this.#stops[this.#end(node)]!++;
  }

  journeys(): Journeys {
    const ends: number[] = [];
    for (let end = 0; end < this.#endCount; end++) if (this.#stops[end]! > 0) ends.push(end);
    const nodes = ends.map((end) => this.#endNode[end]!);
    return { persons: Float64Array.from(ends, (end) => this.#stops[end]!), ...this.#sequences(nodes, () => false) };
  }

  /** Distinct paths with how often they were gone. */
  paths(): CountedPaths {
    // The same path after different ones is other nodes of the tree: it is walked again from the root of one of its own.
    const own = new PathTree(this.#currencyCount);
    const all = this.#sequences([...this.#endNode.subarray(0, this.#endCount)], (symbol) => symbol < firstUnit);
    for (let end = 0; end < this.#endCount; end++) {
      let node = 0;
      for (let i = all.starts[end]!; i < all.starts[end + 1]!; i++) node = own.#step(node, all.symbols[i]!);
      const into = own.#end(node);
      own.#passes[into]! += this.#passes[end]!;
      for (let c = 0; c < this.#currencyCount; c++) {
        own.#values[into * this.#currencyCount + c]! += this.#values[end * this.#currencyCount + c]!;
      }
    }
    return {
      ...own.#sequences([...own.#endNode.subarray(0, own.#endCount)], () => false),
      counts: own.#passes.slice(0, own.#endCount),
      values: own.#values.slice(0, own.#endCount * this.#currencyCount),
      currencyCount: this.#currencyCount,
    };
  }

  #step(node: number, symbol: number): number {
    return this.#nodes.of(node, symbol) + 1;
  }

  #end(node: number): number {
    while (node >= this.#endOf.length) this.#endOf = grown(this.#endOf);
    const known = this.#endOf[node]!;
    if (known !== 0) return known - 1;
    const end = this.#endCount++;
    if (end === this.#endNode.length) {
      this.#endNode = grown(this.#endNode);
      this.#stops = grown(this.#stops);
      this.#passes = grown(this.#passes);
      this.#values = grown(this.#values);
    }
    this.#endNode[end] = node;
    this.#endOf[node] = end + 1;
    return end;
  }

  /** The symbols on the way from the root, or from the last symbol before the node itself at which it is to begin anew. */
  #sequences(nodes: readonly number[], beginsAfter: (symbol: number) => boolean): Sequences {
    const starts = new Int32Array(nodes.length + 1);
    const parent = (node: number) => this.#nodes.first(node - 1);
    const symbol = (node: number) => this.#nodes.second(node - 1);
    for (const [i, last] of nodes.entries()) {
      let length = 1;
      for (let node = parent(last); node !== 0 && !beginsAfter(symbol(node)); node = parent(node)) length++;
      starts[i + 1] = starts[i]! + length;
    }
    const symbols = new Uint16Array(starts[nodes.length]!);
    for (const [i, last] of nodes.entries()) {
      let node = last;
      for (let at = starts[i + 1]! - 1; at >= starts[i]!; at--) {
        symbols[at] = symbol(node);
        node = parent(node);
      }
    }
    return { starts, symbols };
  }
}
