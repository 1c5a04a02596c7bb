import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedPath } from '../../test/shared.ts';
import { bytesToHex, concatBytes } from '../bytes/index.ts';
import {
  encodeEntryBundle,
  encodeTile,
  entriesPath,
  leafHash,
  MerkleTree,
  parseEntryBundle,
  parseTile,
  parseTilePath,
  rootFromTiles,
  type Tile,
  tilePath,
  tilesOf,
  verifyTiles,
} from './index.ts';

function treeOf(size: number): MerkleTree {
  const tree = new MerkleTree();
  for (let i = 0; i < size; i++) tree.append(leafHash(Uint8Array.of(i >> 16, i >> 8, i)));
  return tree;
}

describe('tiles', () => {
  it('have the paths of the text: index 1,234,067, partial tiles, entries', () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 2, index: 0, width: 1 })).toBe('tile/2/000.p/1');
    expect(entriesPath({ index: 999, width: 255 })).toBe('tile/entries/999.p/255');
    for (const path of ['tile/0/x001/x234/067', 'tile/63/000.p/1', 'tile/entries/x001/000', 'tile/entries/999.p/255']) {
      const { level, ...rest } = parseTilePath(path);
      expect(level === 'entries' ? entriesPath(rest) : tilePath({ level, ...rest })).toBe(path);
    }
  });

  it.each([
    'tile/0/1',
    'tile/00/001',
    'tile/64/000',
    'tile/0/x000/001',
    'tile/0/001.p/0',
    'tile/0/001.p/256',
    'tile/0/001.p/01',
    'tile/0/../000',
    'tile/0/x001/x999/x999/x999/x999/x999/999',
    'tile/0/000/',
    '',
  ])('"%s" is the path of none', (path) =>
    expect(() => parseTilePath(path)).toThrow(expect.objectContaining({ code: 'malformed-tile' })),
  );

  it('of a tree of 70,000 are those that the text counts', () => {
    const tiles = tilesOf(70_000);
    const count = (level: number, full: boolean) =>
      tiles.filter((tile) => tile.level === level && (tile.width === 256) === full).length;
    expect([count(0, true), count(0, false), count(1, true), count(1, false), count(2, false)]).toEqual([
      273, 1, 1, 1, 1,
    ]);
    expect(tiles.filter(({ width }) => width < 256).map(({ width }) => width)).toEqual([112, 17, 1]);
    expect(tilesOf(256)).toEqual([
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ]);
  });

  it.each([1, 2, 255, 256, 257, 511, 512, 4000, 65_535, 65_536, 65_537])('of a tree of %d give its root', (size) => {
    const tree = treeOf(size);
    const read = (tile: Tile) => encodeTile(tree, tile);
    expect(bytesToHex(rootFromTiles(size, read))).toBe(bytesToHex(tree.root()));
    if (size <= 4000) verifyTiles({ size, root: tree.root() }, read);
  });

  it('[F56] one flipped bit in any tile is found, with the path of a tile', () => {
    const size = 600;
    const tree = treeOf(size);
    for (const broken of tilesOf(size)) {
      const read = (tile: Tile) => {
        const bytes = encodeTile(tree, tile);
        if (tilePath(tile) === tilePath(broken)) bytes[5]! ^= 4;
        return bytes;
      };
      expect(() => verifyTiles({ size, root: tree.root() }, read)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^(malformed-tile|root-mismatch)$/) }),
      );
    }
  });

  it('of the wrong length are malformed, as are bundles that end early or late', () => {
    expect(() => parseTile(new Uint8Array(33), 1)).toThrow(expect.objectContaining({ code: 'malformed-tile' }));
    expect(() => parseTile(new Uint8Array(0), 0)).toThrow(expect.objectContaining({ code: 'malformed-tile' }));
    const entries = [new Uint8Array(0), new Uint8Array(300).fill(1), Uint8Array.of(2)];
    const bundle = encodeEntryBundle(entries);
    expect(parseEntryBundle(bundle, 3)).toEqual(entries);
    for (const [bytes, width] of [
      [bundle, 2],
      [bundle, 4],
      [bundle.subarray(0, -1), 3],
      [concatBytes(bundle, Uint8Array.of(0)), 4],
    ] as const) {
      expect(() => parseEntryBundle(bytes, width)).toThrow(expect.objectContaining({ code: 'malformed-tile' }));
    }
    expect(() => encodeEntryBundle([new Uint8Array(65_536)])).toThrow(RangeError);
  });
});

const sunlight = sharedPath('vectors/tlog_sunlight/navigli2025h2');

describe.skipIf(!hasShared('vectors/tlog_sunlight'))('tiles of a real certificate log', () => {
  const read = (path: string) => new Uint8Array(readFileSync(`${sunlight}/${path}`));

  it('four full tiles and a partial one make one tree, whose own tiles are the same bytes', () => {
    const tree = new MerkleTree();
    for (let index = 0; index < 4; index++) {
      for (const hash of parseTile(read(tilePath({ level: 0, index, width: 256 })), 256)) tree.append(hash);
    }
    expect(tree.size).toBe(1024);
    // The partial tile was published when the log had 778 entries, and the full one took its place.
    const partial = { level: 0, index: 3, width: 10 };
    expect(bytesToHex(encodeTile(tree, partial))).toBe(bytesToHex(read(tilePath(partial))));
    for (const size of [778, 1024]) {
      const small = new MerkleTree();
      for (let i = 0; i < size; i++) small.append(tree.leaf(i));
      const tiles = (tile: Tile) => (tile.level === 0 ? read(tilePath(tile)) : encodeTile(small, tile));
      verifyTiles({ size, root: small.root() }, tiles);
      expect(bytesToHex(rootFromTiles(size, tiles))).toBe(bytesToHex(tree.root(size)));
    }
  });
});
