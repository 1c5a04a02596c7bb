/** The sets of persons behind an exact answer, in one file: they guard later answers, and never leave the room. */
import { readFile } from 'node:fs/promises';
import {
  amountMeasures,
  type ExactSql,
  markOfWords,
  marksOf,
  PersonSet,
  type Plan,
  type RawGuard,
} from '@causeway/core/policy/query';
import { type Database, sqlName } from '../database.ts';
import { type FileWriter, writeFileWhole } from '../disk.ts';
import type { TaskContext } from '../task.ts';
import { columnWords } from '../words.ts';
import type { OpenTables } from './tables.ts';

/** A table as a set of people. */
export interface People {
  readonly owner: string;
  readonly table: string;
  /** The column that says whose row it is. */
  readonly person: string;
}

export interface WantedSets {
  /** Where they are written. */
  readonly path: string;
  /** Tables whose people are wanted as well, whatever the question is about. */
  readonly people: readonly People[];
}

/** A set in the file. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

export interface PersonSetReport {
  /** Of each table that was wanted, and of the question's joined ones. */
  readonly known: readonly (Stretch & { readonly owners: readonly string[] })[];
  readonly questions: readonly {
    readonly cells: readonly (Stretch & {
      readonly cell: number;
      /** For each of `amountMeasures`. */
      readonly contributions: readonly {
        readonly largest: string;
        readonly total: string;
        readonly usual: string;
        readonly apart: number;
        readonly marks: Stretch;
      }[];
    })[];
  }[];
}

