/** A guest's list as it is read, whatever file it came in. */
export interface Table {
  /** Names of the columns; column1, column2, … where the file names none. */
  readonly header: readonly string[];
  /** Whether the file's first row is the header. */
  readonly hasHeader: boolean;
  /** As many cells as columns. */
  readonly rows: readonly (readonly string[])[];
  /** Where a column has its first formula, by the column's position: the row as a spreadsheet counts. */
  readonly formulas: ReadonlyMap<number, number>;
}

/** What a file holds: one table, and of a workbook those that could have been taken instead. */
export interface ReadFile {
  readonly table: Table;
  /** The one that was read; undefined where a file has no sheets. */
  readonly sheet: string | undefined;
  /** All that can be seen, in order. */
  readonly sheets: readonly string[];
}
