/** The public numbers of a table and of a run: each side computes them from what both know. */
import { sha256 } from '@noble/hashes/sha2.js';
import { ByteWriter, concatBytes, lengthPrefixed, utf8ToBytes } from '../../bytes/index.ts';
import { Oprf } from '../../crypto/index.ts';
import { batchRows } from '../batch.ts';
import type { RunBinding } from '../party.ts';
import type { Coding } from './tag-coding.ts';

/** Version of the messages; a peer with another one is refused. */
export const protocolVersion = 1;

/** The function itself, always verifiable (RFC 9497 §3.3.2): one mode, so that no peer can ask for a weaker one. */
export const oprf: Oprf = new Oprf('voprf');

/** Bits that keep a tag of one list from being that of another identifier: all of an epoch's comparisons together fail below 2^-40. */
const falseMatchBits = 40;
/** However short the list: rows of less than 8 bytes are not sorted in bulk. */
const tagBitsMin = 64;
/** Limits of what a peer may announce. */
export const placeBitsMax = 31;
export const evaluationBitsMax = 32;
/** Earlier versions that a client can be brought from by their changes, at most. */
export const earlierVersionsMax = 16;

/** What a key epoch fixes about its tables. */
export interface TableShape {
  /** A table has room for 2^placeBits rows. */
  readonly placeBits: number;
  /** The epoch answers at most 2^evaluationBits evaluations. */
  readonly evaluationBits: number;
}

/** One version of a table, as its server describes it. */
export interface Table extends TableShape {
  /** Counts the keys of one scope (partner, dataset, form), from 1. */
  readonly epoch: number;
  /** Counts the lists under one key, from 1. */
  readonly version: number;
  /** Distinct identifiers in it. */
  readonly rows: number;
  /** Of the epoch's key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Merkle root over its coded buckets, 32 bytes. */
  readonly root: Uint8Array;
}

/**
 * Bits of a tag: n tags and q evaluations make n·q comparisons, each wrong with probability 2^-bits, and q·n ≤ 2^(placeBits +
 * evaluationBits).
 */
export function tagBits({ placeBits, evaluationBits }: TableShape): number {
  return Math.max(tagBitsMin, placeBits + falseMatchBits + evaluationBits);
}

/**
 * The shape of a new epoch.
 * @param rows of the list now. It may grow by a quarter before the epoch has to end.
 * @param evaluations that the epoch is to answer at least.
 */
export function shapeFor({ rows, evaluations }: { readonly rows: number; readonly evaluations: number }): TableShape {
  return { placeBits: bitsFor(rows * 1.25), evaluationBits: bitsFor(evaluations) };
}

/**
 * Evaluations that a new epoch is made for: eight full lists, so that a table is not made anew for every run.
 * @param listRowsMax distinct identifiers that the client may bring to a run.
 */
export function evaluationsOfEpoch(listRowsMax: number): number {
  return Math.max(2 ** 20, 8 * listRowsMax);
}

/** How a table is coded. @param rowsInBatch what decides how large a bucket is; the protocol's own, if left out. */
export function tableCoding(shape: TableShape, rowsInBatch: number = batchRows): Coding {
  return { tagBits: tagBits(shape), placeBits: shape.placeBits, bucketBits: bucketBitsFor(rowsInBatch) };
}

/** How a list of so many of a table's tags is coded: what joined it, or what left it. */
export function changeCoding(shape: TableShape, rows: number, rowsInBatch: number = batchRows): Coding {
  const placeBits = Math.min(shape.placeBits, bitsFor(rows));
  return { tagBits: tagBits(shape), placeBits, bucketBits: bucketBitsFor(rowsInBatch) };
}

/** @returns the 32 bytes that name this exchange on the wire. */
export function runId({ network, agreement, job, profile }: RunBinding): Uint8Array {
  const bound = lengthPrefixed(utf8ToBytes(network), utf8ToBytes(agreement), utf8ToBytes(job), utf8ToBytes(profile));
  return sha256(concatBytes(utf8ToBytes('causeway/v1/psi-oprf/run'), bound));
}

/** @returns the server's commitment: one version of one table under one key, 32 bytes. */
export function tableCommitment(table: Table): Uint8Array {
  return sha256(
    new ByteWriter()
      .raw(utf8ToBytes('causeway/v1/psi-oprf/table'))
      .u32(table.epoch)
      .u32(table.version)
      .u8(table.placeBits)
      .u8(table.evaluationBits)
      .u64(table.rows)
      .raw(table.publicKey)
      .raw(table.root)
      .finish(),
  );
}

/** Smallest b with 2^b ≥ count. */
function bitsFor(count: number): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(1, count))));
}

/** A bucket has twice as many places as a batch has rows: near 2^14 to 2^15 rows, 120 to 300 KiB. */
function bucketBitsFor(rowsInBatch: number): number {
  return Math.floor(Math.log2(rowsInBatch)) + 1;
}
