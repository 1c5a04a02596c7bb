/**
 * Records: what the sequencer stores, an entry with its place and time. The canonical form of a record is a leaf of the log's tree.
 */
import { z } from 'zod';
import { equalBytes } from '../bytes/index.ts';
import { canonicalBytes, JsonError, type JsonValue, parseJson } from '../json/index.ts';
import { type Entry, entrySchema, parseWith } from './entry.ts';
import { LedgerError } from './error.ts';

export interface LedgerRecord {
  readonly entry: Entry;
  /** From 0, without gaps. */
  readonly index: number;
  /** Milliseconds since the epoch by the sequencer's clock; never decreasing. */
  readonly sequencedAt: number;
}

/** A leaf fits an entry bundle (tlog-tiles: a length in 2 bytes). */
export const leafBytesMax = 0xffff;

export const recordSchema = z.strictObject({
  entry: entrySchema,
  index: z.int().min(0),
  sequencedAt: z.int().min(0),
});

/** The leaf of a record. */
export function encodeRecord(record: LedgerRecord): Uint8Array {
  const { entry, index, sequencedAt } = record;
  return canonicalBytes({ entry: entry as unknown as JsonValue, index, sequencedAt });
}

/**
 * Reads a leaf. The form alone is checked: whether the ledger takes the record is for its state to say.
 * @throws {LedgerError} `malformed-record`, also for a leaf that is not in canonical form.
 */
export function decodeRecord(leaf: Uint8Array): LedgerRecord {
  let value: JsonValue;
  try {
    value = parseJson(leaf, { bytesMax: leafBytesMax, depthMax: 16, valuesMax: 5000 });
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new LedgerError('malformed-record', `a record is not valid JSON: ${cause.message}`, {
      pointer: cause.pointer,
      cause,
    });
  }
  const record = parseRecord(value);
  if (!equalBytes(encodeRecord(record), leaf)) {
    throw new LedgerError('malformed-record', `record ${record.index} is not in canonical form`, {
      index: record.index,
    });
  }
  return record;
}

/** Takes a value from outside as a record. @throws {LedgerError} `malformed-record` with the JSON pointer of the place. */
export function parseRecord(value: unknown): LedgerRecord {
  return parseWith<LedgerRecord>(recordSchema, value, 'malformed-record');
}
