/**
 * Which rows are one person: an exact waterfall by pseudonym. Person tables come first, in the order of the terms; each row is one person, and joins
 * a person that is known by a pseudonym of the first kind that it shares with one. Rows of event tables go to whoever bears their pseudonym.
 */
import type { Layout } from '@causeway/core/applications/room';
import { type Database, sqlText } from '../database.ts';
import type { LoadReport } from './load.ts';
import { rawTable } from './load.ts';

/** A pseudonym on more rows of a person table than this is no one person's: a telephone of a whole company. */
const sharedRowsMax = 20;

/** Leaves `assigned_i` (row, person) for each table, and `surrogates` (person, number). */
export async function resolvePersons(
  database: Database,
  layouts: readonly Layout[],
  secret: string,
): Promise<LoadReport> {
  await database.run('CREATE TABLE known (kind UTINYINT, a UBIGINT, b UBIGINT, person BIGINT, ids UTINYINT)');
  await database.run('CREATE SEQUENCE persons START 1');
  const order = [...layouts.entries()].sort(
    ([i, a], [j, b]) => Number(a.rows === 'event') - Number(b.rows === 'event') || i - j,
  );
  const reports: LoadReport['tables'][number][] = [];
  for (const [i, layout] of order) {
    const setAside = await listIds(database, i, layout, secret);
    await database.run(`CREATE TABLE assigned_${i} ("row" UINTEGER, person BIGINT)`);
    if (layout.rows === 'person') await assignPersonRows(database, i, layout);
    else await assignEventRows(database, i, layout);
    await rememberIds(database, i);
    const [[rows, assigned] = []] = await database.rows(
      `SELECT (SELECT count(*) FROM ${rawTable(i)}), (SELECT count(*) FROM assigned_${i})`,
    );
    reports[i] = { rows: Number(assigned), dropped: Number(rows) - Number(assigned), setAside };
  }
  const all = layouts.map((_, i) => `SELECT person FROM assigned_${i}`).join(' UNION ');
  await database.run(
    `CREATE TABLE surrogates AS SELECT person, row_number() OVER (ORDER BY sha256(${sqlText(secret)} || 'person' || person)) - 1 AS number FROM (${all})`,
  );
  const [[persons] = []] = await database.rows('SELECT count(*) FROM surrogates');
  return { tables: reports, persons: Number(persons) };
}

/** Every pseudonym of a table as a row of its own, without those that too many rows share. @returns how many those are. */
async function listIds(database: Database, i: number, layout: Layout, secret: string): Promise<number> {
  const kinds = Array.from(
    { length: layout.pseudonyms },
    (_, kind) =>
      `SELECT "row", CAST(${kind} AS UTINYINT) AS kind, a${kind} AS a, b${kind} AS b FROM ${rawTable(i)} WHERE a${kind} IS NOT NULL`,
  );
  await database.run(`CREATE OR REPLACE TABLE ids AS ${kinds.join(' UNION ALL ')}`);
  let setAside = 0;
  if (layout.rows === 'person') {
    await database.run(
      `CREATE OR REPLACE TABLE shared AS SELECT kind, a, b FROM ids GROUP BY ALL HAVING count(*) > ${sharedRowsMax}`,
    );
    await database.run(
      'DELETE FROM ids USING shared WHERE ids.kind = shared.kind AND ids.a = shared.a AND ids.b = shared.b',
    );
    const [[count] = []] = await database.rows('SELECT count(*) FROM shared');
    setAside = Number(count);
  }
  // Among rows that share a pseudonym the one with most of them comes first, and then whichever was drawn.
  await database.run(
    `CREATE OR REPLACE TABLE ranked AS SELECT ids.*, n, sha256(${sqlText(secret)} || '${i} row ' || ids."row") AS tie
     FROM ids JOIN (SELECT "row", CAST(count(*) AS UTINYINT) AS n FROM ids GROUP BY "row") USING ("row")`,
  );
  return setAside;
}

async function assignPersonRows(database: Database, i: number, layout: Layout): Promise<void> {
  for (let kind = 0; kind < layout.pseudonyms; kind++) {
    await database.run(`INSERT INTO assigned_${i}
      WITH mine AS (
        SELECT a, b, arg_min("row", (255 - n, tie)) AS "row" FROM ranked
        WHERE kind = ${kind} AND "row" NOT IN (SELECT "row" FROM assigned_${i}) GROUP BY a, b),
      theirs AS (
        SELECT a, b, arg_min(person, (255 - ids, person)) AS person FROM known
        WHERE kind = ${kind} AND person NOT IN (SELECT person FROM assigned_${i}) GROUP BY a, b)
      SELECT arg_min("row", (a, b)), person FROM mine JOIN theirs USING (a, b) GROUP BY person`);
  }
  await database.run(`INSERT INTO assigned_${i} SELECT "row", nextval('persons') FROM ${rawTable(i)}
    WHERE "row" NOT IN (SELECT "row" FROM assigned_${i})`);
}

async function assignEventRows(database: Database, i: number, layout: Layout): Promise<void> {
  for (let kind = 0; kind < layout.pseudonyms; kind++) {
    await database.run(`INSERT INTO assigned_${i}
      SELECT "row", person FROM ranked
      JOIN (SELECT a, b, arg_min(person, (255 - ids, person)) AS person FROM known WHERE kind = ${kind} GROUP BY a, b) USING (a, b)
      WHERE kind = ${kind} AND "row" NOT IN (SELECT "row" FROM assigned_${i})`);
  }
  // Whom nobody knows is told apart by the first kind of identifier that the row has.
  await database.run(`CREATE OR REPLACE TABLE strangers AS
    SELECT "row", arg_min({'kind': kind, 'a': a, 'b': b}, kind) AS id FROM ranked
    WHERE "row" NOT IN (SELECT "row" FROM assigned_${i}) GROUP BY "row"`);
  await database.run(`INSERT INTO assigned_${i}
    SELECT "row", person FROM strangers JOIN (SELECT id, nextval('persons') AS person FROM (SELECT DISTINCT id FROM strangers)) USING (id)`);
}

/** From here on these persons are known by the pseudonyms of this table too. */
async function rememberIds(database: Database, i: number): Promise<void> {
  await database.run(`INSERT INTO known
    SELECT kind, a, b, person, max(n) FROM ranked JOIN assigned_${i} USING ("row") GROUP BY kind, a, b, person`);
}
