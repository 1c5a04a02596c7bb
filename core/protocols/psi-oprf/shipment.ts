/**
 * What of a table goes to a client that may have kept an earlier version: nothing, the changes since then, or all of it. Both sides
 * compute it from the two hellos, so that no message has to say what it is.
 */
import { equalBytes } from '../../bytes/index.ts';
import { batchRows } from '../batch.ts';
import type { EarlierVersion, HeldTable } from './messages.ts';
import { changeCoding, type Table, tableCoding } from './parameters.ts';
import { bucketBytes, bucketCount, type Coding } from './tag-coding.ts';

/** A list that is sent: of all tags, or of those that left or joined the list between `version` and the next one. */
export interface Part {
  readonly list: 'all' | 'removed' | 'added';
  /** The version that the change leads to; for all tags, the table's. */
  readonly version: number;
  readonly rows: number;
  readonly coding: Coding;
}

export interface Shipment {
  /** Whether the client's own table is the base of what is sent. */
  readonly from: 'nothing' | 'held';
  readonly parts: readonly Part[];
  /** Messages that it takes: a bucket each. */
  readonly bucketCount: number;
}

/** @param rowsInBatch decides how large a bucket is; the protocol's own, if left out. */
export function planShipment(
  offer: { readonly table: Table; readonly earlier: readonly EarlierVersion[] },
  held: HeldTable | undefined,
  rowsInBatch: number = batchRows,
): Shipment {
  const { table, earlier } = offer;
  const all: Part = {
    list: 'all',
    version: table.version,
    rows: table.rows,
    coding: tableCoding(table, rowsInBatch),
  };
  if (!held || held.epoch !== table.epoch) return shipmentOf('nothing', [all]);
  if (held.version === table.version && equalBytes(held.root, table.root)) return shipmentOf('held', []);
  const base = earlier.length - (table.version - held.version);
  const known = earlier[base];
  if (!known || !equalBytes(held.root, known.root)) return shipmentOf('nothing', [all]);
  const changes = earlier.slice(base).flatMap(({ added, removed }, i): Part[] => {
    const part = (list: Part['list'], rows: number): Part[] =>
      rows === 0 ? [] : [{ list, version: held.version + i + 1, rows, coding: changeCoding(table, rows, rowsInBatch) }];
    return [...part('removed', removed), ...part('added', added)];
  });
  // Past a point the changes are longer than what they lead to.
  return bytesOf(changes) < bytesOf([all]) ? shipmentOf('held', changes) : shipmentOf('nothing', [all]);
}

/** Which bucket of which part a message of the shipment carries. @throws {RangeError} for a number that it does not have. */
export function placeInShipment(
  { parts }: Shipment,
  index: number,
): { readonly part: Part; readonly partIndex: number; readonly bucket: number } {
  let first = 0;
  for (const [partIndex, part] of parts.entries()) {
    const count = bucketCount(part.coding);
    if (index < first + count) return { part, partIndex, bucket: index - first };
    first += count;
  }
  throw new RangeError(`expected a message below ${first}, got ${index}`);
}

function shipmentOf(from: Shipment['from'], parts: readonly Part[]): Shipment {
  return { from, parts, bucketCount: parts.reduce((sum, { coding }) => sum + bucketCount(coding), 0) };
}

/** Near enough to choose by: each bucket is rounded up to whole bytes. */
function bytesOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { rows, coding }) => {
    const count = bucketCount(coding);
    return sum + count * bucketBytes(coding, Math.ceil(rows / count));
  }, 0);
}
