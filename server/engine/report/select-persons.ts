/**
 * Which rows of one owner's upload are in an audience: its rule is run over the room's tables, and comes back as one bit for each place of that upload. The
 * people in it go to a file of the room beside, for the guard that holds every audience and exact answer against the others.
 */
import { type AudienceRequest, eventsSql, resolveSelection } from '@causeway/core/applications/request';
import { selectSql } from '@causeway/core/applications/select';
import type { Catalogue } from '@causeway/core/policy/query';
import { writeFileWhole } from '../disk.ts';
import { type People, type PersonSetReport, writeSelectedSet } from '../query/person-sets.ts';
import { type OpenTables, openFiles, type TableFiles } from '../query/tables.ts';
import type { TaskContext } from '../task.ts';
import { withinTime } from '../time-limit.ts';
import { columnWords } from '../words.ts';
import { findPlaces } from './find-places.ts';
import { formOf, writeEvents } from './run.ts';

export interface SelectInput {
  readonly request: AudienceRequest;
  readonly catalogue: Catalogue;
  readonly tables: readonly TableFiles[];
  /** Files with one column, `person`. */
  readonly audiences: readonly TableFiles[];
  /** The file of `place` and `person` that `loadRoom` wrote. */
  readonly places: string;
  /** Tables whose people are known to their owners from the start. */
  readonly people: readonly People[];
  /** Where the sets of persons go. */
  readonly personSets: string;
  /** Where the bits go: bit i of byte i / 8, least significant first, is place i. */
  readonly to: string;
  readonly timeLimitMs: number;
}

export interface SelectReport {
  /** Places of the upload: bits in the file. */
  readonly places: number;
  readonly guard: PersonSetReport;
}

/** @throws {DataError} `time-limit`, `out-of-memory`; of the files. */
export async function selectPersons(input: SelectInput, context: TaskContext): Promise<SelectReport> {
  return withinTime(context, input.timeLimitMs, (bounded) => run(input, bounded));
}

async function run(input: SelectInput, context: TaskContext): Promise<SelectReport> {
  const { request, catalogue, people, personSets } = input;
  const { selection, reader } = resolveSelection(request, catalogue);
  const forms = [...reader.tables.values()].map(formOf);
  const tables = await openFiles(
    { ...input, tables: [...input.tables, { name: placesName, files: [input.places] }], forms },
    context,
  );
  try {
    const { database } = tables;
    await findPlaces(reader.places, tables);
    const events =
      reader.eventTables.length === 0
        ? ''
        : await writeEvents(database, { sql: eventsSql(reader.eventTables, tables), name: 'events.parquet' }, context);
    await database.run(`CREATE TEMP TABLE selected AS ${selectSql(selection.rule, selection.source(tables, events))}`);
    const wanted = { path: personSets, people };
    const guard = await writeSelectedSet({ selected: 'SELECT person FROM selected', tables, wanted }, context);
    return { places: await writePlaces(tables, input.to, context), guard };
  } finally {
    tables.close();
  }
}

/** No table of a catalogue has an empty name. */
const placesName = '';

async function writePlaces({ database, table }: OpenTables, to: string, context: TaskContext): Promise<number> {
  const [[count] = []] = await database.rows(`SELECT count(*) FROM ${table(placesName)}`);
  const bits = new Uint8Array(Math.ceil(Number(count) / 8));
  const sql = `SELECT CAST(place AS UINTEGER) FROM ${table(placesName)} WHERE person IN (SELECT person FROM selected)`;
  for await (const chunk of database.chunks(sql)) {
    const places = columnWords(chunk, 0, 1);
    for (let i = 0; i < chunk.rowCount; i++) bits[places[i]! >>> 3]! |= 1 << (places[i]! & 7);
  }
  const file = await writeFileWhole(context.disk, to, context.taskId);
  try {
    await file.write(bits);
    await file.finish();
  } catch (error) {
    await file.discard();
    throw error;
  }
  return Number(count);
}
