/**
 * How the rows of an upload stand in bytes: fixed width, little-endian, nothing to be parsed. First the pseudonyms, one for each kind of
 * identifier (zeros where a row has none), then the columns in the order of the rules. A category is its place among the values that its rule
 * declares, so no text crosses.
 */
import { type CoordinateSystem, rowsPerDegree } from '../../geo/index.ts';
import type { ColumnRule } from '../../policy/query/index.ts';
import { pseudonymBytes } from '../../protocols/join-spine/index.ts';
import { catalogueOf } from './catalogue.ts';
import type { RoomTerms } from './terms.ts';

export type LayoutColumn =
  | {
      readonly kind: 'code';
      readonly name: string;
      /** By code. */
      readonly values: readonly string[];
      readonly isNullable: boolean;
    }
  | {
      readonly kind: 'number';
      readonly name: string;
      /** Both inclusive. */
      readonly min: number;
      readonly max: number;
      readonly isNullable: boolean;
      /** Of a time: seconds since the epoch. */
      readonly isTime: boolean;
    }
  | {
      /** The number of a place on the grid of so many rows in a degree (`core/geo`). */
      readonly kind: 'place';
      readonly name: string;
      /** What the coordinates mean that it is made of. */
      readonly system: CoordinateSystem;
      readonly perDegree: number;
      readonly isNullable: boolean;
    }
  | {
      /** A number from 1 on for each distinct value, given in an order that is drawn for one upload: what is equal is equal, and that is all. */
      readonly kind: 'key';
      readonly name: string;
      /** Rows that may have none: those with one of these codes in another column, given by its place. */
      readonly exempt: { readonly column: number; readonly codes: readonly number[] } | undefined;
    };

export interface Layout {
  readonly table: string;
  /** The column that will say whose row it is. */
  readonly person: string;
  readonly rows: 'person' | 'event';
  /** Pseudonyms of a row. */
  readonly pseudonyms: number;
  readonly columns: readonly LayoutColumn[];
  readonly rowBytes: number;
  /** Rows in a chunk; the last one may hold fewer. */
  readonly chunkRows: number;
}

/** A frame between nodes holds a chunk and what stands around it. */
export const chunkPlaintextMax = 192 * 1024;
/** Stand before the rows of chunk 0. */
export const saltBytes = 32;
/** A value that is missing. */
export const nullCode = 0xffff;
export const nullNumber: bigint = -(2n ** 63n);
export const nullKey = 0;
const codeBytes = 2;
const numberBytes = 8;
const keyBytes = 4;

/** @throws {RangeError} for a table that nobody contributes. */
export function layoutOf(terms: RoomTerms, table: string): Layout {
  const catalogue = catalogueOf(terms, 'any');
  const rules = catalogue.tables.find(({ name }) => name === table);
  if (!rules) throw new RangeError(`nobody contributes ${table} to this room`);
  const listed = rules.columns.filter(({ name }) => name !== rules.person);
  const columns = listed.map((rule) => columnOf(rule, listed));
  const pseudonyms = terms.rounds.length;
  const rowBytes = columns.reduce((sum, column) => sum + columnBytes(column), pseudonyms * pseudonymBytes);
  const chunkRows = Math.floor((chunkPlaintextMax - saltBytes) / rowBytes);
  return { table: rules.name, person: rules.person, rows: rules.kind, pseudonyms, columns, rowBytes, chunkRows };
}

/** Bytes of a value. */
export function columnBytes({ kind }: LayoutColumn): number {
  switch (kind) {
    case 'code':
      return codeBytes;
    case 'number':
    case 'place':
      return numberBytes;
    case 'key':
      return keyBytes;
  }
}

function columnOf(rule: ColumnRule, all: readonly ColumnRule[]): LayoutColumn {
  switch (rule.type) {
    case 'category':
      return { kind: 'code', name: rule.name, values: rule.values, isNullable: rule.isNullable };
    case 'integer':
    case 'money':
      return {
        kind: 'number',
        name: rule.name,
        min: rule.min,
        max: rule.max,
        isNullable: rule.isNullable,
        isTime: false,
      };
    case 'time':
      return {
        kind: 'number',
        name: rule.name,
        // A day to each side for the zone; the engine cuts to the very second.
        min: Date.parse(rule.from) / 1000 - 86_400,
        max: Date.parse(rule.to) / 1000 + 86_400,
        isNullable: rule.isNullable,
        isTime: true,
      };
    case 'place':
      return {
        kind: 'place',
        name: rule.name,
        system: rule.system,
        perDegree: rowsPerDegree(rule.radiusMin),
        isNullable: rule.isNullable,
      };
    case 'key':
      return { kind: 'key', name: rule.name, exempt: rule.name === 'order_ref' ? noOrders(all) : undefined };
  }
}

/** Touches are of no order. */
function noOrders(columns: readonly ColumnRule[]): { column: number; codes: number[] } | undefined {
  const column = columns.findIndex(({ name }) => name === 'kind');
  const rule = columns[column];
  if (rule?.type !== 'category') return undefined;
  const codes = [...rule.values.keys()].filter((code) => !['order', 'refund'].includes(rule.values[code]!));
  return codes.length === 0 ? undefined : { column, codes };
}
