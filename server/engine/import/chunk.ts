/**
 * One chunk of rows on its way through DuckDB: identifiers normalised, everything counted, written as one part of the dataset.
 * Chunks bound what is in flight, and let DuckDB work on one while the next is being read.
 */
import { rename } from 'node:fs/promises';
import { type IdProfile, normaliser, normaliseSelect } from '@causeway/core/identifiers';
import { DuckDBDataChunk, type DuckDBListValue, INTEGER, VARCHAR } from '@duckdb/node-api';
import { type Database, parquetTable, sqlText } from '../database.ts';
import { typeCountsSql } from './attribute-type.ts';
import { separator } from './clean-rows.ts';
import type { Selection } from './columns.ts';
import type { Statistics } from './statistics.ts';

/** A file of clean rows. */
export interface CleanFile {
  readonly path: string;
  readonly longestRowBytes: number;
  /** Rows up to its end, since the beginning of the import. */
  readonly rowsSoFar: number;
}

const lineBytesUsual = 1024 * 1024;
const lineBytesMax = 40 * 1024 * 1024;

/** SQL for the clean rows of a file: `row`, then `c0`, `c1`, … as VARCHAR. */
export function cleanRelation(file: CleanFile, columnCount: number): string {
  const columns = Array.from({ length: columnCount }, (_, i) => `'c${i}': 'VARCHAR'`);
  const lineBytes = file.longestRowBytes < lineBytesUsual ? lineBytesUsual : lineBytesMax;
  return `SELECT * FROM read_csv(${sqlText(file.path)}, auto_detect = false, header = false, delim = '${String.fromCharCode(separator)}',
    quote = '"', escape = '"', new_line = '\\n', strict_mode = true, null_padding = false, max_line_size = ${lineBytes},
    buffer_size = ${8 * lineBytes}, columns = {${["'row': 'UINTEGER'", ...columns].join(', ')}})`;
}

/** The same for JSON Lines, whose rows are read whole: `keys` are taken out of each object. */
export function jsonRelation(file: CleanFile, keys: readonly string[]): string {
  const columns = keys.map((key, i) => `json_extract_string(c0, ${sqlText(jsonPointer(key))}) AS c${i}`);
  return `SELECT "row", ${columns.join(', ')} FROM (${cleanRelation(file, 1)})`;
}

/** The rows of a JSON Lines chunk that are no objects. */
export function badJsonRows(file: CleanFile): string {
  return `SELECT min("row") FROM (${cleanRelation(file, 1)})
    WHERE c0 IS NOT NULL AND (NOT json_valid(c0) OR CASE WHEN json_valid(c0) THEN json_type(c0) END IS DISTINCT FROM 'OBJECT')`;
}

/**
 * Normalises a relation of clean rows into one Parquet part, in row order: `row`, per id `v` (the canonical text or NULL), per
 * attribute `a`, and beside each `v` what was done; and adds what it counts to `statistics`.
 */
export async function normaliseChunk(
  database: Database,
  chunk: {
    readonly relation: string;
    readonly part: string;
    readonly selection: Selection;
    readonly rowGroupRows: number;
  },
  statistics: Statistics,
): Promise<void> {
  const { ids, attributes } = chunk.selection;
  const columns = ids.map(({ profile }, i) => ({ profile, column: `c${i}`, as: `v${i}` }));
  const keep = [
    { column: '"row"', as: '"row"' },
    ...ids.map((_, i) => ({ column: `c${i}`, as: `c${i}` })),
    ...attributes.map((_, i) => ({ column: `c${ids.length + i}`, as: `a${i}` })),
  ];
  const raw = ids.map((_, i) => `c${i}`);
  const waiting = ids.map((_, i) => `CASE WHEN v${i}_refusal = 'needs-parsing' THEN c${i} END AS v${i}_waiting`);
  const normalised = normaliseSelect(`(${chunk.relation})`, columns, keep);
  await writePart(database, `SELECT * EXCLUDE (${raw.join(', ')}), ${waiting.join(', ')} FROM (${normalised})`, chunk);
  for (const [i, { profile }] of ids.entries()) await parseWaiting(database, chunk, i, profile);
  await count(database, chunk.part, chunk.selection, statistics);
}

