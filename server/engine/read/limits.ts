/** The bounds of what is read, in one place. They end a hostile file, not a large one. */
import { tableLimits } from '@causeway/core/table';
import { workbookLimits } from '@causeway/core/workbook';

export const limits = {
  ...tableLimits,
  zipEntries: 1_000,
  workbookEntries: workbookLimits.parts,
} as const;
