/**
 * Places of a dataset as numbers of the grid that the agreement lets them be told by: converted from the system that their owner named, and rounded. What is no
 * place stops it, with the reasons and how many rows each has; nothing is guessed, moved or left out.
 */
import { type LayoutColumn, nullNumber } from '@causeway/core/applications/room';
import {
  PositionError,
  type PositionErrorCode,
  placeInColumns,
  placeNumber,
  positionErrorCodes,
  positionSentences,
} from '@causeway/core/geo';
import { BIGINT, DuckDBDataChunk, type DuckDBValue, UINTEGER } from '@duckdb/node-api';
import { parquetTable, sqlName } from '../database.ts';
import { type Dataset, requireAttributes } from '../dataset.ts';
import { DataError } from '../errors.ts';
import { columnDoubles, columnWords } from '../words.ts';
import type { SourceColumn } from './encode.ts';

interface PlaceSource {
  readonly column: Extract<LayoutColumn, { readonly kind: 'place' }>;
  /** Which has latitudes: the terms name both. */
  readonly latitude: string;
  readonly longitude: string;
  /** Of the numbers, row by row. */
  readonly table: string;
}

/** Makes the table of a column's places. @throws {DataError} `missing-column`; `value-not-allowed` with what is wrong with how many rows. */
export async function placeColumn(
  dataset: Dataset,
  source: PlaceSource,
  { parquet }: { readonly parquet: string },
): Promise<SourceColumn> {
  const { column, latitude, longitude, table } = source;
  requireAttributes(dataset.description, [latitude, longitude], parquet);
  await dataset.database.run(`CREATE TEMP TABLE ${table} ("row" UINTEGER, place BIGINT)`);
  const faults = await writePlaces(dataset, source);
  const found = positionErrorCodes.filter((code) => faults[code] > 0);
  if (found.length > 0) {
    const reasons = found.map((code) => `${faults[code]} rows: ${positionSentences[code].en}`);
    throw new DataError(
      'value-not-allowed',
      `Columns ${JSON.stringify(latitude)} and ${JSON.stringify(longitude)} are not places everywhere. ${reasons.join(' ')} Mend the data, or agree on another rule for ${JSON.stringify(column.name)}; nothing was uploaded.`,
      { column: latitude },
    );
  }
  const packed = `coalesce(${table}.place, CAST(${nullNumber} AS BIGINT))`;
  return { column, packed, forbidden: 'false', joined: table };
}

/** @returns how many rows have what fault. */
async function writePlaces(
  { database, path }: Dataset,
  { column, latitude, longitude, table }: PlaceSource,
): Promise<Readonly<Record<PositionErrorCode, number>>> {
  const faults = Object.fromEntries(positionErrorCodes.map((code) => [code, 0])) as Record<PositionErrorCode, number>;
  const degrees = (name: string) => `TRY_CAST(CAST(${sqlName(name)} AS VARCHAR) AS DOUBLE)`;
  const isMissing = [latitude, longitude].map((name) => `coalesce(CAST(${sqlName(name)} AS VARCHAR), '') = ''`);
  const sql = `SELECT CAST("row" AS UINTEGER), CASE WHEN ${isMissing.join(' AND ')} THEN 1 ELSE 0 END::UINTEGER,
    coalesce(${degrees(latitude)}, 'nan'::DOUBLE), coalesce(${degrees(longitude)}, 'nan'::DOUBLE) FROM ${parquetTable(path)}`;
  const appender = await database.connection.createAppender(table);
  for await (const chunk of database.chunks(sql)) {
    const [rows, missing] = [columnWords(chunk, 0, 1), columnWords(chunk, 1, 1)];
    const [north, east] = [columnDoubles(chunk, 2), columnDoubles(chunk, 3)];
    const places: DuckDBValue[] = Array.from({ length: chunk.rowCount }, (_, i) => {
      if (missing[i] === 1) {
        if (!column.isNullable) faults['no-number']++;
        return null;
      }
      try {
        const position = placeInColumns({ latitude: north[i]!, longitude: east[i]! }, column.system);
        return BigInt(placeNumber(position, column.perDegree));
      } catch (error) {
        if (!(error instanceof PositionError)) throw error;
        faults[error.code]++;
        return null;
      }
    });
    const packed = DuckDBDataChunk.create([UINTEGER, BIGINT], chunk.rowCount);
    packed.setColumnValues(0, Array.from(rows));
    packed.setColumnValues(1, places);
    appender.appendDataChunk(packed);
  }
  appender.flushSync();
  appender.closeSync();
  return faults;
}