export async function writePersonSets(
  questions: readonly ExactSql[],
  of: { readonly plan: Plan; readonly tables: OpenTables; readonly wanted: WantedSets },
  context: TaskContext,
): Promise<PersonSetReport> {
  const { plan, tables, wanted } = of;
  const { database } = tables;
  const file = await writeFileWhole(context.disk, wanted.path, context.taskId);
  try {
    const known: PersonSetReport['known'][number][] = [];
    const owners = [...new Set(plan.tables.map(({ owner }) => owner))];
    known.push({ owners, ...(await append(file, await readOnly(database, questions[0]!.everybody))) });
    for (const people of wanted.people) {
      const stretch = await append(file, await onlySet(database, peopleSql(people, tables)));
      known.push({ owners: [people.owner], ...stretch });
    }
    const reports: PersonSetReport['questions'][number][] = [];
    for (const [i, sql] of questions.entries()) {
      const amountCount = amountMeasures(plan, plan.questions[i]!).length;
      const rows = await database.rows(sql.contributions.sql, sql.contributions.values);
      const found = new Map(rows.map(([cell, ...values]) => [Number(cell), values.map(String)]));
      const cells: PersonSetReport['questions'][number]['cells'][number][] = [];
      for await (const { cell, persons, marks } of readCells(database, sql.persons, amountCount)) {
        const stretch = await append(file, persons);
        const contributions = [];
        for (const [amount, added] of marks.entries()) {
          const [largest = '', total = '', usual = '', apart = ''] = found.get(cell)!.slice(4 * amount);
          const placed = await appendSet(file, marksOf(added));
          contributions.push({ largest, total, usual, apart: Number(apart), marks: placed });
        }
        cells.push({ cell, ...stretch, contributions });
      }
      reports.push({ cells });
    }
    await file.finish();
    return { known, questions: reports };
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** The people of an audience, as the one cell of an answer. @param of.selected a SELECT of `person`. */
export async function writeSelectedSet(
  of: { readonly selected: string; readonly tables: OpenTables; readonly wanted: WantedSets },
  context: TaskContext,
): Promise<PersonSetReport> {
  const { selected, tables, wanted } = of;
  const { database } = tables;
  const file = await writeFileWhole(context.disk, wanted.path, context.taskId);
  try {
    const known: PersonSetReport['known'][number][] = [];
    for (const people of wanted.people) {
      const stretch = await append(file, await onlySet(database, peopleSql(people, tables)));
      known.push({ owners: [people.owner], ...stretch });
    }
    const stretch = await append(file, await onlySet(database, selected));
    await file.finish();
    return { known, questions: [{ cells: [{ cell: 0, ...stretch, contributions: [] }] }] };
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** @param report of the task that wrote the file. @throws {DecodeError} where the file was damaged. */
export async function readPersonSets(path: string, report: PersonSetReport): Promise<RawGuard> {
  const bytes = await readFile(path);
  const setAt = ({ offset, length }: Stretch) => PersonSet.decode(bytes.subarray(offset, offset + length));
  return {
    known: report.known.map((set) => ({ owners: set.owners, persons: setAt(set) })),
    questions: report.questions.map(({ cells }) => ({
      persons: new Map(cells.map((cell) => [cell.cell, setAt(cell)])),
      contributions: new Map(
        cells.map(({ cell, contributions }) => [
          cell,
          contributions.map(({ largest, total, usual, apart, marks }) => ({
            largest: BigInt(largest),
            total: BigInt(total),
            usual: BigInt(usual),
            apart,
            marks: setAt(marks),
          })),
        ]),
      ),
    })),
  };
}

export function peopleSql({ table, person }: People, tables: Pick<OpenTables, 'table'>): string {
  const name = sqlName(person);
  return `SELECT ${name} AS person FROM ${tables.table(table)} WHERE ${name} IS NOT NULL`;
}

/** The one set of a statement of `person`. */
export function onlySet(database: Database, sql: string): Promise<Uint32Array> {
  return readOnly(database, {
    sql: `SELECT DISTINCT 0::BIGINT AS cell, person FROM (${sql}) ORDER BY person`,
    values: [],
  });
}

async function readOnly(database: Database, sql: ExactSql['everybody']): Promise<Uint32Array> {
  for await (const { persons } of readCells(database, sql, 0)) return persons;
  return new Uint32Array(0);
}

interface CellOfPersons {
  readonly cell: number;
  /** Ascending. */
  readonly persons: Uint32Array;
  /** Of each amount, `markOf` of each of them. */
  readonly marks: readonly Uint32Array[];
}

/** Cell by cell, of rows in the order of cell and person. */
async function* readCells(
  database: Database,
  sql: ExactSql['persons'],
  amountCount: number,
): AsyncGenerator<CellOfPersons> {
  let open: { readonly cell: number; readonly parts: Uint32Array[][] } | undefined;
  const closed = ({ cell, parts }: NonNullable<typeof open>): CellOfPersons => {
    const [persons, ...marks] = parts.map(joined);
    return { cell, persons: persons!, marks };
  };
  for await (const chunk of database.chunks(sql.sql, sql.values)) {
    const cells = columnWords(chunk, 0, 2);
    const persons = columnWords(chunk, 1, 1);
    const amounts = Array.from({ length: amountCount }, (_, i) => columnWords(chunk, 2 + i, 4));
    for (let start = 0; start < chunk.rowCount; ) {
      const [low, high] = [cells[2 * start]!, cells[2 * start + 1]!];
      let end = start + 1;
      while (end < chunk.rowCount && cells[2 * end] === low && cells[2 * end + 1] === high) end++;
      const cell = high * 2 ** 32 + low;
      if (open !== undefined && open.cell !== cell) yield closed(open);
      if (open?.cell !== cell) open = { cell, parts: Array.from({ length: 1 + amountCount }, () => []) };
      const own = persons.slice(start, end);
      open.parts[0]!.push(own);
      for (const [i, words] of amounts.entries()) {
        open.parts[1 + i]!.push(own.map((person, row) => markOfWords(person, words, 4 * (start + row))));
      }
      start = end;
    }
  }
  if (open !== undefined) yield closed(open);
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function append(file: FileWriter, persons: Uint32Array): Promise<Stretch> {
  return appendSet(file, PersonSet.from(persons));
}

export async function appendSet(file: FileWriter, set: PersonSet): Promise<Stretch> {
  const bytes = set.encode();
  const offset = file.length;
  await file.write(bytes);
  return { offset, length: bytes.length };
}
