/**
 * Verifies Merkle proofs (RFC 9162 §2.1.3.2 and §2.1.4.2), also for subtrees [start, end) of a larger tree (draft-ietf-plants-merkle-tree-
 * certs §4). All inputs may come from a stranger: a wrong length, a wrong count of hashes or an impossible index is a proof that does not
 * hold, never an error. Indices and sizes are safe integers; anything beyond is refused.
 */
import { equalBytes } from '../bytes/index.ts';
import { emptyRoot, hashBytes, nodeHash } from './merkle.ts';

export interface InclusionClaim {
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Whether the leaf is in the tree at that index. */
export function verifyInclusion(claim: InclusionClaim): boolean {
  return verifySubtreeInclusion({ ...claim, start: 0, end: claim.size });
}

export interface SubtreeInclusionClaim {
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly start: number;
  readonly end: number;
  /** The hash of the subtree of the leaves from `start` to before `end`. */
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Whether the leaf is in the subtree, at the index that it has in the whole tree. */
export function verifySubtreeInclusion(claim: SubtreeInclusionClaim): boolean {
  const { index, start, end, root, proof } = claim;
  if (!isSubtree(start, end) || !Number.isSafeInteger(index) || index < start || index >= end) return false;
  if (!areHashes([claim.leafHash, root, ...proof])) return false;
  let [node, last] = [index - start, end - start - 1];
  let hash = claim.leafHash;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equalBytes(hash, root);
}

export interface ConsistencyClaim {
  readonly from: { readonly size: number; readonly root: Uint8Array };
  readonly to: { readonly size: number; readonly root: Uint8Array };
  readonly proof: readonly Uint8Array[];
}

/**
 * Whether the smaller tree is the beginning of the larger one. An empty tree begins every tree, but that says nothing about the other: it
 * is refused, so that nobody takes it for a check.
 */
export function verifyConsistency({ from, to, proof }: ConsistencyClaim): boolean {
  if (from.size === 0) return false;
  const claim = { start: 0, end: from.size, subtreeRoot: from.root, size: to.size, root: to.root, proof };
  return verifySubtreeConsistency(claim);
}

export interface SubtreeConsistencyClaim {
  readonly start: number;
  readonly end: number;
  readonly subtreeRoot: Uint8Array;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Whether the subtree's leaves are the leaves from `start` to before `end` of the tree. An empty subtree is in every tree. */
export function verifySubtreeConsistency(claim: SubtreeConsistencyClaim): boolean {
  const { start, end, size, subtreeRoot, root, proof } = claim;
  if (![start, end, size].every((value) => Number.isSafeInteger(value) && value >= 0) || end > size) return false;
  if (start === end) return proof.length === 0 && equalBytes(subtreeRoot, emptyRoot);
  if (start === 0 && end === size) return proof.length === 0 && equalBytes(subtreeRoot, root);
  if (!isSubtree(start, end)) return false;
  const roots = provenRoots({ start, end, size }, isNode({ start, end, size }) ? [subtreeRoot, ...proof] : proof);
  return roots !== undefined && equalBytes(roots.subtree, subtreeRoot) && equalBytes(roots.tree, root);
}

/**
 * The two roots that a consistency path computes to: that of the subtree and that of the tree. Given the tree's root, the path's hashes
 * cannot be chosen otherwise, so a path that ends in a signed root shows what that tree's own beginning is: the evidence of a split view.
 * @param path the consistency proof, with the subtree's own root before it where the proof leaves it out (`isNode`).
 * @returns undefined for a path of the wrong length, or with a hash of the wrong length.
 */
export function provenRoots(
  of: { readonly start: number; readonly end: number; readonly size: number },
  path: readonly Uint8Array[],
): { readonly subtree: Uint8Array; readonly tree: Uint8Array } | undefined {
  let [first, last, final] = [of.start, of.end - 1, of.size - 1];
  const shift = () => {
    [first, last, final] = [half(first), half(last), half(final)];
  };
  // Climb to the largest subtree that ends where [start, end) ends.
  if (last === final) while (first !== last) shift();
  else while (first !== last && isOdd(last)) shift();
  const [seed, ...siblings] = path;
  if (!seed || !areHashes(path)) return undefined;
  let [subtree, tree] = [seed, seed];
  for (const sibling of siblings) {
    if (final === 0) return undefined;
    if (isOdd(last) || last === final) {
      if (first < last) subtree = nodeHash(sibling, subtree);
      tree = nodeHash(sibling, tree);
      while (!isOdd(last)) shift();
    } else {
      tree = nodeHash(tree, sibling);
    }
    shift();
  }
  return final === 0 ? { subtree, tree } : undefined;
}

/** Whether the subtree is one node of the tree, so that a consistency proof begins at its root instead of repeating it. */
export function isNode(of: { readonly start: number; readonly end: number; readonly size: number }): boolean {
  const width = of.end - of.start;
  return of.end === of.size || 2 ** Math.floor(Math.log2(width)) === width;
}

/** A subtree begins at a multiple of the power of two that its width rounds up to. */
function isSubtree(start: number, end: number): boolean {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end <= start) return false;
  return start % 2 ** Math.ceil(Math.log2(end - start)) === 0;
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === hashBytes);
}

/** Not `& 1` and `>> 1`, which cut to 32 bits. */
function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}