async function writePart(
  database: Database,
  query: string,
  to: { readonly part: string; readonly rowGroupRows: number },
): Promise<void> {
  await database.run(
    `COPY (${query}) TO ${sqlText(to.part)} (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE ${to.rowGroupRows}, OVERWRITE_OR_IGNORE)`,
  );
}

const parseBatchRows = 20_000;
const vectorRows = 2_048;

/** What SQL cannot judge goes, each distinct text once, through the reference in JavaScript; then the part is written again. */
async function parseWaiting(
  database: Database,
  chunk: { readonly part: string; readonly rowGroupRows: number },
  id: number,
  profile: IdProfile,
): Promise<void> {
  const part = parquetTable(chunk.part);
  const [value, change, refusal, waiting] = [`v${id}`, `v${id}_change`, `v${id}_refusal`, `v${id}_waiting`];
  await database.run(
    `CREATE OR REPLACE TEMP TABLE waiting AS SELECT DISTINCT ${waiting} AS text FROM ${part} WHERE ${waiting} IS NOT NULL`,
  );
  const [[count] = []] = await database.rows('SELECT count(*) FROM waiting');
  if (count === 0n) return;
  const judge = normaliser(profile);
  await database.run(
    'CREATE OR REPLACE TEMP TABLE parsed (id INTEGER, value VARCHAR, change VARCHAR, refusal VARCHAR)',
  );
  const appender = await database.connection.createAppender('parsed', null, 'temp');
  for (let from = 0; from < Number(count); from += parseBatchRows) {
    // The mark before the text keeps the binding from taking a byte order mark at its beginning away.
    const batch = await database.rows(
      `SELECT rowid, '|' || text FROM waiting WHERE rowid >= ${from} AND rowid < ${from + parseBatchRows}`,
    );
    const answers = batch.map(([id, text]) => {
      const result = judge(String(text).slice(1));
      return result.ok
        ? [Number(id), result.value, result.changes.join(',') || null, null]
        : [Number(id), null, null, result.reason];
    });
    for (let at = 0; at < answers.length; at += vectorRows) {
      const data = DuckDBDataChunk.create([INTEGER, VARCHAR, VARCHAR, VARCHAR], vectorRows);
      data.setRows(answers.slice(at, at + vectorRows));
      appender.appendDataChunk(data);
    }
  }
  appender.closeSync();
  const parsed = `${chunk.part}.parsed`;
  await writePart(
    database,
    `SELECT p.* EXCLUDE (${waiting}) REPLACE (
       CASE WHEN ${waiting} IS NULL THEN p.${value} ELSE q.value END AS ${value},
       CASE WHEN ${waiting} IS NULL THEN p.${change} ELSE q.change END AS ${change},
       CASE WHEN ${waiting} IS NULL THEN p.${refusal} ELSE q.refusal END AS ${refusal}), NULL::VARCHAR AS ${waiting}
     FROM ${part} p LEFT JOIN (SELECT text, value, change, refusal FROM waiting JOIN parsed ON waiting.rowid = parsed.id) q ON p.${waiting} = q.text ORDER BY p."row"`,
    { part: parsed, rowGroupRows: chunk.rowGroupRows },
  );
  await database.run('DROP TABLE parsed');
  await database.run('DROP TABLE waiting');
  await rename(parsed, chunk.part);
}

async function count(
  database: Database,
  part: string,
  { ids, attributes }: Selection,
  statistics: Statistics,
): Promise<void> {
  const from = parquetTable(part);
  for (const i of ids.keys()) {
    for (const [kind, column] of [
      ['changed', `v${i}_change`],
      ['refused', `v${i}_refusal`],
    ] as const) {
      const rows = await database.rows(
        `SELECT ${column}, count(*), min("row", 5) FROM ${from} WHERE ${column} IS NOT NULL GROUP BY ALL`,
      );
      for (const [reasons, count, first] of rows)
        statistics.addReasons(i, kind, String(reasons), Number(count), numbers(first));
    }
  }
  if (attributes.length > 0) {
    const counts = attributes.map((_, i) => typeCountsSql(`a${i}`, statistics.typeCounts(i)));
    const [row = []] = await database.rows(`SELECT ${counts.join(', ')} FROM ${from}`);
    statistics.addTypes(row.map(Number));
  }
}

/** A DuckDB list of row numbers. */
function numbers(list: unknown): number[] {
  return (list as DuckDBListValue).items.map(Number);
}

/** RFC 6901. */
function jsonPointer(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
