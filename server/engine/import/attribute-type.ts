/**
 * The type under which an attribute is stored. A type is given only where every value says so and none loses anything by it:
 * "007" stays text, and so does a column with a single value that is no date [F16].
 */

/** Times are local to whoever wrote the file: no zone is assumed, none is applied. */
export type AttributeType = 'text' | 'integer' | 'decimal' | 'date' | 'timestamp';

const typeOrder = ['integer', 'decimal', 'date', 'timestamp'] as const;

/** Per column: how many values there are, and how many would pass for each type. */
export interface TypeCounts {
  filled: number;
  integer: number;
  decimal: number;
  date: number;
  timestamp: number;
}

export function noTypeCounts(): TypeCounts {
  return { filled: 0, integer: 0, decimal: 0, date: 0, timestamp: 0 };
}

/**
 * SQL aggregates over a VARCHAR expression, in the order of `TypeCounts`.
 * @param soFar a type that some earlier value ruled out is not tried again: its count is 0.
 */
export function typeCountsSql(value: string, soFar: TypeCounts): string {
  const counted = typeOrder.map((type) =>
    soFar[type] < soFar.filled ? '0' : `count(*) FILTER (${typedSql(value, type)} IS NOT NULL)`,
  );
  return [`count(${value})`, ...counted].join(', ');
}

export function decideType(counts: TypeCounts): AttributeType {
  if (counts.filled === 0) return 'text';
  return typeOrder.find((type) => counts[type] === counts.filled) ?? 'text';
}

/** The value under its type; NULL where it is no such value. */
export function typedSql(value: string, type: AttributeType): string {
  switch (type) {
    case 'text':
      return value;
    case 'integer':
      return `CASE WHEN CAST(TRY_CAST(${value} AS BIGINT) AS VARCHAR) = ${value} THEN TRY_CAST(${value} AS BIGINT) END`;
    case 'decimal':
      return `CASE WHEN length(${value}) <= 16 AND regexp_full_match(${value}, '-?(0|[1-9][0-9]*)([.][0-9]+)?') THEN TRY_CAST(${value} AS DOUBLE) END`;
    case 'date':
      return `CAST(${tried(value, ['%Y-%m-%d', '%Y/%m/%d', '%Y年%m月%d日'])} AS DATE)`;
    case 'timestamp':
      return tried(value, timestampForms);
  }
}

const timestampForms = [
  '%Y-%m-%d %H:%M:%S',
  '%Y-%m-%dT%H:%M:%S',
  '%Y/%m/%d %H:%M:%S',
  '%Y-%m-%d %H:%M',
  '%Y/%m/%d %H:%M',
  '%Y-%m-%d %H:%M:%S.%f',
];

/** Years of four digits only: "24-03-04" says neither its century nor its order. */
function tried(value: string, forms: readonly string[]): string {
  const attempts = forms.map((form) => `try_strptime(${value}, '${form}')`).join(', ');
  return `CASE WHEN regexp_matches(${value}, '^[0-9]{4}[-/年]') THEN coalesce(${attempts}) END`;
}

export function duckType(type: AttributeType): string {
  const names = { text: 'VARCHAR', integer: 'BIGINT', decimal: 'DOUBLE', date: 'DATE', timestamp: 'TIMESTAMP' };
  return names[type];
}
