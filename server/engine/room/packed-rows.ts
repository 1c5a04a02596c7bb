/** Packed rows into a table of DuckDB, column by column: no parser ever sees what a contributor sent. */
import {
  columnBytes,
  type Layout,
  type LayoutColumn,
  nullCode,
  nullKey,
  nullNumber,
} from '@causeway/core/applications/room';
import { BIGINT, DuckDBDataChunk, type DuckDBType, type DuckDBValue, UBIGINT, UINTEGER } from '@duckdb/node-api';
import type { Database } from '../database.ts';
import { DataError } from '../errors.ts';

/** Rows of DuckDB's vectors. */
const chunkRows = 2048;
/** Rows that are in memory at a time, beside the table itself. */
export const packedRowsAtOnce = 8 * chunkRows;
const pseudonymBytes = 16;

/** Packed rows, one after the other, wherever they are. */
export interface PackedRows {
  readonly bytes: number;
  /** Fills all of `into` with what stands from byte `at` on. */
  read(into: Uint8Array, at: number): Promise<void>;
}

/**
 * Makes `table` with the columns `row` (the place, from 0), `a0`, `b0`, … (halves of pseudonyms, NULL for none) and `c0`, …
 * @throws {DataError} `wrong-form` unless it is a whole number of rows.
 */
export async function readPackedRows(
  database: Database,
  table: string,
  layout: Layout,
  packed: PackedRows,
): Promise<void> {
  const { rowBytes } = layout;
  if (packed.bytes % rowBytes !== 0) {
    throw new DataError('wrong-form', `An upload of ${layout.table} is not a whole number of rows. It was refused.`);
  }
  const fields = fieldsOf(layout);
  const names = fields.map(({ name, type }) => `"${name}" ${type}`);
  await database.run(`CREATE TABLE ${table} ("row" UINTEGER, ${names.join(', ')})`);
  const types: DuckDBType[] = [UINTEGER, ...fields.map(({ type }) => duckTypes[type])];
  const appender = await database.connection.createAppender(table);
  const rowCount = packed.bytes / rowBytes;
  const buffer = new Uint8Array(Math.min(packedRowsAtOnce, rowCount) * rowBytes);
  const view = new DataView(buffer.buffer);
  for (let first = 0; first < rowCount; first += packedRowsAtOnce) {
    const held = Math.min(packedRowsAtOnce, rowCount - first);
    await packed.read(buffer.subarray(0, held * rowBytes), first * rowBytes);
    for (let from = 0; from < held; from += chunkRows) {
      const rows = Math.min(chunkRows, held - from);
      const chunk = DuckDBDataChunk.create(types, rows);
      chunk.setColumnValues(
        0,
        Array.from({ length: rows }, (_, i) => first + from + i),
      );
      for (const [k, { offset, read }] of fields.entries()) {
        const values: DuckDBValue[] = new Array(rows);
        for (let i = 0; i < rows; i++) values[i] = read(view, (from + i) * rowBytes + offset);
        chunk.setColumnValues(k + 1, values);
      }
      appender.appendDataChunk(chunk);
    }
  }
  appender.flushSync();
  appender.closeSync();
}

const duckTypes = { UBIGINT, UINTEGER, BIGINT } as const;

interface Field {
  readonly name: string;
  readonly type: keyof typeof duckTypes;
  readonly offset: number;
  readonly read: (view: DataView, at: number) => DuckDBValue;
}

function fieldsOf(layout: Layout): Field[] {
  const fields: Field[] = [];
  for (let kind = 0; kind < layout.pseudonyms; kind++) {
    const offset = kind * pseudonymBytes;
    const half = (shift: 0 | 8) => (view: DataView, at: number) => {
      const [low, high] = [view.getBigUint64(at - shift, true), view.getBigUint64(at - shift + 8, true)];
      if (low === 0n && high === 0n) return null;
      return shift === 0 ? low : high;
    };
    fields.push({ name: `a${kind}`, type: 'UBIGINT', offset, read: half(0) });
    fields.push({ name: `b${kind}`, type: 'UBIGINT', offset: offset + 8, read: half(8) });
  }
  let offset = layout.pseudonyms * pseudonymBytes;
  for (const [i, column] of layout.columns.entries()) {
    fields.push({ name: `c${i}`, offset, ...cellOf(column) });
    offset += columnBytes(column);
  }
  return fields;
}

function cellOf({ kind }: LayoutColumn): Pick<Field, 'type' | 'read'> {
  switch (kind) {
    case 'code':
      return { type: 'UINTEGER', read: (view, at) => unless(nullCode, view.getUint16(at, true)) };
    case 'number':
    case 'place':
      return { type: 'BIGINT', read: (view, at) => unless(nullNumber, view.getBigInt64(at, true)) };
    case 'key':
      return { type: 'UINTEGER', read: (view, at) => unless(nullKey, view.getUint32(at, true)) };
  }
}

function unless<T>(missing: T, value: T): T | null {
  return value === missing ? null : value;
}
