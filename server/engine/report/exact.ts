/**
 * An exact report's guard, where the rows are: whom each number is about, which numbers may be told together, and the sets of people that later answers are held
 * against.
 */
import { readFile } from 'node:fs/promises';
import type { PersonNumbers, ReleaseTable, TrueNumbers } from '@causeway/core/applications/request';
import { type FigureBook, PersonSet, type ReleasedSet } from '@causeway/core/policy/query';
import type { Database } from '../database.ts';
import { writeFileWhole } from '../disk.ts';
import { appendSet, onlySet, type People, peopleSql, type Stretch } from '../query/person-sets.ts';
import type { OpenTables } from '../query/tables.ts';
import type { TaskContext } from '../task.ts';
import { columnWords } from '../words.ts';
import { ReportFigures } from './figures.ts';

export interface WantedGuard {
  /** Fewest persons behind a number. */
  readonly k: number;
  /** Where the sets are written. */
  readonly path: string;
  /** All of the room's tables: how many people are in each is known. */
  readonly people: readonly People[];
  /** Who is told: organisations that know their own rows. */
  readonly receivers: readonly string[];
}

export interface ReportGuard {
  /** By table, in the order of its cells. */
  readonly shown: Readonly<Record<string, readonly boolean[]>>;
  /** Of each table that was wanted. */
  readonly known: readonly (Stretch & { readonly owners: readonly string[] })[];
  /** Of each number that is shown: its people, and what each adds to it where it is a sum. */
  readonly sets: readonly { readonly persons: Stretch; readonly marks?: Stretch }[];
}

/** Gives the people of a report's numbers, in ascending order. */
export type Fill = (people: PeopleOfNumbers) => Promise<void>;

/**
 * Holds an exact report's numbers against each other, and writes the sets of people that later answers are held against.
 */
export async function guardReport(
  of: {
    readonly tables: readonly ReleaseTable[];
    readonly numbers: TrueNumbers;
    /** Of people that there could be. */
    readonly kinds: readonly PersonNumbers[];
    readonly fill: Fill;
    /** The same of the events that one receiver has alone, for each who has some and not all. */
    readonly alone: readonly Fill[];
  },
  wanted: WantedGuard,
  rows: OpenTables,
  context: TaskContext,
): Promise<ReportGuard> {
  const known: Uint32Array[] = [];
  for (const table of wanted.people) known.push(await onlySet(rows.database, peopleSql(table, rows)));
  const figures = new ReportFigures(
    of.tables,
    wanted.people.map(({ table }) => table),
  );
  const people = new PeopleOfNumbers(figures, known);
  await of.fill(people);
  people.end();
  figures.requireTotals(of.numbers);
  figures.addPossible(of.kinds);
  const alone: FigureBook[] = [];
  for (const fill of of.alone) {
    const own = new ReportFigures(of.tables, []);
    await fill(new PeopleOfNumbers(own, []));
    alone.push(own.book);
  }
  const shown = figures.shown(wanted.k, alone);
  return { shown, ...(await writeSets(figures, { shown, known }, wanted, context)) };
}

/** Takes people in as they pass by, with those between them who are in the room's tables alone. */
export class PeopleOfNumbers {
  readonly #figures: ReportFigures;
  readonly #known: readonly { readonly persons: Uint32Array; at: number }[];
  readonly #own = { figures: [] as number[], low: [] as number[], high: [] as number[] };

  constructor(figures: ReportFigures, known: readonly Uint32Array[]) {
    this.#figures = figures;
    this.#known = known.map((persons) => ({ persons, at: 0 }));
  }

  /** @param words of each amount: low and high. */
  add(person: number, entries: Iterable<readonly [figure: number, low: number, high: number]>): void {
    this.#passBy(person);
    for (const [figure, low, high] of entries) this.#push(figure, low, high);
    this.#take(person);
  }

  addNumbers(person: number, numbers: PersonNumbers): void {
    const entries = this.#figures.entriesOf(numbers);
    this.add(
      person,
      entries.map(([figure, amount]) => [figure, amount >>> 0, Math.floor(amount / 2 ** 32)] as const),
    );
  }

