/** One table inside a zip archive, or the parts of a workbook. An archive with a name that was made to harm is refused whole [F13]. */
import { isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { expansionLimits, nameFault } from '@causeway/core/archive';
import type { Part } from '@causeway/core/workbook';
import { type Entry, fromFdPromise, type ZipFile } from 'yauzl';
import { DataError } from '../errors.ts';
import { expansionGuard } from './expansion.ts';
import { damaged } from './gzip.ts';
import type { Source } from './source.ts';

/** Read in order, under the expansion limits. */
export interface ZipEntry extends Part {
  readonly packedBytes: number;
  chunks(): AsyncGenerator<Uint8Array>;
}

/**
 * Lists an archive's files, folders left out.
 * @throws {DataError} `archive-refused` for unsafe names, encryption, or more than `entriesMax` entries; `archive-damaged`.
 */
export async function listZip(source: Source, bound: { readonly entriesMax: number }): Promise<readonly ZipEntry[]> {
  const { path } = source;
  try {
    const zip = await fromFdPromise(source.file.fd, { lazyEntries: true, autoClose: false, strictFileNames: true });
    if (zip.entryCount > bound.entriesMax) {
      throw refused(path, `it has ${zip.entryCount} entries (limit ${bound.entriesMax}). Pack the one table alone.`);
    }
    const entries: ZipEntry[] = [];
    for await (const entry of zip.eachEntry()) {
      const name = nameOf(entry);
      const fault = nameFault(name);
      if (fault !== undefined) throw refused(path, unsafeNames[fault]);
      if (!name.endsWith('/')) entries.push(openable(zip, entry, name, source));
    }
    return entries;
  } catch (error) {
    throw zipError(error, path);
  }
}

/**
 * The one table of an archive, beside what archivers add by themselves.
 * @throws {DataError} `archive-refused` where there is none, or more than one.
 */
export function onlyTable(entries: readonly ZipEntry[], path: string): ZipEntry {
  const tables = entries.filter(({ name }) => !/(^|\/)(__MACOSX\/|\.[^/]*$|Thumbs\.db$|desktop\.ini$)/i.test(name));
  const [table, ...others] = tables;
  if (table === undefined) throw refused(path, 'there is no file in it.');
  if (others.length > 0) throw refused(path, `there are ${tables.length} files in it. Pack the one table alone.`);
  return table;
}

function openable(zip: ZipFile, entry: Entry, name: string, source: Source): ZipEntry {
  const { path } = source;
  return {
    name,
    packedBytes: entry.compressedSize,
    unpackedBytes: entry.uncompressedSize,
    async *chunks() {
      const guard = expansionGuard(path);
      if (entry.isEncrypted()) throw refused(path, 'its content has a password. Pack it without one.');
      if (!entry.canDecodeFileData()) throw refused(path, 'it is packed with a rare method. Pack it as a normal zip.');
      guard(entry.compressedSize, entry.uncompressedSize > expansionLimits.expandedBytes ? entry.uncompressedSize : 0);
      let unpackedBytes = 0;
      let checksum = 0;
      try {
        for await (const chunk of await zip.openReadStreamPromise(entry)) {
          unpackedBytes += chunk.length;
          checksum = crc32(chunk, checksum);
          guard(entry.compressedSize, unpackedBytes);
          yield chunk;
        }
        if (checksum !== entry.crc32) throw new Error('the checksum differs');
      } catch (error) {
        throw zipError(error, path);
      }
    },
  };
}

/** Names without the UTF-8 flag are, by the standard, CP437; in truth they are what the archiver's machine used. */
function nameOf(entry: Entry): string {
  const raw = Buffer.from(entry.fileNameRaw);
  if ((entry.generalPurposeBitFlag & 0x800) !== 0 || isUtf8(raw)) return raw.toString('utf8');
  return new TextDecoder('gb18030').decode(raw);
}

const unsafeNames = {
  outside: 'it has an entry whose name leads out of its folder.',
  device: 'it has an entry with the name of a device. Pack the one table alone.',
} as const;

function refused(path: string, why: string): DataError {
  return new DataError('archive-refused', `${path}: the archive was refused: ${why}`, { path });
}

/** yauzl throws bare errors: those about names are refusals, the rest is damage. */
function zipError(error: unknown, path: string): unknown {
  if (error instanceof DataError || !(error instanceof Error)) return error;
  if (/^(absolute path|invalid relative path|invalid characters in fileName)/.test(error.message)) {
    return refused(path, unsafeNames.outside);
  }
  if ('code' in error && !String(error.code).startsWith('Z_')) return error;
  const zlib = damaged(error, path);
  if (zlib instanceof DataError) return zlib;
  return new DataError(
    'archive-damaged',
    `${path}: the archive is damaged or cut short. Copy or pack it again.`,
    { path },
    { cause: error },
  );
}
