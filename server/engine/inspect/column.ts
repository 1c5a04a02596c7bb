/** What a column looks like, from its first rows; no value is repeated. */
import { type Detection, detect, type Sentence } from '@causeway/core/identifiers';
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
  /** What identifier it seems to hold, for a person to confirm. */
  readonly identifier: Detection;
  /** A guess, for a person to confirm. */
  readonly grade: Grade;
  /** Examples only where the grade allows to show values. */
  readonly dates: DateReading | null;
  readonly warnings: readonly Sentence[];
}

/** @param cells the column's first cells, in order; @param columns the names of all columns. */
export function reportColumn(name: string, cells: readonly string[], columns: readonly string[]): ColumnReport {
  const filled = cells.filter((cell) => cell !== '');
  const identifier = detect({ name, cells: cells.map((cell) => (cell === '' ? null : cell)) });
  const grade = guessGrade(name, filled, identifier.type !== null);
  const dates = identifier.type === null ? (readDates(filled) ?? null) : null;
  const isPrivate = grade === 'personal' || grade === 'sensitive';
  return {
    name,
    samples: [...new Set(filled.slice(0, 100).map(maskValue))].slice(0, 3),
    filledShare: cells.length === 0 ? 0 : filled.length / cells.length,
    identifier,
    grade,
    dates: dates !== null && isPrivate ? { ...dates, examples: [] } : dates,
    warnings: warnings(name, filled.length, dates, columns),
  };
}

function warnings(
  name: string,
  filledCount: number,
  dates: DateReading | null,
  columns: readonly string[],
): Sentence[] {
  const found: Sentence[] = [];
  if (columns.indexOf(name) !== columns.lastIndexOf(name)) {
    found.push({
      en: 'another column has the same name; rename one of them before either is used',
      zh: '另有同名列；使用前请改名',
    });
  }
  if (name === '') found.push({ en: 'the column has no name', zh: '该列没有名称' });
  if (filledCount === 0) found.push({ en: 'no value in the first rows', zh: '前面的行中没有值' });
  if (dates?.isAmbiguous) {
    found.push({
      en: `dates could be read in more than one way; ${dates.form} is assumed nowhere, they stay text`,
      zh: `日期有多种读法；未按 ${dates.form} 转换，保留为文本`,
    });
  }
  return found;
}
