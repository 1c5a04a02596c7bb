/** The bounds of a table that is read from somebody's file. They end a hostile file, not a large one. */
export const tableLimits = {
  /** One record of a text file, its line end included [F3]; one text of a workbook. */
  rowBytes: 16 * 1024 * 1024,
  columns: 10_000,
  /** Rows without a value between two with one: they are passed on, all at once. */
  emptyRows: 10_000,
  /** Row numbers are 32-bit. */
  rows: 0xffff_fffe,
} as const;
