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

const chunkRows = 2048;
const pseudonymBytes = 16;

/** Makes `table` with the columns `row` (the place, from 0), `a0`, `b0`, … (halves of pseudonyms, NULL for none) and `c0`, … */
export async function readPackedRows(
  database: Database,
  table: string,
  layout: Layout,
  packed: Uint8Array,
): Promise<void> {
  if (packed.length % layout.rowBytes !== 0) {
    throw new DataError('wrong-form', `An upload of ${layout.table} is not a whole number of rows. It was refused.`);
  }
  const fields = fieldsOf(layout);
  const names = fields.map(({ name, type }) => `"${name}" ${type}`);
  await database.run(`CREATE TABLE ${table} ("row" UINTEGER, ${names.join(', ')})`);
  const types: DuckDBType[] = [UINTEGER, ...fields.map(({ type }) => duckTypes[type])];
  const appender = await database.connection.createAppender(table);
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const rowCount = packed.length / layout.rowBytes;
  for (let from = 0; from < rowCount; from += chunkRows) {
    const rows = Math.min(chunkRows, rowCount - from);
    const chunk = DuckDBDataChunk.create(types, rows);
    chunk.setColumnValues(
      0,
      Array.from({ length: rows }, (_, i) => from + i),
    );
    for (const [k, { offset, read }] of fields.entries()) {
      const values: DuckDBValue[] = new Array(rows);
      for (let i = 0; i < rows; i++) values[i] = read(view, (from + i) * layout.rowBytes + offset);
      chunk.setColumnValues(k + 1, values);
    }
    appender.appendDataChunk(chunk);
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
