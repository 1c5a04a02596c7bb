/** What a column looks like, from its first rows; no value is repeated. */
import type { Grade } from '../import/types.ts';
import { type DateReading, readDates } from './dates.ts';
import { guessGrade } from './grade.ts';
import { maskValue } from './mask.ts';

export interface ColumnReport {
  readonly name: string;
  /** Up to three values with every letter and digit replaced. */
  readonly samples: readonly string[];
  /** Share of the sampled rows with a value, from 0 to 1. */
  readonly filledShare: number;
  readonly grade: Grade;
  readonly dates: DateReading | null;
  readonly warnings: readonly string[];
}

const dateSampleMax = 1_000;

/** @param rows a sample's records; a record that is an empty line has no cells. */
export function reportColumn(
  name: string,
  rows: readonly (readonly string[])[],
  index: number,
  columns: readonly string[],
): ColumnReport {
  const filled = rows.map((row) => row[index] ?? '').filter((value) => value !== '');
  const grade = guessGrade(name, filled, false);
  const warnings: string[] = [];
  if (columns.indexOf(name) !== columns.lastIndexOf(name))
    warnings.push('another column has the same name; it must be renamed before either can be used');
  if (name === '') warnings.push('the column has no name');
  if (filled.length === 0) warnings.push('no value in the first rows');
  const dates = readDates(filled.slice(0, dateSampleMax)) ?? null;
  return {
    name,
    samples: [...new Set(filled.slice(0, 100).map(maskValue))].slice(0, 3),
    filledShare: rows.length === 0 ? 0 : filled.length / rows.length,
    grade,
    dates: dates !== null && (grade === 'personal' || grade === 'sensitive') ? { ...dates, examples: [] } : dates,
    warnings,
  };
}
