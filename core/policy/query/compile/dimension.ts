/** What a table of figures is broken down by, as cells of one column. */
import { complementRanges, normalRanges } from '../diagram/ranges.ts';
import { QueryRefused } from '../refusal.ts';
import { type AtomRange, atomCount } from '../rules/domain.ts';
import type { Constant } from '../tree/constant.ts';
import type { GroupTerm } from '../tree/group.ts';
import type { Predicate } from '../tree/predicate.ts';
import { calendarRanges } from './calendar.ts';
import { atomsOf, type Conditions } from './conditions.ts';

export type Label = string | number | null;

export interface Cell {
  readonly label: Label;
  readonly ranges: readonly AtomRange[];
}

export interface Dimension {
  readonly variable: number;
  /** By their first atoms: no cell is empty, no two overlap, and every atom is in one. */
  readonly cells: readonly Cell[];
}

export const cellsMax = 10_000;

/** @throws {QueryRefused} for what is finer than the column's grid, more than one column, or too many cells. */
export function dimensionOf(term: GroupTerm, conditions: Conditions): Dimension {
  const dimension = term.kind === 'case' ? caseCells(term, conditions) : columnCells(term, conditions);
  if (dimension.cells.length > cellsMax) throw new QueryRefused('too-many-cells', { at: term.at });
  return dimension;
}

function columnCells(term: Exclude<GroupTerm, { kind: 'case' }>, conditions: Conditions): Dimension {
  const { at } = term;
  const variable = conditions.variableOf(term.name, 'group');
  const { domain } = conditions.variables[variable]!;
  const missing = { label: null, from: atomCount(domain), to: atomsOf(conditions.variables[variable]!) };
  if (term.kind !== 'column') {
    if (domain.kind !== 'time') throw new QueryRefused('not-a-time', { at });
    return { variable, cells: byLabel([...calendarRanges(term, domain), missing]) };
  }
  switch (domain.kind) {
    case 'category': {
      const values = domain.values.map((label, atom) => ({ label, from: atom, to: atom + 1 }));
      return { variable, cells: byLabel([...values, missing]) };
    }
    case 'number': {
      if (domain.grid > 1) throw new QueryRefused('group-finer-than-grid', { at });
      const count = atomCount(domain);
      if (count > cellsMax) throw new QueryRefused('too-many-cells', { at });
      const values = Array.from({ length: count }, (_, atom) => ({
        label: domain.min + atom,
        from: atom,
        to: atom + 1,
      }));
      return { variable, cells: byLabel([...values, missing]) };
    }
    case 'time':
    case 'flag':
      throw new QueryRefused('group-by-instant', { at });
  }
}

function caseCells(term: Extract<GroupTerm, { kind: 'case' }>, conditions: Conditions): Dimension {
  const { at } = term;
  const choices = term.branches.map(({ when, label }) => ({
    ...atomsWhere(when, conditions, at),
    label: labelOf(label),
  }));
  const variable = choices[0]?.variable;
  if (variable === undefined || choices.some((choice) => choice.variable !== variable)) {
    throw new QueryRefused('case-columns', { at });
  }
  const count = atomsOf(conditions.variables[variable]!);
  const labelled: LabelledAtoms[] = [];
  let left: readonly AtomRange[] = [{ from: 0, to: count }];
  for (const { isTrue, label } of choices) {
    const taken = intersection(left, isTrue, count);
    labelled.push(...taken.map((range) => ({ ...range, label })));
    left = intersection(left, complementRanges(isTrue, count), count);
  }
  labelled.push(...left.map((range) => ({ ...range, label: labelOf(term.otherwise) })));
  return { variable, cells: byLabel(labelled) };
}

interface Atoms {
  readonly variable: number;
  readonly isTrue: readonly AtomRange[];
  readonly isFalse: readonly AtomRange[];
}

/** A condition on one column alone, as sets of its atoms. @throws {QueryRefused} `case-columns` for two columns. */
function atomsWhere(predicate: Predicate, conditions: Conditions, at: number | undefined): Atoms {
  switch (predicate.kind) {
    case 'not': {
      const { variable, isTrue, isFalse } = atomsWhere(predicate.term, conditions, at);
      return { variable, isTrue: isFalse, isFalse: isTrue };
    }
    case 'and':
    case 'or': {
      const terms = predicate.terms.map((term) => atomsWhere(term, conditions, at));
      const variable = terms[0]?.variable;
      if (variable === undefined || terms.some((term) => term.variable !== variable)) {
        throw new QueryRefused('case-columns', { at });
      }
      const count = atomsOf(conditions.variables[variable]!);
      const [trues, falses] = [terms.map(({ isTrue }) => isTrue), terms.map(({ isFalse }) => isFalse)];
      const all = (sets: readonly (readonly AtomRange[])[]) => sets.reduce((a, b) => intersection(a, b, count));
      return predicate.kind === 'and'
        ? { variable, isTrue: all(trues), isFalse: normalRanges(falses.flat()) }
        : { variable, isTrue: normalRanges(trues.flat()), isFalse: all(falses) };
    }
    default:
      return conditions.leaf(predicate, 'group');
  }
}

interface LabelledAtoms extends AtomRange {
  readonly label: Label;
}

/** What has one label is one cell; 1 and '1' are two. */
function byLabel(labelled: readonly LabelledAtoms[]): readonly Cell[] {
  const cells = new Map<string, { label: Label; ranges: AtomRange[] }>();
  for (const { label, from, to } of labelled) {
    const key = JSON.stringify(label);
    const cell = cells.get(key) ?? { label, ranges: [] };
    cell.ranges.push({ from, to });
    cells.set(key, cell);
  }
  return [...cells.values()]
    .map(({ label, ranges }) => ({ label, ranges: normalRanges(ranges) }))
    .filter(({ ranges }) => ranges.length > 0)
    .sort((a, b) => a.ranges[0]!.from - b.ranges[0]!.from);
}

function intersection(a: readonly AtomRange[], b: readonly AtomRange[], count: number): readonly AtomRange[] {
  return complementRanges([...complementRanges(a, count), ...complementRanges(b, count)], count);
}

function labelOf(constant: Constant): Label {
  switch (constant.type) {
    case 'text':
      return constant.text;
    case 'number':
      return Number(constant.unscaled);
    case 'null':
      return null;
    default:
      throw new QueryRefused('case-result', { at: constant.at });
  }
}
