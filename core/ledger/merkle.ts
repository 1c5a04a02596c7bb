/**
 * The Merkle tree of a log (RFC 6962 §2.1, RFC 9162 §2.1): leaves and nodes are hashed under different prefixes, and a tree whose size is
 * no power of two is split at the largest power of two below it. Hashes are 32 bytes.
 */
import { concatBytes } from '../bytes/index.ts';
import { sha256 } from '../crypto/index.ts';

export const hashBytes = 32;

/** The root of a tree without leaves: the hash of nothing (RFC 6962 §2.1). */
export const emptyRoot: Uint8Array = sha256(new Uint8Array(0));

const leafPrefix = Uint8Array.of(0);

/** SHA-256(0x00 ‖ leaf). */
export function leafHash(leaf: Uint8Array): Uint8Array {
  return sha256(concatBytes(leafPrefix, leaf));
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const node = new Uint8Array(1 + 2 * hashBytes);
  node[0] = 1;
  node.set(left, 1);
  node.set(right, 1 + hashBytes);
  return sha256(node);
}

/** The right edge of a growing tree: enough to take more leaves and give the root, in O(log n) memory. */
export class Frontier {
  /** Roots of full subtrees from large to small, one for each set bit of the size. */
  readonly #subtrees: Uint8Array[];
  #size: number;

  /** @param from roots of the full subtrees of a tree of `size` leaves, from large to small; by default a tree without leaves. */
  constructor(from: { readonly size: number; readonly subtrees: readonly Uint8Array[] } = { size: 0, subtrees: [] }) {
    this.#size = from.size;
    this.#subtrees = [...from.subtrees];
  }

  get size(): number {
    return this.#size;
  }

