/** The places of a table that a rule's circles hold, found once for all of its statements: each place that somebody is at is measured, and no other. */
import type { WantedPlaces } from '@causeway/core/applications/request';
import { Circles, positionOfPlace, rowsPerDegree, toWgs84 } from '@causeway/core/geo';
import { BIGINT, DuckDBDataChunk, type DuckDBValue } from '@duckdb/node-api';
import { sqlName } from '../database.ts';
import type { OpenTables } from '../query/tables.ts';
import { columnWords } from '../words.ts';

/** Makes a table with a column `place` for each. */
export async function findPlaces(wanted: readonly WantedPlaces[], tables: OpenTables): Promise<void> {
  for (const each of wanted) await find(each, tables);
}

async function find({ name, table, column, condition }: WantedPlaces, { database, table: source }: OpenTables) {
  const rule = table.columns.find((each) => each.name === column);
  if (rule?.type !== 'place') throw new TypeError(`expected a place in ${table.name}.${column}`);
  const perDegree = rowsPerDegree(rule.radiusMin);
  const centres = condition.of.map((point) => toWgs84(point, condition.system));
  const circles = new Circles(centres, condition.withinMetres);
  await database.run(`CREATE TEMP TABLE ${sqlName(name)} (place BIGINT)`);
  const appender = await database.connection.createAppender(name);
  const places = sqlName(column);
  const sql = `SELECT DISTINCT CAST(${places} AS BIGINT) FROM ${source(table.name)} WHERE ${places} IS NOT NULL`;
  for await (const chunk of database.chunks(sql)) {
    const words = columnWords(chunk, 0, 2);
    const inside: DuckDBValue[] = [];
    for (let i = 0; i < chunk.rowCount; i++) {
      const place = words[2 * i + 1]! * 2 ** 32 + words[2 * i]!;
      if (circles.hold(positionOfPlace(place, perDegree))) inside.push(BigInt(place));
    }
    const packed = DuckDBDataChunk.create([BIGINT], inside.length);
    packed.setColumnValues(0, inside);
    appender.appendDataChunk(packed);
  }
  appender.flushSync();
  appender.closeSync();
}
