/** Which delimiter and quoting a text uses. */
import type { Dialect } from './delimited.ts';
import { type Sample, sampleRecords } from './sample.ts';

/** In order of preference where two fit equally: comma, tab, semicolon, bar, and Hive's ^A. */
const delimiters = [0x2c, 0x09, 0x3b, 0x7c, 0x01] as const;

const sampleBytes = 256 * 1024;

/**
 * The delimiter under which the text's first records all have the same number of columns, the largest such number if several do.
 * A fixed choice of the user's is kept.
 */
export function detectDialect(
  text: Uint8Array,
  chosen: { readonly delimiter?: number | 'none'; readonly quote?: Dialect['quote'] },
  options: { readonly whole: boolean },
): Dialect {
  const whole = options.whole && text.length <= sampleBytes;
  const start = text.subarray(0, whole ? text.length : sampleBytes);
  const tried: Attempt[] = [];
  for (const quote of chosen.quote === undefined ? (['double', 'none'] as const) : [chosen.quote]) {
    for (const delimiter of chosen.delimiter === undefined ? delimiters : [chosen.delimiter]) {
      const dialect = { delimiter, quote };
      tried.push(attempt(dialect, sampleRecords(start, dialect, { whole })));
    }
  }
  const clean = tried.filter(({ isClean, columnCount }) => isClean && columnCount > 1);
  const quoted = clean.filter(({ dialect }) => dialect.quote === 'double');
  const fitting = quoted.length > 0 ? quoted : clean;
  if (fitting.length > 0) return best(fitting, ({ columnCount }) => columnCount).dialect;
  // A fault within the sample, or one column: several columns are far more common, and the reading will name the faulty row.
  const several = tried.filter(({ columnCount }) => columnCount > 1);
  if (several.length > 0)
    return best(several, ({ columnCount, recordCount }) => recordCount * 1e5 + columnCount).dialect;
  return (tried.find(({ isClean }) => isClean) ?? tried[0]!).dialect;
}

interface Attempt {
  readonly dialect: Dialect;
  readonly isClean: boolean;
  readonly columnCount: number;
  readonly recordCount: number;
}

function attempt(dialect: Dialect, sample: Sample): Attempt {
  return {
    dialect,
    isClean: sample.fault === undefined,
    columnCount: sample.records.find(({ length }) => length > 0)?.length ?? 0,
    recordCount: sample.records.length,
  };
}

function best<T>(items: readonly T[], score: (item: T) => number): T {
  return items.reduce((found, item) => (score(item) > score(found) ? item : found));
}
