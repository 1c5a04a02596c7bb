/** The text of a file, out of its archive if it is in one. */
import { isWorkbook } from '@causeway/core/workbook';
import { DataError } from '../errors.ts';
import { detectContainer } from './container.ts';
import { nestedArchive } from './expansion.ts';
import { gunzip } from './gzip.ts';
import { limits } from './limits.ts';
import { bufferBytes, hashSource, type OnBytes, readAll, type Source } from './source.ts';
import { listZip, onlyTable, type ZipEntry } from './zip.ts';

export type Wrapping =
  | { readonly kind: 'none' }
  | { readonly kind: 'gzip' }
  | { readonly kind: 'zip'; readonly entry: string };

export interface TextBytes {
  readonly wrapping: Wrapping;
  /** The first bytes of the text, up to `bufferBytes`. */
  readonly head: Uint8Array;
  readonly headIsAll: boolean;
  /** How long the whole text is: exact where nothing is packed, as declared in a zip, estimated in a gzip. */
  readonly bytesEstimate: number;
  /** Reads all of it. A chunk is overwritten by the next. */
  read(onBytes?: OnBytes): TextReader;
}

export interface TextReader {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** The SHA-256 of the file as it lies on the disk, once all chunks were read. */
  digest(): Promise<string>;
}

/** What a file holds: text, or one of the formats that are no stream. */
export type Content =
  | { readonly kind: 'text'; readonly text: TextBytes }
  | { readonly kind: 'workbook'; readonly entries: readonly ZipEntry[] }
  | { readonly kind: 'parquet' };

/** @throws {DataError} for what is empty, damaged, a bomb, nested, or no format that is read. */
export async function openContent(source: Source): Promise<Content> {
  const { path } = source;
  const container = detectContainer(source.head, path);
  if (container === 'parquet') return { kind: 'parquet' };
  if (container === 'text') return { kind: 'text', text: plainText(source) };
  if (container === 'gzip') return { kind: 'text', text: await gzipText(source) };
  const entries = await listZip(source, { entriesMax: limits.workbookEntries });
  if (isWorkbook(entries)) return { kind: 'workbook', entries };
  if (entries.length > limits.zipEntries) {
    throw new DataError(
      'archive-refused',
      `${path}: the archive has ${entries.length} entries (limit ${limits.zipEntries}). Pack the one table alone.`,
      {
        path,
        limit: limits.zipEntries,
      },
    );
  }
  return { kind: 'text', text: await zipText(source, onlyTable(entries, path)) };
}

function plainText(source: Source): TextBytes {
  return {
    wrapping: { kind: 'none' },
    head: source.head,
    headIsAll: source.head.length === source.identity.bytes,
    bytesEstimate: source.identity.bytes,
    read: (onBytes) => {
      const raw = readAll(source, onBytes);
      return { chunks: raw.chunks, digest: async () => raw.digest() };
    },
  };
}

async function gzipText(source: Source): Promise<TextBytes> {
  let expansion = 1;
  const head = await firstBytes(
    gunzip(readAll(source).chunks, source.path, (packedBytes, unpackedBytes) => {
      expansion = unpackedBytes / Math.max(1, packedBytes);
    }),
  );
  requireText(head.bytes, source.path);
  return {
    wrapping: { kind: 'gzip' },
    head: head.bytes,
    headIsAll: head.isAll,
    bytesEstimate: head.isAll ? head.bytes.length : Math.round(source.identity.bytes * expansion),
    read: (onBytes) => {
      const raw = readAll(source, onBytes);
      return { chunks: gunzip(raw.chunks, source.path), digest: async () => raw.digest() };
    },
  };
}

async function zipText(source: Source, entry: ZipEntry): Promise<TextBytes> {
  const head = await firstBytes(entry.chunks());
  requireText(head.bytes, source.path);
  return {
    wrapping: { kind: 'zip', entry: entry.name },
    head: head.bytes,
    headIsAll: head.isAll,
    bytesEstimate: entry.unpackedBytes,
    read: (onBytes) => ({ chunks: told(entry, source, onBytes), digest: () => hashSource(source) }),
  };
}

/** Says of the whole file how far the reading of its entry is. */
async function* told(entry: ZipEntry, source: Source, onBytes: OnBytes = () => {}): AsyncGenerator<Uint8Array> {
  let unpackedBytes = 0;
  for await (const chunk of entry.chunks()) {
    yield chunk;
    unpackedBytes += chunk.length;
    onBytes(Math.round((source.identity.bytes * unpackedBytes) / Math.max(1, entry.unpackedBytes)));
  }
}

function requireText(head: Uint8Array, path: string): void {
  const inner = detectContainer(head, path);
  if (inner !== 'text') throw nestedArchive(path, inner);
}

async function firstBytes(chunks: AsyncGenerator<Uint8Array>): Promise<{ bytes: Uint8Array; isAll: boolean }> {
  const bytes = new Uint8Array(bufferBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    const taken = chunk.subarray(0, bytes.length - filled);
    bytes.set(taken, filled);
    filled += taken.length;
    if (filled === bytes.length) return { bytes, isAll: false };
  }
  return { bytes: bytes.subarray(0, filled), isAll: true };
}
