/** The bounds of a workbook. They end a hostile one, not a large one. */
import { tableLimits } from '../table/index.ts';

export const workbookLimits = {
  parts: 10_000,
  /** One text, as it stands in a part. */
  textLength: tableLimits.rowBytes,
  /** The text that a workbook shares between its cells is held in memory. */
  sharedStringBytes: 128 * 1024 * 1024,
  sharedStrings: 16_777_216,
  emptyRows: tableLimits.emptyRows,
  /** A sheet has no more rows than this; of its 16,384 columns, as many are read as of any table. */
  sheetRows: 1_048_576,
  sheetColumns: tableLimits.columns,
} as const;
