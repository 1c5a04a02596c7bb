/** A report's numbers as figures of one book, with the room's tables beside them: which of them may be told together. */
import type { PersonNumbers, ReleaseTable, TrueNumbers } from '@causeway/core/applications/request';
import { FigureBook, type PersonSet, tellableFigures } from '@causeway/core/policy/query';

export class ReportFigures {
  readonly book: FigureBook;
  readonly #tables: readonly ReleaseTable[];
  readonly #starts = new Map<string, number>();
  /** The room's tables of rows, each a figure after those of the report's numbers. */
  readonly #rowTables: readonly string[];
  readonly #count: number;

  constructor(tables: readonly ReleaseTable[], rowTables: readonly string[]) {
    this.#tables = tables;
    this.#rowTables = rowTables;
    let count = 0;
    for (const { name, cells } of tables) {
      this.#starts.set(name, count);
      count += cells;
    }
    this.#count = count;
    const peopleOf = tables.flatMap(({ name, cells, people: of }) =>
      Array.from({ length: cells }, (_, cell) =>
        of.table === name ? undefined : this.#starts.get(of.table)! + (of.cell === 'first' ? 0 : cell),
      ),
    );
    this.book = new FigureBook({ peopleOf: [...peopleOf, ...rowTables.map(() => undefined)] });
  }

  has(table: string): boolean {
    return this.#starts.has(table);
  }

  figureOf(table: string, cell = 0): number {
    return this.#starts.get(table)! + cell;
  }

  /** Everybody in a table of rows. */
  figureOfPeople(place: number): number {
    return this.#count + place;
  }

  addPossible(kinds: readonly PersonNumbers[]): void {
    for (const numbers of kinds) {
      const entries = this.entriesOf(numbers);
      this.book.addPossible(
        entries.map(([figure]) => figure),
        entries.map(([, amount]) => amount),
      );
    }
  }

  entriesOf(numbers: PersonNumbers): readonly (readonly [figure: number, amount: number])[] {
    return Object.entries(numbers).flatMap(([table, cells]) =>
      this.#starts.has(table) ? cells.map(([cell, amount]) => [this.figureOf(table, cell), amount] as const) : [],
    );
  }

  /** Our own bug, and a guard that would not be one: people and numbers that do not belong together. */
  requireTotals(numbers: TrueNumbers): void {
    for (const { name, cells } of this.#tables) {
      for (let cell = 0; cell < cells; cell++) {
        if (this.book.total(this.figureOf(name, cell)) !== numbers[name]![cell]) {
          throw new Error(`${name}: its people do not add up to its numbers`);
        }
      }
    }
  }

  /**
   * @param alone what each receiver counts of its own events alone: figures of the same numbers.
   * @returns by table, in the order of its cells.
   */
  shown(k: number, alone: readonly FigureBook[]): Readonly<Record<string, readonly boolean[]>> {
    const { book } = this;
    const tables = this.#rowTables.map((_, place) => this.figureOfPeople(place));
    const own = this.#tables.filter(({ isOwn }) => isOwn).flatMap((table) => this.#figuresOf(table));
    const known = own.map((figure) => book.persons(figure));
    const isTellable = (figure: number, table: ReleaseTable) =>
      book.size(this.#peopleOf(table, figure)) >= k &&
      !book.isDominated(figure) &&
      !known.some((own) => isNear(own, book.persons(figure), k)) &&
      !alone.some((own) => isNear(own.persons(figure), book.persons(figure), k) || isMarkedNear(own, book, figure, k));
    const wanted = this.#tables
      .filter(({ isOwn }) => !isOwn)
      .flatMap((table) => {
        const figures = this.#figuresOf(table).filter((figure) => isTellable(figure, table));
        return figures.sort((a, b) => book.size(b) - book.size(a) || a - b);
      });
    const told = tellableFigures(book, { wanted, known: tables }, k);
    return Object.fromEntries(
      this.#tables.map((table) => [
        table.name,
        this.#figuresOf(table).map((figure) => table.isOwn || told.has(figure)),
      ]),
    );
  }

  /** Figures that are told, each with those of its people. */
  told(
    shown: Readonly<Record<string, readonly boolean[]>>,
  ): readonly { readonly figure: number; readonly people: number }[] {
    return this.#tables
      .filter(({ isOwn }) => !isOwn)
      .flatMap((table) =>
        this.#figuresOf(table)
          .filter((_, cell) => shown[table.name]![cell])
          .map((figure) => ({ figure, people: this.#peopleOf(table, figure) })),
      );
  }

  #figuresOf({ name, cells }: ReleaseTable): number[] {
    return Array.from({ length: cells }, (_, cell) => this.figureOf(name, cell));
  }

  #peopleOf({ name, people }: ReleaseTable, figure: number): number {
    return this.figureOf(people.table, people.cell === 'first' ? 0 : figure - this.figureOf(name));
  }
}

/** Whoever counts one of them alone learns about the few by whom the other differs. */
function isNear(a: PersonSet, b: PersonSet, k: number): boolean {
  const difference = a.differenceTo(b);
  return difference > 0 && difference < k;
}

/** The same of sums to which few people add other amounts: each of them has another mark in both. */
function isMarkedNear(own: FigureBook, book: FigureBook, figure: number, k: number): boolean {
  const [a, b] = [own.marks(figure), book.marks(figure)];
  return a !== undefined && b !== undefined && isNear(a, b, 2 * k);
}
