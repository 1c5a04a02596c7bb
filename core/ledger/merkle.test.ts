import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedPath } from '../../test/shared.ts';
import { base64ToBytes, bytesToHex } from '../bytes/index.ts';
import { emptyRoot, Frontier, leafHash, MerkleTree, nodeHash } from './merkle.ts';
import { verifyConsistency, verifyInclusion, verifySubtreeConsistency, verifySubtreeInclusion } from './proof.ts';

/** RFC 6962 §2.1, word for word. */
function treeHash(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return emptyRoot;
  if (hashes.length === 1) return hashes[0]!;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(treeHash(hashes.slice(0, split)), treeHash(hashes.slice(split)));
}

const leaves = Array.from({ length: 70 }, (_, i) => leafHash(Uint8Array.of(i)));

function treeOf(count: number): MerkleTree {
  const tree = new MerkleTree();
  for (const leaf of leaves.slice(0, count)) tree.append(leaf);
  return tree;
}

describe('roots', () => {
  it('of every size, now and in retrospect, are those of the definition', () => {
    const tree = treeOf(leaves.length);
    const frontier = new Frontier();
    for (let size = 0; size <= leaves.length; size++) {
      const expected = bytesToHex(treeHash(leaves.slice(0, size)));
      expect(bytesToHex(tree.root(size))).toBe(expected);
      expect(bytesToHex(frontier.root())).toBe(expected);
      if (size < leaves.length) frontier.append(leaves[size]!);
    }
    expect(bytesToHex(emptyRoot)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('a leaf is never taken for a node: 64 bytes of two hashes make another leaf', () => {
    const [a, b] = [leaves[0]!, leaves[1]!];
    const joined = new Uint8Array([...a, ...b]);
    expect(bytesToHex(leafHash(joined))).not.toBe(bytesToHex(nodeHash(a, b)));
  });

  it('a question outside of the tree is an error of the caller', () => {
    const tree = treeOf(5);
    expect(() => tree.root(6)).toThrow(RangeError);
    expect(() => tree.leaf(5)).toThrow(RangeError);
    expect(() => tree.inclusionProof({ index: 3, size: 3 })).toThrow(RangeError);
    expect(() => tree.consistencyProof({ from: 0, to: 3 })).toThrow(RangeError);
    expect(() => tree.append(new Uint8Array(31))).toThrow(RangeError);
  });
});

describe('proofs that we make', () => {
  const tree = treeOf(leaves.length);

  it('verify for every leaf of every size, and for no other leaf', () => {
    for (let size = 1; size <= leaves.length; size++) {
      const root = tree.root(size);
      for (let index = 0; index < size; index++) {
        const claim = { leafHash: leaves[index]!, index, size, root, proof: tree.inclusionProof({ index, size }) };
        expect(verifyInclusion(claim)).toBe(true);
        expect(verifyInclusion({ ...claim, leafHash: leaves[(index + 1) % size]! })).toBe(size === 1);
        expect(verifyInclusion({ ...claim, index: index + 1 })).toBe(false);
      }
    }
  });

  it('verify between every two sizes, and not for another root or size', () => {
    for (let to = 1; to <= leaves.length; to++) {
      for (let from = 1; from <= to; from++) {
        const proof = tree.consistencyProof({ from, to });
        const claim = { from: { size: from, root: tree.root(from) }, to: { size: to, root: tree.root(to) }, proof };
        expect(verifyConsistency(claim)).toBe(true);
        if (from === to) continue;
        expect(verifyConsistency({ ...claim, from: { size: from, root: tree.root(from - 1) } })).toBe(false);
        expect(verifyConsistency({ ...claim, to: { size: to, root: tree.root(to - 1) } })).toBe(false);
      }
    }
  });

  it('one changed bit anywhere is refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 70 }), fc.nat(), fc.nat(), fc.nat(), (size, place, which, bit) => {
        const root = tree.root(size);
        const index = place % size;
        const proof = tree.inclusionProof({ index, size });
        proof[which % proof.length]![bit % 32]! ^= 1 << (bit % 8);
        expect(verifyInclusion({ leafHash: leaves[index]!, index, size, root, proof })).toBe(false);
      }),
    );
  });
});

const folder = sharedPath('vectors/rfc6962_merkle');
const decoded = (text: string | null) => base64ToBytes(text ?? '');

describe.skipIf(!hasShared('vectors/rfc6962_merkle'))('published proofs, right and wrong', () => {
  const read = (kind: string) =>
    readdirSync(`${folder}/${kind}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .map((name) => ({ name, ...JSON.parse(readFileSync(`${folder}/${kind}/${name}`, 'utf8')) }));
  const proofOf = (vector: { proof: string[] | null }) => (vector.proof ?? []).map(decoded);

  it('[F91] inclusion (98)', () => {
    const vectors = read('inclusion');
    expect(vectors).toHaveLength(98);
    for (const v of vectors) {
      const claim = {
        leafHash: decoded(v.leafHash),
        index: v.leafIdx,
        size: v.treeSize,
        root: decoded(v.root),
        proof: proofOf(v),
      };
      expect(verifyInclusion(claim), v.name).toBe(!v.wantErr);
    }
  });

  it('[F91] consistency (98)', () => {
    const vectors = read('consistency');
    expect(vectors).toHaveLength(98);
    for (const v of vectors) {
      const [from, to] = [
        { size: v.size1, root: decoded(v.root1) },
        { size: v.size2, root: decoded(v.root2) },
      ];
      expect(verifyConsistency({ from, to, proof: proofOf(v) }), `${v.name}: ${v.desc}`).toBe(!v.wantErr);
    }
  });

  it('[F91] subtree inclusion (204)', () => {
    const vectors = read('subtreeinclusion');
    expect(vectors).toHaveLength(204);
    for (const v of vectors) {
      const claim = {
        leafHash: decoded(v.leafHash),
        index: v.leafIdx,
        start: v.start,
        end: v.end,
        root: decoded(v.root),
        proof: proofOf(v),
      };
      expect(verifySubtreeInclusion(claim), v.name).toBe(!v.wantErr);
    }
  });

  it('[F91] subtree consistency (118)', () => {
    const vectors = read('subtreeconsistency');
    expect(vectors).toHaveLength(118);
    for (const v of vectors) {
      const claim = {
        start: v.start,
        end: v.end,
        subtreeRoot: decoded(v.root1),
        size: v.size,
        root: decoded(v.root2),
        proof: proofOf(v),
      };
      expect(verifySubtreeConsistency(claim), `${v.name}: ${v.desc}`).toBe(!v.wantErr);
    }
  });
});
