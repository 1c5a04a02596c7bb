/**
 * An exact answer: no noise, and no formal guarantee. Groups below the minimum and sums that one person dominates are hidden, together with as many others
 * as it takes that they do not follow from totals; what is shown comes with the sets of people that the difference guard needs.
 */
import type { CompiledQuery } from '../compile/compile.ts';
import type { ReleasedSet } from '../guard/difference.ts';
import { PersonSet } from '../guard/person-set.ts';
import { amountMeasures, cellParts, eventDimensions, type Measure } from '../plan.ts';
import { type HiddenGroups, nameOf, type ReleasedNumbers } from './numbers.ts';
import type { Contribution, RawGuard } from './raw.ts';
import { hiddenCells, type TableCell } from './suppress.ts';

export interface ExactRelease {
  readonly numbers: ReleasedNumbers;
  /** Whom each shown figure is about: to be held against all earlier ones before anything is released, and remembered. */
  readonly sets: readonly ReleasedSet[];
}

interface ExactCell extends TableCell {
  readonly witnesses: readonly PersonSet[];
  readonly contributions: readonly Contribution[];
}

const nobody = PersonSet.from(new Uint32Array(0));

export function releaseExact(
  query: CompiledQuery,
  numbers: readonly (readonly bigint[])[],
  guard: RawGuard,
): ExactRelease {
  const { plan, vectors, k } = query;
  const tables = plan.questions.map((_, question) => cellsOf(query, guard, question));
  const isSmall = (cells: readonly ExactCell[]) => isTooSmall(cells, k);
  const hidden = tables.map((cells) => hiddenCells(cells, isSmall));
  const values = vectors.map((vector, i) => {
    const { question, cells } = vector;
    const shown = cells.map((cell, place) => (hidden[question]!.has(cell) ? null : String(numbers[i]![place])));
    return [nameOf(vector), shown] as const;
  });
  const owners = [...new Set(plan.tables.map(({ owner }) => owner))];
  const sets = tables.flatMap((cells, question) =>
    cells
      .filter(({ number }) => !hidden[question]!.has(number))
      .flatMap(({ witnesses, contributions }) =>
        setsOf(
          witnesses[0]!,
          contributions.map(({ marks }) => marks),
        ),
      ),
  );
  const joint = jointValues(query, numbers, { tables, hidden, isSmall });
  return {
    numbers: { values: Object.fromEntries(values), ...(joint && { hidden: joint.groups }) },
    sets: [...sets, ...(joint?.sets ?? [])].map((set) => ({ owners, ...set })),
  };
}

type Told = Omit<ReleasedSet, 'owners'>;

/** People, and what they add to each sum about them. */
function setsOf(persons: PersonSet, marks: readonly PersonSet[]): readonly Told[] {
  return marks.length === 0 ? [{ persons }] : marks.map((added) => ({ persons, marks: added }));
}

function cellsOf({ plan, vectors, witnesses }: CompiledQuery, guard: RawGuard, question: number): readonly ExactCell[] {
  const persons = vectors.find((vector) => vector.question === question && vector.measure === 0)!;
  return persons.cells.map((number) => {
    const sets = witnesses[question]!.map(
      (vector) => guard.questions[vectors[vector]!.question]!.persons.get(number) ?? nobody,
    );
    return {
      number,
      parts: cellParts(number, plan.dimensions),
      size: sets[0]!.size,
      witnesses: sets,
      contributions: guard.questions[question]!.contributions.get(number) ?? [],
    };
  });
}

/**
 * Fewer than the minimum of any owner's people; a sum of which one person gave more than half; or one to which fewer than the minimum add another amount than all
 * others do, for then the number of people, so many times, and the sum are about those few.
 */
function isTooSmall(cells: readonly ExactCell[], k: number): boolean {
  const owners = cells[0]!.witnesses.map((_, i) => cells.map(({ witnesses }) => witnesses[i]!));
  if (owners.some((sets) => unionOf(sets).size < k)) return true;
  return cells[0]!.contributions.some((_, i) => {
    const all = cells.flatMap(({ contributions }) => contributions[i] ?? []);
    const largest = all.reduce((most, { largest }) => (largest > most ? largest : most), 0n);
    const total = all.reduce((sum, contribution) => sum + contribution.total, 0n);
    return 2n * largest > total || areApart(all, k);
  });
}

/** Whether few differ from the most. Of several cells this says so where it cannot tell, which hides them. */
function areApart(all: readonly Contribution[], k: number): boolean {
  const apart = all.reduce((sum, contribution) => sum + contribution.apart, 0);
  const isAlike = apart === 0 && all.every(({ usual }) => usual === all[0]!.usual);
  return apart < k && !isAlike;
}

/** The hidden groups of the answer's rows in one line, where they are not too few together. */
function jointValues(
  query: CompiledQuery,
  numbers: readonly (readonly bigint[])[],
  table: {
    readonly tables: readonly (readonly ExactCell[])[];
    readonly hidden: readonly ReadonlySet<number>[];
    readonly isSmall: (cells: readonly ExactCell[]) => boolean;
  },
): { readonly groups: HiddenGroups; readonly sets: readonly Told[] } | undefined {
  const { plan, vectors } = query;
  const rows = table.hidden[0]!;
  if (rows.size === 0) return undefined;
  const isDisjoint = eventDimensions(plan).length === 0;
  const sets: Told[] = [];
  const values: Record<string, string> = {};
  vectors.forEach((vector, i) => {
    const { question, measure, cells } = vector;
    const hidden = table.hidden[question]!;
    const together = table.tables[question]!.filter(({ number }) => hidden.has(number));
    // A figure of which other groups are hidden has no place in this line.
    const isSame = hidden.size === rows.size && together.every(({ number }) => rows.has(number));
    if (!isSame || table.isSmall(together)) return;
    const { kind }: Measure = plan.questions[question]!.measures[measure]!;
    const persons = unionOf(together.map(({ witnesses }) => witnesses[0]!));
    // People in several groups would be counted, and weighed for dominance, once for each.
    if (kind !== 'persons' && !isDisjoint) return;
    const sum = cells.reduce((all, cell, place) => (hidden.has(cell) ? all + numbers[i]![place]! : all), 0n);
    values[nameOf(vector)] = kind === 'persons' ? String(persons.size) : String(sum);
    const place = amountMeasures(plan, plan.questions[question]!).indexOf(measure);
    const marks =
      place < 0 ? [] : [unionOf(together.flatMap(({ contributions }) => contributions[place]?.marks ?? []))];
    sets.push(...setsOf(persons, marks));
  });
  return { groups: { groups: rows.size, values }, sets };
}

function unionOf(sets: readonly PersonSet[]): PersonSet {
  return sets.reduce((all, set) => all.union(set), nobody);
}
