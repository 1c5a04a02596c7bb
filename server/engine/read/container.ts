/** What a file is, by its first bytes: its name is not asked, it is wrong too often. */
import { DataError } from '../errors.ts';

export type Container = 'text' | 'gzip' | 'zip' | 'parquet';

/**
 * @param head the first bytes of a file, or of what an archive unpacked to.
 * @throws {DataError} `empty`; `unknown-format` for what cannot be read, with what to do instead.
 */
export function detectContainer(head: Uint8Array, path: string): Container {
  if (head.length === 0) {
    throw new DataError('empty', `${path} is empty: it has no header and no data rows. Nothing was read.`, { path });
  }
  const found = magics.find(({ at, bytes }) => bytes.every((byte, i) => head[at + i] === byte));
  if (found === undefined) return 'text';
  if (found.container !== undefined) return found.container;
  throw new DataError('unknown-format', `${path} is ${found.name}, which is not read. ${found.remedy}`, { path });
}

interface Magic {
  readonly at: number;
  readonly bytes: readonly number[];
  readonly container?: Container;
  readonly name: string;
  readonly remedy: string;
}

const unpack = 'Unpack it first, or pack it as .gz or .zip.';
const save = 'Save the data as CSV, JSON Lines, Parquet or .xlsx.';

const magics: readonly Magic[] = [
  { at: 0, bytes: [0x1f, 0x8b], container: 'gzip', name: 'gzip', remedy: '' },
  { at: 0, bytes: [0x50, 0x4b, 0x03, 0x04], container: 'zip', name: 'zip', remedy: '' },
  { at: 0, bytes: [0x50, 0x4b, 0x05, 0x06], container: 'zip', name: 'an empty zip', remedy: '' },
  { at: 0, bytes: ascii('PAR1'), container: 'parquet', name: 'Parquet', remedy: '' },
  { at: 0, bytes: ascii('PARE'), name: 'an encrypted Parquet file', remedy: 'Write it without encryption.' },
  {
    at: 0,
    bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    name: 'an old Excel file (.xls) or a workbook with a password',
    remedy: 'Save it as .xlsx without a password.',
  },
  { at: 0, bytes: [0x28, 0xb5, 0x2f, 0xfd], name: 'a zstd archive', remedy: unpack },
  { at: 0, bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], name: 'an xz archive', remedy: unpack },
  { at: 0, bytes: ascii('BZh'), name: 'a bzip2 archive', remedy: unpack },
  { at: 0, bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], name: 'a 7z archive', remedy: unpack },
  { at: 0, bytes: ascii('Rar!'), name: 'a rar archive', remedy: unpack },
  { at: 257, bytes: ascii('ustar'), name: 'a tar archive', remedy: unpack },
  { at: 0, bytes: ascii('%PDF'), name: 'a PDF', remedy: save },
  { at: 0, bytes: ascii('SQLite format 3'), name: 'an SQLite database', remedy: save },
  { at: 0, bytes: [0x7f, 0x45, 0x4c, 0x46], name: 'a program', remedy: save },
];

function ascii(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}
