/** What went wrong with a file, the disk or the engine's own process. */
export type DataErrorCode =
  // the file
  | 'not-found'
  | 'not-a-file'
  | 'empty'
  | 'file-changed'
  | 'unknown-format'
  | 'unknown-encoding'
  | 'bad-encoding'
  | 'bad-row'
  | 'row-too-large'
  | 'too-many-columns'
  | 'too-many-rows'
  | 'archive-refused'
  | 'archive-bomb'
  | 'archive-damaged'
  | 'workbook-damaged'
  | 'stored-data-damaged'
  // the columns
  | 'missing-column'
  | 'below-minimum'
  | 'ambiguous-column'
  | 'bad-profile'
  | 'formula-in-id'
  | 'mixed-hashes'
  | 'wrong-form'
  | 'value-not-allowed'
  // the machine
  | 'access-denied'
  | 'read-only'
  | 'disk-full'
  | 'disk-failed'
  | 'too-many-open-files'
  // the engine
  | 'out-of-memory'
  | 'time-limit'
  | 'engine-lost'
  | 'engine-stalled'
  | 'engine-failed'
  | 'cancelled'
  | 'closed';

/** Where it happened. Rows are numbered as a person counts them in the file: its header, if there is one, is a row too. */
export interface DataErrorDetails {
  readonly path?: string;
  readonly row?: number;
  readonly column?: string;
  readonly byteOffset?: number;
  readonly neededBytes?: number;
  readonly freeBytes?: number;
  readonly limit?: number;
}

/**
 * A failure of the data engine that its caller did not cause by misuse: the file, the disk, the memory or the process.
 * The message names the file, the row and the remedy, and never repeats a value of the data.
 */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly code: DataErrorCode;
  readonly details: DataErrorDetails;

  constructor(code: DataErrorCode, message: string, details: DataErrorDetails = {}, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/** A `DataError` as it crosses from the engine's process. */
export interface DataErrorMessage {
  readonly code: DataErrorCode;
  readonly message: string;
  readonly details: DataErrorDetails;
}

export function dataErrorFrom(message: DataErrorMessage): DataError {
  return new DataError(message.code, message.message, message.details);
}

/** Names a failed system call on `path`; any other error comes back as it is. */
export function systemError(cause: unknown, path: string, doing: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const named = systemFaults[code];
  if (named === undefined) return cause;
  return new DataError(
    named.code,
    `${path}: ${named.sentence} while ${doing} (${code}). ${named.remedy}`,
    { path },
    { cause },
  );
}

interface SystemFault {
  readonly code: DataErrorCode;
  readonly sentence: string;
  readonly remedy: string;
}

const systemFaults: Readonly<Record<string, SystemFault>> = {
  ENOENT: { code: 'not-found', sentence: 'there is no such file', remedy: 'Check the path.' },
  ENOTDIR: { code: 'not-found', sentence: 'a part of the path is not a folder', remedy: 'Check the path.' },
  EISDIR: { code: 'not-a-file', sentence: 'this is a folder', remedy: 'Name a file.' },
  ELOOP: { code: 'not-found', sentence: 'the symbolic links go in a circle', remedy: 'Check the path.' },
  ENAMETOOLONG: { code: 'not-found', sentence: 'the path is too long', remedy: 'Move the file to a shorter path.' },
  EACCES: {
    code: 'access-denied',
    sentence: 'permission denied',
    remedy: 'Give the user that runs the node access to it.',
  },
  EPERM: {
    code: 'access-denied',
    sentence: 'operation not permitted',
    remedy: 'Give the user that runs the node access to it.',
  },
  EROFS: {
    code: 'read-only',
    sentence: 'the file system is read-only',
    remedy: 'Mount it writable, or choose another folder.',
  },
  ENOSPC: {
    code: 'disk-full',
    sentence: 'the disk is full',
    remedy: 'Free space and try again; nothing was left half written.',
  },
  EDQUOT: {
    code: 'disk-full',
    sentence: 'the disk quota is used up',
    remedy: 'Free space and try again; nothing was left half written.',
  },
  EFBIG: { code: 'disk-full', sentence: 'the file system allows no larger file', remedy: 'Choose another folder.' },
  EIO: {
    code: 'disk-failed',
    sentence: 'the disk reported an error',
    remedy: 'Check the disk; nothing was left half written.',
  },
  EMFILE: {
    code: 'too-many-open-files',
    sentence: 'too many files are open',
    remedy: 'Raise the limit (ulimit -n) and try again.',
  },
  ENFILE: {
    code: 'too-many-open-files',
    sentence: 'the machine has too many files open',
    remedy: 'Raise its limit and try again.',
  },
};
