/**
 * The parts of a workbook's archive, unpacked by the browser as they are read, under the limits that a node keeps [F13]. The page runs this in a
 * thread of its own, and its policy allows no others: nothing of the library starts one.
 */
import { expansionFault, nameFault } from '@causeway/core/archive';
import { type Part, workbookLimits } from '@causeway/core/workbook';
import { BlobReader, type FileEntry, ZipReader } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { ListError } from './list-error.ts';

/** @throws {ListError} `archive-hostile` for names that are unsafe or too many; `workbook-damaged`. */
export async function zipParts(file: Blob): Promise<readonly Part[]> {
  const zip = new ZipReader(new BlobReader(file), {
    useWebWorkers: false,
    checkCrc32: true,
    // By the rule of a node, below.
    filenameValidation: 'tolerant',
  });
  const parts: Part[] = [];
  try {
    for await (const entry of zip.getEntriesGenerator()) {
      if (nameFault(entry.filename) !== undefined || parts.length === workbookLimits.parts)
        throw new ListError('archive-hostile');
      if (entry.directory) continue;
      const { filename: name, uncompressedSize: unpackedBytes } = entry;
      parts.push({ name, unpackedBytes, chunks: () => unpack(entry) });
    }
  } catch (error) {
    throw archiveError(error);
  }
  return parts;
}

async function* unpack(entry: FileEntry): AsyncGenerator<Uint8Array> {
  // A workbook with a password is no archive; one in which a part alone has it was made by something else.
  if (entry.encrypted) throw new ListError('workbook-foreign');
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const stop = new AbortController();
  const unpacking = entry.getData(writable, { signal: stop.signal });
  const reader = readable.getReader();
  // What fails before the first byte does not reach the stream by itself.
  unpacking.catch((error) => reader.cancel(error)).catch(() => {});
  let unpackedBytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      unpackedBytes += value.length;
      if (expansionFault(entry.compressedSize, unpackedBytes) !== undefined) throw new ListError('archive-hostile');
      yield value;
    }
    await unpacking;
  } catch (error) {
    throw archiveError(error);
  } finally {
    stop.abort();
  }
}

/** The library's complaints are about the archive; `cause` keeps them. */
function archiveError(cause: unknown): unknown {
  return cause instanceof ListError ? cause : Object.assign(new ListError('workbook-damaged'), { cause });
}
