/** Backups of a node's home, and homes from backups. */
export type { BackupDescription } from './archive.ts';
export { type BackupOptions, type BackupReport, backUp, backUpStopped } from './back-up.ts';
export { BackupError, type BackupErrorCode } from './error.ts';
export { type RestoreOptions, type RestoreReport, restore } from './restore.ts';
