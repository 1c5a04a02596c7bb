export type StoreErrorCode =
  /** The database does not run, or does not answer. */
  | 'database-down'
  /** The embedded server's programs are not there, or do not run here. */
  | 'database-programs'
  /** PostgreSQL refuses to run as root, and no other user could be used. */
  | 'database-root'
  /** Older than PostgreSQL 15. */
  | 'database-too-old'
  | 'disk-full'
  | 'folder-not-writable'
  /** A migration that this database has run is not the one of this release, or is not known to it. */
  | 'migration-changed'
  | 'migration-newer'
  | 'migration-failed'
  | 'not-found'
  /** The place where a list is to go on is none that a list gave out. */
  | 'bad-cursor'
  | 'conflict'
  /** Another worker has taken the job over since. */
  | 'stale-fence'
  /** A chain of hashes, or a row's place in a sequence, is not as it was written. */
  | 'damaged';

/** The node's own database cannot be used, or does not hold what was asked for. `message` says what, `remedy` what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  readonly remedy: string | undefined;

  constructor(
    code: StoreErrorCode,
    message: string,
    options: { readonly remedy?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
  }
}

/**
 * Names what PostgreSQL or the connection to it reported (PostgreSQL, Appendix A: error codes).
 * @returns a `StoreError`, or the error itself when it is none of the database's. A row's values are left out.
 */
export function namedStoreError(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (error instanceof StoreError || typeof code !== 'string') return error;
  const constraint = (error as { constraint?: string }).constraint ?? 'a rule of the table';
  if (code === '23505') return new StoreError('conflict', `there is one already (${constraint})`, { cause: error });
  if (code === '23503' || code === '23001') {
    return new StoreError('conflict', `something else still depends on it (${constraint})`, { cause: error });
  }
  if (code === '53100') {
    return new StoreError('disk-full', 'no space is left for the database', {
      remedy: 'free space on its disk; what was committed is safe, and work goes on where it stopped',
      cause: error,
    });
  }
  // Connection exceptions, shutdowns and recovery (57P01 to 57P03), too many connections, and Node's own names.
  if (/^(08...|57P0[1-5]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/.test(code)) {
    return new StoreError('database-down', 'the database does not answer', {
      remedy: 'it is started again by itself where it is the node’s own; causeway status shows its state',
      cause: error,
    });
  }
  return error;
}
