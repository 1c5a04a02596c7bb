/** Makes .xlsx workbooks for tests. */
import { type TestWorkbook, workbookParts } from '../../../core/workbook/testing/workbook.ts';
import { makeZip } from './zip.ts';

export { plainRow, type TestWorkbook } from '../../../core/workbook/testing/workbook.ts';

export function makeWorkbook(workbook: TestWorkbook): Buffer {
  return makeZip(workbookParts(workbook));
}
