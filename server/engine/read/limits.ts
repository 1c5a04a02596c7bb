/** The bounds of what is read, in one place. They end a hostile file, not a large one. */
import { tableLimits } from '@causeway/core/table';
import { workbookLimits } from '@causeway/core/workbook';

export const limits = {
  ...tableLimits,
  /** Row numbers are 32-bit. */
  rows: 0xffff_fffe,
  zipEntries: 1_000,
  workbookEntries: workbookLimits.parts,
} as const;
