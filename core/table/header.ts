/** Whether a table's first row names its columns. */

/**
 * Whether the first record holds names: none of its cells looks like a value (a number, a
 * date, a hash, an address); a file of names alone is taken to have a header, as nearly all have.
 */
export function looksLikeHeader(first: readonly string[]): boolean {
  const cells = first.map((cell) => cell.trim());
  if (cells.every((cell) => cell === '')) return false;
  return !cells.some((cell) => looksLikeValue.test(cell));
}

/** A column's name. Marks and blanks around it are never meant. */
export function columnName(cell: string): string {
  return cell.replaceAll(/\u200b|\u200c|\u200d|\ufeff/g, '').trim();
}

const looksLikeValue =
  /^([+-]?[\d０-９][\d０-９\s.,:/()+-]*%?|[0-9a-f]{32}|[0-9a-f]{64}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[^\s@]+@[^\s@]+\.[^\s@]+|[+-]?\d*\.?\d+e[+-]?\d+|null|true|false)$/i;
