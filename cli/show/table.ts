/** Short tables in plain text, aligned also where characters take two columns. */
import { fit, padEnd, padStart, textWidth, visible } from './text.ts';

/** A longer cell is cut: a name of ten thousand characters must not push the other columns away. */
const cellWidthMax = 48;

export interface Column {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly right?: true;
  /** Never cut: something to copy. */
  readonly whole?: true;
}

/**
 * @param rows as many cells a row as there are columns.
 * @returns lines without line ends, the titles first.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const shown = (cell: string, index: number) =>
    columns[index]?.whole ? visible(cell) : fit(visible(cell), cellWidthMax);
  const cells = [columns.map((column) => column.title), ...rows.map((row) => row.map(shown))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => textWidth(row[index] ?? ''))));
  return cells.map((row) =>
    row
      .map((cell, index) => (columns[index]?.right ? padStart : padEnd)(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** One line for each fact, the values one below the other; a fact without a value is left out. */
export function facts(pairs: readonly (readonly [label: string, value: string | undefined])[]): string[] {
  const told = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  const width = Math.max(0, ...told.map(([label]) => textWidth(label)));
  return told.map(([label, value]) => `${padEnd(label, width)}  ${visible(value)}`.trimEnd());
}

export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}
