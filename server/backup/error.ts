export type BackupErrorCode =
  /** Something is there already under the backup's name. */
  | 'backup-exists'
  /** The folder is not a backup, or one of another release. */
  | 'not-a-backup'
  /** A file of the backup is not as it was written, is missing, or is one too many. */
  | 'backup-damaged'
  | 'home-not-empty'
  | 'disk-full'
  | 'file-failed'
  | 'cancelled';

/** A backup was not made, or not restored; nothing is left of the attempt. `message` names the file or folder, `remedy` what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
  readonly code: BackupErrorCode;
  readonly remedy: string | undefined;

  constructor(code: BackupErrorCode, message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
  }
}

/** Names what the system said about a path; an error of our own stays as it is. */
export function fileFailed(cause: unknown, path: string): unknown {
  const code = (cause as NodeJS.ErrnoException).code;
  if (cause instanceof BackupError || typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return cause;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new BackupError('disk-full', `no space is left on the disk of ${path}`, {
      remedy: 'free space there, or choose another folder; nothing was left half written',
      cause,
    });
  }
  return new BackupError('file-failed', `${path}: ${code}`, {
    remedy: 'check the path, and whether you may use it',
    cause,
  });
}
