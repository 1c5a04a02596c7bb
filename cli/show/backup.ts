/** What a backup holds, and what it does not. */
import type { ResponseOf } from '@causeway/core/api';
import type { Cli } from '../cli.ts';
import { visible } from './text.ts';
import { bytes, number } from './values.ts';

export type Backup = Extract<NonNullable<ResponseOf<'operation.show'>['result']>, { readonly kind: 'backup' }>;

export function backupLines({ words }: Cli, backup: Backup): string[] {
  const { path, files, bytes: size, database, ledger } = backup;
  return [
    words.backup.done({ path: visible(path), files: number(files), size: bytes(size) }),
    ...(ledger === undefined ? [] : [words.backup.ledger(number(ledger.records), ledger.root)]),
    ...(database === 'external' ? [words.backup.external] : []),
    words.backup.secret,
    words.next(`causeway restore --from ${visible(path)} --home FOLDER`),
  ];
}
