/**
 * A log as static files (c2sp.org/tlog-tiles): tiles of up to 256 hashes at every 8th level of the tree, and bundles of up to 256 entries.
 * Whoever has the tiles of the right edge has the root; whoever has them all can make every proof.
 */
import { concatBytes, equalBytes } from '../bytes/index.ts';
import { LedgerError } from './error.ts';
import { foldSubtrees, hashBytes, type MerkleTree, nodeHash } from './merkle.ts';

export const tileWidth = 256;
const tileHeight = 8;

/** The `index`-th tile of a level; a full one has a width of 256. */
export interface Tile {
  /** 0 has leaf hashes; each hash above is the root of a full tile below. */
  readonly level: number;
  readonly index: number;
  /** Hashes in the tile, 1 to 256. */
  readonly width: number;
}

/** `tile/<L>/<N>[.p/<W>]`, relative to the log's prefix. */
export function tilePath({ level, index, width }: Tile): string {
  return `tile/${level}/${indexPath(index)}${partialPath(width)}`;
}

/** `tile/entries/<N>[.p/<W>]`, relative to the log's prefix. */
export function entriesPath({ index, width }: Omit<Tile, 'level'>): string {
  return `tile/entries/${indexPath(index)}${partialPath(width)}`;
}

/** Reads either path back; `level` is `entries` for a bundle. @throws {LedgerError} `malformed-tile` for any other text. */
export function parseTilePath(path: string): Omit<Tile, 'level'> & { readonly level: number | 'entries' } {
  const found = /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(path);
  const level: number | 'entries' = found?.[1] === 'entries' ? 'entries' : Number(found?.[1]);
  const index = Number(found?.[2]?.replace(/[x/]/g, ''));
  const width = found?.[3] === undefined ? tileWidth : Number(found[3]);
  const inRange = (level === 'entries' || level <= 63) && Number.isSafeInteger(index) && width <= tileWidth;
  // One tile has one path: neither `x000/` before a short index nor `.p/256`.
  const form = level === 'entries' ? entriesPath({ index, width }) : tilePath({ level, index, width });
  if (!found || !inRange || form !== path) throw new LedgerError('malformed-tile', 'the path is not that of a tile');
  return { level, index, width };
}

/** All tiles of a tree of that size, level by level. */
export function tilesOf(size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / tileWidth)) {
    for (let index = 0; index * tileWidth < count; index++) {
      tiles.push({ level, index, width: Math.min(tileWidth, count - index * tileWidth) });
    }
  }
  return tiles;
}

/** The content of a tile: its hashes, one after the other. @throws {RangeError} where the tree does not reach so far. */
export function encodeTile(tree: MerkleTree, { level, index, width }: Tile): Uint8Array {
  const hashes: Uint8Array[] = [];
  for (let i = 0; i < width; i++)
    hashes.push(tree.subtree({ height: level * tileHeight, index: index * tileWidth + i }));
  return concatBytes(...hashes);
}

/** @returns the tile's hashes. @throws {LedgerError} `malformed-tile` unless there are exactly `width`. */
export function parseTile(bytes: Uint8Array, width: number): Uint8Array[] {
  if (bytes.length !== width * hashBytes || width < 1 || width > tileWidth) {
    throw new LedgerError('malformed-tile', `a tile of ${width} hashes has ${bytes.length} bytes`);
  }
  return Array.from({ length: width }, (_, i) => bytes.slice(i * hashBytes, (i + 1) * hashBytes));
}

/** A bundle of entries, each after its length in 2 bytes. @throws {RangeError} for an entry over 65,535 bytes. */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    if (entry.length > 0xffff) throw new RangeError(`an entry of ${entry.length} bytes does not fit a bundle`);
    parts.push(Uint8Array.of(entry.length >> 8, entry.length & 255), entry);
  }
  return concatBytes(...parts);
}

/** @returns the entries of a bundle. @throws {LedgerError} `malformed-tile` unless there are exactly `width`. */
export function parseEntryBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let offset = 0;
  while (offset < bytes.length && entries.length < width) {
    const length = (bytes[offset]! << 8) | (bytes[offset + 1] ?? 0);
    if (offset + 2 + length > bytes.length) throw new LedgerError('malformed-tile', 'an entry bundle ends early');
    entries.push(bytes.slice(offset + 2, offset + 2 + length));
    offset += 2 + length;
  }
  if (offset !== bytes.length || entries.length !== width) {
    throw new LedgerError('malformed-tile', `an entry bundle does not have exactly ${width} entries`);
  }
  return entries;
}

/** The root over one full tile: the hash that stands for it one level up. */
export function tileRoot(hashes: readonly Uint8Array[]): Uint8Array {
  let row = hashes;
  while (row.length > 1) row = pairs(row);
  return row[0]!;
}

/**
 * The root of a tree from the partial tiles of its right edge.
 * @param read the content of a tile of this size.
 * @throws {LedgerError} `malformed-tile`.
 */
export function rootFromTiles(size: number, read: (tile: Tile) => Uint8Array): Uint8Array {
  const subtrees: Uint8Array[] = [];
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / tileWidth)) {
    const width = count % tileWidth;
    if (width === 0) continue;
    const hashes = parseTile(read({ level, index: Math.floor(count / tileWidth), width }), width);
    subtrees.unshift(...fullSubtrees(hashes));
  }
  return foldSubtrees(subtrees);
}

/**
 * Checks that every full tile hashes to its place one level up, and that the whole gives this root.
 * @throws {LedgerError} `malformed-tile` with the path of the first tile that does not fit, `root-mismatch` for another root.
 */
export function verifyTiles(
  head: { readonly size: number; readonly root: Uint8Array },
  read: (tile: Tile) => Uint8Array,
): void {
  let below: readonly Uint8Array[] = [];
  let level = -1;
  let row: Uint8Array[] = [];
  for (const tile of tilesOf(head.size)) {
    if (tile.level !== level) {
      below = row;
      row = [];
      level = tile.level;
    }
    const hashes = parseTile(read(tile), tile.width);
    for (const [i, hash] of hashes.entries()) {
      const expected = below[tile.index * tileWidth + i];
      if (tile.level > 0 && !(expected && equalBytes(expected, hash))) {
        throw new LedgerError('malformed-tile', `${tilePath(tile)} does not fit the tiles below it`);
      }
    }
    if (tile.width === tileWidth) row.push(tileRoot(hashes));
  }
  if (!equalBytes(rootFromTiles(head.size, read), head.root)) {
    throw new LedgerError('root-mismatch', `the tiles do not give the root of the head of size ${head.size}`);
  }
}

/** Roots of the full subtrees over a row of hashes, from large to small: one for each set bit of its length. */
function fullSubtrees(hashes: readonly Uint8Array[]): Uint8Array[] {
  const roots: Uint8Array[] = [];
  let start = 0;
  for (let width = tileWidth / 2; width >= 1; width /= 2) {
    if ((hashes.length & width) === 0) continue;
    roots.push(tileRoot(hashes.slice(start, start + width)));
    start += width;
  }
  return roots;
}

function pairs(row: readonly Uint8Array[]): Uint8Array[] {
  return Array.from({ length: row.length / 2 }, (_, i) => nodeHash(row[2 * i]!, row[2 * i + 1]!));
}

function indexPath(index: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g)!;
  return groups.map((group, i) => (i === groups.length - 1 ? group : `x${group}`)).join('/');
}

function partialPath(width: number): string {
  return width === tileWidth ? '' : `.p/${width}`;
}