  /** @param hash the hash of the next leaf, 32 bytes. */
  append(hash: Uint8Array): void {
    let subtree = hash;
    for (let size = this.#size; size % 2 === 1; size = Math.floor(size / 2)) {
      subtree = nodeHash(this.#subtrees.pop()!, subtree);
    }
    this.#subtrees.push(subtree);
    this.#size += 1;
  }

  root(): Uint8Array {
    return foldSubtrees(this.#subtrees);
  }
}

/**
 * A whole tree, all hashes kept (about 64 bytes a leaf, packed by level), so that the root of every earlier size and every proof take
 * O(log² n) steps.
 */
export class MerkleTree {
  /** Level k holds the roots of the full subtrees of 2^k leaves, in order. */
  readonly #levels: HashList[] = [new HashList()];

  get size(): number {
    return this.#levels[0]!.count;
  }

  /** @param hash the hash of the next leaf, 32 bytes. */
  append(hash: Uint8Array): void {
    let subtree = hash;
    for (let k = 0; ; k++) {
      const level = this.#level(k);
      level.push(subtree);
      if (level.count % 2 === 1) return;
      subtree = nodeHash(level.at(level.count - 2), subtree);
    }
  }

  /** @returns the hash of one leaf. @throws {RangeError} for an index outside of the tree. */
  leaf(index: number): Uint8Array {
    checkRange({ low: 0, value: index, high: this.size - 1, what: 'a leaf index' });
    return this.#levels[0]!.at(index).slice();
  }

  /** The root as it was when the tree had `size` leaves; now, if left out. */
  root(size: number = this.size): Uint8Array {
    checkRange({ low: 0, value: size, high: this.size, what: 'a tree size' });
    return size === 0 ? emptyRoot : this.#hash(0, size);
  }

  /** The right edge alone, to see where more leaves would lead without taking them. */
  frontier(): Frontier {
    const subtrees: Uint8Array[] = [];
    for (const level of this.#levels) if (level.count % 2 === 1) subtrees.unshift(level.at(level.count - 1).slice());
    return new Frontier({ size: this.size, subtrees });
  }

  /**
   * The hash over the full subtree of 2^`height` leaves that is the `index`-th of its height.
   * @throws {RangeError} unless all its leaves are there.
   */
  subtree(at: { readonly height: number; readonly index: number }): Uint8Array {
    checkRange({ low: 0, value: at.height, high: this.#levels.length - 1, what: 'a subtree height' });
    checkRange({ low: 0, value: at.index, high: this.#levels[at.height]!.count - 1, what: 'a subtree index' });
    return this.#levels[at.height]!.at(at.index).slice();
  }

  /** The path from a leaf to the root of the tree of `size` leaves (RFC 9162 §2.1.3.1), lowest first. */
  inclusionProof(of: { readonly index: number; readonly size: number }): Uint8Array[] {
    checkRange({ low: 1, value: of.size, high: this.size, what: 'a tree size' });
    checkRange({ low: 0, value: of.index, high: of.size - 1, what: 'a leaf index' });
    const path: Uint8Array[] = [];
    let [start, end] = [0, of.size];
    while (end - start > 1) {
      const middle = start + splitPoint(end - start);
      if (of.index < middle) {
        path.push(this.#hash(middle, end));
        end = middle;
      } else {
        path.push(this.#hash(start, middle));
        start = middle;
      }
    }
    return path.reverse();
  }

  /** The hashes that tie the tree of `from` leaves to that of `to` (RFC 9162 §2.1.4.1): empty where they are one. */
  consistencyProof(between: { readonly from: number; readonly to: number }): Uint8Array[] {
    checkRange({ low: 1, value: between.to, high: this.size, what: 'a tree size' });
    checkRange({ low: 1, value: between.from, high: between.to, what: 'the smaller tree size' });
    const proof: Uint8Array[] = [];
    let [start, end] = [0, between.to];
    while (end > between.from) {
      const middle = start + splitPoint(end - start);
      if (between.from <= middle) {
        proof.push(this.#hash(middle, end));
        end = middle;
      } else {
        proof.push(this.#hash(start, middle));
        start = middle;
      }
    }
    // A subtree that begins at 0 is the smaller tree itself, whose root the verifier has.
    if (start > 0) proof.push(this.#hash(start, end));
    return proof.reverse();
  }

  #hash(start: number, end: number): Uint8Array {
    const width = end - start;
    const height = Math.floor(Math.log2(width));
    if (2 ** height === width && start % width === 0) return this.#levels[height]!.at(start / width).slice();
    const middle = start + splitPoint(width);
    return nodeHash(this.#hash(start, middle), this.#hash(middle, end));
  }

  #level(k: number): HashList {
    const level = this.#levels[k];
    if (level) return level;
    const created = new HashList();
    this.#levels.push(created);
    return created;
  }
}

/** The root over roots of full subtrees, given from large to small. */
export function foldSubtrees(subtrees: readonly Uint8Array[]): Uint8Array {
  let root: Uint8Array | undefined;
  for (const subtree of [...subtrees].reverse()) root = root ? nodeHash(subtree, root) : subtree;
  return root ?? emptyRoot;
}

/** The largest power of two below a width of at least 2. */
function splitPoint(width: number): number {
  const power = 2 ** Math.floor(Math.log2(width));
  return power < width ? power : power / 2;
}

function checkRange(given: { low: number; value: number; high: number; what: string }): void {
  const { low, value, high, what } = given;
  if (!Number.isSafeInteger(value) || value < low || value > high) {
    throw new RangeError(`expected ${what} from ${low} to ${high}, got ${value}`);
  }
}

class HashList {
  #bytes = new Uint8Array(64 * hashBytes);
  count = 0;

  push(hash: Uint8Array): void {
    if (hash.length !== hashBytes) throw new RangeError(`expected a hash of 32 bytes, got ${hash.length}`);
    const offset = this.count * hashBytes;
    if (offset === this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(hash, offset);
    this.count += 1;
  }

  /** A view, valid until the next push. */
  at(index: number): Uint8Array {
    return this.#bytes.subarray(index * hashBytes, (index + 1) * hashBytes);
  }
}
