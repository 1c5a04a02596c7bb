/** Packed rows for tests of what a room makes of them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Layout, nullCode, nullNumber } from '@causeway/core/applications/room';
import { SeededRandom } from '@causeway/core/random';
import { testFolder } from '../../testing/context.ts';

export interface TestRow {
  /** Names of pseudonyms, one for each kind, or none. */
  readonly ids: readonly (string | undefined)[];
  readonly values: readonly (number | null)[];
}

export function layout(table: string, kinds: number, changes: Partial<Layout> = {}): Layout {
  const columns = [
    { kind: 'code', name: 'city', values: ['north', 'south'], isNullable: true },
    { kind: 'number', name: 'spent', min: -1000, max: 1000, isNullable: true, isTime: false },
  ] as const;
  return {
    table,
    person: 'person',
    rows: 'person',
    pseudonyms: kinds,
    columns,
    rowBytes: kinds * 16 + 2 + 8,
    chunkRows: 1000,
    ...changes,
  };
}

/** @returns the path of a file of packed rows. */
export function packedFile(of: Layout, rows: readonly TestRow[], name = 'rows'): string {
  const packed = Buffer.alloc(rows.length * of.rowBytes);
  for (const [i, { ids, values }] of rows.entries()) {
    let at = i * of.rowBytes;
    for (const id of ids) {
      if (id !== undefined) packed.set(new SeededRandom(id).bytes(16), at);
      at += 16;
    }
    for (const [k, column] of of.columns.entries()) {
      const value = values[k] ?? null;
      if (column.kind === 'code') at = packed.writeUInt16LE(value ?? nullCode, at);
      else at = packed.writeBigInt64LE(value === null ? nullNumber : BigInt(value), at);
    }
  }
  const path = join(testFolder(), name);
  writeFileSync(path, packed);
  return path;
}
