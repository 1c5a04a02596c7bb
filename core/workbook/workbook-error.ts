/** What is wrong with a workbook. */
export type WorkbookErrorCode =
  /** Another office document, or a workbook that is not in XML: the message is its name. */
  | 'foreign'
  /** Not as the format has it: the message says where. */
  | 'damaged'
  /** More text in one place than is held in memory. */
  | 'too-much-text'
  /** No sheet has a value. */
  | 'empty'
  /** The sheet that was chosen is not there, or not visible. */
  | 'no-sheet'
  /** A row stands far below all others, which is an accident or an attack. */
  | 'far-row';

export interface WorkbookErrorDetails {
  /** As the spreadsheet counts, from 1. */
  readonly row?: number;
  readonly limit?: number;
}

/** Its message is a clause for a sentence of the caller's; it names parts, sheets and rows, and repeats no cell. */
export class WorkbookError extends Error {
  override readonly name = 'WorkbookError';
  readonly code: WorkbookErrorCode;
  readonly details: WorkbookErrorDetails;

  constructor(
    code: WorkbookErrorCode,
    message: string,
    details: WorkbookErrorDetails = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

export function damagedWorkbook(where: string, cause?: unknown): WorkbookError {
  return new WorkbookError('damaged', where, {}, { cause });
}