  /** @param members by table, a SELECT of `cell`, `person` and `amount`. */
  async addAll(members: Readonly<Record<string, string>>, database: Database): Promise<void> {
    const parts = Object.entries(members)
      .filter(([table]) => this.#figures.has(table))
      .map(([table, sql]) => `SELECT person, ${this.#figures.figureOf(table)} + cell AS figure, amount FROM (${sql})`);
    const sql = `SELECT person, CAST(figure AS BIGINT) AS figure, CAST(amount AS BIGINT) AS amount FROM (${parts.join(' UNION ALL ')}) ORDER BY person, figure`;
    let last = -1;
    let entries: (readonly [number, number, number])[] = [];
    for await (const chunk of database.chunks(sql)) {
      const [person, figure, amount] = [columnWords(chunk, 0, 1), columnWords(chunk, 1, 2), columnWords(chunk, 2, 2)];
      for (let i = 0; i < chunk.rowCount; i++) {
        if (person[i] !== last) {
          if (last >= 0) this.add(last, entries);
          entries = [];
          last = person[i]!;
        }
        entries.push([figure[2 * i]!, amount[2 * i]!, amount[2 * i + 1]! | 0]);
      }
    }
    if (last >= 0) this.add(last, entries);
  }

  /** Takes in whoever is left. */
  end(): void {
    this.#passBy(Number.POSITIVE_INFINITY);
  }

  /** Those before a person whom no number is about. */
  #passBy(person: number): void {
    for (;;) {
      const next = this.#known.reduce((least, { persons, at }) => Math.min(least, persons[at] ?? least), person);
      if (next === person) return;
      this.#take(next);
    }
  }

  #take(person: number): void {
    this.#known.forEach((table, place) => {
      if (table.persons[table.at] !== person) return;
      table.at++;
      this.#push(this.#figures.figureOfPeople(place), 1, 0);
    });
    const { figures, low, high } = this.#own;
    this.#figures.book.add(person, { count: figures.length, figures, low, high });
    for (const list of [figures, low, high]) list.length = 0;
  }

  #push(figure: number, low: number, high: number): void {
    this.#own.figures.push(figure);
    this.#own.low.push(low);
    this.#own.high.push(high);
  }
}

async function writeSets(
  figures: ReportFigures,
  of: { readonly shown: ReportGuard['shown']; readonly known: readonly Uint32Array[] },
  { path, people }: WantedGuard,
  context: TaskContext,
): Promise<Omit<ReportGuard, 'shown'>> {
  const { book } = figures;
  const file = await writeFileWhole(context.disk, path, context.taskId);
  try {
    const known: ReportGuard['known'][number][] = [];
    for (const [place, persons] of of.known.entries()) {
      known.push({ owners: [people[place]!.owner], ...(await appendSet(file, PersonSet.from(persons))) });
    }
    const sets: ReportGuard['sets'][number][] = [];
    for (const { figure, people: whose } of figures.told(of.shown)) {
      const persons = await appendSet(file, book.persons(whose));
      const marks = book.marks(figure);
      sets.push(marks === undefined ? { persons } : { persons, marks: await appendSet(file, marks) });
    }
    await file.finish();
    return { known, sets };
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** @param report of the task that wrote the file. @throws {DecodeError} where the file was damaged. */
export async function readReportSets(
  path: string,
  { known, sets }: ReportGuard,
  owners: readonly string[],
): Promise<{ readonly known: readonly ReleasedSet[]; readonly sets: readonly ReleasedSet[] }> {
  const bytes = await readFile(path);
  const setAt = ({ offset, length }: Stretch) => PersonSet.decode(bytes.subarray(offset, offset + length));
  return {
    known: known.map((set) => ({ owners: set.owners, persons: setAt(set) })),
    sets: sets.map(({ persons, marks }) => ({
      owners,
      persons: setAt(persons),
      ...(marks === undefined ? {} : { marks: setAt(marks) }),
    })),
  };
}
