/** Workbooks (.xlsx, ECMA-376) as tables, out of whatever unpacks their parts: the same for a node and for the page of a guest. */
export { workbookLimits } from './limits.ts';
export { isWorkbook, type Part } from './part.ts';
export { columnLetters } from './sheet.ts';
export {
  type DetectedSheet,
  detectSheet,
  feedSheet,
  type OpenedSheet,
  openSheet,
  type SheetChoices,
  type SheetLayout,
  type SheetSink,
} from './table.ts';
export type { Workbook } from './workbook.ts';
export { WorkbookError, type WorkbookErrorCode } from './workbook-error.ts';
