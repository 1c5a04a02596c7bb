/** The bounds of what is read, in one place. They end a hostile file, not a large one. */
export const limits = {
  /** One record of a text file, its line end included [F3]. */
  rowBytes: 16 * 1024 * 1024,
  columns: 10_000,
  /** Rows without a value between two with one: they are passed on, all at once. */
  emptyRows: 10_000,
  /** Row numbers are 32-bit. */
  rows: 0xffff_fffe,
  /** How far an archive may expand; not looked at before `expandedBytesFree` [F13]. */
  expansionRatio: 100,
  expandedBytesFree: 100 * 1024 * 1024,
  expandedBytes: 1024 ** 4,
  zipEntries: 1_000,
  workbookEntries: 10_000,
  /** The text that a workbook shares between its cells is held in memory. */
  sharedStringBytes: 128 * 1024 * 1024,
  sharedStrings: 16_777_216,
  /** A sheet has no more rows than this; of its 16,384 columns, as many are read as of any file. */
  sheetRows: 1_048_576,
  sheetColumns: 10_000,
} as const;
